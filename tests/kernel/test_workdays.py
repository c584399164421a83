"""Working days against the published arrangements and against naive counting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.kernel.workdays import Calendar, DayKind, announced, deadline_instant

CALENDAR = Calendar()
DAYS = st.dates(date(2005, 1, 1), date(2025, 6, 30))
COUNTS = st.integers(0, 40)
OVERRIDES = st.dictionaries(st.dates(date(2020, 1, 1), date(2020, 3, 31)), st.booleans(), max_size=20)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2019, 9, 29), True),  # Sunday, made up for National Day
        (date(2019, 10, 1), False),
        (date(2019, 10, 7), False),  # Monday
        (date(2019, 10, 8), True),
        (date(2019, 10, 12), True),  # Saturday, made up for National Day
        (date(2021, 2, 7), True),  # Sunday, made up for Spring Festival
        (date(2021, 2, 17), False),  # Wednesday
        (date(2021, 2, 20), True),  # Saturday
        (date(2021, 4, 25), True),  # Sunday, made up for Labour Day
        (date(2021, 9, 18), True),  # Saturday, made up for Mid-Autumn
        (date(2020, 1, 31), False),  # Friday of the extended Spring Festival
        (date(2021, 3, 6), False),  # a plain Saturday
    ],
)
def test_public_holidays_and_make_up_days_as_published(day: date, working: bool) -> None:
    assert CALENDAR.kind(day) == DayKind(working, True)


def test_counting_over_national_day_2019() -> None:
    # 27 September is a Friday; Sunday 29 is worked, 1 to 7 October are not
    assert CALENDAR.add_working_days(date(2019, 9, 27), 5) == (date(2019, 10, 10), True)
    assert CALENDAR.working_days_between(date(2019, 9, 27), date(2019, 10, 10)) == 5
    assert CALENDAR.add_working_days(date(2019, 10, 10), -5) == (date(2019, 9, 27), True)


def test_the_offices_own_days_win() -> None:
    own = Calendar({date(2019, 10, 1): True, date(2019, 10, 8): False, date(2040, 1, 2): False})
    assert own.kind(date(2019, 10, 1)) == DayKind(True, True)
    assert own.kind(date(2019, 10, 8)) == DayKind(False, True)
    assert own.kind(date(2040, 1, 2)) == DayKind(False, True)


def test_beyond_the_announced_years_days_are_assumed_and_said_so() -> None:
    assert CALENDAR.kind(date(2040, 10, 1)) == DayKind(True, False)
    assert CALENDAR.kind(date(2040, 10, 6)) == DayKind(False, False)
    assert CALENDAR.add_working_days(date(2040, 10, 1), 3).known is False
    assert CALENDAR.notice_period(date(2040, 10, 1), 5).known is False


def test_a_notice_published_on_friday_runs_monday_to_friday() -> None:
    period = CALENDAR.notice_period(date(2021, 11, 19), 5)
    assert (period.first, period.last) == (date(2021, 11, 22), date(2021, 11, 26))
    assert period.ends_at == datetime(2021, 11, 26, 16, tzinfo=UTC), "00:00 of the 27th in Shanghai"


def test_a_calendar_period_that_ends_on_a_day_of_rest_runs_on_to_the_next_working_day() -> None:
    period = CALENDAR.notice_period(date(2021, 9, 26), 5, working=False)  # would end on National Day
    assert (period.first, period.last) == (date(2021, 9, 27), date(2021, 10, 8))
    plain = CALENDAR.notice_period(date(2021, 11, 15), 7, working=False)
    assert (plain.first, plain.last) == (date(2021, 11, 16), date(2021, 11, 22))


def test_a_deadline_day_belongs_to_the_period_to_its_last_second() -> None:
    assert deadline_instant(date(2021, 11, 25)) == datetime(2021, 11, 25, 16, tzinfo=UTC)


def test_impossible_counts_are_refused() -> None:
    never = Calendar({date(2021, 1, 1) + timedelta(days=n): False for n in range(4000)})
    with pytest.raises(ValueError, match="ten years"):
        never.add_working_days(date(2021, 1, 1), 1)
    with pytest.raises(ValueError, match="at least one day"):
        CALENDAR.notice_period(date(2021, 1, 1), 0)


@given(DAYS, COUNTS)
def test_counting_agrees_with_walking_the_calendar(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= announced(day).working
    assert CALENDAR.add_working_days(start, n) == (day, True)
    assert CALENDAR.working_days_between(start, day) == n


@given(DAYS.filter(CALENDAR.is_working), COUNTS)
def test_counting_back_undoes_counting_forward(start: date, n: int) -> None:
    there = CALENDAR.add_working_days(start, n).day
    assert CALENDAR.add_working_days(there, -n).day == start


@given(OVERRIDES, st.dates(date(2020, 1, 1), date(2020, 3, 31)), st.integers(1, 15))
def test_a_notice_period_holds_exactly_its_working_days(overrides: dict[date, bool], start: date, n: int) -> None:
    calendar = Calendar(overrides)
    period = calendar.notice_period(start, n)
    span = [period.first + timedelta(days=i) for i in range((period.last - period.first).days + 1)]
    assert start < period.first <= period.last
    assert sum(calendar.is_working(day) for day in span) == n
    assert calendar.is_working(period.first)
    assert calendar.is_working(period.last)
    assert period.ends_at == deadline_instant(period.last)
