"""The plan's gates, state by state against the brief; every key at random is in ``test_gate_rules.py``."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made, shipped

from xianfeng.programmes import rules
from xianfeng.programmes.rules import Fact, NomineeFacts

ON = date(2020, 11, 20)
HONOUR = Fact("h", "unit", "honour", date(2020, 1, 1), "示例荣誉", level="city", tags=frozenset({"engineering"}))


def judged(category, group, *facts, nominee=None, on=ON, year=2020):
    found = rules.evaluate_gates(
        shipped(),
        category=category,
        group=group,
        facts=facts,
        nominee_facts=nominee or NomineeFacts(),
        on=on,
        year=year,
    )
    return {outcome.code: outcome for outcome in found}


def test_an_appraisal_counts_for_the_year_it_speaks_of():
    late = Fact(
        "a", "nominee", "appraisal", date(2020, 1, 15), result="excellent", tags=frozenset({"democratic"}), year=2019
    )
    assert judged("post", "members", late)["democratic_excellent"].state == "met"
    assert judged("post", "members", replace(late, year=None))["democratic_excellent"].state == "unproven"


def accident(**changes):
    return replace(Fact("x", "project_supervised", "accident", date(2020, 5, 1), "示例事故", grade="larger"), **changes)


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (accident(), "failed"),
        (accident(grade="extraordinary"), "failed"),
        (accident(grade="general"), "met"),
        (accident(happened_on=date(2019, 12, 31)), "met"),
        (accident(happened_on=date(2020, 12, 1)), "met"),  # not known yet on the day
        (accident(about="project_taking_part"), "met"),
        (accident(kind="complaint"), "met"),
    ],
)
def test_a_station_is_stopped_by_a_larger_accident_of_the_year(fact, state):
    outcome = judged("organisation", "stations", fact)["no_larger_accident"]
    assert outcome.state == state
    assert outcome.vetoes == (state == "failed")
    assert outcome.fact_ids == (("x",) if state == "failed" else ())


def test_what_the_ledger_cannot_prove_may_be_submitted_but_not_pass_screening():
    outcome = judged("organisation", "members")["engineering_honour"]
    assert (outcome.state, outcome.pending, outcome.vetoes) == ("unproven", True, False)
    assert "近3年内应有区局级及以上的工程荣誉" in outcome.sentence


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (HONOUR, "met"),
        (replace(HONOUR, level="unit"), "unproven"),
        (replace(HONOUR, happened_on=date(2017, 11, 20)), "met"),
        (replace(HONOUR, happened_on=date(2017, 11, 19)), "unproven"),
        (replace(HONOUR, valid_until=date(2020, 11, 19)), "unproven"),
        (replace(HONOUR, tags=frozenset()), "unproven"),
    ],
)
def test_an_honour_counts_by_level_time_validity_and_tag(fact, state):
    assert judged("organisation", "members", fact)["engineering_honour"].state == state


@pytest.mark.parametrize(
    ("results", "state"),
    [((), "unproven"), (("basic",), "failed"), (("basic", "competent"), "met"), (("excellent",), "met")],
)
def test_the_best_appraisal_of_last_year_decides(results, state):
    given = [
        Fact(f"a{i}", "unit", "appraisal", date(2019, 12, 31), result=result, tags=frozenset({"leadership"}))
        for i, result in enumerate(results)
    ]
    assert judged("organisation", "stations", *given)["leadership_competent"].state == state


@pytest.mark.parametrize(
    ("staff", "members", "leader", "state"),
    [
        (None, None, None, "unproven"),
        (2, 2, True, "failed"),
        (3, 0, True, "met"),
        (3, 1, False, "met"),
        (10, 2, False, "failed"),
        (10, 3, False, "met"),
        (10, 2, None, "unproven"),
        (10, None, False, "unproven"),
    ],
)
def test_a_service_point_needs_staff_and_members(staff, members, leader, state):
    nominee = NomineeFacts(staff=staff, members=members, leader_is_member=leader)
    assert judged("service_point", "stations", nominee=nominee)["staffing"].state == state


def test_only_full_members_in_post_may_apply_for_a_post():
    post = shipped().category("post")
    assert rules.check_eligibility(post, "stations", NomineeFacts(member_status="full", in_post=True)) == []
    assert len(rules.check_eligibility(post, "stations", NomineeFacts(member_status="probationary"))) == 2


def gated(effect, **more):
    test = {"kind": "none_of", "facts": {"kinds": ["penalty"], "about": ["unit"]}}
    return made(lambda v: v.update(gates=[{"code": "g", "title": "处罚", "test": test, "effect": effect, **more}]))


def test_a_gate_can_cap_or_flag_instead():
    penalty = Fact("p", "unit", "penalty", date(2019, 6, 1))
    case = rules.CaseInput(
        "point", "stations", 2019, date(2019, 11, 1), facts=(penalty,),
        sheets={"专家": {"a1": Decimal(25), "a2": Decimal(15), "b1": Decimal(20), "cs": Decimal(40)}},
    )  # fmt: skip
    capped = rules.evaluate(gated("cap", cap={"points": "70"}), case)
    assert (capped.total, capped.vetoed, capped.passed) == (Decimal(70), False, True)
    assert any("封顶" in str(line) for line in capped.trace)
    flagged = rules.evaluate(gated("flag"), case)
    assert (flagged.total, flagged.passed, flagged.gates[0].flagged) == (Decimal(100), True, True)
    assert rules.evaluate(gated("veto"), case).vetoed


def test_a_larger_accident_opens_a_reassessment_and_a_general_one_does_not():
    assert rules.triggered_by(shipped(), accident(), on=ON) == "larger_accident"
    assert rules.triggered_by(shipped(), accident(grade="general"), on=ON) is None


ANY_OF = {
    "kind": "any_of",
    "tests": [
        {"kind": "at_least", "facts": {"kinds": ["honour"], "about": ["unit"]}, "count": 2},
        {"kind": "none_of", "facts": {"kinds": ["accident"], "about": ["unit"]}},
        {"kind": "best_at_least",
         "facts": {"kinds": ["appraisal"], "about": ["unit"], "standing": {"result_at_least": "competent"}}},
    ],
}  # fmt: skip
EITHER = made(lambda v: v.update(gates=[{"code": "g", "title": "任一", "test": ANY_OF}]))


@given(st.integers(0, 3), st.integers(0, 2), st.lists(st.sampled_from(["excellent", "basic"]), max_size=2))
def test_any_one_of_several_tests_will_do(honours, accidents, results):
    given_facts = [Fact(f"h{i}", "unit", "honour", ON) for i in range(honours)]
    given_facts += [Fact(f"x{i}", "unit", "accident", ON) for i in range(accidents)]
    given_facts += [Fact(f"a{i}", "unit", "appraisal", ON, result=result) for i, result in enumerate(results)]
    [found] = rules.evaluate_gates(
        EITHER, category="point", group="stations", facts=given_facts, nominee_facts=NomineeFacts(), on=ON, year=2020
    )
    met = honours >= 2 or accidents == 0 or "excellent" in results
    assert found.state == ("met" if met else "unproven")  # honours may always still be proven
    assert found.sentence.count("；或") == (0 if met else 2)
