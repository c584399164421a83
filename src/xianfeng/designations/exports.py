"""Tables of titles for the office: exactly what is filtered, and the list for 两优一先."""

import io
from collections.abc import Iterator

from django.db.models import QuerySet

from xianfeng.designations import rules
from xianfeng.designations.models import Designation
from xianfeng.directory import queries as directory
from xianfeng.kernel import clock
from xianfeng.kernel.sheets import Book, Column
from xianfeng.kernel.sheets.writing import Value

TITLES = [
    Column("编号", width=26),
    Column("命名对象", width=34),
    Column("单位", width=30),
    Column("类别", width=16),
    Column("层级", width=30),
    Column("等次", width=14),
    Column("年度", kind="integer", width=8),
    Column("命名日期", kind="date", width=16),
    Column("铭牌颁发", kind="date", width=16),
    Column("状态", width=12),
    Column("复评期限", kind="date", width=16),
    Column("有效期至", kind="date", width=16),
    Column("失效日期", kind="date", width=16),
]
MERIT = [
    Column("上级党组织", width=30),
    Column("党组织", width=30),
    Column("对象", width=34),
    Column("岗位", width=16),
    Column("类别", width=16),
    Column("层级", width=30),
    Column("编号", width=26),
    Column("命名日期", kind="date", width=16),
    Column("纳入评选项目", width=22),
]
# What a title counts for in the selection of 优秀共产党员、优秀党务工作者、先进基层党组织.
MERIT_KINDS = {"organisation": "先进基层党组织", "service_point": "先进基层党组织", "member": "优秀共产党员"}


def titles_book(rows: QuerySet[Designation]) -> bytes:
    """The titles as filtered (.xlsx)."""
    return _book("命名名录", TITLES, _title_rows(rows))


def merit_book(rows: QuerySet[Designation]) -> bytes:
    """The list of the titled for 两优一先, by their party organisations (.xlsx)."""
    return _book("两优一先", MERIT, _merit_rows(rows))


def _book(name: str, columns: list[Column], rows: Iterator[list[Value]]) -> bytes:
    target = io.BytesIO()
    with Book(target) as book:
        book.table(name, columns, rows)
    return target.getvalue()


def _title_rows(rows: QuerySet[Designation]) -> Iterator[list[Value]]:
    for one in rows:
        definition = one.round.version.definition
        yield [
            one.number,
            one.holder,
            one.unit_name,
            definition.category(one.category).title,
            definition.tier(one.tier).title,
            one.grade_title,
            one.round.year,
            one.named_on,
            one.plaque_issued_on,
            rules.DESIGNATION_STATES[one.state],
            one.reassess_by,
            one.valid_until,
            one.ended_on,
        ]


def _merit_rows(rows: QuerySet[Designation]) -> Iterator[list[Value]]:
    today = clock.today()
    superiors: dict[int, str] = {}
    for one in rows.select_related("case__party"):
        party = one.case.party
        if party.pk not in superiors:
            above = directory.superior_of(party.pk, today)
            superiors[party.pk] = above.name if above else ""
        definition = one.round.version.definition
        yield [
            superiors[party.pk],
            party.name,
            one.holder,
            str(one.snapshot.get("post", "")),
            definition.category(one.category).title,
            definition.tier(one.tier).title,
            one.number,
            one.named_on,
            MERIT_KINDS[one.nominee.kind],
        ]
