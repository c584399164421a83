"""Totals, panel scores and votes, each against a naive re-implementation in fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made, shipped

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes import rules
from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.schema.scoring import Rounding

SHIPPED_CASES = [(c.code, g.code) for c in shipped().categories for g in shipped().applicant_groups]


def half_steps(points):
    return st.integers(0, int(points * 2)).map(lambda n: Decimal(n) / 2)


@st.composite
def scored(draw):
    """A standard of the shipped programme and a full set of points for it."""
    standard = shipped().standard(*draw(st.sampled_from(SHIPPED_CASES)))
    return standard, {one.code: draw(half_steps(one.points)) for one in standard.indicators}


@given(scored())
def test_totals_are_plain_sums(case):
    standard, scores = case
    result = rules.totals(standard, scores)
    assert result.total == sum(scores.values())
    for part in standard.parts:
        assert result.part(part.code) == sum(scores[i.code] for d in part.dimensions for i in d.indicators)
        for dimension in part.dimensions:
            assert result.dimensions[part.code, dimension.code] == sum(scores[i.code] for i in dimension.indicators)
    assert result.complete


@given(scored(), st.data())
def test_missing_scores_are_named_and_count_nothing(case, data):
    standard, scores = case
    left_out = data.draw(st.sets(st.sampled_from(sorted(scores))))
    result = rules.totals(standard, {code: value for code, value in scores.items() if code not in left_out})
    assert set(result.missing) == left_out
    assert result.total == sum(value for code, value in scores.items() if code not in left_out)


small_scores = st.fixed_dictionaries(
    {
        "a1": st.none() | half_steps(25),
        "a2": st.none() | half_steps(15),
        "b1": half_steps(20),
        "extra": half_steps(5),
        "cs": half_steps(40),
    }
)


@given(small_scores, st.none() | st.sampled_from([Decimal(0), Decimal(3)]))
def test_what_does_not_apply_is_scaled_away_within_its_part(scores, cap):
    result = rules.totals(made().standard("point", "stations"), scores, bonus_cap=cap)
    full = {"a1": 25, "a2": 15, "b1": 20}
    applicable = sum(points for code, points in full.items() if scores[code] is not None)
    basic = Fraction(sum(scores[code] or 0 for code in full)) * 60 / applicable
    bonus = scores["extra"] if cap is None else min(scores["extra"], cap)
    assert result.parts["basic"] == basic
    assert result.exact == basic + Fraction(scores["cs"]) + Fraction(bonus)


@pytest.mark.parametrize(
    ("code", "points"), [("a1", "25.5"), ("a1", "-0.5"), ("a1", "0.3"), ("nothing", "1"), ("a1", "NaN"), ("b1", None)]
)
def test_points_that_cannot_be_are_refused(code, points):
    with pytest.raises(Invalid):
        rules.totals(made().standard("point", "stations"), {code: None if points is None else Decimal(points)})


def scoring(**aggregation):
    return made(lambda v: v.update(scoring={"aggregation": aggregation, "rounding": {"places": 2}}))


def naive(values, kind, drop, least):
    values = sorted(values)
    if kind == "median":
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle] + values[middle - 1]) / 2
    if kind == "trimmed_mean" and len(values) >= least:
        values = values[drop:-drop]
    return sum(values) / len(values)


def half_up(value):
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()) / 100


FULL = {"a1": 25, "a2": 15, "b1": 20, "extra": 5, "cs": 40}
whole_sheet = st.fixed_dictionaries({code: half_steps(points) for code, points in FULL.items()})
whole_sheets = st.lists(whole_sheet, min_size=1, max_size=8)
kinds = st.sampled_from(["mean", "trimmed_mean", "median"])


@given(whole_sheets, kinds, st.integers(1, 2), st.integers(5, 6))
def test_a_panel_score_over_totals_is_the_naive_one(sheets, kind, drop, least):
    definition = scoring(kind=kind, of="total", drop=drop, min_panel=least)
    found = rules.panel_score(definition, definition.standard("point", "stations"), dict(enumerate_names(sheets)))
    sums = [Fraction(sum(sheet.values())) for sheet in sheets]
    assert found.exact == naive(sums, kind, drop, least)
    assert found.total == half_up(found.exact)
    trimmed = kind == "trimmed_mean" and len(sheets) >= least
    assert len(found.dropped) == (2 * drop if trimmed else 0)


@given(whole_sheets, kinds, st.integers(1, 2), st.integers(5, 6))
def test_a_panel_score_by_indicator_is_the_naive_one(sheets, kind, drop, least):
    definition = scoring(kind=kind, of="indicator", drop=drop, min_panel=least)
    found = rules.panel_score(definition, definition.standard("point", "stations"), dict(enumerate_names(sheets)))
    each = {code: naive([Fraction(sheet[code]) for sheet in sheets], kind, drop, least) for code in sheets[0]}
    assert found.exact == sum(each.values())
    assert found.exact_parts == {"basic": each["a1"] + each["a2"] + each["b1"], "industry": each["cs"]}


@given(whole_sheets, st.randoms())
def test_the_order_of_sheets_changes_nothing(sheets, random):
    definition = scoring(kind="trimmed_mean")
    standard = definition.standard("point", "stations")
    named = list(enumerate_names(sheets))
    shuffled = random.sample(named, len(named))
    assert rules.panel_score(definition, standard, dict(named)) == rules.panel_score(
        definition, standard, dict(shuffled)
    )


def enumerate_names(sheets):
    return ((f"专家{i}", sheet) for i, sheet in enumerate(sheets))


def test_an_incomplete_sheet_is_refused():
    with pytest.raises(Invalid, match="未评分"):
        rules.panel_score(made(), made().standard("point", "stations"), {"专家1": {"a1": Decimal(1)}})


@given(st.fractions(0, 1000), st.integers(0, 4), st.sampled_from(["half_up", "half_even", "down"]))
def test_rounding_is_the_decimal_modules_own_where_that_is_exact(value, places, mode):
    exact = Decimal(value.numerator)
    names = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "down": "ROUND_DOWN"}
    tick = Decimal(1).scaleb(-places)
    finite = exact / 1024  # a finite binary fraction: exact in decimal
    expected = finite.quantize(tick, rounding=names[mode])
    assert rounded(Fraction(value.numerator, 1024), Rounding(places=places, mode=mode)) == expected
