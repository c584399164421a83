"""评分表 by Excel: an expert's own sheet to fill in without a network, read back and checked like typed input."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from xianfeng.kernel.errors import Invalid, UserError
from xianfeng.kernel.sheets import Book, Column, Limits, Problem, cells, read_table, read_workbook
from xianfeng.kernel.sheets.reading import TableRow
from xianfeng.nominations.answering import Entered, worked_out
from xianfeng.programmes.rules.answers import check_points, points_of
from xianfeng.programmes.rules.schema.standards import Bonus, Graded, Indicator, Scored, YesNo
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.trace import show
from xianfeng.review.cells import asked_in_cell, from_cell, in_cell
from xianfeng.review.scoring import Sheet, SheetRow

SHEET, CLOSING = "评分表", "综合评语"
LIMITS = Limits(file=2 << 20, unpacked=40 << 20, rows=2_000)
RULES = (
    "只填“评分”“不适用”“评语”三列，其余各列请勿改动。",
    "留空的评分表示还没有评，上传后系统中已有的评分不变。",
    "上传后请在系统中核对并签名提交；签名前可以反复上传。",
    "本表只用于这一件申报，请妥善保管，不要转给他人。",
)


@dataclass
class Upload:
    """What an uploaded sheet holds, or every problem by row."""

    marks: dict[str, tuple[Decimal | Entered | None, str]] = field(default_factory=dict)
    inapplicable: set[str] = field(default_factory=set)
    remark: str | None = None
    problems: list[Problem] = field(default_factory=list)


def book(sheet: Sheet) -> bytes:
    """The sheet as a workbook, with what is filled in so far."""
    mine = sheet.assignment.step.public_id
    target = BytesIO()
    with Book(target) as made:
        made.table(SHEET, _columns(), [*_rows(sheet, mine)])
        made.instructions(f"评分表：{sheet.assignment.shown_name}", RULES)
    return target.getvalue()


def _columns() -> list[Column]:
    return [
        Column("表号", width=20), Column("编号", width=22), Column("维度", width=18), Column("指标", width=28),
        Column("评分办法", width=30), Column("满分", "number", width=8), Column("自评", "number", width=8),
        Column("评分", width=18, note="按“评分办法”一列填：分值、等级名称、实测值或次数；留空表示还没有评。"),
        Column("不适用", width=8, choices=("是",)), Column("评语", width=40),
    ]  # fmt: skip


def _rows(sheet: Sheet, mine: str) -> Iterator[list[str | Decimal | None]]:
    for part in sheet.parts:
        for group in part.groups:
            for one in group.rows:
                indicator = one.own.indicator
                mark = one.mark
                yield [
                    mine, indicator.code, group.dimension.title, indicator.title, method(indicator),
                    indicator.points, one.own.points, _shown(one),
                    "是" if mark and not mark.applies else "", mark.remark if mark else "",
                ]  # fmt: skip
    remark = sheet.card.remark if sheet.card else ""
    yield [mine, CLOSING, "", CLOSING, "写在“评语”列", None, None, "", "", remark]


def _shown(row: SheetRow) -> str:
    if worked_out(row.own.indicator):
        return in_cell(row.own.indicator, row.mark.answer) if row.mark else ""
    return "" if row.points is None else show(row.points)


def method(indicator: Indicator) -> str:
    """How an indicator is marked, in words."""
    if isinstance(indicator, Graded):
        return "、".join(f"{one.title} {show(one.points)}" for one in indicator.levels)
    if isinstance(indicator, YesNo):
        return f"是 {show(indicator.points)}、否 0"
    if worked_out(indicator):
        return asked_in_cell(indicator)
    step = indicator.step if isinstance(indicator, (Scored, Bonus)) else None
    return f"0 至 {show(indicator.points)}" + (f"，步长 {show(step)}" if step else "")


def read(content: bytes, standard: Standard, mine: str) -> Upload:
    """Read a sheet back; nothing is taken from it while ``problems`` is not empty. Raises UserError for no workbook."""
    found = next((one for one in read_workbook(content, LIMITS) if one.name == SHEET), None)
    if found is None:
        raise Invalid(f"文件中没有“{SHEET}”工作表。", "请使用从评分页下载的评分表。")
    made = Upload()
    seen: set[str] = set()
    for line in read_table(found, ("表号", "编号", "评分", "评语"), made.problems):
        _read_line(line, standard, mine, seen, made)
    if not seen and not made.problems:
        made.problems.append(Problem(SHEET, None, "", "表中没有评分"))
    return made


def _read_line(line: TableRow, standard: Standard, mine: str, seen: set[str], made: Upload) -> None:
    if line.text("表号", required=False) != mine:
        return line.refuse("表号", "这一行不属于这件申报的评分表，请在对应的申报中上传")
    code = line.text("编号")
    if code in seen:
        return line.refuse("编号", "同一指标出现了两次")
    seen.add(code)
    remark = line.text("评语", required=False, longest=2000 if code == CLOSING else 300)
    if code == CLOSING:
        made.remark = remark
        return None
    if code not in standard.by_code:
        return line.refuse("编号", f"标准中没有编号为“{code}”的指标")
    indicator = standard.indicator(code)
    lame = line.yes_no("不适用")
    points = _points(line, indicator)
    if lame and points is not None:
        return line.refuse("不适用", "已经给了评分，不能同时标为不适用")
    if lame and not indicator.may_not_apply:
        return line.refuse("不适用", f"“{indicator.title}”不能标为不适用")
    if lame:
        made.inapplicable.add(code)
    if lame or points is not None or remark:
        made.marks[code] = (points, remark)
    return None


def _points(line: TableRow, indicator: Indicator) -> Decimal | Entered | None:
    word = cells.text(line.cell("评分")).strip() if line.cell("评分") is not None else ""
    if not word:
        return None
    if worked_out(indicator):
        try:
            answer = from_cell(indicator, word)
            points_of(indicator, answer)
        except UserError as error:
            line.refuse("评分", error.message)
            return None
        return Entered(answer)
    named = {}
    if isinstance(indicator, Graded):
        named = {one.title: one.points for one in indicator.levels}
    elif isinstance(indicator, YesNo):
        named = {"是": indicator.points, "否": Decimal(0)}
    if word in named:
        return named[word]
    points = line.get("评分", cells.number, required=False)
    if points is not None:
        try:
            check_points(indicator, points)
        except UserError as error:
            line.refuse("评分", error.message)
            return None
    return points
