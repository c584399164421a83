"""The plan's programme as shipped: annex 1, the 50s, the brief's gates; judged fast enough."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.programmes.rules.making import shipped

from xianfeng.programmes import rules

CASES = [(category.code, group.code) for category in shipped().categories for group in shipped().applicant_groups]


def test_annex_1_gives_the_places():
    places = {
        tier: {
            year: {c.code: shipped().quota(tier, c.code, year) for c in shipped().categories}
            for year in (2019, 2020, 2021)
        }
        for tier in ("tier1", "tier2")
    }
    for year, second in ((2019, 2), (2020, 2), (2021, 1)):
        assert set(places["tier1"][year].values()) == {5}
        assert set(places["tier2"][year].values()) == {second}


@pytest.mark.parametrize(("category", "group"), CASES)
def test_every_standard_is_fifty_and_fifty(category, group):
    standard = rules.standard_for(shipped(), category, group)
    assert [(part.code, part.points, len(part.dimensions)) for part in standard.parts] == [
        ("basic", Decimal(50), 4),
        ("industry", Decimal(50), 2),
    ]
    assert sum(indicator.points for indicator in standard.indicators) == 100
    assert "示例分值" in standard.note
    for part in standard.parts:
        for dimension in part.dimensions:
            assert dimension.points == part.points / len(part.dimensions)
            assert 2 <= len(dimension.indicators) <= 4
            assert all(indicator.evidence and indicator.criteria for indicator in dimension.indicators)


def test_groups_share_the_basic_part_only():
    for category in shipped().categories:
        stations, members = (shipped().standard(category.code, group) for group in ("stations", "members"))
        assert stations.parts[0] == members.parts[0]
        assert stations.parts[1] != members.parts[1]


GATES = {
    ("organisation", "stations"): "unit_civilised leadership_competent no_larger_accident",
    ("organisation", "members"): "unit_civilised leadership_competent no_liability_accident engineering_honour "
    "site_civilised integrity_rating lawful occupational_health environment",
    ("service_point", "stations"): "staffing near_top point_no_accident point_no_complaint",
    ("service_point", "members"): "staffing near_top point_no_liability_accident point_engineering_honour "
    "point_civilised point_lawful",
    ("post", "stations"): "democratic_excellent year_end_excellent post_no_accident post_no_complaint",
    ("post", "members"): "democratic_excellent post_no_liability_accident post_engineering_honour "
    "personal_or_team_honour post_lawful",
}  # fmt: skip


@pytest.mark.parametrize(("who", "codes"), GATES.items())
def test_the_briefs_gates_are_all_there(who, codes):
    assert [gate.code for gate in rules.gates_for(shipped(), *who)] == codes.split()


def test_each_decision_is_taken_by_the_body_the_plan_names():
    deciders = {
        (kind, step.kind): step.body
        for kind in ("nomination", "recommendation", "reassessment")
        for step in rules.procedure(shipped(), kind)
        if step.body
    }
    assert deciders["nomination", "screen"] == "office"
    assert deciders["nomination", "panel"] == "working_group"
    assert deciders["nomination", "decide"] == "leading_group"
    assert deciders["recommendation", "decide"] == "comprehensive_group"
    assert deciders["reassessment", "opine"] == "working_group"
    assert deciders["reassessment", "conclude"] == "office"


def test_every_round_has_all_stages_in_order():
    for one in shipped().rounds:
        assert list(one.stages) == [stage.code for stage in shipped().stages]
        starts = [window.since for window in one.stages.values()]
        assert starts == sorted(starts)


def test_the_examples_would_notice_a_change_of_the_rules():
    """Positive control: raise a floor, and the first example no longer comes out."""
    values = shipped().model_dump(mode="json")
    values["scoring"]["floors"]["total"] = "100.01"
    from xianfeng.programmes.rules.loading import validate_value
    from xianfeng.programmes.rules.text import Document

    _, problems = validate_value(Document(values))
    assert ["示例" in problem.message for problem in problems] == [True]


def full_case():
    example = shipped().examples[0]
    from xianfeng.programmes.rules.examples import case_of

    case = case_of(shipped(), example)
    return replace(case, self_scores=case.sheets["专家1"])


def test_an_outcome_explains_itself_and_repeats_bit_for_bit():
    first, second = (rules.evaluate(shipped(), full_case()) for _ in range(2))
    assert first == second
    lines = [str(line) for line in first.trace]
    assert "自评：基本标准 50 + 行业标准 50 → 100 分" in lines
    assert "合成总分：专家评审 100 × 100% → 100 分" in lines
    assert sum("否决项" in line for line in lines) == 3


def test_a_floor_missed_is_told():
    case = full_case()
    poor = {code: (points if code.startswith("ob") else Decimal(0)) for code, points in case.sheets["专家1"].items()}
    outcome = rules.evaluate(shipped(), replace(case, sheets={"专家1": poor}))
    assert outcome.shortfalls == ("总分 50，低于 60 分", "行业标准得分低于该部分分值的 50%")
    assert not outcome.passed
