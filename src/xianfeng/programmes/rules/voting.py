"""Whether a vote carries, and who is elected: quorum and majority as exact fractions."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xianfeng.programmes.rules.schema.scoring import VoteRule


@dataclass(frozen=True)
class VoteOutcome:
    """Whether the vote carried, and why, in Chinese; not ``valid`` without a quorum or with impossible counts."""

    carried: bool
    sentence: str
    valid: bool = True


def vote(rule: VoteRule, *, members: int, present: int, in_favour: int) -> VoteOutcome:
    """Judge a show of hands; expects ``in_favour <= present <= members``."""
    if not 0 <= in_favour <= present <= members or not members:
        return VoteOutcome(False, "票数有误：赞成不能多于到会，到会不能多于应到。", valid=False)
    if Fraction(present, members) < Fraction(rule.quorum):
        return VoteOutcome(False, f"应到 {members} 人，实到 {present} 人，不足 {rule.quorum}，不能表决。", valid=False)
    base = present if rule.of == "present" else members
    share, needed = Fraction(in_favour, base), Fraction(rule.majority)
    carried = share > needed if rule.over else share >= needed
    asked = f"{'超过' if rule.over else '达到'}{'到会' if rule.of == 'present' else '应到'}人数的 {rule.majority}"
    return VoteOutcome(carried, f"赞成 {in_favour} 票，{'已' if carried else '未'}{asked}。")


@dataclass(frozen=True)
class Election:
    """Who is elected when there are more candidates than places; ``tied`` stand equal across the line."""

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    sentence: str


def elect(rule: VoteRule, *, members: int, present: int, votes: Mapping[str, int], places: int) -> Election:
    """Candidates with the majority, most votes first, up to the places; equals across the line need another vote."""
    carried = {
        key for key, count in votes.items() if vote(rule, members=members, present=present, in_favour=count).carried
    }
    order = sorted(carried, key=lambda key: (-votes[key], key))
    elected = tuple(k for k in order if sum(votes[o] >= votes[k] for o in order) <= places)
    tied = tuple(k for k in order if k not in elected and sum(votes[o] > votes[k] for o in order) < places)
    more = f"；{len(tied)} 个得票相同，须就余下的 {places - len(elected)} 个名额再次表决" if tied else ""
    over = f"{'超过' if rule.over else '达到'}{rule.majority}"
    sentence = f"候选 {len(votes)} 个，名额 {places} 个，赞成{over}的 {len(order)} 个，当选 {len(elected)} 个{more}。"
    return Election(elected, tied, sentence)
