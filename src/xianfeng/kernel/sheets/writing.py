"""Writing workbooks row by row in constant memory, as offices expect them.

Nothing a person typed becomes a formula, a link or a number: identifiers keep their zeros, dates read 2026年11月22日.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid

DATE_FORMAT = 'yyyy"年"m"月"d"日"'
TIME_FORMAT = 'yyyy"年"m"月"d"日" hh:mm'
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_767  # characters in one cell
LAST_ROW = 1_048_575
LIST_ROWS = 5_000  # how far down drop-downs reach
CHOICES_SHEET = "选项"
INLINE_LIST = 255  # a longer drop-down list must stand on a sheet

Value = str | int | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column: its title, what it holds, its width in characters, a drop-down's choices, a note under the cursor."""

    title: str
    kind: Literal["text", "integer", "number", "date", "time"] = "text"
    width: int = 0
    choices: Sequence[str] = ()
    note: str = ""
    required: bool = False


def chinese_date(day: date) -> str:
    """``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"


class Book:
    """A workbook being written; use as a context manager."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self._lists: list[Sequence[str]] = []
        add, base = self.workbook.add_format, {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        body = base | {"text_wrap": True, "valign": "top"}
        self.formats: dict[str, Any] = {
            "title": add(base | {"bold": True, "font_size": 14}),
            "header": add(base | {"bold": True, "bg_color": "#E8EEF0", "bottom": 1, "text_wrap": True}),
            "required": add(
                base | {"bold": True, "bg_color": "#E8EEF0", "bottom": 1, "text_wrap": True, "font_color": "#B3261E"}
            ),
            "text": add(body | {"num_format": "@"}),
            "quoted": add(body | {"num_format": "@", "quote_prefix": True}),
            "integer": add(body | {"num_format": "0"}),
            "number": add(body | {"num_format": "0.####"}),
            "date": add(body | {"num_format": DATE_FORMAT, "align": "left"}),
            "time": add(body | {"num_format": TIME_FORMAT, "align": "left"}),
            "prose": add(body),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write_lists()
        self.workbook.close()

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]] = ()) -> int:
        """Add a sheet with a table; returns the number of rows written."""
        return write_table(self, name, columns, rows)

    def instructions(self, title: str, paragraphs: Iterable[str], name: str = "填写说明") -> None:
        """Add a sheet of instructions: a title, then one paragraph a row."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_column(0, 0, 100)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.formats["title"])
        for at, paragraph in enumerate(paragraphs, 2):
            sheet.write_string(at, 0, paragraph, self.formats["prose"])

    def list_source(self, choices: Sequence[str]) -> list[str] | str:
        """What a drop-down refers to: the words themselves, or a range of the hidden sheet when they are too long."""
        if len(",".join(choices)) <= INLINE_LIST and not any("," in one for one in choices):
            return list(choices)
        if choices not in self._lists:
            self._lists.append(choices)
        letter = xlsxwriter.utility.xl_col_to_name(self._lists.index(choices))
        return f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self.workbook.add_worksheet(CHOICES_SHEET)
        sheet.hide()
        for row in range(max(map(len, self._lists))):  # row by row: constant memory writes no row twice
            for column, choices in enumerate(self._lists):
                if row < len(choices):
                    sheet.write_string(row, column, choices[row])


def write_table(book: Book, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]] = ()) -> int:
    """Add a sheet: header row (frozen, filtered), drop-downs, then the rows as they come; returns how many."""
    sheet = book.workbook.add_worksheet(name)
    for at, column in enumerate(columns):
        _write_header(book, sheet, at, column)
    sheet.freeze_panes(1, 0)
    count = 0
    for row in rows:
        count += 1
        if count > LAST_ROW:
            raise Invalid(_("结果超过一张工作表能放下的行数。"), _("请缩小筛选范围后再导出。"))
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(book, sheet, count, at, column, value)
    if columns:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _write_header(book: Book, sheet: Worksheet, at: int, column: Column) -> None:
    width = column.width or max(12, 2 * len(column.title) + 4)
    whole = book.formats[column.kind]  # blank cells of a template already keep text as text
    sheet.set_column(at, at, width, whole)
    header = book.formats["required" if column.required else "header"]
    sheet.write_string(0, at, f"{column.title}*" if column.required else column.title, header)
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {
            "validate": "list",
            "source": book.list_source(column.choices),
            "error_title": _("不在可选项之内"),
            "error_message": _("请从下拉列表中选择。"),
        }
    if column.note:
        rule |= {"input_title": column.title[:32], "input_message": column.note[:255]}
    if len(rule) > 1:
        sheet.data_validation(1, at, LIST_ROWS, at, rule)


def _write_cell(book: Book, sheet: Worksheet, row: int, at: int, column: Column, value: Value) -> None:
    formats = book.formats
    if value is None or value == "":
        sheet.write_blank(row, at, None, formats[column.kind])
    elif isinstance(value, bool):
        sheet.write_string(row, at, "是" if value else "否", formats["text"])
    elif isinstance(value, datetime):
        local = value.astimezone(clock.SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, at, local, formats["date" if column.kind == "date" else "time"])
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, formats["date"])
    elif isinstance(value, int | Decimal) and column.kind != "text":
        sheet.write_number(row, at, value, formats[column.kind])
    else:
        words = format(value, "f") if isinstance(value, Decimal) else str(value)
        _write_words(book, sheet, row, at, words)


def _write_words(book: Book, sheet: Worksheet, row: int, at: int, words: str) -> None:
    # A quote prefix keeps what starts like a formula text even when the cell is edited or saved as CSV again.
    style = book.formats["quoted" if words.startswith(FORMULA_STARTS) else "text"]
    if len(words) > LONGEST:
        words = words[: LONGEST - 1] + "…"
    sheet.write_string(row, at, words, style)
