"""A meeting's results held against its votes: what carries, who is elected, what the rules leave no room for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xianfeng.designations.rules import DECISION_RESULTS, bands_of, grade_title
from xianfeng.programmes.rules import Definition, Election, VoteOutcome, candidates, elect, overrun, vote
from xianfeng.programmes.rules.places import Places
from xianfeng.programmes.rules.schema.scoring import QuotaResult, VoteRule


@dataclass(frozen=True)
class Fault:
    """What is wrong with a result, in Chinese, and what to do about it; ``places``: others may have been faster."""

    message: str
    hint: str = ""
    places: bool = False


class Line(NamedTuple):
    """What the meeting decided on one case; ``votes_against`` need not add up to those present (abstentions)."""

    case_id: int
    result: str  # DECISION_RESULTS
    votes_for: int = 0
    votes_against: int = 0
    reason: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Voted:
    """One candidate as the meeting dealt with it. ``proposed``: the best grade the rules allow, "" for none reached,
    ``None`` where no ranking says.
    """

    key: str
    name: str
    result: str  # DECISION_RESULTS
    votes_for: int = 0
    votes_against: int = 0
    reason: str = ""
    rank: int | None = None
    qualified: bool = True
    shortlisted: bool = True
    grade: str = ""
    proposed: str | None = None


@dataclass(frozen=True)
class Room:
    """The places of one pool: what there is, taken and left, and how many are kept in reserve already."""

    places: Places
    taken: int
    left: int
    reserved: int = 0

    @property
    def total(self) -> int:
        """Places there are, counting those taken; fewer than by rule where other categories took what was lent."""
        return min(self.places.total, self.left + self.taken)


@dataclass(frozen=True)
class Meeting:
    """Who could vote, who was there, and on whose word more may be named than there are places."""

    members: int
    present: int
    over_reason: str = ""
    over_approval: str = ""


@dataclass(frozen=True)
class Judged:
    """The meeting's results of one category judged: a sentence for each vote, the election's, the order in reserve."""

    verdicts: Mapping[str, VoteOutcome]
    election: Election | None = None
    reserve: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def requirement(rule: VoteRule) -> str:
    """What a vote needs, in one sentence."""
    reach = "超过" if rule.over else "达到"
    base = "到会" if rule.of == "present" else "应到"
    return f"到会人数须达到应到人数的 {rule.quorum}，赞成票须{reach}{base}人数的 {rule.majority}。"


def is_contested(definition: Definition) -> bool:
    """Whether more stand than there are places (差额): then the votes decide who is named."""
    return isinstance(definition.result, QuotaResult) and definition.result.margin > 1


def reserves(definition: Definition) -> int:
    """How many may be kept in reserve in a category (递补)."""
    return definition.result.reserve if isinstance(definition.result, QuotaResult) else 0


def judge(definition: Definition, meeting: Meeting, lines: Sequence[Voted], room: Room | None) -> Judged:
    """Judge one category's results; ``room`` is ``None`` where the programme knows no places."""
    verdicts = {
        one.key: vote(definition.vote, members=meeting.members, present=meeting.present, in_favour=one.votes_for)
        for one in lines
    }
    faults = [fault for one in lines for fault in _alone(definition, meeting, one, verdicts[one.key])]
    approved = [one for one in lines if one.result == "approved"]
    if room is None:
        faults += _unreasonably_refused(lines, verdicts, free=len(lines))
        return Judged(verdicts, faults=tuple(faults))
    faults += _overrun(definition, meeting, room, len(approved), _title(definition, room))
    free = max(room.left, len(approved))
    election = None
    if is_contested(definition):
        standing = {one.key: one.votes_for for one in lines if one.qualified and one.shortlisted}
        election = elect(definition.vote, members=meeting.members, present=meeting.present, votes=standing, places=free)
        faults += _unelected(definition, room, approved, election)
    faults += _unreasonably_refused(lines, verdicts, free=free - len(approved), tied=election.tied if election else ())
    kept = [one for one in lines if one.result == "reserve"]
    faults += _reserve_faults(definition, room, kept, free - len(approved))
    order = sorted(kept, key=lambda one: (-one.votes_for if election else 0, one.rank or 0, one.key))
    reserve = {one.key: number for number, one in enumerate(order, start=room.reserved + 1)}
    return Judged(verdicts, election, reserve, tuple(faults))


def _title(definition: Definition, room: Room) -> str:
    return definition.pool_title(room.places.category, room.places.group)


def _alone(definition: Definition, meeting: Meeting, one: Voted, outcome: VoteOutcome) -> list[Fault]:
    """What is wrong with one result by itself."""
    if one.result not in DECISION_RESULTS:
        return [Fault(f"“{one.name}”的审定结果填写有误。", f"请选择{'、'.join(DECISION_RESULTS.values())}之一。")]
    if not meeting.present:
        return [Fault("请填写到会人数。")]
    if one.votes_for + one.votes_against > meeting.present:
        return [
            Fault(f"“{one.name}”的票数多于到会人数 {meeting.present} 人。", "请核对赞成票和反对票，弃权的不用填写。")
        ]
    if one.result == "rejected":
        return [] if outcome.valid else [Fault(f"“{one.name}”不能审定：{outcome.sentence}", CHECK)]
    word = DECISION_RESULTS[one.result]
    if not outcome.carried:
        return [Fault(f"“{one.name}”不能{word}：{outcome.sentence}", CHECK)]
    if not one.qualified:
        return [Fault(f"“{one.name}”评审未达最低要求，不能{word}。", "请按未入选处理。")]
    return _grade_faults(definition, one) if one.result == "approved" else []


CHECK = "请核对应到、到会人数和票数。"


def _grade_faults(definition: Definition, one: Voted) -> list[Fault]:
    codes = [band.code for band in bands_of(definition)]
    if not codes:
        return [Fault(f"“{one.name}”不能评定等次：创建活动没有规定等次。")] if one.grade else []
    if one.proposed == "":
        return [Fault(f"“{one.name}”没有达到任何等次，不能审定同意。", "请按未入选处理。")]
    if one.grade not in codes:
        return [Fault(f"请为“{one.name}”选择等次。")]
    if one.proposed is not None and codes.index(one.grade) < codes.index(one.proposed):
        best = grade_title(definition, one.proposed)
        return [Fault(f"“{one.name}”按得分和规定最高评为{best}，不能评为{grade_title(definition, one.grade)}。")]
    if one.grade != one.proposed and not one.reason.strip():
        said = (
            "没有评审得分可以依据" if one.proposed is None else f"按规定应评为{grade_title(definition, one.proposed)}"
        )
        return [
            Fault(f"“{one.name}”{said}，评为{grade_title(definition, one.grade)}应说明理由。", "请在该行写明理由。")
        ]
    return []


def _unreasonably_refused(
    lines: Sequence[Voted], verdicts: Mapping[str, VoteOutcome], *, free: int, tied: Sequence[str] = ()
) -> list[Fault]:
    """One that carried the vote cannot be turned down while there is a place for it."""
    return [
        Fault(
            f"“{one.name}”{verdicts[one.key].sentence}表决已经通过，不能按未入选处理。",
            "请核对票数，或改为审定同意；留待再议的选“暂不审定”。",
        )
        for one in lines
        if one.result == "rejected" and one.qualified and one.shortlisted and one.proposed != ""
        and verdicts[one.key].carried and free > 0 and one.key not in tied
    ]  # fmt: skip


def _overrun(definition: Definition, meeting: Meeting, room: Room, approved: int, title: str) -> list[Fault]:
    named = room.taken + approved
    if named <= room.total or not approved:
        return []
    said = overrun(definition, places=room.total, named=named, reason=meeting.over_reason)
    if said:
        allowed = not overrun(definition, places=room.total, named=named, reason="有")
        fewer = f"{room.places.sentence}请减少同意的数量，其余按未入选或暂不审定处理。"
        hint = "确需超出的，请填写理由和批准文号；否则请减少同意的数量。" if allowed else fewer
        return [Fault(f"{title}{said}", hint, places=True)]
    if not meeting.over_approval.strip():
        return [
            Fault(f"{title}超出名额 {named - room.total} 个，应经批准。", "请填写批准文号，例如“示例〔2019〕5号”。")
        ]
    return []


def _unelected(definition: Definition, room: Room, approved: Sequence[Voted], election: Election) -> list[Fault]:
    faults = []
    called = candidates(definition, room.total)
    for one in approved:
        if not one.shortlisted:
            faults.append(Fault(f"“{one.name}”不在差额候选的前 {called} 名，不能审定同意。", "请按未入选处理。"))
        elif one.key in election.tied:
            faults.append(
                Fault(f"“{one.name}”得票与他人相同，名额不够：{election.sentence}", "请就相同票数的再次表决。")
            )
        elif one.key not in election.elected:
            faults.append(Fault(f"“{one.name}”没有当选：{election.sentence}", "审定结果应与得票一致，请核对。"))
    return faults


def _reserve_faults(definition: Definition, room: Room, kept: Sequence[Voted], free: int) -> list[Fault]:
    if not kept:
        return []
    most, title = reserves(definition), _title(definition, room)
    if not most:
        return [Fault("创建活动没有规定递补人选。", "请选择审定同意、未入选或暂不审定。")]
    if free > 0:
        return [Fault(f"{title}还有 {free} 个空余名额，不能列为递补。", "请先审定同意，名额用完后再列递补。")]
    if room.reserved + len(kept) > most:
        return [
            Fault(f"{title}最多列 {most} 个递补，已有 {room.reserved} 个，本次 {len(kept)} 个。", "请减少递补人选。")
        ]
    return []


def passed_over(definition: Definition, lines: Sequence[Voted], ranks: Mapping[str, int]) -> Fault | None:
    """A better-placed one passed over without a reason on either line; ``ranks``: every case still in question.

    Votes tell equals apart where the programme breaks ties by them.
    """
    by_votes = any(one.by == "votes" for one in definition.scoring.tie_breaks)
    by_key = {one.key: one for one in lines}
    cast = {key: by_key[key].votes_for if by_votes and key in by_key else 0 for key in ranks}
    order = {key: (place, -cast[key]) for key, place in ranks.items()}
    chosen = [key for key in ranks if key in by_key and by_key[key].result == "approved"]
    for key, passed in out_of_order(order, chosen).items():
        explained = all(one in by_key and by_key[one].reason.strip() for one in passed)
        if not by_key[key].reason.strip() and not explained:
            return Fault(
                f"“{by_key[key].name}”排第 {ranks[key]} 名，前面还有 {len(passed)} 个没有同意。",
                "不按排名顺序审定的，请在该行写明理由。",
            )
    return None


Order = tuple[int, int]


def out_of_order(order: Mapping[str, Order], approved: Iterable[str]) -> dict[str, list[str]]:
    """For each approved case, the better-placed ones it passes over."""
    chosen = set(approved)
    left = [(place, case) for case, place in order.items() if case not in chosen]
    return {
        case: passed
        for case in chosen
        if case in order and (passed := sorted(other for place, other in left if place < order[case]))
    }
