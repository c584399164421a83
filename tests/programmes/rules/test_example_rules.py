"""A definition's own examples: what they write is the case that is judged, and every expectation is compared."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import faults, made

from xianfeng.programmes import rules
from xianfeng.programmes.rules import CaseInput, Fact, NomineeFacts
from xianfeng.programmes.rules.examples import case_of, differences
from xianfeng.programmes.rules.schema.definition import Expected
from xianfeng.registry import rules as ledger

days = st.dates(date(2018, 1, 1), date(2021, 12, 31))
halves = st.integers(0, 30).map(lambda n: Decimal(n) / 2)
LEVELS = {"all": Decimal(20), "most": Decimal("12.5"), "none": Decimal(0)}
sheet = st.fixed_dictionaries(
    {"a1": st.none() | halves, "a2": halves, "b1": st.sampled_from(sorted(LEVELS.values())),
     "cs": st.sampled_from([Decimal(0), Decimal(40)])}
)  # fmt: skip
entries = st.fixed_dictionaries(
    {"a1": st.none() | halves, "a2": halves, "b1": st.sampled_from(sorted(LEVELS)), "cs": st.booleans()}
)
NOMINEE = {
    "organisation_kind": st.sampled_from(["party_branch", "party_group"]),
    "service_point_kind": st.sampled_from(["window", "crew"]),
    "member_status": st.sampled_from(["full", "probationary"]), "in_post": st.booleans(),
    "staff": st.integers(0, 9), "members": st.integers(0, 9), "leader_is_member": st.booleans(),
}  # fmt: skip
facts = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["honour", "accident"]), "about": st.sampled_from(["unit", "nominee"]),
            "happened_on": days, "title": st.sampled_from(["甲事实", "乙事实"]),
        },
        optional={
            "level": st.sampled_from(sorted(ledger.LEVELS)), "grade": st.sampled_from(sorted(ledger.ACCIDENT_GRADES)),
            "result": st.sampled_from(sorted(ledger.APPRAISAL_RESULTS)), "stars": st.integers(1, 5),
            "tags": st.lists(st.sampled_from(["engineering", "personal"]), unique=True), "valid_until": days,
            "rectified": st.booleans(), "year": st.integers(2017, 2021),
        },
    ),
    max_size=3,
)  # fmt: skip
points = st.none() | st.integers(0, 100).map(Decimal)
shares = st.lists(st.integers(0, 20).map(lambda n: Decimal(n) / 20), max_size=3)
GATES = [
    {"code": "bad", "title": "事故", "test": {"kind": "none_of", "facts": {"kinds": ["accident"], "about": ["unit"]}}},
    {"code": "good", "title": "荣誉", "effect": "flag",
     "test": {"kind": "at_least", "facts": {"kinds": ["honour"], "about": ["unit"]}}},
]  # fmt: skip
BANDS = [{"code": "high", "title": "高", "at_least": "60"}, {"code": "low", "title": "低", "at_least": "20"}]


def bend(values, example):
    basic, industry = values["standards"][0]["parts"]
    levels = [{"code": code, "title": code, "points": str(worth)} for code, worth in LEVELS.items()]
    basic["versions"][0]["dimensions"][1]["indicators"][0].update(kind="graded", levels=levels)
    for version in industry["versions"]:
        version["dimensions"][0]["indicators"][0]["kind"] = "yes_no"
    values["categories"].append({"code": "other", "title": "另一类", "nominee": "service_point"})
    values["standards"].append({**values["standards"][0], "category": "other"})
    values["gates"] = GATES
    values["result"] = {"kind": "grades", "bands": BANDS}
    values["scoring"] = {"floors": {"total": "30"}, "aggregation": {"kind": "mean"}}
    values["examples"] = [example]


def down_to(share, full, step):
    """The most that is a whole number of steps and not above the share of the points."""
    best = Decimal(0)
    while best + step <= share * full:
        best += step
    return best


def by_share(share):
    return {
        "a1": down_to(share, 25, Decimal("0.5")), "a2": down_to(share, 15, Decimal("0.5")),
        "b1": max(worth for worth in LEVELS.values() if worth <= 20 * share),
        "cs": Decimal(40) if share == 1 else Decimal(0),
    }  # fmt: skip


def written(value):
    if isinstance(value, dict):
        return {key: written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def as_fact(n, fact):
    words = {key: fact.get(key, "") for key in ("level", "grade", "result")}
    rest = {key: fact.get(key) for key in ("stars", "valid_until", "year")}
    return Fact(
        f"F{n}", fact["about"], fact["kind"], fact["happened_on"], fact["title"], **words, **rest,
        tags=frozenset(fact.get("tags", ())), rectified=fact.get("rectified", False),
    )  # fmt: skip


whole = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["point", "other"]), "year": st.integers(2018, 2021), "on": days,
        "nominee": st.fixed_dictionaries({}, optional=NOMINEE), "facts": facts,
        "panel": st.lists(sheet, max_size=2), "panel_shares": shares, "answers": st.lists(entries, max_size=2),
        "self_scores": sheet | st.just({}), "self_answers": entries | st.just({}),
    },
    optional={"superior": points.filter(bool), "survey": points.filter(bool)},
)  # fmt: skip


@given(whole, st.sampled_from(["stations", "members"]))
def test_an_example_is_the_case_it_writes(example, group):
    renamed = {"cs": f"c{group[0]}"}

    def for_group(marks):
        return {renamed.get(code, code): worth for code, worth in marks.items()}

    given_example = {
        **example,
        "panel": [for_group(one) for one in example["panel"]],
        "answers": [for_group(one) for one in example["answers"]],
        "self_scores": for_group(example["self_scores"]),
        "self_answers": for_group(example["self_answers"]),
    }
    told = {"title": "例", "group": group, "expect": {}, **written(given_example)}
    definition = made(lambda v: bend(v, told))
    sheets = [*given_example["panel"], *(for_group(by_share(share)) for share in example["panel_shares"])]
    answers = {f"专家{n}": one for n, one in enumerate(given_example["answers"], len(sheets) + 1)}
    expected = CaseInput(
        category=example["category"], group=group, year=example["year"], on=example["on"],
        nominee=NomineeFacts(**example["nominee"]),
        facts=tuple(as_fact(n, fact) for n, fact in enumerate(example["facts"], 1)),
        self_scores=given_example["self_scores"], self_answers=given_example["self_answers"],
        sheets={f"专家{n}": one for n, one in enumerate(sheets, 1)}, answers=answers,
        superior=example.get("superior"), survey=example.get("survey"),
    )  # fmt: skip
    found = case_of(definition, definition.examples[0])
    assert found == expected
    assert rules.evaluate(definition, found) == rules.evaluate(definition, expected)


WRONG = {
    "total": "100.01", "parts": {"basic": "60.01"}, "gates": {"bad": "unproven"}, "grade": "other", "shortfalls": 99,
    "flagged": ["bad"],
}  # fmt: skip


@given(sheet, facts, st.sampled_from([*WRONG, "vetoed", "passed", ""]))
def test_every_expectation_is_compared(marks, given_facts, wrong):
    """An example that expects what comes out is accepted; with one expectation wrong it is told once, in Chinese."""
    bad = any(fact["kind"] == "accident" and fact["about"] == "unit" and fact["happened_on"] <= date(2020, 1, 1)
              for fact in given_facts)  # fmt: skip
    good = any(fact["kind"] == "honour" and fact["about"] == "unit" and fact["happened_on"] <= date(2020, 1, 1)
               and fact.get("valid_until", date(2020, 1, 1)) >= date(2020, 1, 1) for fact in given_facts)  # fmt: skip
    left_out = marks["a1"] is None
    basic = (marks["a2"] + marks["b1"]) * 60 / 35 if left_out else marks["a1"] + marks["a2"] + marks["b1"]
    total = basic + marks["cs"]
    rounded = int(total * 100 + Decimal("0.5")) / Decimal(100)
    expect = {
        "total": str(rounded), "parts": {"industry": str(marks["cs"])}, "vetoed": bad,
        "gates": {"bad": "failed" if bad else "met", "good": "met" if good else "unproven"},
        "passed": not bad and rounded >= 30, "shortfalls": int(rounded < 30), "flagged": [] if good else ["good"],
    }  # fmt: skip
    if rounded >= 20:
        expect["grade"] = "high" if rounded >= 60 else "low"
    if wrong:
        expect[wrong] = WRONG[wrong] if wrong in WRONG else not expect[wrong]
    told = {"title": "例", "category": "point", "group": "stations", "year": 2020, "on": "2020-01-01",
            "facts": written(given_facts), "panel": [written(marks)], "expect": expect}  # fmt: skip
    found = faults(lambda v: bend(v, told))
    assert len(found) == bool(wrong), found
    if not wrong:
        definition = made(lambda v: bend(v, told))
        outcome = rules.evaluate(definition, case_of(definition, definition.examples[0]))
        for key, value in [*WRONG.items(), ("vetoed", not bad), ("passed", not expect["passed"])]:
            other = definition.examples[0].model_copy(update={"expect": Expected.model_validate({key: value})})
            assert len(list(differences(other, outcome))) == 1, key
