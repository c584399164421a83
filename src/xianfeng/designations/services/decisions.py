"""审定: a body decides cases in one meeting, within its places, by its vote rule, in ranking order or with a reason."""

from collections.abc import Iterable
from datetime import date, datetime

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.cases.services import step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Decision
from xianfeng.designations.queries import sitting
from xianfeng.designations.queries.sitting import Result
from xianfeng.designations.rules.meeting import Line, Meeting
from xianfeng.designations.services import access
from xianfeng.directory import queries as directory
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid


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
    over_reason: str = "",
    over_approval: str = "",
) -> Decision:
    """Record one meeting of the body that decides a tier, and close the ``decide`` steps of its cases.

    ``members`` is the number entitled to vote (default: the body's people on record, or those present if more).
    Refused: a result that contradicts the vote, more than there are places (but for an approved overrun), a grade
    above the rules' own, out of ranking order without a reason. One kept in reserve keeps its step open.
    """
    row = access.round_for_update(round_id)
    lines = {line.case_id: line for line in (Line(*item) for item in items)}
    steps = access.open_steps_for_update(row=row, tier=tier, kind="decide", case_ids=lines, actor=actor)
    document = access.checked_document(document_no, meeting_on, now)
    body = steps[min(steps)].body_kind or row.version.definition.tier(tier).decided_by
    organisation = access.body_of(row, body)
    on_record = directory.people_acting_for(organisation.pk, clock.local_day(now)).count()
    entitled = members if members is not None else max(on_record, present)
    judged = sitting.table(row, tier).judge(Meeting(entitled, present, over_reason, over_approval), lines)
    if judged.fault is not None:
        refused = Conflict if judged.fault.places else Invalid
        raise refused(judged.fault.message, judged.fault.hint)
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
        over_reason=over_reason.strip() if judged.over else "",
        over_approval=over_approval.strip() if judged.over else "",
        actor=actor,
        now=now,
    )
    words = {"note": decision.note, "over_reason": decision.over_reason}
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
            **({"over_approval": decision.over_approval} if judged.over else {}),
        },
        personal={name: text for name, text in words.items() if text} or None,
    )
    for case_id, step in steps.items():
        _decide_one(decision, step, lines[case_id], judged, actor, now)
    return decision


def _decide_one(decision: Decision, step: Step, line: Line, judged: Result, actor: Actor, now: datetime) -> None:
    reason, case_id = line.reason.strip(), line.case_id
    proposal = judged.proposals.get(case_id)
    item = access.item_add(
        decision,
        step,
        line.result,
        votes_for=line.votes_for,
        votes_against=line.votes_against,
        verdict=judged.sentences[case_id][:200],
        grade=line.grade if line.result == "approved" else "",
        proposed_grade=proposal.grade if proposal else "",
        trace=list(proposal.trace) if proposal else [],
        reserve=judged.reserve.get(case_id),
        reason=reason,
        rank=judged.ranks.get(case_id),
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
            **({"grade": item.grade_title} if item.grade else {}),
            **({"reserve": item.reserve} if item.reserve else {}),
        },
        personal={"reason": reason} if reason else None,
    )
    detail = {"document_no": decision.document_no, "votes_for": line.votes_for, "votes_against": line.votes_against}
    if line.result == "reserve":  # asked again when a place comes free, or turned down in the end
        step.detail = {**step.detail, **detail, "waits": f"递补第 {item.reserve} 位，有空余名额时递补"}
        step.due_at = None
        step.save(update_fields=["detail", "due_at"])
        return
    if item.grade:
        detail["grade"] = item.grade_title
    step_close(step=step, outcome=line.result, actor=actor, now=now, opinion=reason or decision.note, detail=detail)
