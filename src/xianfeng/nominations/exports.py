"""The offices' list as a workbook: exactly what is filtered on screen."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xianfeng.cases.models import Case
from xianfeng.cases.rules import CASE_KINDS
from xianfeng.kernel.sheets import Book, Column
from xianfeng.nominations.listing import day_of, stage_word

COLUMNS = (
    Column("事项", width=10),
    Column("类别", width=14),
    Column("创建对象", width=32),
    Column("党组织", width=32),
    Column("单位", width=32),
    Column("自评得分", "number", width=10),
    Column("提交日期", "date", width=16),
    Column("进展", width=14),
    Column("当前期限", "time", width=22),
    Column("事项编号", width=20),
)


def cases_workbook(rows: Iterable[Case]) -> bytes:
    """The rows as xlsx."""
    held = BytesIO()
    with Book(held) as book:
        book.table("申报", COLUMNS, _rows(rows))
    return held.getvalue()


def _rows(rows: Iterable[Case]) -> Iterator[tuple[str | Decimal | date | datetime | None, ...]]:
    for case in rows:
        assessment = getattr(case, "assessment", None)
        yield (
            CASE_KINDS[case.kind],
            case.version.definition.category(case.category).title,
            case.name,
            case.party.name,
            case.unit.name,
            assessment.total if assessment and assessment.submitted_at else None,
            day_of(case.submitted_at),
            stage_word(case),
            getattr(case, "due_at", None),
            case.public_id,
        )
