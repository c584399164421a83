"""Dates, deadlines and points are written one way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xianfeng.kernel import clock
from xianfeng.ui import formats

NOW = clock.instant(date(2026, 11, 22), 14, 2)


@pytest.mark.parametrize(
    ("due", "distance", "moment", "urgency"),
    [
        (clock.instant(date(2026, 11, 25), 17), "还有 3 天", "11月25日 17:00", "calm"),
        (clock.instant(date(2026, 11, 24), 17), "还有 2 天", "11月24日 17:00", "soon"),
        (clock.instant(date(2026, 11, 22), 17), "今天截止", "11月22日 17:00", "soon"),
        (clock.instant(date(2026, 11, 22), 14, 2), "刚刚逾期", "11月22日 14:02", "late"),
        (clock.instant(date(2026, 11, 19), 9), "已逾期 3 天", "11月19日 9:00", "late"),
        (clock.instant(date(2027, 1, 5), 9, 30), "还有 44 天", "2027年1月5日 09:30", "calm"),
    ],
)
def test_a_deadline_says_how_long_until_when_and_how_urgent(due, distance, moment, urgency):
    with clock.frozen(NOW):
        words = formats.deadline(due)
    assert (words.distance, words.moment, words.urgency) == (distance, moment.replace("日 9:00", "日 09:00"), urgency)


def test_an_exclusive_midnight_is_the_end_of_the_day_before():
    """A period that ends on 25 November is stored as 26 November 00:00; nobody may read it as the 26th."""
    with clock.frozen(NOW):
        words = formats.deadline(clock.instant(date(2026, 11, 26)))
        tonight = formats.deadline(clock.instant(date(2026, 11, 23)))
    assert words.moment == "11月25日 24:00"
    assert words.distance == "还有 3 天"
    assert (tonight.distance, tonight.moment) == ("今天截止", "11月22日 24:00")


def test_a_midnight_that_has_passed_is_late_by_whole_days():
    with clock.frozen(clock.instant(date(2026, 11, 26)) + timedelta(minutes=1)):
        assert formats.deadline(clock.instant(date(2026, 11, 26))).distance == "已逾期 1 天"


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("8.5000"), "8.5"), (Decimal("100.00"), "100"), (Decimal("0.0000"), "0"), (7, "7"), (None, "—")],
)
def test_points_lose_their_trailing_zeros_and_nothing_else(value, written):
    assert formats.points(value) == written


def test_an_instant_is_shown_on_its_shanghai_day():
    late = clock.instant(date(2026, 11, 22), 23, 30)  # still the 22nd there, the 22nd 15:30 in UTC
    assert formats.cn_datetime(late) == "2026年11月22日 23:30"
    assert formats.cn_date(date(2026, 3, 1)) == "2026年3月1日"
