"""Look-back windows: which days count, on a given day, in a given round."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from xianfeng.programmes.rules.facts import Fact
from xianfeng.programmes.rules.schema.gates import Window


@dataclass(frozen=True)
class Span:
    """Days from ``since`` to ``until``, both counted; an open beginning has no ``since``."""

    since: date | None
    until: date

    def covers(self, fact: Fact) -> bool:
        """Whether the fact falls into the span; what is later than ``until`` is not known yet."""
        day = fact.happened_on
        return day <= self.until and (self.since is None or self.since <= day)


@dataclass(frozen=True)
class YearSpan(Span):
    """Whole years: a fact that names the year it speaks of counts by that year."""

    first: int
    last: int

    def covers(self, fact: Fact) -> bool:
        """As ``Span.covers``, unless the fact names its year."""
        return super().covers(fact) if fact.year is None else self.first <= fact.year <= self.last


@dataclass(frozen=True)
class InForce(Span):
    """What is still in force on the day: it has begun, and its term, if any, has not ended."""

    def covers(self, fact: Fact) -> bool:
        """Whether the fact holds on the day ``until``."""
        return super().covers(fact) and (fact.valid_until is None or fact.valid_until >= self.until)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def span(window: Window, *, on: date, year: int) -> Span:
    """The days a window covers, judged on the day ``on`` for the round of ``year``."""
    if window.kind == "months":
        assert window.months is not None  # the schema's word
        return Span(months_before(on, window.months), on)
    if window.kind == "any":
        return Span(None, on)
    if window.kind == "in_force":
        return InForce(None, on)
    last = {"previous_year": year - 1, "calendar_year": on.year}.get(window.kind, year)
    first = last - (window.years or 1) + 1
    return YearSpan(date(first, 1, 1), min(date(last, 12, 31), on), first, last)


def in_words(window: Window, *, year: int, on: date) -> str:
    """The window as a Chinese phrase for a gate's sentence."""
    match window.kind:
        case "months":
            assert window.months is not None
            years, rest = divmod(window.months, 12)
            return f"近{window.months}个月内" if rest else f"近{years}年内"
        case "application_year":
            return f"申报年度（{year}年）"
        case "previous_year":
            return f"上年度（{year - 1}年）"
        case "calendar_year":
            return f"{on.year}年内"
        case "years":
            return f"近{window.years}个年度内"
        case "in_force":
            return "目前"
        case _:
            return ""
