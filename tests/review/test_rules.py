"""The draw against brute force, conflicts case by case. No database."""

from collections import Counter
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.programmes.rules.schema.scoring import Recusal
from xianfeng.review.rules.assignment import chance, draw, least_raise
from xianfeng.review.rules.conflicts import ExpertTies, NomineeTies, caution, conflict

TODAY = date(2019, 11, 5)
ITEMS, EXPERTS = ("i1", "i2", "i3"), ("e1", "e2", "e3", "e4")


def brute(need, capacity, load, forbidden, seed):
    """The least cost over every possible assignment, or None."""
    choices = [
        [set(pick) for pick in combinations([e for e in EXPERTS if (i, e) not in forbidden], need[i])] for i in ITEMS
    ]
    best = None
    for picks in product(*choices):
        counts = Counter(expert for pick in picks for expert in pick)
        if any(counts[expert] > capacity[expert] for expert in EXPERTS):
            continue
        balance = sum(sum(range(load[e] + 1, load[e] + counts[e] + 1)) for e in EXPERTS)
        luck = sum(chance(seed, item, expert) for item, pick in zip(ITEMS, picks, strict=True) for expert in pick)
        best = min(filter(None, [best, (balance, luck)]), default=(balance, luck))
    return best


@given(
    need=st.fixed_dictionaries({item: st.integers(1, 3) for item in ITEMS}),
    capacity=st.fixed_dictionaries({expert: st.integers(0, 3) for expert in EXPERTS}),
    load=st.fixed_dictionaries({expert: st.integers(0, 3) for expert in EXPERTS}),
    forbidden=st.sets(st.tuples(st.sampled_from(ITEMS), st.sampled_from(EXPERTS)), max_size=4),
    seed=st.text("0123456789abcdef", min_size=4, max_size=4),
)
def test_a_draw_is_the_best_there_is(need, capacity, load, forbidden, seed):
    found = draw(need=need, capacity=capacity, load=load, forbidden=forbidden, seed=seed)
    expected = brute(need, capacity, load, forbidden, seed)
    assert found.complete == (expected is not None)
    assert not set(found.pairs) & forbidden
    assert all(count <= capacity[expert] for expert, count in Counter(e for _, e in found.pairs).items())
    if expected is None:
        return
    assert Counter(item for item, _ in found.pairs) == need
    counts = Counter(expert for _, expert in found.pairs)
    balance = sum(sum(range(load[e] + 1, load[e] + counts[e] + 1)) for e in EXPERTS)
    assert (balance, sum(chance(seed, *pair) for pair in found.pairs)) == expected


def test_another_seed_draws_other_pairs_and_the_same_seed_the_same():
    needs = {f"i{n}": 3 for n in range(20)}
    given_: dict[str, Any] = {"need": needs, "load": {}, "forbidden": (), "capacity": {f"e{n}": 20 for n in range(12)}}
    first = draw(**given_, seed="a")
    assert first == draw(**given_, seed="a")
    assert first != draw(**given_, seed="b")
    assert set(Counter(expert for _, expert in first.pairs).values()) == {5}


def test_the_least_raise_is_found_or_said_to_be_none():
    given_: dict[str, Any] = {"need": {"i1": 2, "i2": 2}, "load": {}, "forbidden": (), "seed": "a"}
    assert least_raise(**given_, capacity={"e1": 1, "e2": 1}) == 1
    assert least_raise(**given_, capacity={"e1": 1}) is None


NOMINEE = NomineeTies(
    unit=1,
    party=2,
    unit_parties=frozenset({2, 3}),
    chain=(4, 5),
    names={1: "单位", 2: "支部", 4: "党委", 5: "机关党委"},
)


@pytest.mark.parametrize(
    ("expert", "reason"),
    [
        (ExpertTies(), ""),
        (ExpertTies(organisations=frozenset({1}), units=frozenset({1})), "同属“单位”"),
        (ExpertTies(organisations=frozenset({3})), "同属“单位”"),
        (ExpertTies(organisations=frozenset({5})), "上级党组织“机关党委”任职"),
        (ExpertTies(organisations=frozenset({9}), superiors=frozenset({2})), "隶属申报对象“支部”"),
        (ExpertTies(organisations=frozenset({9}), superiors=frozenset({4})), ""),
    ],
)
def test_conflicts(expert, reason):
    found = conflict(Recusal(), expert, NOMINEE, TODAY)
    assert (reason in found) if reason else found == ""


def test_the_definition_can_switch_a_conflict_off():
    in_line = ExpertTies(organisations=frozenset({5}))
    assert conflict(Recusal(same_party_line=False), in_line, NOMINEE, TODAY) == ""
    assert conflict(Recusal(declared=True), ExpertTies(), NOMINEE, TODAY, "师生关系") == "已回避：师生关系"
    named = NomineeTies(unit=1, party=2, text="由示例专家指导")
    assert conflict(Recusal(), ExpertTies(name="示例专家"), named, TODAY)
    assert conflict(Recusal(named_in_file=False), ExpertTies(name="示例专家"), named, TODAY) == ""


@given(years=st.integers(0, 50), left=st.dates(date(1960, 1, 1), TODAY))
def test_a_former_employer_counts_exactly_for_the_years_the_definition_says(years, left):
    rule = Recusal(former_employer_years=years)
    by_id, by_name = ExpertTies(left={1: left}), ExpertTies(left_names={"单位": left})
    freed = date(left.year + years, left.month, min(left.day, 28) if (left.month, left.day) == (2, 29) else left.day)
    expected = years > 0 and freed > TODAY
    assert bool(conflict(rule, by_id, NOMINEE, TODAY)) == bool(conflict(rule, by_name, NOMINEE, TODAY)) == expected


@given(rounds=st.integers(0, 20), ago=st.integers(1, 25), rotation=st.sampled_from(["avoid", "bar"]))
def test_who_judged_a_nominee_within_the_rounds_is_avoided_or_barred_and_never_both(rounds, ago, rotation):
    rule = Recusal(rotation_rounds=rounds, rotation=rotation)
    expert, nominee = ExpertTies(reviewed={7: ago}), NomineeTies(unit=1, party=2, nominee=7)
    barred, warned = conflict(rule, expert, nominee, TODAY), caution(rule, expert, nominee)
    assert [bool(barred), bool(warned)] == [ago <= rounds and rotation == one for one in ("bar", "avoid")]
    assert ("上一批次" in barred + warned) == (ago == 1 <= rounds)
