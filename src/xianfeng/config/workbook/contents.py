"""Which sheets the workbook has, in the order in which they build on each other, and the empty template of them."""

import io
from collections.abc import Iterable, Sequence
from typing import IO

from xianfeng.directory import sheets as directory
from xianfeng.kernel.sheets import Book, Problem, Sheet
from xianfeng.kernel.sheets.writing import Column, Value
from xianfeng.kernel.workbook import REMARK, SheetSpec
from xianfeng.programmes import sheets as programmes
from xianfeng.registry import sheets as registry
from xianfeng.review import sheets as review

INSTRUCTIONS = "说明"
SPECS: tuple[SheetSpec, ...] = (
    directory.UNITS,
    directory.PARTIES,
    directory.USERS,
    directory.APPOINTMENTS,
    registry.SERVICE_POINTS,
    registry.MEMBERS,
    registry.PROJECTS,
    registry.PROJECT_PARTIES,
    registry.CONDUCT,
    programmes.BODIES,
    review.EXPERTS,
    review.EMPLOYMENTS,
)
GENERAL = (
    "一、每张表的第一行是列名，带 * 的列必须填写；请不要改动列名和表名，不需要的列可以留空。",
    "二、编码由填表单位自定，每类之内不能重复，一经使用不要改动：再次导入时按编码更新已有记录，没有变化的行不会重复写入。",
    "三、有下拉列表的列请从列表中选择；日期写成 2026年11月22日（也可写 2026-11-22）；多个标签之间用“、”分开。",
    "四、编码、文号、统一社会信用代码等一律按文本填写，前面的 0 不会丢失。",
    "五、导入前先整本检查，任何一行有误都不会导入；错误逐条列出所在的表、行、列和原因，改正后重新上传即可。",
    "六、不要填写身份证号、电话号码等与创建活动无关的个人信息。",
    "七、各表的内容和维护者：",
)


def instructions(extra: Iterable[str] = ()) -> list[str]:
    """The paragraphs of the instruction sheet."""
    sheets = [f"　　【{spec.name}】{spec.note}由{spec.keeper}维护。" for spec in SPECS]
    return [*extra, *GENERAL, *sheets]


def write_template(target: IO[bytes]) -> None:
    """An empty workbook with drop-downs and notes."""
    with Book(target) as book:
        book.instructions("创建活动基础数据工作簿填写说明", instructions(), INSTRUCTIONS)
        for spec in SPECS:
            book.table(spec.name, spec.columns())


def template() -> bytes:
    """The empty workbook as bytes."""
    target = io.BytesIO()
    write_template(target)
    return target.getvalue()


def with_remarks(sheets: Sequence[Sheet], problems: Sequence[Problem]) -> bytes:
    """The uploaded workbook as it was typed, each bad row with its reasons in a last column."""
    target = io.BytesIO()
    by_name = {sheet.name.strip(): sheet for sheet in sheets}
    with Book(target) as book:
        head = [f"{one}" for one in problems if one.row is None]
        book.instructions("改正后可以直接重新上传这个工作簿", instructions(head), INSTRUCTIONS)
        for spec in SPECS:
            if spec.name in by_name:
                columns = [*spec.columns(), Column(REMARK, width=60)]
                book.table(spec.name, columns, _rows(spec, by_name[spec.name], problems))
    return target.getvalue()


def _rows(spec: SheetSpec, sheet: Sheet, problems: Sequence[Problem]) -> Iterable[list[Value]]:
    titles = [one.title for one in spec.fields.values()]
    places: dict[str, int] = {}
    for row in sheet.rows:
        if not places:
            found = {str(cell).rstrip("*＊ ").strip(): at for at, cell in enumerate(row.cells) if cell is not None}
            places = found if spec.fields[spec.key[0]].title in found else {}
            continue
        values: list[Value] = [_cell(row.cells, places.get(title)) for title in titles]
        reasons = [
            f"{one.column}：{one.reason}" if one.column else one.reason
            for one in problems
            if (one.sheet, one.row) == (spec.name, row.number)
        ]
        yield [*values, "；".join(reasons)]


def _cell(cells: Sequence[Value], place: int | None) -> Value:
    return cells[place] if place is not None and place < len(cells) else None
