"""The office calendar as the page draws it: months of weeks of days, each with its word."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import chinese_calendar

from xianfeng.directory.models import CalendarDay
from xianfeng.kernel import clock
from xianfeng.kernel.workdays import Calendar, announced

HOLIDAYS = {one.value: one.chinese for one in chinese_calendar.Holiday}
MONDAY_FIRST = Weeks(0)
FIRST_YEAR, LAST_YEAR = 2004, 2100


@dataclass(frozen=True)
class Day:
    """One day: ``inside`` its month, worked or not, why, and whether the office has set it itself."""

    day: date
    inside: bool
    working: bool
    known: bool
    word: str = ""
    own: bool = False
    note: str = ""
    today: bool = False

    @property
    def shift(self) -> str:
        """班 or 休 where the day is not what its place in the week suggests."""
        usual = self.day.weekday() < 5
        return "" if self.working == usual else "班" if self.working else "休"

    @property
    def title(self) -> str:
        """The day in a sentence, for the tip and the screen reader."""
        words = [f"{self.day.month}月{self.day.day}日", "上班" if self.working else "休息", self.word]
        if self.own:
            words.append(f"本办设定{'：' if self.note else ''}{self.note}")
        if not self.known:
            words.append("节假日安排尚未公布")
        return "，".join(filter(None, words))


@dataclass(frozen=True)
class Month:
    """A month: its weeks from Monday, and how many days are worked."""

    first: date
    weeks: list[list[Day]]

    @property
    def working_days(self) -> int:
        """Days worked within the month."""
        return sum(one.working for week in self.weeks for one in week if one.inside)


def holiday(day: date) -> str:
    """Which holiday a day of rest, or the make-up day for it, belongs to; empty when none or not announced."""
    try:
        _rest, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return HOLIDAYS.get(name, "") if name else ""


def year_known(year: int) -> bool:
    """Whether the state has announced the year's holidays (as far as the installed calendar knows)."""
    return announced(date(year, 12, 31)).known


def own_days(year: int) -> dict[date, CalendarDay]:
    """What the office has set for days around a year."""
    rows = CalendarDay.objects.filter(day__gte=date(year - 1, 12, 25), day__lte=date(year + 1, 1, 7))
    return {one.day: one for one in rows}


def month(year: int, number: int, own: Mapping[date, CalendarDay]) -> Month:
    """One month with the office's own days laid over the announced ones."""
    office = Calendar({day: row.working for day, row in own.items()})
    today = clock.today()
    weeks = [
        [_day(day, day.month == number, office, own.get(day), today) for day in week]
        for week in MONDAY_FIRST.monthdatescalendar(year, number)
    ]
    return Month(date(year, number, 1), weeks)


def months(year: int, own: Mapping[date, CalendarDay]) -> list[Month]:
    """The twelve of a year."""
    return [month(year, number, own) for number in range(1, 13)]


def _day(day: date, inside: bool, office: Calendar, own: CalendarDay | None, today: date) -> Day:
    kind = office.kind(day)
    word = holiday(day)
    if word and kind.working:
        word = f"{word}调休" if own is None else ""
    return Day(
        day=day,
        inside=inside,
        working=kind.working,
        known=kind.known,
        word=word,
        own=own is not None,
        note=own.note if own else "",
        today=day == today,
    )


def year_from(text: str) -> int:
    """A year of an address within reason; this year otherwise."""
    wanted = int(text) if text.isascii() and text.isdigit() else 0
    return wanted if FIRST_YEAR <= wanted <= LAST_YEAR else clock.today().year


def month_from(text: str) -> int:
    """A month of an address; 0 (the whole year) otherwise."""
    wanted = int(text) if text.isascii() and text.isdigit() else 0
    return wanted if 1 <= wanted <= 12 else 0
