"""Whether a vote carries: quorum and majority as exact fractions."""

from dataclasses import dataclass
from fractions import Fraction

from xianfeng.programmes.rules.schema.scoring import VoteRule


@dataclass(frozen=True)
class VoteOutcome:
    """Whether the vote carried, and why, in Chinese."""

    carried: bool
    sentence: str


def vote(rule: VoteRule, *, members: int, present: int, in_favour: int) -> VoteOutcome:
    """Judge a show of hands; expects ``in_favour <= present <= members``."""
    if not 0 <= in_favour <= present <= members or not members:
        return VoteOutcome(False, "票数有误：赞成不能多于到会，到会不能多于应到。")
    if Fraction(present, members) < Fraction(rule.quorum):
        return VoteOutcome(False, f"应到 {members} 人，实到 {present} 人，不足 {rule.quorum}，不能表决。")
    base = present if rule.of == "present" else members
    share, needed = Fraction(in_favour, base), Fraction(rule.majority)
    carried = share > needed if rule.over else share >= needed
    asked = f"{'超过' if rule.over else '达到'}{'到会' if rule.of == 'present' else '应到'}人数的 {rule.majority}"
    return VoteOutcome(carried, f"赞成 {in_favour} 票，{'已' if carried else '未'}{asked}。")
