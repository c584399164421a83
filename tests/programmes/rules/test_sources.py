"""Sources, caps and numbers: each against a naive re-implementation."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.programmes import rules
from xianfeng.programmes.rules import CaseInput

FULL = {"a1": Decimal(25), "a2": Decimal(15), "b1": Decimal(20), "cs": Decimal(40)}
MODES = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "down": "ROUND_DOWN", "up": "ROUND_UP"}
weights = st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10)).filter(lambda three: sum(three) <= 10)
points = st.none() | st.integers(0, 200).map(lambda halves: Decimal(halves) / 2)


def sheet(total):
    """A sheet that adds up to so many points."""
    left, made_up = total, {}
    for code, most in FULL.items():
        made_up[code] = min(left, most)
        left -= made_up[code]
    return made_up


@given(weights, points, points, points, points, st.sampled_from(sorted(MODES)), st.integers(0, 3))
def test_sources_are_joined_by_weight_once_all_that_count_are_there(three, own, superior, panel, survey, mode, places):
    tenths = (*three, 10 - sum(three))
    names = ("self", "superior", "panel", "survey")
    definition = made(
        lambda v: v.update(
            scoring={
                "weights": {name: str(10 * tenth) for name, tenth in zip(names, tenths, strict=True)},
                "rounding": {"mode": mode, "places": places},
            }
        )
    )
    case = CaseInput(
        "point", "stations", 2019, date(2019, 11, 1), superior=superior, survey=survey,
        self_scores={} if own is None else sheet(own), sheets={} if panel is None else {"甲": sheet(panel)},
    )  # fmt: skip
    outcome = rules.evaluate(definition, case)
    given_points = (own, superior, panel, survey)
    if any(tenth and value is None for tenth, value in zip(tenths, given_points, strict=True)):
        assert outcome.total is None
        assert not outcome.passed
        return
    exact = sum((value or 0) * tenth for tenth, value in zip(tenths, given_points, strict=True)) / Decimal(10)
    assert outcome.total == exact.quantize(Decimal(1).scaleb(-places), rounding=MODES[mode])
    assert any(line.rule == "合成总分" for line in outcome.trace)


@given(st.sampled_from(["self", "superior", "panel", "survey"]), st.integers(0, 100), st.integers(0, 100), points)
def test_a_gate_on_a_source_caps_what_falls_short(source, hundredths, cap, other):
    test = {"kind": "score_at_least", "source": source, "share": str(Decimal(hundredths) / 100)}
    gate = {"code": "g", "title": "门", "test": test, "effect": "cap", "cap": {"points": str(cap)}}
    definition = made(lambda v: v.update(gates=[gate]))
    given_points = {"self": other, "superior": other, "survey": other, "panel": other or Decimal(50)}
    case = CaseInput(
        "point", "stations", 2019, date(2019, 11, 1), superior=given_points["superior"], survey=given_points["survey"],
        self_scores={} if other is None else sheet(other), sheets={"甲": sheet(given_points["panel"])},
    )  # fmt: skip
    outcome = rules.evaluate(definition, case)
    value = given_points[source]
    short = value is None or value < hundredths
    assert outcome.gates[0].state == ("unproven" if value is None else "failed" if short else "met")
    total = given_points["panel"]
    assert outcome.total == (min(total, Decimal(cap)) if short else total)
    assert not outcome.vetoed


@given(
    st.lists(st.tuples(st.sampled_from(["tier1", "tier2"]), st.integers(2019, 2030), st.integers(1, 2000)), unique=True)
)
def test_no_two_numbers_are_alike(wanted):
    numbers = [rules.number(made(), tier, "point", year, seq) for tier, year, seq in wanted]
    assert len(set(numbers)) == len(wanted)


@given(st.booleans(), st.booleans(), st.integers(0, 50), st.integers(0, 30))
def test_a_bonus_left_out_scales_nothing(bonus_gone, a1_gone, a1, a2):
    def change(values):
        values["standards"][0]["parts"][0]["versions"][0]["dimensions"][1]["indicators"][1]["may_not_apply"] = True

    scores = {
        "a1": None if a1_gone else Decimal(a1) / 2, "a2": Decimal(a2) / 2, "b1": Decimal(20), "cs": Decimal(40),
        "extra": None if bonus_gone else Decimal(1),
    }  # fmt: skip
    found = rules.totals(made(change).standard("point", "stations"), scores)
    earned = Fraction(0 if a1_gone else a1, 2) + Fraction(a2, 2) + 20
    basic = earned * 60 / 35 if a1_gone else earned
    assert found.exact == basic + 40 + (not bonus_gone)
    daily = Fraction(a2, 2) * 40 / 15 if a1_gone else Fraction(a1, 2) + Fraction(a2, 2)
    assert found.measured_dimensions["basic", "a"] == daily
