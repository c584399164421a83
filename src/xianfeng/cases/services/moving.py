"""A step is closed, and the case goes where its outcome and the definition say."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from xianfeng import journal
from xianfeng.cases import rules
from xianfeng.cases.addressing import addressee
from xianfeng.cases.events import Event
from xianfeng.cases.models import Case, Step
from xianfeng.cases.procedure import procedure_of, stage_spec
from xianfeng.cases.services.access import access_step_for_update
from xianfeng.cases.services.asking import step_open
from xianfeng.cases.services.ending import case_end
from xianfeng.files.models import StoredFile
from xianfeng.files.services import require_few
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, UserError
from xianfeng.programmes.rules.procedures import StepSpec, period


def step_close(
    *,
    step: Step,
    outcome: str,
    actor: Actor,
    now: datetime,
    opinion: str = "",
    detail: dict[str, Any] | None = None,
    files: Sequence[StoredFile] = (),
) -> None:
    """End a locked step and open what follows. The caller holds the lock and records its own journal event first."""
    then = rules.consequence(step.kind, outcome)
    if then is None or step.state != "open" or (outcome == "skipped" and not step.optional):
        raise Conflict("该环节当前不能这样办理。", "请刷新页面后按提示办理。")
    require_few(files)
    step.files.set(files)
    _close(step, outcome, then, actor, now, opinion=opinion, detail={**step.detail, **(detail or {})})


def step_skip(*, step_id: int, reason: str, actor: Actor, now: datetime) -> Step:
    """Whoever is asked says that an optional step is not needed this time, and why; the case goes on."""
    step = access_step_for_update(step_id, actor)
    if not step.optional:
        raise Conflict("这个环节必须办理，不能略过。", "请刷新页面，按当前环节办理。")
    if not reason.strip():
        raise Invalid("请写明不需要办理的理由。", "一句话即可，会记入事项的办理过程。")
    journal.record(
        Event.STEP_SKIPPED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"kind_label": step.title, "step": step.public_id},
        personal={"reason": reason.strip()},
    )
    step_close(step=step, outcome="skipped", actor=actor, now=now, opinion=reason.strip())
    return step


def step_lapse(*, step_id: int, actor: Actor, now: datetime) -> bool:
    """The timer's act on one overdue step: what the definition says about a missed deadline. True when it acted."""
    found = Step.objects.filter(pk=step_id).values_list("case_id", flat=True).get()
    case = Case.objects.select_for_update().get(pk=found)
    step = Step.objects.select_for_update(of=("self",)).get(pk=step_id)
    step.case = case
    if step.state != "open" or step.due_at is None or step.due_at > now:
        return False
    concludes = any(one.kind == "conclude" for one in procedure_of(case))
    then = rules.missed(step.kind, step.on_missed, concludes=concludes)
    if then is None:
        return False
    journal.record(
        Event.WAIT_OVER if step.kind == "wait" else Event.STEP_LAPSED,
        subject=case,
        actor=actor,
        at=now,
        data={"kind_label": step.title, "step": step.public_id, "outcome_label": then.label},
    )
    _close(step, "lapsed", then, actor, now, opinion="", detail=step.detail)
    return True


def _close(
    step: Step, outcome: str, then: rules.Then, actor: Actor, now: datetime, *, opinion: str, detail: dict[str, Any]
) -> None:
    acting = actor.under(step.organisation_id)
    step.state = "lapsed" if outcome == "lapsed" else "done"
    step.outcome, step.opinion, step.detail = outcome, opinion, detail
    step.closed_at, step.closed_by_id = now, actor.user_id
    step.closed_as = "·".join(part for part in (acting.acting_name, actor.name) if part)[:160]
    step.save()
    if then.move is rules.Move.END:
        case_end(case=step.case, outcome=then.target, actor=actor, now=now)
    elif then.move is rules.Move.OPEN:
        _open_outcome_step(step.case, then.target, step, now)
    elif then.move is rules.Move.BACK:
        enter(step.case, _nominees_last(step.case), now)
    elif then.move is rules.Move.FORWARD:
        _forward(step.case, now)


def _nominees_last(case: Case) -> StepSpec:
    """The nominee's own step that led to where the case stands: what is returned is mended there."""
    so_far = list(takewhile(lambda one: one.code != case.stage, procedure_of(case)))
    return next((one for one in reversed(so_far) if one.to == "nominee"), procedure_of(case)[0])


def _forward(case: Case, now: datetime) -> None:
    steps = procedure_of(case)
    here = next(at for at, spec in enumerate(steps) if spec.code == case.stage)
    for following in steps[here + 1 :]:
        if not _passed_over(case, following, now):
            enter(case, following, now)
            return
    raise AssertionError(f"procedure of {case.kind} ends without an ending step")


def _passed_over(case: Case, spec: StepSpec, now: datetime) -> bool:
    """Whether nobody is there to be asked: a superior above the chain's last, or an optional step's missing one."""
    if spec.to != "superior" or addressee(case, spec.to, spec.level, now) is not None:
        return False
    if spec.level > 1 or spec.optional:
        return True
    raise UserError(f"“{case.party.name}”没有登记上级党组织。", "请联系推进组在组织目录中补登后再提交。")


def enter(case: Case, spec: StepSpec, now: datetime) -> Step:
    """Let a locked case stand at a step of its procedure, and open it."""
    case.stage = spec.code
    case.save()
    return step_open(
        case=case,
        code=spec.code,
        kind=spec.kind,
        title=spec.title,
        to=f"body:{spec.body}" if spec.body else spec.to,
        level=spec.level,
        due=spec.due,
        on_missed=spec.on_missed,
        optional=spec.optional,
        now=now,
    )


def _open_outcome_step(case: Case, kind: str, closed: Step, now: datetime) -> Step:
    """Open a step that an outcome calls for: correction, a second screening, rectification …"""
    own = [spec for spec in procedure_of(case) if spec.kind == kind]
    if own:  # a step of the procedure's own (screen, conclude again): the one it stands at, if of the kind
        return enter(case, next((spec for spec in own if spec.code == case.stage), own[0]), now)
    given = period(case.version.definition, kind)
    to = "nominee" if kind in rules.NOMINEE_KINDS else f"body:{closed.body_kind or _asking_body(case)}"
    due, on_missed = (given.due, given.on_missed) if given else (None, "remind")
    return step_open(case=case, code=kind, kind=kind, to=to, due=due, on_missed=on_missed, now=now)


def _asking_body(case: Case) -> str:
    # After the nominee's answer the question goes back to the body that stands at this stage of the procedure.
    return stage_spec(case).body or "office"


def case_recall(*, case: Case, kind: str, now: datetime) -> tuple[Step, Step]:
    """Take a locked case back to the step of this kind just before the one it stands at: (recalled, opened).

    The caller holds the lock and records its own journal event. Conflict when the case has moved on from there.
    """
    before = list(takewhile(lambda one: one.code != case.stage, procedure_of(case)))
    step = case.steps.filter(state="open", code=case.stage).first()
    if case.state != "open" or step is None or not before or before[-1].kind != kind:
        raise Conflict(f"“{case.name}”已进入后续环节，不能退回。", "请刷新页面查看最新情况。")
    step.state, step.closed_at = "cancelled", now
    step.save(update_fields=["state", "closed_at"])
    return step, enter(case, before[-1], now)
