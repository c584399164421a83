"""Reading a workbook: every sheet as rows of exact cells, and a table reader that reports every bad cell at once."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, TypeVar

import python_calamine
from django.utils.translation import gettext as _

from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.sheets import cells, guard
from xianfeng.kernel.sheets.cells import Cell, CellError
from xianfeng.kernel.sheets.guard import Limits

V = TypeVar("V")
HEADER_ROWS = 10  # the header is looked for in the first rows: titles and notes may stand above it


@dataclass(frozen=True)
class Row:
    """One filled row, with the number it has in Excel."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its filled rows."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Problem:
    """Why one cell or row is refused, where: sheet, row as numbered in Excel, column by its title."""

    sheet: str
    row: int | None
    column: str
    reason: str

    def __str__(self) -> str:
        place = _("“%(sheet)s”") % {"sheet": self.sheet}
        if self.row is not None:
            place += _("第 %(row)s 行") % {"row": self.row}
        if self.column:
            place += _("“%(column)s”列") % {"column": self.column}
        return f"{place}：{self.reason}"


def read_workbook(source: bytes | Path | IO[bytes], limits: Limits | None = None) -> list[Sheet]:
    """All visible sheets of an xlsx workbook; raises UserError for what is not one, is locked, or is too large."""
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return read_workbook(opened, limits)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    guard.check(stream, limits or Limits())
    try:
        with python_calamine.CalamineWorkbook.from_filelike(stream) as workbook:
            return [_read_sheet(workbook, one) for one in workbook.sheets_metadata if _is_table(one)]
    except python_calamine.PasswordError as error:
        raise Invalid(_("工作簿设有打开密码，无法读取。"), _("请取消密码后再试。")) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise guard.broken() from error


def _is_table(sheet: python_calamine.SheetMetadata) -> bool:
    kinds, visible = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    return sheet.typ == kinds.WorkSheet and sheet.visible == visible.Visible


def _read_sheet(workbook: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata) -> Sheet:
    grid = workbook.get_sheet_by_name(meta.name)
    first, left = grid.start or (0, 0)
    pad: tuple[Cell, ...] = (None,) * left
    rows = []
    for number, raw in enumerate(grid.to_python(skip_empty_area=True), first + 1):
        values = pad + tuple(_cell(one) for one in raw)
        if any(value is not None for value in values):
            rows.append(Row(number, values))
    return Sheet(meta.name, tuple(rows))


def _cell(raw: object) -> Cell:
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, bool | datetime | date):
        return raw
    if isinstance(raw, int | float):
        # repr gives back what was typed: 0.1 is 0.1
        exact = Decimal(repr(raw))
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**18 else exact
    return None if raw is None else str(raw) if isinstance(raw, time | timedelta) else None


def sheet_named(sheets: Iterable[Sheet], name: str) -> Sheet:
    """The sheet of that name, or UserError."""
    for sheet in sheets:
        if sheet.name.strip() == name:
            return sheet
    raise Invalid(_("工作簿里没有名为“%(name)s”的工作表。") % {"name": name}, _("请下载模板，照模板填写。"))


class TableRow:
    """One row under its header: typed getters that note a Problem and return None instead of raising."""

    def __init__(self, sheet: str, row: Row, places: Mapping[str, int], problems: list[Problem]) -> None:
        self.sheet, self.number = sheet, row.number
        self._row, self._places, self._problems = row, places, problems
        self.ok = True

    def cell(self, column: str) -> Cell:
        """What stands in the column; None when empty or when the column is missing."""
        place = self._places.get(column)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else None

    def refuse(self, column: str, reason: str) -> None:
        """Note a problem with this row."""
        self.ok = False
        self._problems.append(Problem(self.sheet, self.number, column, reason))

    def get(self, column: str, parse: Callable[[Cell], V], *, required: bool = True) -> V | None:
        """The parsed cell; None, with a problem noted, when it is bad or missing though required."""
        cell = self.cell(column)
        if cells.is_empty(cell):
            if required:
                self.refuse(column, _("不能为空"))
            return None
        try:
            return parse(cell)
        except CellError as error:
            self.refuse(column, str(error))
            return None

    def text(self, column: str, *, required: bool = True, longest: int = 2000) -> str:
        """Text; empty when not filled in."""
        return self.get(column, lambda cell: cells.text(cell, longest=longest), required=required) or ""

    def day(self, column: str, *, required: bool = True) -> date | None:
        """A date."""
        return self.get(column, cells.day, required=required)

    def integer(self, column: str, *, required: bool = True, least: int = 0) -> int | None:
        """A whole number, at least ``least``."""
        return self.get(column, lambda cell: cells.integer(cell, least=least), required=required)

    def yes_no(self, column: str, *, required: bool = False) -> bool:
        """是 or 否; empty means 否 unless required."""
        return bool(self.get(column, cells.yes_no, required=required))

    def choice(self, column: str, allowed: Sequence[str] | Mapping[str, str], *, required: bool = True) -> str:
        """One of the allowed words (its code, of a mapping); empty when not filled in or bad."""
        return self.get(column, lambda cell: cells.choice(cell, allowed), required=required) or ""


def read_table(sheet: Sheet, required: Sequence[str], problems: list[Problem]) -> Iterator[TableRow]:
    """Rows under the first row that names all required columns (optional columns are found by title too).

    A missing column is noted as one problem and no row is read. A trailing ``*`` or ``（必填）`` of a title is ignored.
    """
    best: list[str] = list(required)
    for index, row in enumerate(sheet.rows[:HEADER_ROWS]):
        places = {_title(cell): at for at, cell in reversed(list(enumerate(row.cells))) if isinstance(cell, str)}
        missing = [column for column in required if column not in places]
        if not missing:
            for body in sheet.rows[index + 1 :]:
                yield TableRow(sheet.name, body, places, problems)
            return
        best = min(best, missing, key=len)
    reason = _("缺少这些列：%(columns)s。请下载模板，照模板填写") % {"columns": "、".join(best)}
    problems.append(Problem(sheet.name, None, "", reason))


def _title(cell: Cell) -> str:
    return str(cell).strip().removesuffix("（必填）").rstrip("*＊ ").strip()
