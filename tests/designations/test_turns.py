"""What falls due in a title's life, against a day-by-day re-reading; the ladder by its rungs."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.designations.rules import ladder, turns
from xianfeng.programmes.rules import self_checks

DAYS = st.dates(date(2019, 1, 1), date(2024, 12, 31))
NAMED = date(2019, 12, 19)


def programme(months: int, word: str = "remind"):
    life = {"applies_to": ["tier1"], "self_check": {"every_months": months, "on_missed": word}}
    return made(lambda v: v.update(title_life=life))


PROGRAMMES = {months: programme(months) for months in (3, 6, 12)}


@settings(max_examples=80, deadline=None)
@given(months=st.sampled_from([3, 6, 12]), on=DAYS, which=st.sets(st.integers(0, 30)), since=DAYS)
def test_every_due_day_is_handed_in_missed_or_to_come(months, on, which, since):
    definition = PROGRAMMES[months]
    dues = self_checks(definition, named_on=NAMED, until=date(2030, 1, 1))
    handed_in = [due for number, due in enumerate(dues) if number in which and due < on]
    found = turns.checks(definition, named_on=NAMED, handed_in=handed_in, noted=[], on=on, since=since)
    past = [due for due in dues if due < on and due not in handed_in and due >= since]
    assert [one.due for one in found.missed] == past
    assert found.coming == next(due for due in dues if due >= on)
    if found.late:
        assert found.due == past[-1] > max(handed_in, default=NAMED)
        assert on < turns.opening(found.coming)
    again = turns.checks(definition, named_on=NAMED, handed_in=handed_in, noted=past, on=on, since=since)
    assert (again.missed, again.due) == ([], found.due)


@settings(max_examples=80, deadline=None)
@given(today=DAYS, valid=st.none() | DAYS, renew=st.none() | DAYS, check=st.none() | DAYS, until=st.lists(DAYS))
def test_the_next_look_is_the_first_day_on_which_anything_changes(today, valid, renew, check, until):
    day = turns.next_look(
        today=today, valid_until=valid, renew_from=renew, coming_check=check, sanctions_until=until
    )  # fmt: skip

    def state(on: date) -> tuple[object, ...]:
        return (
            valid and on > valid, renew and on >= renew, check and on > check, check and on >= turns.opening(check),
            turns.reminder(valid, on), turns.reminder(check, on), tuple(on > one for one in until),
        )  # fmt: skip

    if day is None:
        assert state(today + timedelta(days=9999)) == state(today)
        return
    assert day > today
    assert state(day - timedelta(days=1)) == state(today)
    assert state(day) != state(today)


def test_a_grade_that_cannot_be_lowered_is_not_offered_and_not_proposed():
    bands = [
        {"code": "a", "title": "甲", "at_least": 90},
        {"code": "b", "title": "乙", "at_least": 80},
    ]
    sanctions = [
        {"code": "downgrade", "title": "降级"},
        {"code": "revocation", "title": "摘牌"},
    ]
    definition = made(
        lambda v: v.update(
            result={"kind": "grades", "bands": bands}, title_life={"applies_to": ["tier1"], "sanctions": sanctions}
        )
    )
    assert list(ladder.offered(definition, "a")) == ["confirmed", "downgraded", "revoked"]
    assert list(ladder.offered(definition, "b")) == ["confirmed", "revoked"]
    top = ladder.proposal(definition, grade="a", stands=[])
    lowest = ladder.proposal(definition, grade="b", stands=[])
    assert top is not None
    assert lowest is not None
    assert (top.outcome, lowest.outcome) == ("downgraded", "revoked")
    assert "没有更低的等次可降" in lowest.sentence


def test_what_has_no_term_stands_until_the_title_is_found_right_again():
    history = [("rectify", date(2021, 1, 1), None), ("warn", date(2021, 2, 1), date(2021, 7, 31))]
    on = date(2021, 6, 1)
    assert [one.code for one in ladder.standing(history, on)] == ["rectification", "warning"]
    history.append(("confirm", date(2021, 3, 1), None))
    assert [one.code for one in ladder.standing(history, on)] == ["warning"]
    assert ladder.standing(history, date(2021, 8, 1)) == []
