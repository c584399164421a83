"""A sixth, invented programme: conventions of the field that no shipped one uses, each against a naive count."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes import rules
from xianfeng.programmes.rules import CaseInput, Fact, NomineeFacts
from xianfeng.programmes.rules.gates import counts
from xianfeng.programmes.rules.schema.gates import FactFilter

TEXT = (Path(__file__).parent / "invented.yaml").read_text(encoding="utf-8")
INVENTED = rules.load(TEXT)
STANDARD = INVENTED.standard("counter", "halls")
COUNTER = NomineeFacts(service_point_kind="counter")
LEVELS = {"all": 30, "half": 18, "none": 0}

entries = st.fixed_dictionaries(
    {
        "late": st.fixed_dictionaries({}, optional={"late": st.integers(0, 20), "lost": st.integers(0, 5)}),
        "online": st.none() | st.sampled_from(sorted(LEVELS)),
        "minutes": st.decimals(0, 60, places=1),
        "sign": st.booleans(),
        "ballot": st.fixed_dictionaries(
            {"good": st.integers(1, 40), "fair": st.integers(0, 40), "poor": st.integers(10, 40)}
        ),
    },
    optional={"extra": st.integers(0, 10).map(Decimal)},
)


def by_hand(entry):
    """Dimensions, total and bonus as somebody with a pocket calculator finds them."""
    faults = entry["late"]
    late = max(40 - 3 * faults.get("late", 0) - min(15 * faults.get("lost", 0), 30), 0)
    minutes = 0 if entry["minutes"] >= 30 else 20 if entry["minutes"] >= 10 else 30
    speed = Fraction(minutes + 20 * entry["sign"])
    votes = entry["ballot"]
    share = Fraction(80 * votes["good"] + 48 * votes["fair"], sum(votes.values()))
    poll = Fraction(int(share * 10_000 + Fraction(1, 2)), 10_000)
    bonus = Fraction(min(entry.get("extra", 0), 6))
    online = entry["online"]
    if online is None:
        daily, service = Fraction(late * 70, 40), (late + speed) * 120 / 90
    else:
        daily = Fraction(late + LEVELS[online])
        service = daily + speed
    return {"daily": daily, "speed": speed, "poll": poll}, service, poll, bonus


def judged(entry, mine, **more):
    case = CaseInput(
        "counter", "halls", 2024, date(2024, 11, 1), COUNTER, self_answers=mine, answers={"甲": entry}, **more
    )
    return rules.evaluate(INVENTED, case)


@given(entries, entries)
def test_an_outcome_is_what_a_pocket_calculator_gives(entry, mine):
    outcome = judged(entry, mine)
    (dimensions, service, poll, bonus), (_, s, p, b) = by_hand(entry), by_hand(mine)
    own, panel = s + p + b, service + poll + bonus
    exact = own / 10 + panel * 9 / 10
    if poll < 56:  # the gate on scores caps the total
        exact = min(exact, Fraction(150))
    total = Decimal(int(exact * 10)) / 10
    assert outcome.total == total
    short = [total <= 120, own <= 100] + [
        points <= most / 2
        for points, most in ((dimensions["daily"], 70), (dimensions["speed"], 50), (dimensions["poll"], 80))
    ]
    assert len(outcome.shortfalls) == sum(short)
    assert outcome.passed == (not any(short))
    grade = "three" if total >= 120 else None
    grade = "four" if total >= 150 else grade
    grade = "five" if total >= 180 and poll >= 72 else grade
    assert outcome.grade == grade
    lines = [str(line) for line in outcome.trace]
    assert sum(line.startswith("甲·") for line in lines) == len(
        entry
    )  # a line each; what does not apply is scaled in one
    assert any("不适用" in line for line in lines) == (entry["online"] is None or mine["online"] is None)
    assert rules.evaluate(INVENTED, CaseInput("counter", "halls", 2024, date(2024, 11, 1), COUNTER)).total is None


def test_points_between_the_steps_of_a_level_are_refused():
    with pytest.raises(Invalid, match="只能是 30、18、0 分"):
        rules.totals(STANDARD, {"online": Decimal(20)})
    with pytest.raises(Invalid, match="只能是 20、0 分"):
        rules.totals(STANDARD, {"sign": Decimal(10)})
    with pytest.raises(Invalid, match="最多保留 4 位小数"):
        rules.totals(STANDARD, {"ballot": Decimal("1.00001")})
    with pytest.raises(Invalid, match="至少要有 10 票"):
        rules.points_of(STANDARD.indicator("ballot"), {"good": 9})


letters = st.lists(
    st.builds(
        Fact,
        id=st.uuids().map(str),
        about=st.sampled_from(["unit", "service_point", "nominee"]),
        kind=st.sampled_from(["warning_letter", "praise"]),
        happened_on=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
        tags=st.sampled_from([frozenset(), frozenset({"closed"})]),
        year=st.none() | st.integers(2022, 2024),
    ),
    max_size=6,
)


@given(letters)
def test_gates_count_over_years_with_exceptions(facts):
    on = date(2024, 11, 1)
    found = {gate.code: gate for gate in rules.evaluate_gates(
        INVENTED, category="counter", group="halls", facts=facts, nominee_facts=COUNTER, on=on, year=2024,
    )}  # fmt: skip
    assert "polled" not in found  # scores are not known yet
    counted = [
        f
        for f in facts
        if f.kind == "warning_letter" and f.about in ("service_point", "unit") and not f.tags
        and (f.year in (2023, 2024) if f.year else date(2023, 1, 1) <= f.happened_on <= on)
    ]  # fmt: skip
    assert (found["letters"].state == "failed") is (len(counted) > 1)
    praise = [f for f in facts if f.kind == "praise" and f.about == "service_point" and f.happened_on <= on]
    assert (found["praised"].state == "met") is (len(praise) >= 2)
    assert found["praised"].flagged is (len(praise) < 2)
    assert not found["praised"].vetoes


@given(
    st.dates(date(2020, 1, 1), date(2022, 1, 1)),
    st.none() | st.integers(0, 800),
    st.dates(date(2020, 1, 1), date(2022, 12, 31)),
)
def test_what_is_in_force_counts(happened, lasts, on):
    ends = None if lasts is None else date.fromordinal(happened.toordinal() + lasts)
    wanted = FactFilter.model_validate({"kinds": ["bad_faith"], "about": ["unit"], "window": {"kind": "in_force"}})
    fact = Fact("x", "unit", "bad_faith", happened, valid_until=ends)
    assert counts(wanted, fact, on=on, year=on.year) is (happened <= on and (ends is None or on <= ends))


@given(st.lists(st.integers(0, 8), min_size=1, max_size=9), st.sampled_from(["0.5", "0.6", "2/3"]))
def test_a_vote_over_sheets_gives_the_share_in_favour(eighths, line):
    share = "0.6667" if line == "2/3" else line
    definition = made(
        lambda v: v.update(
            scoring={"aggregation": {"kind": "vote_share", "in_favour_from": share}, "rounding": {"places": 2}}
        )
    )
    full = {"a1": 25, "a2": 15, "b1": 20, "cs": 40}
    sheets = {
        f"专家{i}": {code: Decimal(points) * n / 8 // Decimal("0.5") * Decimal("0.5") for code, points in full.items()}
        for i, n in enumerate(eighths)
    }
    found = rules.panel_score(definition, definition.standard("point", "stations"), sheets)
    for_it = sum(sum(sheet.values()) >= Decimal(share) * 100 for sheet in sheets.values())
    assert found.exact == Fraction(100 * for_it, len(sheets))
    assert found.exact_parts["industry"] == Fraction(sum(sheet["cs"] for sheet in sheets.values())) / len(sheets)
    assert any("赞成率" in line.rule and f"赞成 {for_it} 份 ÷ {len(sheets)} 份" in line.inputs for line in found.trace)


@given(st.lists(st.integers(110, 200), max_size=40))
def test_a_tenth_at_most_and_three_at_most_bear_five_stars(totals):
    rows = [
        rules.Row(str(i), Decimal(total), dimensions={("esteem", "poll"): Decimal(i % 7)})
        for i, total in enumerate(totals)
    ]
    ranked = rules.rank(INVENTED, rows, 0)
    own = {
        row.key: next((c for c, n in (("five", 180), ("four", 150), ("three", 120)) if row.total >= n), None)
        for row in rows
    }
    awards = [one.grade for one in rules.award(INVENTED, ranked, own)]
    assert awards.count("five") <= min(len(rows) // 10, 3)
    assert awards.count("four") <= len(rows) * 3 // 10
    order = [("five", "four", "three", None).index(grade) for grade in awards]
    assert order == sorted(order)


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_two_thirds_of_all_members_carry(members, present, in_favour):
    found = rules.vote(INVENTED.vote, members=members, present=present, in_favour=in_favour)
    possible = in_favour <= present <= members
    assert found.carried is (possible and 3 * present >= 2 * members and 3 * in_favour >= 2 * members)


def test_steps_are_repeated_and_notice_counts_calendar_days():
    steps = rules.procedure(INVENTED, "nomination")
    assert [step.code for step in steps] == [
        "assess", "decide", "announce", "announce_2", "midterm", "midterm_2", "midterm_3", "name",
    ]  # fmt: skip
    notice = steps[2]
    assert notice.due is not None
    assert (notice.due.calendar_days, notice.title) == (7, "公示（第 1 次）")
    assert [step.optional for step in steps if step.kind == "report"] == [True] * 3
    objections = rules.objections_due(INVENTED)
    assert objections.working_days == 3
    assert rules.objections_due(made()).working_days == 5


def test_limits_on_nominating_are_sentences():
    assert rules.nominating_faults(INVENTED, category="counter", by_unit=1) == []
    assert len(rules.nominating_faults(INVENTED, category="counter", by_unit=2, categories_of_nominee=1)) == 2


def test_a_tie_is_told_by_a_dimension():
    rows = [
        rules.Row(k, Decimal(150), dimensions={("esteem", "poll"): Decimal(n)}) for k, n in (("甲", 60), ("乙", 70))
    ]
    first, second = rules.rank(INVENTED, rows, 1)
    assert (first.key, second.key) == ("乙", "甲")
    assert "“民主测评”得分" in first.tie


def test_grades_are_climbed_one_at_a_time():
    def climb(grade, wanted):
        return rules.upgrade_faults(
            INVENTED, held_since=date(2024, 1, 1), on=date(2025, 1, 1), grade=grade, wanted=wanted
        )

    assert climb("three", "four") == []
    assert climb("three", "five") == ["应逐级晋升，下一级为四星"]


def test_names_are_shown_in_english_where_there_is_one():
    assert INVENTED.category("counter").shown("en") == "Counter"
    assert INVENTED.category("counter").shown() == "窗口"
    assert INVENTED.standards[0].parts[1].shown("en") == "评议"


BROKEN = {
    "来源不在": ({"provenance": [{"at": "scoring.nowhere", "status": "example"}]}, "没有“scoring.nowhere”这个位置"),
    "标签不在": ({"gates": [{"code": "g", "title": "门", "test": {"kind": "none_of", "facts": {
        "kinds": ["accident"], "about": ["unit"], "tags": ["ufo"]}}}]}, "标签“ufo”不在词表中"),
    "两种得分": ({"gates": [{"code": "g", "title": "门", "test": {
        "kind": "score_at_least", "source": "panel", "part": "basic", "share": "0.5"}}]}, "二者写一个"),
    "没有该部分": ({"gates": [{"code": "g", "title": "门", "test": {
        "kind": "score_at_least", "part": "nowhere", "share": "0.5"}}]}, "没有代码为“nowhere”的部分"),
    "续评无有效期": ({"title_life": {"applies_to": ["tier1"], "renewal_months_before": 3}}, "没有有效期"),
    "月数过大": ({"title_life": {"applies_to": ["tier1"], "validity_months": 100_000}}, "不能大于 1200 个月"),
    "自查只写月": ({"title_life": {"applies_to": ["tier1"], "self_check": {"by_month": 3}}}, "月和日要一起写"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_is_refused_with_a_sentence(values, sentence):
    with pytest.raises(rules.DefinitionError, match=sentence):
        made(lambda v: v.update(values))


def test_a_wrong_answer_in_a_case_is_a_sentence():
    with pytest.raises(Invalid, match="请选择一档"):
        judged({"online": "some"}, {})
    with pytest.raises(Invalid, match="没有指标“nothing”"):
        judged({"nothing": True}, {})
    case = CaseInput("counter", "halls", 2024, date(2024, 11, 1), COUNTER)
    assert rules.evaluate(INVENTED, replace(case, superior=Decimal(1))).total is None


def test_city_province_and_nation_decide_each_by_their_own_procedure():
    """A programme of three tiers: what is recommended upwards is decided by the body of the tier it goes to."""
    tiers = rules.load((Path(__file__).parent / "three_tiers.yaml").read_text(encoding="utf-8"))
    deciders = {
        (kind, tier.code): [step.body for step in rules.procedure(tiers, kind, tier.code) if step.kind == "decide"]
        for kind, tier in [("nomination", tiers.tiers[0]), *(("recommendation", one) for one in tiers.tiers[1:])]
    }
    assert deciders == {
        ("nomination", "city"): ["city"], ("recommendation", "province"): ["province"],
        ("recommendation", "nation"): ["nation"],
    }  # fmt: skip
    assert [one.decided_by for one in tiers.tiers] == ["city", "province", "nation"]
    assert rules.source_lost_fate(tiers, tier="nation").sentence.startswith("所依据的“省级”称号已失效")
