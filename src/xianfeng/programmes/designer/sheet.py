"""The standards table offices keep in Excel: 部分 / 维度 / 指标 / 分值 / 评分细则 / 佐证材料, with merged cells."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import python_calamine

from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.sheets import CellError, Limits, Problem, Sheet, read_workbook
from xianfeng.kernel.sheets.cells import is_empty, number, text
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.tree import MOST_POINTS

REQUIRED = ("部分", "维度", "指标", "分值")
WHO, HOW = "适用单位", "计分方式"
COLUMNS = (WHO, *REQUIRED, "评分细则", "佐证材料", HOW)
CARRIED = (WHO, "部分", "维度")  # a blank cell belongs to the one above
TEXTS = ("评分细则", "佐证材料")  # merged over several indicators they hold for each
LIMITS = Limits(
    file=2 << 20, unpacked=30 << 20, sheets=20, rows=3000, columns=40, area=60_000, text=1_500_000, parts=300
)
STATED = re.compile(r"^(.+?)\s*[（(]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]$", re.DOTALL)
TOTALS = ("合计", "总计", "总分", "小计")
EVERYONE = ("", "通用", "全部", "所有单位")
HEADER_ROWS = 10


@dataclass
class Line:
    """One row as read, merged cells filled in."""

    number: int
    cells: dict[str, Any]


@dataclass
class Leaf:
    """An indicator of the table; further rows may add to its criteria and evidence."""

    row: int
    title: str
    points: Decimal
    kind: str
    criteria: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


@dataclass
class Group:
    """A dimension of the table with its indicators; ``stated`` are the points its title names."""

    row: int
    title: str
    stated: Decimal | None
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def points(self) -> Decimal:
        """Of its indicators, bonuses aside."""
        return sum((one.points for one in self.leaves if one.kind != "bonus"), Decimal(0))


@dataclass
class Part:
    """A part of the table: dimensions by the applicant groups they are for."""

    row: int
    title: str
    stated: Decimal | None
    versions: dict[tuple[str, ...], list[Group]] = field(default_factory=dict)


@dataclass
class Table:
    """What a sheet says, and what is wrong with it."""

    sheet: str
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: int | None, column: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.sheet, row, column, reason))


def read_standard(content: bytes, *, category: str, groups: words.Choices) -> Table:
    """The table of a workbook: the sheet named like the category, else the first with the right columns."""
    sheets = read_workbook(content, LIMITS)
    named = [one for one in sheets if one.name.strip() == category]
    for sheet in [*named, *sheets]:
        head = _head(sheet)
        if head is not None:
            table, codes = Table(sheet.name), {title: code for code, title in groups}
            _read(table, _lines(sheet, *head, _merged(content, sheet.name)), codes)
            _check(table)
            return table
    raise Invalid(
        f"没有找到标准表：工作表里应有这些列：{'、'.join(REQUIRED)}。", "可以先导出现有标准，照它的样子填写。"
    )


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Where the header stands (index into rows) and the column of each title."""
    for index, row in enumerate(sheet.rows[:HEADER_ROWS]):
        places = {
            re.sub(r"\s|[*＊]|（必填）", "", cell): at for at, cell in enumerate(row.cells) if isinstance(cell, str)
        }
        if all(title in places for title in REQUIRED):
            return index, {title: at for title, at in places.items() if title in COLUMNS}
    return None


def _merged(content: bytes, sheet: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        found = workbook.get_sheet_by_name(sheet).merged_cell_ranges or []
    return [(first, last) for first, last in found if last[0] > first[0]][: LIMITS.rows]


def _lines(
    sheet: Sheet, index: int, places: Mapping[str, int], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[Line]:
    spans = {(row, first[1]): first[0] for first, last in merged for row in range(first[0] + 1, min(last[0], 4000) + 1)}
    values = {row.number - 1: row.cells for row in sheet.rows}
    for row in sheet.rows[index + 1 :]:
        cells = {}
        for title, at in places.items():
            cell = _at(row.cells, at)
            above = spans.get((row.number - 1, at))
            shared = title in CARRIED or (title in TEXTS and not is_empty(_at(row.cells, places["指标"])))
            if is_empty(cell) and shared and above in values:
                cell = _at(values[above], at)
            cells[title] = cell
        yield Line(row.number, cells)


def _at(cells: Sequence[Any], at: int) -> Any:
    return cells[at] if at < len(cells) else None


def _read(table: Table, lines: Iterator[Line], groups: Mapping[str, str]) -> None:
    part: Part | None = None
    group: Group | None = None
    who: tuple[str, ...] = ()
    for line in lines:
        if _is_total(line):
            continue
        try:
            said = {title: text(cell, longest=4000) for title, cell in line.cells.items() if title != "分值"}
        except CellError as error:
            table.refuse(line.number, "", str(error))
            continue
        new_part = bool(said["部分"]) and (part is None or _split(said["部分"])[0] != part.title)
        if new_part:
            part = _part(table, line.number, said["部分"])
            group = None
        if said.get(WHO) or new_part:
            asked = _groups(table, line.number, said.get(WHO, ""), groups)
            group = group if asked == who else None
            who = asked
        if part is None:
            table.refuse(line.number, "部分", "第一行应写明部分")
            return
        if said["维度"] and (group is None or _split(said["维度"])[0] != group.title):
            group = Group(line.number, *_split(said["维度"]))
            part.versions.setdefault(who, []).append(group)
        if group is None:
            table.refuse(line.number, "维度", "应写明维度")
            continue
        _indicator(table, group, line, said)


def _is_total(line: Line) -> bool:
    """A line of sums; one that says how it is judged is an indicator, whatever it is called."""
    if any(not is_empty(line.cells.get(title)) for title in (HOW, "评分细则")):
        return False
    words_in = [str(line.cells.get(title) or "").replace(" ", "") for title in ("部分", "维度", "指标")]
    return any(word in TOTALS for word in words_in)


def _split(title: str) -> tuple[str, Decimal | None]:
    """``基本标准（50分）`` → the title and the points it states."""
    found = STATED.match(title)
    return (found[1].strip(), Decimal(found[2])) if found else (title.strip(), None)


def _part(table: Table, row: int, cell: str) -> Part:
    title, stated = _split(cell)
    for one in table.parts:
        if one.title == title:
            return one
    table.parts.append(Part(row, title, stated))
    return table.parts[-1]


def _groups(table: Table, row: int, cell: str, groups: Mapping[str, str]) -> tuple[str, ...]:
    if cell.strip() in EVERYONE:
        return ()
    named = [one.strip() for one in re.split(r"[、，,；;\n]", cell) if one.strip()]
    strange = [one for one in named if one not in groups]
    if strange:
        table.refuse(row, WHO, f"没有“{'、'.join(strange)}”，可填：{'、'.join(groups)}、通用")
    return tuple(groups[one] for one in named if one in groups)


def _indicator(table: Table, group: Group, line: Line, said: Mapping[str, str]) -> None:
    title, criteria, evidence = said["指标"], said.get("评分细则", ""), several(said.get("佐证材料", ""))
    points = _points(table, line)
    if not title:
        if points is not None:
            table.refuse(line.number, "指标", "有分值而没有指标名称")
        elif group.leaves:
            group.leaves[-1].criteria += [criteria] if criteria else []
            group.leaves[-1].evidence += [one for one in evidence if one not in group.leaves[-1].evidence]
        elif criteria or evidence:
            table.refuse(line.number, "指标", "没有指标名称")
        return
    if is_empty(line.cells["分值"]):
        table.refuse(line.number, "分值", "不能为空")
        return
    if len(title) > 200 or any(len(one) > 200 for one in evidence):
        table.refuse(line.number, "指标", "指标名称和每项佐证材料最多 200 字")
    kinds = {word: code for code, word in words.VALUES["Indicator"].items()}
    kind = kinds.get(said.get(HOW, ""), "")
    if said.get(HOW) and not kind:
        table.refuse(line.number, HOW, f"没有“{said[HOW]}”，可填：{'、'.join(kinds)}")
    if points is not None:
        group.leaves.append(Leaf(line.number, title, points, kind, [criteria] if criteria else [], evidence))


def _points(table: Table, line: Line) -> Decimal | None:
    cell = line.cells["分值"]
    if is_empty(cell):
        return None
    if isinstance(cell, str):
        cell = cell.strip().removesuffix("分")
    try:
        found = number(cell)
    except CellError as error:
        table.refuse(line.number, "分值", str(error))
        return None
    if not 0 <= found <= MOST_POINTS:
        table.refuse(line.number, "分值", f"应在 0 与 {MOST_POINTS:,} 之间")
        return None
    if round(found, 4) != found:
        table.refuse(line.number, "分值", "最多保留 4 位小数")
        return None
    return found


def several(cell: str) -> list[str]:
    """Papers of a cell: one a line, or with 、 between them."""
    return [one.strip(" 。") for one in re.split(r"[、；;\n]", cell) if one.strip(" 。")]


def _check(table: Table) -> None:
    """Sums that the table itself states, empty dimensions, titles given twice."""
    if not table.parts and not table.problems:
        table.refuse(None, "", "表中没有指标")
    for part in table.parts:
        for groups in part.versions.values():
            for group in groups:
                _check_group(table, group)
            total = sum((one.points for one in groups), Decimal(0))
            if part.stated is not None and total != part.stated and not table.problems:
                table.refuse(part.row, "部分", f"“{part.title}”标明 {part.stated} 分，各指标合计 {total} 分")


def _check_group(table: Table, group: Group) -> None:
    if not group.leaves:
        table.refuse(group.row, "维度", f"“{group.title}”下没有指标")
    elif group.stated is not None and group.points != group.stated:
        table.refuse(group.row, "维度", f"“{group.title}”标明 {group.stated} 分，各指标合计 {group.points} 分")
    seen: dict[str, int] = {}
    for leaf in group.leaves:
        if leaf.title in seen:
            table.refuse(leaf.row, "指标", f"与第 {seen[leaf.title]} 行重复")
        seen.setdefault(leaf.title, leaf.row)
