"""Ranking against a naive one that compares every pair of rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.programmes import rules
from xianfeng.programmes.rules import Row

TIES = [
    {"by": "part", "part": "industry"},
    {"by": "self_total"},
    {"by": "superior_rank"},
    {"by": "earliest"},
    {"by": "lot"},
]
DEFINITION = made(lambda v: v.update(scoring={"tie_breaks": TIES}, result={"kind": "quota", "reserve": 1}))


def points(least, most):
    return st.integers(least, most).map(Decimal)


rows = st.lists(
    st.builds(
        Row,
        key=st.uuids().map(str),
        total=points(80, 82),
        parts=st.builds(lambda industry: {"industry": industry}, points(30, 31)),
        self_total=st.none() | points(80, 81),
        superior_rank=st.none() | st.integers(1, 2),
        submitted_at=st.none() | st.sampled_from([datetime(2019, 11, day, tzinfo=UTC) for day in (1, 2)]),
        lot=st.none() | st.integers(1, 2),
        qualified=st.booleans(),
    ),
    max_size=12,
)


def better(one, other):
    """Whether ``one`` stands before ``other``, rule by rule, as a person would compare."""
    if one.qualified != other.qualified:
        return one.qualified
    if one.total != other.total:
        return one.total > other.total
    if one.parts["industry"] != other.parts["industry"]:
        return one.parts["industry"] > other.parts["industry"]
    if (one.self_total or 0) != (other.self_total or 0):
        return (one.self_total or 0) > (other.self_total or 0)
    for name in ("superior_rank", "submitted_at", "lot"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            return theirs is None or (mine is not None and mine < theirs)
    return False


@given(rows, st.integers(0, 6))
def test_ranks_and_places_are_the_naive_ones(given_rows, places):
    ranked = {row.key: row for row in rules.rank(DEFINITION, given_rows, places)}
    assert set(ranked) == {row.key for row in given_rows}
    for row in given_rows:
        ahead = sum(better(other, row) for other in given_rows)
        level = sum(not better(other, row) and not better(row, other) for other in given_rows)
        found = ranked[row.key]
        assert found.rank == ahead + 1
        assert found.inside == (row.qualified and ahead + level <= places)
        assert found.undecided == (row.qualified and ahead < places < ahead + level)
        assert found.reserve == (row.qualified and ahead == places and not found.inside)


@given(rows, st.integers(0, 6), st.randoms())
def test_the_quota_is_never_exceeded_and_input_order_changes_nothing(given_rows, places, random):
    ranked = rules.rank(DEFINITION, given_rows, places)
    assert sum(row.inside for row in ranked) <= places
    assert ranked == rules.rank(DEFINITION, random.sample(given_rows, len(given_rows)), places)


@given(rows, st.integers(0, 6))
def test_a_lot_drawn_for_all_settles_everything(given_rows, places):
    drawn = [rules.Row(**{**vars(row), "lot": number}) for number, row in enumerate(given_rows)]
    assert not any(row.undecided for row in rules.rank(DEFINITION, drawn, places))


def test_a_tie_is_explained_in_a_sentence():
    tied = [
        Row("甲", Decimal(90), {"industry": Decimal(40)}),
        Row("乙", Decimal(90), {"industry": Decimal(39)}),
        Row("丙", Decimal(80), {"industry": Decimal(39)}),
    ]
    first, second, third = rules.rank(DEFINITION, tied, 1)
    assert (first.key, second.key, third.key) == ("甲", "乙", "丙")
    assert first.tie == "总分同为 90 的有 2 个，依次比较行业得分（本件 40 分）。"
    assert third.tie == ""


def test_a_tie_at_the_line_waits_for_a_lot():
    ranked = rules.rank(DEFINITION, [Row("甲", Decimal(90)), Row("乙", Decimal(90))], 1)
    assert [row.undecided for row in ranked] == [True, True]
    assert "须抽签" in ranked[0].tie


BANDS = [
    {"code": "five", "title": "五星", "at_least": "90", "share_cap": "0.3"},
    {"code": "four", "title": "四星", "at_least": "80", "share_cap": "0.5"},
    {"code": "three", "title": "三星", "at_least": "60"},
]
GRADED = made(lambda v: v.update(result={"kind": "grades", "bands": BANDS}))
reached = st.lists(st.integers(55, 100), max_size=12)


def naive_grade(total):
    return next((band["code"] for band in BANDS if total >= int(band["at_least"])), None)


@given(reached)
def test_share_caps_move_the_lowest_down_and_keep_equals_together(totals):
    field = [Row(str(i), Decimal(total)) for i, total in enumerate(totals)]
    own = {row.key: naive_grade(row.total) for row in field}
    awards = {one.key: one for one in rules.award(GRADED, rules.rank(GRADED, field, 0), own)}
    ladder = ["five", "four", "three", None]
    for code, share in (("five", 3), ("four", 5)):
        assert sum(one.grade == code for one in awards.values()) <= len(field) * share // 10
    for row in field:
        assert ladder.index(awards[row.key].grade) >= ladder.index(own[row.key])
        assert bool(awards[row.key].reason) == (awards[row.key].grade != own[row.key])
        for other in field:
            if row.total == other.total:
                assert awards[row.key].grade == awards[other.key].grade
            if row.total > other.total:
                assert ladder.index(awards[row.key].grade) <= ladder.index(awards[other.key].grade)


@given(st.integers(0, 200))
def test_bands_are_half_open(doubled):
    """59.5 is below 60, 60 is not: no score falls between two bands."""
    sheet = {"a1": Decimal(0), "a2": Decimal(0), "b1": Decimal(0), "cs": Decimal(0)}
    left = Decimal(doubled) / 2
    for code, most in (("cs", 40), ("a1", 25), ("b1", 20), ("a2", 15)):
        sheet[code] = min(left, Decimal(most))
        left -= sheet[code]
    case = rules.CaseInput("point", "stations", 2019, date(2019, 11, 1), sheets={"专家": sheet})
    assert rules.evaluate(GRADED, case).grade == naive_grade(Decimal(doubled) / 2)
