"""Working days as offices count them: public holidays, make-up workdays (调休), own days, deadlines.

Pure. ``chinesecalendar`` knows the announced years and raises beyond them; the office's overrides win over
it; beyond both, Monday to Friday are worked and marked not known, so that a page can say 节假日安排尚未公布.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

import chinese_calendar

from xianfeng.kernel import clock

ONE_DAY = timedelta(days=1)
FAR = 3660  # a search longer than ten years means that the overrides leave no working day
NO_OVERRIDES: Mapping[date, bool] = MappingProxyType({})


class DayKind(NamedTuple):
    """Whether a day is worked, and whether that is announced (or set by the office) rather than assumed."""

    working: bool
    known: bool


class Due(NamedTuple):
    """A counted day; ``known`` is False when any day counted on the way was only assumed."""

    day: date
    known: bool


@dataclass(frozen=True)
class Period:
    """A period of whole days: first and last day, and the exclusive UTC instant at which it is over."""

    first: date
    last: date
    ends_at: datetime
    known: bool


def announced(day: date) -> DayKind:
    """The state calendar's word on a day; Monday to Friday and not known outside the announced years."""
    try:
        return DayKind(bool(chinese_calendar.is_workday(day)), True)
    except NotImplementedError:
        return DayKind(day.weekday() < 5, False)


def deadline_instant(day: date) -> datetime:
    """The exclusive UTC instant at which a deadline of ``day`` has passed: the next 00:00 in Shanghai."""
    return clock.instant(day + ONE_DAY)


class Calendar:
    """Counts working days; ``overrides`` says of single days whether the office works."""

    def __init__(self, overrides: Mapping[date, bool] = NO_OVERRIDES) -> None:
        self.overrides = dict(overrides)

    def kind(self, day: date) -> DayKind:
        """Whether ``day`` is worked and whether that is known."""
        if (own := self.overrides.get(day)) is not None:
            return DayKind(own, True)
        return announced(day)

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is worked (assumed Monday to Friday where nothing is announced)."""
        return self.kind(day).working

    def add_working_days(self, start: date, n: int) -> Due:
        """The n-th working day after ``start`` (before it when negative); ``start`` itself is not counted."""
        step = ONE_DAY if n >= 0 else -ONE_DAY
        day, left, known, walked = start, abs(n), True, 0
        while left:
            day += step
            walked += 1
            state = self.kind(day)
            known &= state.known
            if state.working:
                left, walked = left - 1, 0
            if walked > FAR:
                raise ValueError(f"no working day within ten years of {start}")
        return Due(day, known)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
        return sum(self.is_working(start + ONE_DAY * i) for i in range(1, (end - start).days + 1))

    def notice_period(self, start: date, n: int, working: bool = True) -> Period:
        """A period of ``n`` (at least 1) days published on ``start``.

        The day of publication is not counted (民法典 art. 201): the first day is the next working day, or the
        next day when calendar days are counted; a calendar period that would end on a day of rest ends on the
        next working day (art. 203).
        """
        if n < 1:
            raise ValueError("a period has at least one day")
        if working:
            first, last = self.add_working_days(start, 1), self.add_working_days(start, n)
            return Period(first.day, last.day, deadline_instant(last.day), last.known)
        last = self.next_working_day(start + ONE_DAY * n)
        return Period(start + ONE_DAY, last.day, deadline_instant(last.day), last.known)

    def next_working_day(self, day: date) -> Due:
        """``day`` itself when worked, else the first working day after it."""
        state = self.kind(day)
        if state.working:
            return Due(day, state.known)
        later = self.add_working_days(day, 1)
        return Due(later.day, later.known and state.known)
