"""Excel in and out: hostile files refused, cells read exactly, tables written so that nothing is computed or lost."""

from xianfeng.kernel.sheets.cells import Cell, CellError, choice, day, integer, number, text, yes_no
from xianfeng.kernel.sheets.guard import Limits
from xianfeng.kernel.sheets.reading import Problem, Row, Sheet, TableRow, read_table, read_workbook, sheet_named
from xianfeng.kernel.sheets.writing import Book, Column, chinese_date, write_table

__all__ = [
    "Book",
    "Cell",
    "CellError",
    "Column",
    "Limits",
    "Problem",
    "Row",
    "Sheet",
    "TableRow",
    "chinese_date",
    "choice",
    "day",
    "integer",
    "number",
    "read_table",
    "read_workbook",
    "sheet_named",
    "text",
    "write_table",
    "yes_no",
]
