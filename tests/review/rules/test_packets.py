"""A packet gives its ranking again bit for bit, whatever the programme; each changed number is noticed."""

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import packets
from tests.programmes.rules.making import made

from xianfeng.programmes import rules as programme
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.rules.examples import case_of
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules import packet
from xianfeng.review.rules.again import first_difference
from xianfeng.review.rules.decisive import decisive

MOST = {"a1": 25, "a2": 15, "b1": 20, "cs": 40, "extra": 5}
GRADES = {
    "kind": "grades",
    "bands": [
        {"code": "gold", "title": "金", "at_least": "80", "share_cap": "0.5"},
        {"code": "silver", "title": "银", "at_least": "50"},
    ],
}
RESULTS = [
    {"kind": "quota"}, {"kind": "quota", "margin": "1.5", "reserve": 1, "unused": "next_round"},
    {"kind": "pass"}, GRADES,
]  # fmt: skip
BREAKS = [
    {"by": "part", "part": "industry"}, {"by": "dimension", "part": "basic", "dimension": "a"}, {"by": "self_total"},
    {"by": "superior"}, {"by": "survey"}, {"by": "panel_median"}, {"by": "superior_rank"}, {"by": "votes"},
    {"by": "earliest"},
]  # fmt: skip
WEIGHTS = [{"panel": "100"}, {"panel": "70", "survey": "30"}, {"self": "10", "superior": "15", "panel": "75"}]


@st.composite
def definitions(draw):
    """A small programme with any way of scoring."""
    aggregation = {
        "kind": draw(st.sampled_from(["mean", "trimmed_mean", "median", "vote_share"])),
        "of": draw(st.sampled_from(["total", "indicator"])),
        "min_panel": 3,
    }
    scoring = {
        "aggregation": aggregation,
        "weights": draw(st.sampled_from(WEIGHTS)),
        "rounding": {
            "places": draw(st.integers(0, 4)),
            "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
        },
        "bonus_cap": draw(st.sampled_from([None, "2"])),
        "floors": draw(st.sampled_from([{}, {"total": "50", "each_part": "0.5"}, {"self_total": "40"}])),
        "tie_breaks": [*draw(st.lists(st.sampled_from(BREAKS), max_size=3, unique_by=str)), {"by": "lot"}],
    }
    result = draw(st.sampled_from(RESULTS))
    return made(lambda v: v.update(scoring=scoring, result=result))


halves = st.integers(0, 4).map(lambda fourths: Decimal(fourths) / 4)


@st.composite
def fields(draw):
    """Frozen inputs: up to five cases whose points often tie."""
    definition = draw(definitions())
    cases = []
    for number in range(draw(st.integers(1, 5))):
        sheets = [
            {code: show(most * draw(halves) // Decimal("0.5") * Decimal("0.5")) for code, most in MOST.items()}
            for _ in range(draw(st.integers(1, 4)))
        ]
        if definition.scoring.aggregation.of == "total" and draw(st.booleans()):
            sheets[0]["a1"] = "n/a"
        cases.append(
            packets.case(
                definition,
                number,
                "point",
                "stations",
                sheets,
                self_marks=dict(sheets[-1]) | {"a1": "5"},
                superior={"score": draw(st.sampled_from(["80", "91.5"])), "rank": draw(st.integers(1, 2)), "by": ""},
                survey={"counts": {"5": draw(st.integers(1, 3)), "2": 2}, "surveys": ["s"], "open_until": None},
            )
        )
    return packets.inputs(definition, cases, tier="tier1", year=2019)


@settings(max_examples=60)
@given(fields(), st.text("0123456789abcdef", min_size=4, max_size=8))
def test_any_packet_gives_its_ranking_again(inputs, seed):
    rows = packet.ranked(inputs)
    tied = sorted(one["case"] for one in rows if one["standing"] == "undecided")
    whole = packets.sealed(inputs, {"seed": seed, "cases": tied} if tied else None)
    assert first_difference(whole) == ""
    if tied:
        settled = whole["ranking"]["rows"]
        assert not any(one["standing"] == "undecided" for one in settled)
        assert sum(one["inside"] for one in settled) == min(2, sum(one["basis"]["qualified"] for one in settled))
        assert all("签" in one["note"] for one in settled if one["case"] in tied)


def numbers(node, path=()):
    """Every place in a packet where a number stands, alone or as text."""
    if isinstance(node, dict):
        for key in node:
            yield from numbers(node[key], (*path, key))
    elif isinstance(node, list):
        for at, one in enumerate(node):
            yield from numbers(one, (*path, at))
    elif not isinstance(node, bool) and (isinstance(node, int) or (isinstance(node, str) and is_number(node))):
        yield path


def is_number(text):
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def changed(content, path):
    """The packet with one number a little higher."""
    other = copy.deepcopy(content)
    node = other
    for step in path[:-1]:
        node = node[step]
    value = node[path[-1]]
    node[path[-1]] = value + 1 if isinstance(value, int) else show(Decimal(value) + Decimal("0.5"))
    return other


def noticed(content):
    try:
        return first_difference(content)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, programme.DefinitionError) as error:
        return repr(error)


def weighted():
    scoring = {"weights": WEIGHTS[2], "aggregation": {"kind": "mean"}, "tie_breaks": BREAKS}
    definition = made(lambda v: v.update(scoring=scoring))
    full = {code: str(most) for code, most in MOST.items()}
    cases = [
        packets.case(
            definition, number, "point", "stations", [{**full, "cs": str(40 - number)}, full], self_marks=full,
            superior={"score": "90", "rank": 1, "by": ""},
            survey={"counts": {"5": 3}, "surveys": [], "open_until": None},
        )
        for number in range(3)
    ]  # fmt: skip
    return packets.sealed(packets.inputs(definition, cases, tier="tier1", year=2019))


def test_each_single_changed_number_is_noticed():
    content = weighted()
    assert first_difference(content) == ""
    places = list(numbers(content))
    assert len(places) > 100
    missed = [path for path in places if not noticed(changed(content, path))]
    assert missed == []


def test_a_changed_result_is_noticed_even_when_every_digest_is_made_again():
    """Who forges the result and seals the file anew is still found out by the arithmetic."""
    content = weighted()
    for path in numbers(content["ranking"]["rows"]):
        other = changed(content, ("ranking", "rows", *path))
        other["ranking"]["result"] = packet.digest(other["ranking"]["rows"])
        other.pop("sha256")
        assert "重算为" in noticed(packet.sealed(other)), path


@pytest.mark.parametrize("code", SHIPPED)
def test_every_shipped_programme_gives_packets_that_can_be_made_again(code):
    definition = programme.load(shipped_source(code))
    example = next(one for one in definition.examples if case_of(definition, one).sheets)
    kind = (example.category, example.group)
    standard = definition.standard(*kind)
    lower = {one.code: show(one.points) for one in standard.required}
    sheets = [{**lower}, {**lower}]
    first = next(one for one in standard.required if one.kind == "scored")
    sheets[1][first.code] = "0"
    cases = [
        packets.case(
            definition, number, *kind, [sheets[number % 2]] * 3, self_marks=lower,
            survey={"counts": {"5": 7, "3": 3}, "surveys": ["s"], "open_until": None},
        )
        for number in range(3)
    ]  # fmt: skip
    tier = definition.tiers[0].code
    whole = packets.sealed(packets.inputs(definition, cases, tier=tier, year=definition.rounds[0].year))
    assert first_difference(whole) == ""
    if code == "zoucheng-star":
        assert [one["grade"] for one in whole["ranking"]["rows"]] == ["five", "five", "four"]
        assert whole["ranking"]["rows"][0]["sources"] == {"self": "100", "panel": "100", "survey": "70"}
        mark = decisive(whole["inputs"])["mark"]
        assert mark["moved"]


def test_places_candidates_and_unused_ones_are_said():
    full = {code: str(most) for code, most in MOST.items()}

    def said(result, count, **places):
        definition = made(lambda v: v.update(result={"kind": "quota", **result}))
        cases = [packets.case(definition, number, "point", "stations", [full]) for number in range(count)]
        inputs = packets.inputs(definition, cases, tier="tier1", year=2019)
        inputs["places"] |= places
        return packet.sentences(inputs, packet.ranked(inputs))

    assert said({}, 2) == []
    assert said({}, 1) == ["达到要求的只有 1 个，名额空余 1 个，不再使用。"]
    assert said({"unused": "next_round"}, 1, carried=1)[0] == "本年度名额 2 个，以前年度结转 1 个，可用 3 个。"
    assert said({"margin": "1.5"}, 2) == [
        "名额 2 个，差额推荐应有 3 个候选，实有 2 个，候选不足 3 个，请在审定时说明。"
    ]
    assert said({"margin": "1.5"}, 3) == ["名额 2 个，差额推荐应有 3 个候选，实有 3 个。"]


def test_what_decides_reads_the_same_after_a_trip_through_json():
    content = weighted()
    assert content["advice"]["decisive"] == json.loads(json.dumps(decisive(content["inputs"])))
