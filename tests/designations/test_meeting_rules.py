"""A meeting's results against its votes, for any votes: what is let through agrees with them, what is right goes."""

from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from xianfeng.designations.rules import meeting as rules
from xianfeng.designations.rules.meeting import Meeting, Room, Voted
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.rules import Definition, load
from xianfeng.programmes.rules.places import Places
from xianfeng.programmes.rules.schema.scoring import QuotaResult, VoteRule

RULES = st.builds(
    VoteRule,
    quorum=st.sampled_from(["1/2", "2/3"]),
    majority=st.sampled_from(["1/2", "3/5", "2/3"]),
    over=st.booleans(),
    of=st.sampled_from(["present", "members"]),
)
RESULTS = st.builds(
    QuotaResult,
    kind=st.just("quota"),
    margin=st.sampled_from([Decimal(1), Decimal("1.2")]),
    reserve=st.integers(0, 2),
    over_by=st.integers(0, 1),
)


@cache
def shipped() -> Definition:
    return load(shipped_source("zhishui-guanhai-2019"))


def lines(votes: list[int], results: list[str]) -> list[Voted]:
    return [
        Voted(str(at), f"对象{at}", one, votes_for=count, rank=at + 1)
        for at, (count, one) in enumerate(zip(votes, results, strict=True))
    ]


@settings(max_examples=400)
@given(
    rule=RULES, result=RESULTS, votes=st.lists(st.integers(0, 9), min_size=1, max_size=6), left=st.integers(0, 4),
    present=st.integers(1, 9), data=st.data(),
)  # fmt: skip
def test_what_is_let_through_agrees_with_the_votes_and_the_places(rule, result, votes, left, present, data):
    definition = shipped().model_copy(update={"vote": rule, "result": result})
    kinds = st.sampled_from(["approved", "rejected", "reserve"])
    chosen = data.draw(st.lists(kinds, min_size=len(votes), max_size=len(votes)))
    meeting = Meeting(9, present, "示例理由", "示例〔2019〕1号")
    judged = rules.judge(definition, meeting, lines(votes, chosen), Room(Places("post", left), 0, left))
    if judged.faults:
        assert all(one.message for one in judged.faults)
        return
    needed = Fraction(rule.majority) * (present if rule.of == "present" else 9)
    carried = [count > needed if rule.over else count >= needed for count in votes]
    approved = [at for at, one in enumerate(chosen) if one == "approved"]
    assert Fraction(present, 9) >= Fraction(rule.quorum)
    assert max(votes) <= present
    assert all(carried[at] for at in approved)
    assert len(approved) <= left + result.over_by
    turned = [at for at, one in enumerate(chosen) if one == "rejected" and carried[at]]
    assert not turned or len(approved) >= left or result.margin > 1
    if result.margin > 1:
        assert all(votes[one] > votes[other] for one in approved for other in turned)
    kept = [at for at, one in enumerate(chosen) if one == "reserve"]
    assert len(kept) <= result.reserve
    assert sorted(judged.reserve.values()) == list(range(1, len(kept) + 1))


@given(votes=st.lists(st.integers(0, 9), min_size=1, max_size=6), left=st.integers(1, 6), rule=RULES)
def test_who_carried_the_vote_within_the_places_is_approved_and_the_rest_turned_down(votes, left, rule):
    definition = shipped().model_copy(update={"vote": rule})
    needed = Fraction(rule.majority) * 9
    chosen, free = [], left
    for count in votes:
        carried = count > needed if rule.over else count >= needed
        chosen.append("approved" if carried and free else "rejected")
        free -= chosen[-1] == "approved"
    judged = rules.judge(definition, Meeting(9, 9), lines(votes, chosen), Room(Places("post", left), 0, left))
    assert judged.faults == ()
    assert rules.passed_over(definition, lines(votes, ["rejected"] * len(votes)), {}) is None


def test_votes_tell_equals_apart_where_the_programme_says_so():
    by_votes = shipped().scoring.tie_breaks[0].model_copy(update={"by": "votes", "part": None})
    scoring = shipped().scoring.model_copy(update={"tie_breaks": (by_votes,)})
    definition = shipped().model_copy(update={"scoring": scoring})
    fewer = [Voted("a", "甲", "approved", votes_for=6), Voted("b", "乙", "rejected", votes_for=7)]
    ranks = {"a": 1, "b": 1}
    assert rules.passed_over(shipped(), fewer, ranks) is None
    fault = rules.passed_over(definition, fewer, ranks)
    assert fault is not None
    assert "不按排名顺序审定的" in fault.hint
