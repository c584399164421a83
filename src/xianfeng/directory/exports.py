"""Lists of the directory as workbooks: exactly what is filtered."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from xianfeng.directory import rules
from xianfeng.directory.listing import state_of
from xianfeng.directory.models import Appointment, Organisation, User
from xianfeng.kernel.sheets import Book, Column
from xianfeng.ui import chips

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def organisations_book(rows: Iterable[Organisation], ties: dict[int, str]) -> bytes:
    """The organisations with what they belong to."""
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "组织目录",
            [
                Column("编码"), Column("名称", width=40), Column("简称", width=20), Column("类型", width=18),
                Column("归属", width=32), Column("统一社会信用代码", width=24), Column("撤并日期", "date"),
            ],
            (
                [
                    one.code, one.name, one.short_name, one.get_kind_display(),
                    ties.get(one.pk, ""), one.credit_code, one.closed_on,
                ]
                for one in rows
            ),
        )  # fmt: skip
    return target.getvalue()


def users_book(rows: Iterable[User], duties: dict[int, list[Appointment]]) -> bytes:
    """The users with what they hold today."""
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "用户",
            [Column("用户名", width=18), Column("姓名"), Column("状态"), Column("任职", width=60)],
            (
                [
                    one.username,
                    one.name,
                    "启用" if one.is_active else "已停用",
                    "、".join(f"{held.organisation.label}{rules.DUTIES[held.duty]}" for held in duties.get(one.pk, [])),
                ]
                for one in rows
            ),
        )
    return target.getvalue()


def appointments_book(rows: Iterable[Appointment], on: date) -> bytes:
    """The appointments, one a row."""
    target = BytesIO()
    with Book(target) as book:
        book.table(
            "任职",
            [
                Column("用户名", width=18), Column("姓名"), Column("组织", width=40), Column("职责"),
                Column("职务", width=24), Column("代理"), Column("起", "date"), Column("止", "date"), Column("状态"),
            ],
            (
                [
                    one.user.username, one.user.name, one.organisation.name, rules.DUTIES[one.duty], one.title,
                    f"代理{one.deputy_for.user.name}" if one.deputy_for else "", one.since, one.until,
                    chips.word("appointment", state_of(one, on)),
                ]
                for one in rows
            ),
        )  # fmt: skip
    return target.getvalue()
