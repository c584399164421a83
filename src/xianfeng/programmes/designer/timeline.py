"""A year's stages as bars: numbers for an SVG, since pages may carry no inline style."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, ROW = 720, 26


@dataclass(frozen=True)
class Bar:
    """One stage: where its bar begins, how long it is, in units of the drawing."""

    title: str
    x: int
    width: int
    y: int
    when: str


@dataclass(frozen=True)
class Chart:
    """One year: its bars and the months beneath."""

    year: int
    bars: list[Bar]
    months: list[tuple[int, str]]
    height: int


def bars(document: Mapping[str, Any], one: Mapping[str, Any]) -> Chart:
    """The stages of a round on a common axis of days."""
    spans = {
        code: (span["since"], span["until"])
        for code, span in (one.get("stages") or {}).items()
        if isinstance(span.get("since"), date) and isinstance(span.get("until"), date)
    }
    if not spans:
        return Chart(one["year"], [], [], 0)
    first = min(since for since, _ in spans.values()).replace(day=1)
    last = max(max(until, since) for since, until in spans.values())
    days = max((last - first).days + 1, 1)

    def place(day: date) -> int:
        return int((day - first).days * WIDTH / days)

    drawn: list[Bar] = []
    for stage in document.get("stages") or ():
        if stage["code"] in spans:
            since, until = spans[stage["code"]]
            width = max(place(until) - place(since), 3)
            when = f"{since.year}年{since.month}月{since.day}日至{until.month}月{until.day}日"
            drawn.append(Bar(str(stage.get("title", "")), place(since), width, len(drawn) * ROW, when))
    return Chart(one["year"], drawn, _months(first, last, place), len(drawn) * ROW)


def _months(first: date, last: date, place: Any) -> list[tuple[int, str]]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    every = max(1, -(-months // 12))
    found = []
    for number in range(0, months, every):
        year, month = divmod(first.month - 1 + number, 12)
        day = date(first.year + year, month + 1, 1)
        found.append((place(day), f"{day.year}年" if day.month == 1 or number == 0 else f"{day.month}月"))
    return found
