"""The definition language: what it refuses, with which sentence; canonical form, hash, differences, numbers."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import SMALL, faults, made, shipped

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.numbering import template_faults
from xianfeng.programmes.rules.text import Document


def industry(values):
    return values["standards"][0]["parts"][1]


def dimension(values):
    return values["standards"][0]["parts"][0]["versions"][0]["dimensions"][0]


def gate(**test):
    return {"code": "g", "title": "门", "test": test}


def also(values, **step):
    """One more step behind the self-assessment."""
    values["procedures"][0]["steps"].insert(1, step)


FACTS = {"kinds": ["accident"], "about": ["unit"]}
BROKEN = {
    "不认识的键": (lambda v: v.update(colour="red"), "colour：不认识的键"),
    "缺项": (lambda v: v.pop("bodies"), "bodies：缺少这一项"),
    "浮点数": (lambda v: dimension(v).update(points=40.0), "浮点数"),
    "负分": (lambda v: dimension(v).update(points="-1"), "不能小于 0"),
    "名额过大": (lambda v: v["rounds"][0]["quotas"]["tier1"].update(point=10**9), "不能大于 100000"),
    "名额不是整数": (lambda v: v["rounds"][0]["quotas"]["tier1"].update(point="五"), "应为整数"),
    "各部分不足百分": (lambda v: industry(v).update(points="39"), "各部分分值合计 99，应为 100"),
    "指标不足维度": (lambda v: dimension(v)["indicators"].pop(), "各指标分值合计 25，应为 40"),
    "不是步长倍数": (lambda v: dimension(v)["indicators"][0].update(step="0.3"), "不是步长"),
    "缺一版行业标准": (lambda v: industry(v)["versions"].pop(), "没有适用于“会员”的版本"),
    "指标代码重复": (lambda v: dimension(v)["indicators"][1].update(code="a1"), "指标代码“a1”重复"),
    "层级循环": (lambda v: v["tiers"][0].update(draws_from="tier2"), "循环"),
    "层级自循环": (lambda v: v["tiers"][0].update(draws_from="tier1"), "循环"),
    "机构不存在": (lambda v: v["tiers"][0].update(decided_by="nobody"), "没有代码为“nobody”的机构"),
    "上层名额更多": (lambda v: v["rounds"][0]["quotas"]["tier2"].update(point=3), "多于来源层级"),
    "阶段不存在": (lambda v: v["procedures"][0]["steps"][0].update(stage="later"), "没有代码为“later”的阶段"),
    "办不结": (lambda v: v["procedures"][0]["steps"].pop(), "procedures[0].steps[3]：最后一个环节应是“命名”"),
    "命名在前": (
        lambda v: v["procedures"][0]["steps"].insert(0, {"code": "early", "kind": "name", "to": "body:office"}),
        "“命名”会使事项办结，只能是“命名”且放在最后",
    ),
    "命名可略过": (lambda v: v["procedures"][0]["steps"][-1].update(optional=True), "不能略过"),
    "复评以命名作结": (
        lambda v: v["procedures"].append({**v["procedures"][0], "code": "reassessment"}),
        "最后一个环节应是“复评审定”",
    ),
    "等不到头": (lambda v: also(v, code="w", kind="wait", to="nominee"), "procedures[0].steps[1]：等待的环节应写期限"),
    "评分写进程序": (lambda v: also(v, code="s", kind="score", to="experts"), "由“组织评审”引出，不写进程序"),
    "补正写进程序": (lambda v: also(v, code="c", kind="correct", to="nominee"), "由“初审退回”引出，不写进程序"),
    "展开后代码相同": (lambda v: also(v, code="endorse_2", kind="decide", to="body:office"), "环节代码“endorse_2”重复"),
    "申报逾期撤称号": (lambda v: v["procedures"][0]["steps"][0].update(on_missed="revoked"), "只用于复评的环节"),
    "申报逾期撤称号（按种类）": (lambda v: v["periods"]["endorse"].update(on_missed="revoked"), "只用于复评的环节"),
    "补正逾期撤称号": (
        lambda v: v["periods"].update(correct={"due": {"working_days": 5}, "on_missed": "revoked"}),
        "补正逾期不能是“称号终止”",
    ),
    "公示短于公示期": (
        lambda v: v["procedures"][0]["steps"][3].update(due={"calendar_days": 6}),
        "procedures[0].steps[3]：公示环节的期限短于公示期（5 个工作日）",
    ),
    "公示短于公示期（按种类）": (lambda v: v["periods"].update(announce={"due": {"working_days": 4}}), "短于公示期"),
    "证明无人认可": (
        lambda v: (v["procedures"][0]["steps"].pop(2), v.update(gates=[gate(kind="at_least", facts=FACTS)])),
        "gates[0]：“门”台账上没有证明时要在初审时认可，而“申报”没有必办的初审环节",
    ),
    "编号有等次": (lambda v: v["numbering"].update(tier1="A-{year}-{category}-{seq}-{grade}"), "不分等次"),
    "两种期限": (lambda v: v["periods"]["endorse"]["due"].update(months=1), "只写一种"),
    "编号无序号": (lambda v: v["numbering"].update(tier1="A-{year}-{category}"), "{seq}"),
    "编号不认识": (lambda v: v["numbering"].update(tier1="{year.__class__}{category}{seq}"), "不认识的占位"),
    "编号缺": (lambda v: v["numbering"].pop("tier2"), "编号规则"),
    "词表外": (lambda v: v.update(gates=[gate(kind="none_of", facts={**FACTS, "kinds": ["ufo"]})]), "不在词表中"),
    "回溯期缺月数": (
        lambda v: v.update(gates=[gate(kind="none_of", facts={**FACTS, "window": {"kind": "months"}})]),
        "要写月数",
    ),
    "判断种类": (lambda v: v.update(gates=[gate(kind="exec", code="1")]), "kind“exec”不认识"),
    "权重": (lambda v: v.update(scoring={"weights": {"panel": "90"}}), "权重合计应为 100"),
    "修剪过多": (lambda v: v.update(scoring={"aggregation": {"min_panel": 2}}), "至少剩一份"),
    "轮换没有批次": (
        lambda v: v.update(scoring={"panel": {"recusal": {"rotation": "bar", "rotation_rounds": 0}}}),
        "要写轮换批次数",
    ),
    "原单位年数过大": (
        lambda v: v.update(scoring={"panel": {"recusal": {"former_employer_years": 51}}}),
        "不能大于 50",
    ),
    "第二评审组": (lambda v: v.update(scoring={"panel": {"second_panel": "add"}}), "second_panel"),
    "等次乱序": (
        lambda v: v.update(
            result={
                "kind": "grades",
                "bands": [
                    {"code": "c", "title": "良", "at_least": "60"},
                    {"code": "a", "title": "优", "at_least": "90"},
                ],
            }
        ),
        "由高到低",
    ),
    "示例不符": (
        lambda v: v.update(
            examples=[
                {
                    "title": "算错的",
                    "category": "point",
                    "group": "stations",
                    "year": 2019,
                    "on": "2019-11-01",
                    "panel_shares": ["0.5"],
                    "expect": {"total": "51"},
                }
            ]
        ),
        "示例“算错的”：总分应为 51，算得 50",
    ),
}


def test_the_small_definition_is_whole():
    """The positive control of what follows."""
    assert faults(lambda values: None) == []


def test_what_is_nearly_wrong_is_not():
    """A notice's step as long as the notice; proof asked where it is screened, or where nobody need accept it."""
    proof = gate(kind="at_least", facts=FACTS)
    unscreened = SMALL["procedures"][0]["steps"][:2] + SMALL["procedures"][0]["steps"][3:]
    for bend in (
        lambda v: v["procedures"][0]["steps"][3].update(due={"calendar_days": 7}),
        lambda v: v["procedures"][0]["steps"][3].update(due={"stage_end": "apply"}),
        lambda v: v.update(gates=[proof]),
        lambda v: (v["procedures"][0].update(steps=unscreened), v.update(gates=[{**proof, "unproven": "failed"}])),
        lambda v: v["periods"].update(rectify={"due": {"months": 1}, "on_missed": "revoked"}),
    ):
        assert faults(bend) == []


@pytest.mark.parametrize(("bend", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_definition_is_refused_with_a_sentence(bend, expected):
    found = faults(bend)
    assert any(expected in fault for fault in found), found


def test_a_problem_names_its_line():
    text = shipped_source("zhishui-guanhai-2019")
    lines = text.splitlines()
    where = next(
        i
        for i, line in enumerate(lines)
        if line.strip() == "result_at_least: excellent" or "grade_at_least: larger" in line
    )
    lines[where] = lines[where].replace("larger", "largest")
    _, problems = rules.validate("\n".join(lines))
    assert [problem.line for problem in problems] == [where + 1]
    assert "largest" in problems[0].message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(SMALL)), json_values)
def test_any_value_anywhere_is_accepted_or_refused_in_words(key, value):
    definition, problems = validate_value(Document({**SMALL, key: value}))
    assert (definition is not None and not problems) or all(str(problem) for problem in problems)


def test_the_canonical_form_restores_the_same_definition():
    for definition in (made(), shipped()):
        assert rules.restore(rules.canonical(definition)) == definition
        assert rules.content_hash(rules.restore(rules.canonical(definition))) == rules.content_hash(definition)


def test_ways_of_writing_do_not_change_the_hash_but_meaning_does():
    def other_words(values):
        dimension(values).update(points="40.00", note="")
        values["result"] = {"kind": "quota", "reserve": 0}

    assert rules.content_hash(made(other_words)) == rules.content_hash(made())
    assert rules.content_hash(made(lambda v: v.update(title="别的"))) != rules.content_hash(made())


def test_differences_are_told_in_chinese():
    def changed(values):
        first = dimension(values)["indicators"][0]
        first.update(points="20", criteria="新细则")
        dimension(values)["indicators"].append({"code": "a3", "title": "甲三", "points": "5"})
        values["rounds"][0]["quotas"]["tier1"]["point"] = 3

    lines = [change.line for change in rules.diff(made(), made(changed))]
    where = "创建标准“服务点” › 部分“基本” › 版本“通用” › 维度“甲” › 指标"
    assert lines == [
        "修改 年度批次“2019” › 名额 › 一级 › 服务点：2 → 3",
        f"修改 {where}“甲一” › 分值：25 → 20",
        f"修改 {where}“甲一” › 评分细则：（无） → 新细则",
        f"新增 {where}“甲三”",
    ]
    assert rules.diff(made(), made()) == []


def test_the_json_schema_refuses_unknown_keys_too():
    schema = rules.json_schema()
    assert schema["additionalProperties"] is False
    assert "standards" in schema["required"]
    json.dumps(schema)


def test_steps_come_level_by_level_with_their_periods():
    steps = rules.procedure(made(), "nomination")
    assert [(step.code, step.level, step.to, step.body) for step in steps] == [
        ("assess", 1, "nominee", None),
        ("endorse", 1, "superior", None),
        ("endorse_2", 2, "superior", None),
        ("screen", 1, "body", "office"),
        ("announce", 1, "body", "working_group"),
        ("name", 1, "body", "working_group"),
    ]
    assert steps[0].due is not None
    assert steps[0].due.stage_end == "apply"
    assert steps[1].due is not None
    assert steps[1].due.working_days == 3
    assert steps[4].due is not None
    assert steps[4].due.working_days == 5


def test_numbers_follow_their_template():
    assert rules.number(shipped(), "tier1", "organisation", 2019, 7) == "SZ-ZXF-2019-DZZ-007"
    assert rules.number(made(), "tier2", "point", 2020, 12) == "B-2020-POINT-12"


@given(st.text(alphabet="{}!:.[]abyearcategoryseq03d_-", max_size=30))
def test_a_template_that_passes_can_be_filled(template):
    if not template_faults(template, graded=False):
        assert made(lambda v: v["numbering"].update(tier1=template))
        assert template.format(year=2019, category="A", tier="tier1", seq=1)


def test_points_stay_exact():
    assert shipped().standard("organisation", "stations").indicator("ob1_1").points == Decimal("4.5")


TRIAL = (
    "cases:\n  - {title: 试, category: point, group: stations, year: 2019, on: 2019-11-01, panel_shares: [0.5, 1]}\n"
)


def test_cases_of_a_file_are_judged_with_their_trace():
    [trial] = rules.tryout(made(), TRIAL)
    shown = trial.as_json()
    assert shown["total"] == "75"
    assert shown["faults"] == []
    assert shown["trace"] == [
        "专家1的评分表：基本 30 + 行业 20 → 50 分",
        "专家2的评分表：基本 60 + 行业 40 → 100 分",
        "专家评审：平均（不足 5 份，不去高低分）：(50 + 100) ÷ 2 → 75 分",
        "各部分得分：基本 (30 + 60) ÷ 2；行业 (20 + 40) ÷ 2 → 45、30",
        "合成总分：专家评审 75 × 100% → 75 分",
    ]


def test_a_wrong_case_file_is_refused_with_line_and_path():
    with pytest.raises(rules.DefinitionError) as caught:
        rules.tryout(made(), TRIAL.replace("year: 2019", "year: x"))
    assert str(caught.value.problems[0]) == "第 2 行 cases[0].year：应为整数"
    with pytest.raises(rules.DefinitionError, match="nowhere"):
        rules.tryout(made(), TRIAL.replace("stations", "nowhere"))
