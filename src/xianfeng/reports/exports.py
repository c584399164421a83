"""The boards as workbooks: exactly what the screen shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from xianfeng.directory.models import SignIn
from xianfeng.journal import queries as journal
from xianfeng.journal.models import Entry
from xianfeng.kernel.sheets import Book, Column
from xianfeng.programmes.models import Round
from xianfeng.reports.queries import overview
from xianfeng.reports.queries.merit import MeritLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_LOG = 200_000  # entries in one workbook


def overview_book(row: Round, seen: overview.Scope, now: datetime) -> bytes:
    """Four sheets: quota, stages, units, overdue steps."""
    definition = row.version.definition
    categories = [one.title for one in definition.categories]
    target = BytesIO()
    with Book(target) as book:
        heads = [Column(f"{one}{word}", "integer") for one in categories for word in ("名额", "已命名", "公示中")]
        book.table(
            "名额",
            [Column("批次", width=20), Column("层级", width=32), *heads],
            (
                [line.round.title, line.tier, *(number for cell in line.places for number in overview.summed(cell))]
                for line in overview.quotas(row)
            ),
        )
        found = overview.funnel(seen, row)
        book.table(
            "环节",
            [Column("类别", width=18), *(Column(one, "integer") for one in found.stations)],
            found.rows,
        )
        book.table(
            "单位进度",
            [
                Column("单位", width=36),
                Column("申报组", width=20),
                Column("创建计划"),
                *map(Column, categories),
                Column("逾期"),
            ],
            ([one.unit, one.group, *(cell.words for cell in one.cells)] for one in overview.units(seen, row, now)),
        )
        book.table(
            "逾期",
            [
                Column("办理单位", width=36),
                Column("环节"),
                Column("件数", "integer"),
                Column("最早到期", "time", width=22),
            ],
            ([one.addressee, one.title, one.number, one.oldest] for one in overview.overdue(seen, now)),
        )
    return target.getvalue()


def merit_book(lines: Sequence[MeritLine]) -> bytes:
    """The list as the selection's office wants it: one row a title."""
    columns = [
        Column("推荐党组织", width=36),
        Column("所在党组织", width=36),
        Column("命名对象", width=30),
        Column("所在单位", width=30),
        Column("类别", width=16),
        Column("层级", width=32),
        Column("证书编号", width=24),
        Column("命名日期", "date", width=18),
        Column("可参评项目", width=30),
    ]
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "两优一先推荐名单",
            columns,
            (
                [
                    one.superior,
                    one.party,
                    one.designation.holder,
                    one.designation.unit_name,
                    one.category,
                    one.tier,
                    one.designation.number,
                    one.designation.named_on,
                    one.honour,
                ]
                for one in lines
            ),
        )
    return target.getvalue()


def journal_book(rows: Iterable[Entry]) -> bytes:
    """Entries as filtered: number, times, what happened, both hashes."""
    columns = [
        Column("序号", "integer"),
        Column("发生时间", "time", width=22),
        Column("记录时间", "time", width=22),
        Column("办理者", width=30),
        Column("事由", width=48),
        Column("对象", width=36),
        Column("对象编号", width=20),
        Column("事件", width=32),
        Column("条目摘要", width=68),
        Column("链摘要", width=68),
    ]
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "留痕",
            columns,
            (
                [
                    one.seq,
                    one.at,
                    one.recorded_at,
                    one.actor_label,
                    journal.phrase(one),
                    one.subject_label,
                    one.subject_id,
                    one.event,
                    one.leaf_hash,
                    one.chain_hash,
                ]
                for one in rows
            ),
        )
    return target.getvalue()


def sign_in_book(rows: Iterable[SignIn]) -> bytes:
    """The access log as filtered."""
    columns = [
        Column("时间", "time", width=22),
        Column("用户名", width=20),
        Column("姓名"),
        Column("结果"),
        Column("地址", width=20),
    ]
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "登录日志",
            columns,
            (
                [one.at, one.username, one.user.name if one.user else "", one.get_outcome_display(), one.address]
                for one in rows
            ),
        )
    return target.getvalue()
