"""Workbooks of exactly what is filtered on screen."""

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from xianfeng.creation.board import Board
from xianfeng.creation.models import Activity, Problem
from xianfeng.kernel.sheets import Book, Column
from xianfeng.kernel.sheets.writing import Value
from xianfeng.ui import chips, edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(filename: str, tables: Iterable[tuple[str, Sequence[Column], Iterable[Sequence[Value]]]]) -> HttpResponse:
    """One workbook to download; each table its own sheet."""
    target = io.BytesIO()
    with Book(target) as book:
        for name, columns, rows in tables:
            book.table(name, columns, rows)
    return edge.download(target.getvalue(), f"{filename}.xlsx", XLSX)


def plans(board: Board, filename: str) -> HttpResponse:
    """Progress a line, and all milestones on a second sheet."""
    summary = [
        Column("编码"),
        Column("党组织", width=36),
        Column("状态"),
        Column("进度（%）", "integer"),
        Column("里程碑", "integer"),
        Column("滞后", "integer"),
        Column("报送时间", "time", 22),
        Column("第一责任人"),
    ]
    rows: list[list[Value]] = [
        [
            line.organisation.code,
            line.organisation.name,
            chips.word("plan", line.state),
            line.percent,
            len(line.milestones),
            line.late,
            line.plan.submitted_at if line.plan else None,
            line.plan.first_responsible if line.plan else "",
        ]
        for line in board.lines
    ]
    details = [
        Column("党组织", width=36),
        Column("事项", width=40),
        Column("计划完成", "date", 18),
        Column("完成度（%）", "integer"),
        Column("实际完成", "date", 18),
        Column("进展说明", width=40),
    ]
    milestones: list[list[Value]] = [
        [line.organisation.name, one.title, one.due_on, one.percent, one.done_on, one.note]
        for line in board.lines
        for one in line.milestones
    ]
    return workbook(filename, [("创建进度", summary, rows), ("里程碑", details, milestones)])


def problems(rows: Iterable[Problem], filename: str) -> HttpResponse:
    """问题清单 as filtered."""
    columns = [
        Column("单位", width=36),
        Column("问题", width=40),
        Column("说明", width=40),
        Column("发现日期", "date", 18),
        Column("整改期限", "time", 22),
        Column("状态"),
        Column("整改情况", width=40),
        Column("报送时间", "time", 22),
        Column("核查意见", width=30),
        Column("销号时间", "time", 22),
    ]
    lines: list[list[Value]] = [
        [
            one.organisation.name,
            one.title,
            one.detail,
            one.found_on,
            one.due_at,
            chips.word("problem", one.state),
            one.answer,
            one.answered_at,
            one.closing_note,
            one.closed_at,
        ]
        for one in rows
    ]
    return workbook(filename, [("问题清单", columns, lines)])


def activities(rows: Iterable[Activity], filename: str) -> HttpResponse:
    """创建活动 as filtered."""
    columns = [
        Column("单位", width=36),
        Column("类型"),
        Column("名称", width=40),
        Column("日期", "date", 18),
        Column("简述", width=60),
    ]
    lines: list[list[Value]] = [
        [one.organisation.name, one.get_kind_display(), one.title, one.held_on, one.text] for one in rows
    ]
    return workbook(filename, [("创建活动", columns, lines)])
