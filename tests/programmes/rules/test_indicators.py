"""Every kind of indicator, with tables drawn at random, against points worked out by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes import rules

FULL = 20  # the points of the small definition's dimension 乙, which has one indicator to bend


def asked(**indicator):
    """The small definition's standard with the indicator ``b1`` (20 points) as given, and that indicator."""

    def change(values):
        inside = values["standards"][0]["parts"][0]["versions"][0]["dimensions"][1]["indicators"]
        inside[0] = {"code": "b1", "title": "乙一", "points": str(FULL), **indicator}

    standard = made(change).standard("point", "stations")
    return standard, standard.indicator("b1")


def refused(indicator, answer):
    try:
        rules.points_of(indicator, answer)
    except Invalid:
        return True
    return False


quarters = st.integers(-4, 4 * FULL + 4).map(lambda n: Decimal(n) / 4)


@given(st.sampled_from(["scored", "bonus"]), st.sampled_from(["0.25", "0.5", "1", "4"]), quarters, st.integers(1, FULL))
def test_points_given_freely_keep_to_the_step_and_the_most(kind, step, points, most):
    """A scored item and a bonus alike: from nothing to the most, in whole steps."""

    def change(values):
        inside = values["standards"][0]["parts"][0]["versions"][0]["dimensions"][1]["indicators"]
        inside[0].update(step=step)
        inside[1].update(points=str(most), step=step)

    indicator = made(change).standard("point", "stations").indicator("b1" if kind == "scored" else "extra")
    highest = FULL if kind == "scored" else most
    fits = 0 <= points <= highest and (points / Decimal(step)) % 1 == 0
    assert refused(indicator, points) is not fits
    if fits:
        assert rules.points_of(indicator, points) == points


@given(st.lists(st.integers(0, FULL - 1), min_size=1, max_size=5, unique=True), st.integers(0, 6), quarters)
def test_a_level_is_worth_its_points_and_nothing_between(lower, chosen, between):
    worth = [FULL, *lower]
    levels = [{"code": f"l{n}", "title": f"第{n}档", "points": str(points)} for n, points in enumerate(worth)]
    standard, indicator = asked(kind="graded", levels=levels)
    if chosen < len(worth):
        assert rules.points_of(indicator, f"l{chosen}") == worth[chosen]
    else:
        assert refused(indicator, f"l{chosen}")
    sheet = {"a1": Decimal(0), "a2": Decimal(0), "b1": between, "cs": Decimal(0)}
    if between in worth:
        assert rules.totals(standard, sheet).total == between
    else:
        with pytest.raises(Invalid):
            rules.totals(standard, sheet)


@given(
    st.dictionaries(st.integers(-20, 100), st.integers(0, FULL), min_size=1, max_size=6),
    st.integers(0, FULL),
    st.decimals(-30, 110, places=1),
)
def test_a_measured_value_takes_the_highest_rung_it_reaches(table, otherwise, value):
    rungs = sorted(table, reverse=True)
    table[rungs[0]] = FULL
    written = [{"at_least": str(least), "points": str(table[least])} for least in rungs]
    _, indicator = asked(kind="measured", unit="%", table=written, otherwise=str(otherwise))
    reached = [least for least in table if least <= value]
    assert rules.points_of(indicator, value) == (table[max(reached)] if reached else otherwise)


@given(
    st.lists(st.tuples(st.integers(1, 8), st.none() | st.integers(8, 15), st.integers(0, 6)), min_size=1, max_size=4)
)
def test_mistakes_are_taken_off_each_up_to_its_most_and_never_below_nothing(mistakes):
    listed = [
        {"code": f"f{n}", "title": f"第{n}种", "each": str(each)} | ({} if most is None else {"most": str(most)})
        for n, (each, most, _) in enumerate(mistakes)
    ]
    _, indicator = asked(kind="deduction", faults=listed)
    left = FULL
    for each, most, times in mistakes:
        for nth in range(times):  # one occurrence after another
            left -= each if most is None else max(min(each, most - nth * each), 0)
    counts = {f"f{n}": times for n, (_, _, times) in enumerate(mistakes)}
    assert rules.points_of(indicator, counts) == max(left, 0)
    assert refused(indicator, {"unknown": 1})
    assert refused(indicator, {"f0": -1})


@given(st.booleans())
def test_a_yes_is_all_the_points(answer):
    _, indicator = asked(kind="yes_no")
    assert rules.points_of(indicator, answer) == (FULL if answer else 0)
    assert refused(indicator, "yes" if answer else Decimal(0))


@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 12)), min_size=2, max_size=4),
    st.integers(0, 20),
)
def test_a_ballot_is_the_mean_worth_of_its_votes(choices, least):
    listed = [
        {"code": f"c{n}", "title": f"第{n}种", "share": str(Decimal(tenths) / 10)}
        for n, (tenths, _) in enumerate(choices)
    ]
    _, indicator = asked(kind="vote", choices=listed, least_votes=least)
    cast = {f"c{n}": votes for n, (_, votes) in enumerate(choices)}
    ballots = [Fraction(tenths, 10) for tenths, votes in choices for _ in range(votes)]
    if len(ballots) < max(least, 1):
        assert refused(indicator, cast)
        return
    exact = FULL * sum(ballots, Fraction(0)) / len(ballots)
    assert abs(Fraction(rules.points_of(indicator, cast)) - exact) <= Fraction(1, 20_000)


TABLES: dict[str, dict[str, Any]] = {
    "scored": {},
    "graded": {"levels": [{"code": "y", "title": "是", "points": "20"}, {"code": "n", "title": "否", "points": "0"}]},
    "measured": {"unit": "%", "table": [{"at_least": "1", "points": "20"}]},
    "deduction": {"faults": [{"code": "f", "title": "错", "each": "1"}]},
    "bonus": {},
    "yes_no": {},
    "vote": {"choices": [{"code": "y", "title": "好", "share": "1"}, {"code": "n", "title": "差", "share": "0"}]},
}


@given(st.sampled_from(sorted(TABLES)), st.booleans(), st.integers(1, 19), st.integers(0, 19))
def test_only_what_may_be_left_out_is_left_out_and_the_rest_stands_for_all(kind, may, other, earned):
    """A part of two items: without the first, the second's points count in proportion; a bonus leaves no gap."""

    def change(values):
        industry = values["standards"][0]["parts"][1]
        gone = {"code": "gone", "title": "可缺", "points": "20", "kind": kind, "may_not_apply": may, **TABLES[kind]}
        kept = {"code": "kept", "title": "其余", "points": str(40 - (0 if kind == "bonus" else 20)), "step": "1"}
        for version in industry["versions"]:
            version["dimensions"][0]["indicators"] = [gone, kept]

    standard = made(change).standard("point", "stations")
    points = Decimal(min(earned, 20))
    sheet = {"a1": Decimal(other), "a2": Decimal(0), "b1": Decimal(0), "gone": None, "kept": points}
    if not may:
        with pytest.raises(Invalid, match="不能标为不适用"):
            rules.totals(standard, sheet)
        return
    found = rules.totals(standard, sheet)
    assert found.parts["industry"] == (points if kind == "bonus" else points * 2)
    assert found.exact == other + found.parts["industry"]


sums = st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))


@given(sums, st.sampled_from(["", "total", "part", "dimension"]), st.integers(1, 5))
def test_points_have_to_add_up_at_every_floor(four, wrong, by):
    """Indicators make a dimension, dimensions a part, parts the standard: one of them off by a little is found."""
    a1, a2, b1, industry = four

    def change(values):
        standard = values["standards"][0]
        basic, other = standard["parts"]
        first, second = basic["versions"][0]["dimensions"]
        for item, points in zip([*first["indicators"], second["indicators"][0]], (a1, a2, b1), strict=True):
            item["points"] = str(points)
        first["points"], second["points"] = str(a1 + a2 + by * (wrong == "dimension")), str(b1)
        basic["points"] = str(a1 + a2 + b1 + by * (wrong == "part"))
        other["points"] = str(industry)
        for version in other["versions"]:
            version["dimensions"][0]["points"] = version["dimensions"][0]["indicators"][0]["points"] = str(industry)
        standard["total"] = str(sum(four) + by * (wrong == "total"))

    found = [fault for fault in faults(change) if "分值合计" in fault]
    assert bool(found) is bool(wrong)
    if not wrong:
        standard = made(change).standard("point", "stations")
        assert [part.points for part in standard.parts] == [a1 + a2 + b1, industry]
        assert standard.total == sum(four)
        full = {one.code: one.points for one in standard.required}
        assert rules.totals(standard, full).total == sum(four)


GROUPS = ("north", "south", "east")


@given(st.lists(st.sampled_from([*GROUPS, "all"]), min_size=1, max_size=4))
def test_a_group_is_measured_by_the_version_that_names_it_else_by_the_general_one(owners):
    """Versions in any order, each for one group or for all; a double or a gap is refused."""

    def change(values):
        values["applicant_groups"] = [{"code": g, "title": g, "organisation_kinds": [k]} for g, k in zip(
            GROUPS, ("station", "company", "association"), strict=True)]  # fmt: skip
        versions = []
        for n, owner in enumerate(owners):
            item = {"code": f"c{n}", "title": f"丙{n}", "points": "40"}
            one = {"dimensions": [{"code": f"d{n}", "title": f"维{n}", "points": "40", "indicators": [item]}]}
            versions.append(one if owner == "all" else {**one, "groups": [owner]})
        values["standards"][0]["parts"][1]["versions"] = versions

    fits = len(set(owners)) == len(owners) and ("all" in owners or set(GROUPS) <= set(owners))
    assert (faults(change) == []) is fits
    for group in GROUPS if fits else ():
        chosen = owners.index(group if group in owners else "all")
        assert made(change).standard("point", group).parts[1].dimensions[0].code == f"d{chosen}"
