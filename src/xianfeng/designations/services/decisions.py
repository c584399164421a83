"""审定: a body decides cases in one meeting, within the quota, by its vote rule, in ranking order or with a reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Decision
from xianfeng.designations.services import access
from xianfeng.directory import queries as directory
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.schema.scoring import VoteRule
from xianfeng.programmes.rules.voting import vote
from xianfeng.review.models import RankingRow


class Line(NamedTuple):
    """What the meeting decided on one case; ``votes_against`` need not add up to those present (abstentions)."""

    case_id: int
    result: str  # rules.DECISION_RESULTS
    votes_for: int = 0
    votes_against: int = 0
    reason: str = ""


def decision_record(
    *,
    round_id: int,
    tier: str,
    items: Iterable[tuple[int, str, int, int, str] | Line],
    meeting_on: date,
    document_no: str,
    present: int,
    actor: Actor,
    now: datetime,
    note: str = "",
    members: int | None = None,
) -> Decision:
    """Record one meeting of the body that decides a tier, and close the ``decide`` steps of its cases.

    ``members`` is the number entitled to vote (default: the body's people on record, or those present if more).
    Refused: over quota, without quorum or majority, out of ranking order without a reason.
    """
    row = access.round_for_update(round_id)
    lines = {line.case_id: line for line in (Line(*item) for item in items)}
    steps = access.open_steps_for_update(row=row, tier=tier, kind="decide", case_ids=lines, actor=actor)
    document = access.checked_document(document_no, meeting_on, now)
    body = steps[min(steps)].body_kind or row.version.definition.tier(tier).decided_by
    organisation = access.body_of(row, body)
    on_record = directory.people_acting_for(organisation.pk, clock.local_day(now)).count()
    entitled = members if members is not None else max(on_record, present)
    _check_votes(row.version.definition.vote, lines.values(), steps, entitled, present)
    _check_quota(row, tier, lines, steps)
    ranks = ranks_in_question(row, tier)
    _check_order(lines, steps, ranks)
    decision = access.decision_add(
        row=row,
        kind="name",
        tier=tier,
        body_kind=body,
        organisation=organisation,
        meeting_on=meeting_on,
        document_no=document,
        members=entitled,
        present=present,
        note=note,
        actor=actor,
        now=now,
    )
    journal.record(
        Event.MEETING,
        subject=decision,
        actor=actor.under(organisation.pk),
        at=now,
        data={
            "document_no": document,
            "meeting_on": meeting_on,
            "present": present,
            "members": entitled,
            "count": len(lines),
        },
        personal={"note": note.strip()} if note.strip() else None,
    )
    for case_id, step in steps.items():
        _decide_one(decision, step, lines[case_id], ranks.get(case_id), actor, now)
    return decision


def _decide_one(decision: Decision, step: Step, line: Line, rank: int | None, actor: Actor, now: datetime) -> None:
    reason = line.reason.strip()
    access.item_add(
        decision,
        step,
        line.result,
        votes_for=line.votes_for,
        votes_against=line.votes_against,
        reason=reason,
        rank=rank,
    )
    journal.record(
        Event.DECIDED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={
            "body": decision.organisation.name,
            "decision": decision.public_id,
            "document_no": decision.document_no,
            "result": line.result,
            "result_label": rules.DECISION_RESULTS[line.result],
            "votes_for": line.votes_for,
            "votes_against": line.votes_against,
        },
        personal={"reason": reason} if reason else None,
    )
    step_close(
        step=step,
        outcome=line.result,
        actor=actor,
        now=now,
        opinion=reason or decision.note,
        detail={"document_no": decision.document_no, "votes_for": line.votes_for, "votes_against": line.votes_against},
    )


def _check_votes(rule: VoteRule, lines: Iterable[Line], steps: Mapping[int, Step], members: int, present: int) -> None:
    for line in lines:
        name = steps[line.case_id].case.name
        if line.result not in rules.DECISION_RESULTS:
            raise Invalid(f"“{name}”的审定结果填写有误。", "请选择审定同意或未入选。")
        if line.votes_for + line.votes_against > present:
            raise Invalid(f"“{name}”的票数多于到会人数 {present} 人。", "请核对赞成票和反对票。")
        if line.result == "approved":
            outcome = vote(rule, members=members, present=present, in_favour=line.votes_for)
            if not outcome.carried:
                raise Invalid(f"“{name}”不能审定同意：{outcome.sentence}", "请核对应到、到会人数和票数。")
        elif not present:
            raise Invalid("请填写到会人数。")


def _check_quota(row: Round, tier: str, lines: Mapping[int, Line], steps: Mapping[int, Step]) -> None:
    wanted = Counter(steps[one.case_id].case.category for one in lines.values() if one.result == "approved")
    for category, count in wanted.items():
        places = places_of(row, tier, category)
        if places is None:
            continue
        left = max(0, places - access.taken_places(row, tier, category))
        if count > left:
            title = row.version.definition.category(category).title
            raise Conflict(
                f"{title}名额 {places} 个，还有 {left} 个空余，不能审定同意 {count} 个。",
                "请减少同意的数量，其余按未入选或暂不审定处理。",
            )


def places_of(row: Round, tier: str, category: str) -> int | None:
    """Places of a round × tier × category; None where the programme's result rule knows no quota."""
    definition = row.version.definition
    return definition.quota(tier, category, row.year) if definition.result.kind == "quota" else None


def ranks_in_question(row: Round, tier: str) -> dict[int, int]:
    """Official rank of every case that still awaits its decision, by case id; empty where nothing was ranked."""
    waiting = Case.objects.filter(round=row, tier=tier, state="open", steps__kind="decide", steps__state="open")
    return dict(RankingRow.objects.filter(case__in=waiting).values_list("case_id", "rank"))


def _check_order(lines: Mapping[int, Line], steps: Mapping[int, Step], ranks: Mapping[int, int]) -> None:
    """Rank counts within a category; passing over a better one needs a reason on either of the two."""
    by_category: dict[str, dict[int, int]] = {}
    categories = dict(Case.objects.filter(pk__in=ranks).values_list("pk", "category"))
    for case_id, rank in ranks.items():
        by_category.setdefault(categories[case_id], {})[case_id] = rank
    for known in by_category.values():
        chosen = [one for one in known if one in lines and lines[one].result == "approved"]
        for case_id, passed in rules.out_of_order(known, chosen).items():
            explained = all(one in lines and lines[one].reason.strip() for one in passed)
            if not lines[case_id].reason.strip() and not explained:
                raise Invalid(
                    f"“{steps[case_id].case.name}”排第 {known[case_id]} 名，前面还有 {len(passed)} 个没有同意。",
                    "不按排名顺序审定的，请在该行写明理由。",
                )
