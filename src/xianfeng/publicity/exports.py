"""The register as a table to take away: exactly the public words."""

import csv
from collections.abc import Iterable
from datetime import date
from io import BytesIO, StringIO

from xianfeng.designations.models import Designation
from xianfeng.kernel.sheets import Book, Column, chinese_date
from xianfeng.publicity.queries.titles import plaque
from xianfeng.publicity.rules import plain_cell

COLUMNS = (
    Column("编号", width=22), Column("命名对象", width=34), Column("所在单位", width=30), Column("类别", width=14),
    Column("层级", width=28), Column("等次", width=14), Column("年度", "integer", width=8),
    Column("命名日期", "date", width=16), Column("有效期至", "date", width=16), Column("状态", width=10),
)  # fmt: skip

Row = list[str | int | date]


def _rows(titles: Iterable[Designation]) -> Iterable[Row]:
    for one in map(plaque, titles):
        row = one.designation
        yield [
            row.number, one.name.text, row.unit_name, one.category, one.tier, one.grade, row.round.year,
            row.named_on, row.valid_until or "", one.verdict.word,
        ]  # fmt: skip


def register_book(titles: Iterable[Designation]) -> bytes:
    """The register as .xlsx."""
    target = BytesIO()
    with Book(target) as book:
        book.table("命名名录", COLUMNS, _rows(titles))
    return target.getvalue()


def register_csv(titles: Iterable[Designation]) -> bytes:
    """The register as CSV that Excel opens in Chinese (UTF-8 with a mark), dates as people write them."""
    target = StringIO()
    out = csv.writer(target)
    out.writerow([one.title for one in COLUMNS])
    for row in _rows(titles):
        out.writerow([plain_cell(chinese_date(one) if isinstance(one, date) else one) for one in row])
    return target.getvalue().encode("utf-8-sig")
