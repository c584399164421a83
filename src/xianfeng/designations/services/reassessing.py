"""复评: opened periodically or by a fact, opined by the working group, concluded by the office, rectified, rechecked.

The title follows its case: what ends a reassessment moves the title, by subscription to the engine's own events.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import access_step_for_update, case_open, step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationCase
from xianfeng.designations.queries.life import newest_version
from xianfeng.designations.rules import ladder
from xianfeng.designations.services import access, life, terms
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.queries import current_round


def reassessment_open(*, designation_id: int, trigger: str, reason: str, actor: Actor, now: datetime) -> Case:
    """Start a reassessment of a held title; ``trigger`` is ``periodic`` or ``triggered``."""
    designation = access.designation_for_update(designation_id)
    access.require_seat(actor, designation.round, *access.RUNNERS)
    if trigger not in ("periodic", "triggered"):
        raise Invalid("请选择定期复评或触发复评。")
    if trigger == "triggered" and not reason.strip():
        raise Invalid("触发复评应说明缘由。", "请写明是什么事实引起的。")
    return open_reassessment(designation=designation, trigger=trigger, reason=reason, actor=actor, now=now)


def reassessments_open(
    *, designation_ids: Iterable[int], trigger: str, reason: str, actor: Actor, now: datetime
) -> list[Case]:
    """Start the year's reassessments in one act: all of them or none."""
    wanted = sorted(set(designation_ids))
    if not wanted:
        raise Invalid("没有选择任何命名。", "请先勾选，再提交。")
    return [
        reassessment_open(designation_id=one, trigger=trigger, reason=reason, actor=actor, now=now) for one in wanted
    ]


def open_reassessment(*, designation: Designation, trigger: str, reason: str, actor: Actor, now: datetime) -> Case:
    """Open it for a locked title under the newest published definition; permission is the caller's."""
    before = designation.state
    after = rules.moved(before, "reassess")
    if after is None:
        raise Conflict(
            f"编号 {designation.number} 的命名现为“{rules.DESIGNATION_STATES[before]}”，不能启动复评。",
            "请刷新页面查看最新情况。",
        )
    row = current_round(designation.programme) or designation.round
    case = case_open(
        kind="reassessment",
        nominee=designation.nominee,
        round=row if row.state != "annulled" else designation.round,
        version=newest_version(designation.programme),
        tier=designation.tier,
        category=designation.category,
        actor=actor,
        now=now,
    )
    DesignationCase.objects.create(
        case=case, designation=designation, trigger=trigger, reason=reason.strip()[:300], state_before=before
    )
    designation.state = after
    designation.save(update_fields=["state"])
    label = rules.TRIGGERS[trigger]
    access.history_add(
        designation=designation, kind="reassess", on=clock.local_day(now), now=now, text=label, case=case
    )
    journal.record(
        Event.REASSESSMENT_OPENED,
        subject=designation,
        actor=actor,
        at=now,
        data={"trigger": trigger, "trigger_label": label, "case": case.public_id},
        personal={"reason": reason.strip()} if reason.strip() else None,
    )
    return case


def step_opine(*, step_id: int, opinion: str, suggestion: str, actor: Actor, now: datetime) -> Step:
    """The working group's opinion, with what it suggests the office conclude."""
    step = access_step_for_update(step_id, actor, "opine")
    _check_offered(step, suggestion, "请选择复评建议。")
    if not opinion.strip():
        raise Invalid("请填写复评意见。")
    label = rules.CONCLUSIONS[suggestion]
    journal.record(
        Event.OPINION_GIVEN,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"suggestion": suggestion, "suggestion_label": label},
        personal={"opinion": opinion.strip()},
    )
    detail = {"suggestion": suggestion, "suggestion_label": label}
    step_close(step=step, outcome="given", actor=actor, now=now, opinion=opinion.strip(), detail=detail)
    return step


def step_conclude(
    *,
    step_id: int,
    result: str,
    opinion: str,
    meeting_on: date,
    document_no: str,
    actor: Actor,
    now: datetime,
    cause: str = "",
) -> Step:
    """The office concludes by one of the outcomes of the definition's ladder; the title follows.

    A revocation may name its ``cause`` (``title_life.waiting_by_cause``): it decides how long the holder waits.
    """
    step = access_step_for_update(step_id, actor, "conclude")
    _check_offered(step, result, "请选择复评审定的结果。")
    why = _checked_cause(step, result, cause)
    if not opinion.strip():
        raise Invalid("请填写审定意见。")
    document = access.checked_document(document_no, meeting_on, now)
    _record_conclusion(step, result, opinion.strip(), meeting_on, document, why, actor, now)
    if result == "rectify":
        life.title_move(
            designation=title_of(step.case), act="rectify", actor=actor, now=now, text=document, case=step.case
        )
    detail = {"document_no": document, "meeting_on": meeting_on.isoformat()} | why
    step_close(step=step, outcome=result, actor=actor, now=now, opinion=opinion.strip(), detail=detail)
    return step


def _check_offered(step: Step, chosen: str, sentence: str) -> None:
    """Refuse what the ladder of the case's definition does not know, or what the title's grade does not allow."""
    tie = DesignationCase.objects.select_related("designation").get(case=step.case)
    if chosen not in ladder.offered(step.case.version.definition, tie.designation.grade):
        raise Invalid(sentence, "可选的结果由创建活动的处理阶梯规定。")


def _checked_cause(step: Step, result: str, cause: str) -> dict[str, str]:
    """The cause of a revocation as the record keeps it, code and title; nothing where none is named."""
    if not cause:
        return {}
    if result != "revoked":
        raise Invalid("撤销缘由只在撤销命名时选择。", "请改选审定结果，或者不选缘由。")
    for one in step.case.version.definition.title_life.waiting_by_cause:
        if one.code == cause:
            return {"cause": cause, "cause_label": one.title}
    raise Invalid("请从列出的撤销缘由中选择。", "可选的缘由由创建活动的定义规定。")


def _record_conclusion(
    step: Step,
    result: str,
    opinion: str,
    meeting_on: date,
    document: str,
    why: dict[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    row = step.case.round
    organisation = step.organisation or access.body_of(row, "office")
    decision = access.decision_add(
        row=row,
        kind="conclude",
        tier=step.case.tier,
        body_kind=step.body_kind or "office",
        organisation=organisation,
        meeting_on=meeting_on,
        document_no=document,
        note=opinion,
        actor=actor,
        now=now,
    )
    access.item_add(decision, step, result)
    journal.record(
        Event.CONCLUDED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={
            "result": result,
            "result_label": rules.CONCLUSIONS[result],
            "document_no": document,
            "meeting_on": meeting_on,
            "decision": decision.public_id,
            **why,
        },
        personal={"opinion": opinion},
    )


def rectification_report(
    *, step_id: int, text: str, actor: Actor, now: datetime, files: Sequence[StoredFile] = ()
) -> Step:
    """The nominee reports what it has put right, with proof; the office checks it."""
    step = access_step_for_update(step_id, actor, "rectify")
    if not text.strip():
        raise Invalid("请写明整改情况。", "逐条说明问题、措施和结果。")
    return _reported(step, Event.RECTIFIED, text.strip(), files, actor, now)


def progress_report(*, step_id: int, text: str, actor: Actor, now: datetime, files: Sequence[StoredFile] = ()) -> Step:
    """The nominee reports how it is getting on, where a programme names first and examines later."""
    step = access_step_for_update(step_id, actor, "report")
    if not text.strip():
        raise Invalid("请写明进展情况。", "写明做了什么、成效如何、还有什么打算。")
    return _reported(step, Event.PROGRESS_REPORTED, text.strip(), files, actor, now)


def _reported(step: Step, event: Event, text: str, files: Sequence[StoredFile], actor: Actor, now: datetime) -> Step:
    journal.record(
        event,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"files": [one.sha256 for one in files]},
        personal={"text": text},
    )
    step_close(step=step, outcome="reported", actor=actor, now=now, opinion=text, files=files)
    return step


def step_recheck(*, step_id: int, passed: bool, opinion: str, actor: Actor, now: datetime) -> Step:
    """The office checks the rectification: passed keeps the title, failed brings the case back to its conclusion."""
    step = access_step_for_update(step_id, actor, "recheck")
    if not opinion.strip():
        raise Invalid("请填写验收意见。")
    label = "合格" if passed else "不合格"
    journal.record(
        Event.RECHECKED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"passed": passed, "result_label": label},
        personal={"opinion": opinion.strip()},
    )
    outcome = "passed" if passed else "failed"
    step_close(step=step, outcome=outcome, actor=actor, now=now, opinion=opinion.strip())
    return step


# --- the title follows its case -----------------------------------------------------------------------------------


def title_of(case: Case) -> Designation:
    """The title a later case is about, locked."""
    return access.designation_for_update(
        DesignationCase.objects.values_list("designation_id", flat=True).get(case=case)
    )


def on_case_ended(happened: journal.Occurrence) -> None:
    """Subscriber to the engine: the end of a reassessment moves the title it is about."""
    case = happened.subject
    if not isinstance(case, Case) or case.kind != "reassessment":
        return
    tie = DesignationCase.objects.filter(case=case).first()
    if tie is None:
        return
    designation = access.designation_for_update(tie.designation_id)
    if designation.state not in rules.LIVE:
        return  # it ended first, and took its cases with it
    act = rules.OUTCOME_ACTS.get(case.outcome)
    if act is None:
        _put_back(designation, tie, case, happened)
        return
    concluded = _concluded(case)
    text = "，".join(part for part in (concluded.get("cause_label"), concluded.get("document_no")) if part)
    actor, now = happened.actor, happened.at
    if act in rules.ENDS:
        reason = rules.CASE_REASONS.get(case.outcome, "复评不符合标准") + (f"（{text}）" if text else "")
        cause = str(concluded.get("cause", ""))
        life.title_end(designation=designation, act=act, reason=reason, actor=actor, now=now, case=case, cause=cause)
        return
    history = "rectified" if case.outcome == "rectified" else ""
    life.title_move(designation=designation, act=act, actor=actor, now=now, text=text, case=case, history=history)
    if tie.trigger == "renewal" and act in terms.KEEPING:
        terms.title_extend(designation=designation, actor=actor, now=now, case=case)


def _concluded(case: Case) -> dict[str, Any]:
    """What the last conclusion left on record; nothing where a missed deadline ended the case."""
    last = case.steps.filter(kind="conclude", state="done").order_by("-id").first()
    return last.detail if last else {}


def _put_back(designation: Designation, tie: DesignationCase, case: Case, happened: journal.Occurrence) -> None:
    designation.state, designation.attend_on = tie.state_before, clock.local_day(happened.at)
    designation.save(update_fields=["state", "attend_on"])
    access.history_add(
        designation=designation,
        kind="restore",
        on=clock.local_day(happened.at),
        now=happened.at,
        text="复评终止，恢复原状态",
        case=case,
    )
    journal.record(
        Event.RESTORED,
        subject=designation,
        actor=happened.actor or SYSTEM,
        at=happened.at,
        data={"number": designation.number, "state": designation.state},
    )
