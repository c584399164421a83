"""The shipped definitions: the published facts are in them, ours are labelled, and released hashes never change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, parsed, shipped_source
from xianfeng.programmes.rules.examples import case_of

# A released default or meaning must never change: these hashes are what past results are pinned to.
RELEASED = {
    "zhishui-guanhai-2019": "1000bcd9a051f7f3702152ef9391ed47167f213cb7349a300ea6abc577bf6463",
    "mwr-sgkh-2019": "aae9cb059f0314d8f952583aa7f5b32af8e2ac372e756a1cc81d4e61808f171c",
    "mwr-credit-2019": "abf7b673952d968c52f6cdf2a79895e19d4bcb94654897b86e528fc78a22a0d6",
    "zoucheng-star": "4375c86ee294d991e83b455b7f94214b5ee2f2831c4c6983a238d56178dfa333",
    "moe-shuangchuang-4": "1c376a6c8a27c7659ae6e99ef8b1ea8646229798dc83fe17537651c3d9157118",
}


@cache
def named(code):
    return rules.load(shipped_source(code))


def test_all_five_are_shipped():
    assert tuple(RELEASED) == SHIPPED == (
        "zhishui-guanhai-2019", "mwr-sgkh-2019", "mwr-credit-2019", "zoucheng-star", "moe-shuangchuang-4",
    )  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), RELEASED.items())
def test_a_released_definition_keeps_its_hash(code, expected):
    assert rules.content_hash(named(code)) == expected


@pytest.mark.parametrize("code", SHIPPED)
def test_each_is_whole_with_examples_and_restores_from_its_canonical_form(code):
    definition = named(code)
    assert definition.code == code
    assert len(definition.examples) >= 4
    assert rules.restore(rules.canonical(definition)) == definition


@pytest.mark.parametrize("code", SHIPPED[1:])
def test_points_of_ours_are_labelled(code):
    definition = named(code)
    for source in definition.standards:
        assert "示例分值" in source.note
        for part in source.parts:
            assert definition.label(f"standards.{source.category}.parts.{part.code}.points") == "示例分值"


def test_inferred_figures_are_not_presented_as_the_issuers():
    assert named("mwr-credit-2019").label("title_life.validity_months") == "推定，未经原文核实"
    assert named("mwr-credit-2019").label("notice.working_days") == ""
    assert named("moe-shuangchuang-4").label("title_life.waiting_months") == "示例分值"
    assert named("moe-shuangchuang-4").label("result.over_by") == "推定，未经原文核实"


def scored(definition, total, survey=None):
    """The outcome of a case whose only sheet adds up to ``total``."""
    case = case_of(definition, definition.examples[0])
    left, sheet = total, {}
    for one in definition.standard(case.category, case.group).required:
        sheet[one.code] = min(left, one.points) // Decimal("0.5") * Decimal("0.5")
        left -= sheet[one.code]
    assert left == 0
    facts = [f for f in case.facts if f.kind == "reform"]
    return rules.evaluate(
        definition, replace(case, facts=tuple(facts), answers={}, sheets={"甲": sheet}, survey=survey)
    )


@given(st.integers(0, 200))
def test_zoucheng_stars_are_half_open_and_capped_by_satisfaction(halves):
    definition = named("zoucheng-star")
    sheet = Decimal(halves) / 2
    for survey in (Decimal("59.99"), Decimal(60), Decimal(95)):
        outcome = scored(definition, sheet, survey)
        total = (sheet * 70 + survey * 30) / 100
        assert abs(outcome.total - total) <= Decimal("0.005")
        star = next(
            s
            for s, least in (("five", 90), ("four", 80), ("three", 70), ("two", 60), ("one", 0))
            if outcome.total >= least
        )
        if survey < 60 and star in ("five", "four", "three"):
            star = "two"
        assert outcome.grade == star


def test_a_decimal_between_89_and_90_is_four_stars_unless_the_office_rounds_first():
    definition = named("zoucheng-star")
    assert scored(definition, Decimal(89), Decimal(91)).grade == "four"
    scoring = definition.scoring.model_copy(
        update={"rounding": definition.scoring.rounding.model_copy(update={"places": 0})}
    )
    rounded = definition.model_copy(update={"scoring": scoring})
    assert scored(rounded, Decimal(89), Decimal(91)).grade == "five"


@given(st.integers(0, 60), st.integers(0, 40), st.integers(0, 60), st.integers(0, 60))
def test_water_management_needs_920_in_all_and_85_percent_of_each_section(organisation, safety, running, economy):
    definition = named("mwr-sgkh-2019")
    case = case_of(definition, definition.examples[0])
    full = {one.code: one.points for one in definition.standard("river", "managers").required}
    off = {"hd_o2": min(organisation, 50), "hd_s1": safety, "hd_r1": running, "hd_e1": economy}
    sheet = {code: points - off.get(code, 0) for code, points in full.items()}
    outcome = rules.evaluate(definition, replace(case, answers={}, sheets={"甲": sheet}))
    sections = (150 - off["hd_o2"], 300 - safety, 400 - running, 150 - economy)
    fit = sum(sections) >= 920 and all(
        100 * got >= 85 * most for got, most in zip(sections, (150, 300, 400, 150), strict=True)
    )
    assert outcome.passed is fit


def test_a_missed_annual_self_check_ends_the_acceptance():
    definition = named("mwr-sgkh-2019")
    [missed] = rules.missed_self_checks(
        definition, named_on=date(2019, 12, 20), done=[date(2020, 11, 1)], on=date(2022, 1, 5)
    )
    assert (missed.due, missed.consequence) == (date(2021, 12, 31), "revoked")


def test_credit_is_on_notice_for_seven_working_days_and_upgraded_after_a_year():
    definition = named("mwr-credit-2019")
    notice = next(step for step in rules.procedure(definition, "nomination") if step.kind == "announce")
    assert notice.due is not None
    assert notice.due.working_days == 7
    assert rules.upgrade_faults(definition, held_since=date(2020, 3, 1), on=date(2021, 2, 28)) != []
    assert rules.upgrade_faults(definition, held_since=date(2020, 3, 1), on=date(2021, 3, 1)) == []


def test_double_creation_names_first_and_examines_two_years_later():
    definition = named("moe-shuangchuang-4")
    steps = rules.procedure(definition, "recommendation")
    assert [step.kind for step in steps[:3]] == ["report", "wait", "assess"]
    assert sum(step.due.months or 0 for step in steps[:2] if step.due) == 24
    assert definition.tier("passed").draws_from == "nurture"
    places = [definition.quota("nurture", one.code, 2023) for one in definition.categories]
    assert places == [10, 100, 1000]
    assert "说明理由" in rules.overrun(definition, places=1000, named=1001, reason="")
    assert rules.overrun(definition, places=1000, named=1001, reason="审议时增加") == ""
    assert "最多可超出 1 个" in rules.overrun(definition, places=1000, named=1002, reason="审议时增加")
    assert rules.nominating_faults(definition, category="branch", by_superior=1) == [
        "每个上级党组织最多推荐 1 个样板支部"
    ]


def test_a_pinned_version_is_not_locked_out_by_stricter_checks(monkeypatch):
    """The positive control: a broken reference is refused at publication, yet a pinned text is still read."""
    text = shipped_source("zoucheng-star").replace("decided_by: department", "decided_by: nobody")
    with pytest.raises(rules.DefinitionError, match="nobody"):
        rules.load(text)
    assert rules.pinned(text).tier("star").decided_by == "nobody"
    assert parsed("f" * 64, text).code == "zoucheng-star"
