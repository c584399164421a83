"""The official outcome from frozen inputs: one engine, every source, every sum to check with a pocket calculator."""

from decimal import Decimal

import pytest
from tests.factories import packets
from tests.programmes.rules.making import made

from xianfeng.programmes import rules as programme
from xianfeng.programmes.definitions import shipped_source
from xianfeng.review.rules import packet
from xianfeng.review.rules.official import judged, lacking

PLAN = programme.load(shipped_source("zhishui-guanhai-2019"))
STANDARD = PLAN.standard("organisation", PLAN.applicant_groups[0].code)
FULL = {"a1": "25", "a2": "15", "b1": "20", "cs": "40"}


def marks(off: str) -> dict[str, str | None]:
    """Full points, ``off`` less on the first indicator."""
    found: dict[str, str | None] = {one.code: str(one.points) for one in STANDARD.indicators}
    first = STANDARD.indicators[0]
    return {**found, first.code: str(first.points - Decimal(off))}


def of_plan(offs, **more):
    one = packets.case(PLAN, 1, "organisation", STANDARD.group, [marks(off) for off in offs], **more)
    given = packets.inputs(PLAN, [one], tier="tier1", year=2019)
    return judged(given, one)


def small(scoring, sheets, **more):
    definition = made(lambda v: v.update(scoring=scoring, **more.pop("changed", {})))
    one = packets.case(definition, 1, "point", "stations", sheets, **more)
    return packets.inputs(definition, [one], tier="tier1", year=2019)


def lines(given):
    return [str(line) for line in judged(given, given["cases"][0]).trace]


def test_the_highest_and_lowest_of_five_are_dropped_and_the_sum_is_shown():
    found = of_plan(("0", "0.5", "0.5", "1", "3"))
    assert found.total == Decimal("99.33")
    assert [str(line) for line in found.trace] == [
        "专家 A的评分表：基本标准 50 + 行业标准 50 → 100 分（去掉）",
        "专家 B的评分表：基本标准 49.5 + 行业标准 50 → 99.5 分",
        "专家 C的评分表：基本标准 49.5 + 行业标准 50 → 99.5 分",
        "专家 D的评分表：基本标准 49 + 行业标准 50 → 99 分",
        "专家 E的评分表：基本标准 47 + 行业标准 50 → 97 分（去掉）",
        "专家评审：去掉最高分和最低分后平均：(99.5 + 99.5 + 99) ÷ 3；去掉 专家 E 97、专家 A 100 → 99.333333… 分",
        "各部分得分：基本标准 (49.5 + 49.5 + 49) ÷ 3；行业标准 (50 + 50 + 50) ÷ 3 → 49.333333…、50",
        "合成总分：专家评审 99.333333… × 100% → 99.33 分（四舍五入）",
    ]


def test_four_sources_are_joined_and_each_is_told():
    scoring = {
        "weights": {"self": "10", "superior": "20", "panel": "40", "survey": "30"},
        "aggregation": {"kind": "mean"},
        "survey": {"shares": ["1", "0.8", "0.5", "0", "0"], "least_answers": 10},
    }
    given = small(
        scoring, [FULL, {**FULL, "cs": "39"}], self_marks=FULL, superior={"score": "88.5", "rank": 2, "by": "示例党委"},
        survey={"counts": {"5": 6, "4": 3, "1": 1}, "surveys": ["s"], "open_until": None},
    )  # fmt: skip
    assert not lacking(given)
    said = lines(given)
    assert "群众测评：非常满意 6 份、满意 3 份、很不满意 1 份；(6 × 100% + 3 × 80%) ÷ 10 × 100 → 84 分" in said
    assert said[-1] == (
        "合成总分：自评 100 × 10% + 上级评分 88.5 × 20% + 专家评审 99.5 × 40% + 群众测评 84 × 30% → 92.7 分"
    )
    (row,) = packet.ranked(given)
    assert row["score"] == "92.7"
    assert row["sources"] == {"self": "100", "superior": "88.5", "panel": "99.5", "survey": "84"}
    assert (row["basis"]["superior"], row["basis"]["superior_rank"], row["basis"]["survey"]) == ("88.5", 2, "84")


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("self", {}),
        ("superior", {"superior": {"score": None, "rank": 1, "by": ""}}),
        ("survey", {"survey": {"counts": {"5": 4}, "surveys": ["s"], "open_until": None}}),
    ],
)
def test_a_source_that_counts_and_is_not_there_is_named(source, more):
    weights = {"weights": {source: "30", "panel": "70"}, "survey": {"least_answers": 5}}
    given = small(weights, [FULL], **more)
    assert {name: [one["name"] for one in cases] for name, cases in lacking(given).items()} == {source: ["示例1"]}
    assert not lacking(small({}, [FULL], **more))


def test_each_indicator_on_its_own_is_followed_line_by_line():
    scoring = {"aggregation": {"kind": "trimmed_mean", "of": "indicator", "min_panel": 3}, "bonus_cap": "1"}
    sheets = [{**FULL, "a1": a1, "extra": extra} for a1, extra in (("20", "5"), ("25", "2"), ("10", "0"))]
    said = lines(small(scoring, sheets))
    assert "逐项合成·甲一：20；去掉 专家 C 10、专家 B 25 → 20 分" in said
    assert said[-2] == "专家评审：逐项去掉最高分和最低分后平均：基本 55 + 行业 40 + 加分 1（已达上限） → 96 分"
    assert said[-1] == "合成总分：专家评审 96 × 100% → 96 分"


@pytest.mark.parametrize(
    ("kind", "sum_up"),
    [
        ("median", "由低到高 95、98、100，取中间：98 → 98 分"),
        ("vote_share", "赞成 2 份 ÷ 3 份 × 100 → 66.666666… 分"),
        ("mean", "(100 + 98 + 95) ÷ 3 → 97.666666… 分"),
    ],
)
def test_every_way_of_joining_sheets_shows_its_sum(kind, sum_up):
    scoring = {"aggregation": {"kind": kind, "in_favour_from": "0.96"}}
    given = small(scoring, [FULL, {**FULL, "cs": "38"}, {**FULL, "cs": "35"}])
    assert any(line.startswith("专家评审") and line.endswith(sum_up) for line in lines(given))
    (row,) = packet.ranked(given)
    assert row["basis"]["votes"] == (2 if kind == "vote_share" else row["basis"]["votes"])


def test_settled_gates_stand_and_gates_on_scores_are_judged_now():
    gates = [
        {"code": "honour", "title": "荣誉", "effect": "cap", "cap": {"points": "59.5"},
         "test": {"kind": "at_least", "count": 1, "facts": {"kinds": ["honour"], "about": ["unit"]}}},
        {"code": "poll", "title": "群众", "effect": "veto",
         "test": {"kind": "score_at_least", "source": "survey", "share": "0.6"}},
    ]  # fmt: skip
    changed = {"gates": gates}
    poll = {"counts": {"5": 3, "1": 3}, "surveys": ["s"], "open_until": None}
    settled = [{"gate": "honour", "state": "unproven", "sentence": "未见荣誉"}]
    given = small({"floors": {"total": "60"}}, [FULL], gates=settled, survey=poll, changed=changed)
    found = judged(given, given["cases"][0])
    assert found.total == Decimal("59.5")
    assert "封顶“荣誉”：未见荣誉 → 总分按 59.5 分计" in lines(given)
    (row,) = packet.ranked(given)
    assert row["standing"] == "unqualified"
    assert row["note"] == "未见荣誉，总分按 59.5 分计；总分 59.5，低于 60 分；群众：群众测评得分率 50%，低于 60%"
    met = [{"gate": "honour", "state": "met", "sentence": "未见荣誉；初审认可"}]
    poll = {**poll, "counts": {"5": 3}}
    (row,) = packet.ranked(small({}, [FULL], gates=met, survey=poll, changed=changed))
    assert (row["score"], row["standing"]) == ("100", "inside")


def test_the_nominees_own_floor_and_the_bonus_cap_act():
    scoring = {"bonus_cap": "2", "floors": {"self_total": "70"}}
    given = small(scoring, [{**FULL, "extra": "5"}], self_marks={**FULL, "cs": "9"})
    (row,) = packet.ranked(given)
    assert row["score"] == "102"
    assert row["note"] == "自评分 69，低于 70 分"
    assert row["standing"] == "unqualified"


def test_a_second_panel_replaces_the_first_or_joins_it():
    for rule, total in (("replace", "90"), ("join", "95")):
        given = small({"panel": {"second_panel": rule}, "aggregation": {"kind": "mean"}}, [FULL, {**FULL, "cs": "30"}])
        given["cases"][0]["sheets"][1]["second"] = True
        (row,) = packet.ranked(given)
        assert row["score"] == total
        assert row["trace"][0]["rule"] == "第二评审组"
