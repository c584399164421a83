"""The engine: open a case, close a step, open what the definition says comes next."""

from datetime import datetime
from itertools import takewhile
from typing import Any

from xianfeng import journal
from xianfeng.cases import pages, policies, rules
from xianfeng.cases.addressing import addressee, deadline
from xianfeng.cases.events import Event
from xianfeng.cases.models import Case, Step
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere, NotPermitted, UserError
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.programmes.rules.procedures import StepSpec, period, procedure
from xianfeng.programmes.rules.schema.procedures import Due
from xianfeng.registry.models import Nominee


def case_open(
    *,
    kind: str,
    nominee: Nominee,
    round: Round,
    version: DefinitionVersion,
    tier: str,
    category: str,
    actor: Actor,
    now: datetime,
) -> Case:
    """Open a case and its first step. The caller has checked eligibility and who may start this kind.

    Conflict when the nominee already has an open case of this kind, tier and category in the programme.
    """
    key = f"{round.programme_id}:{kind}:{tier}:{category}:{nominee.pk}"
    Nominee.objects.select_for_update().get(pk=nominee.pk)  # capacity one: the lock comes before the check
    if Case.objects.filter(open_key=key).exists():
        raise Conflict(f"“{nominee.name}”已有办理中的{rules.CASE_KINDS[kind]}。", "请在列表中打开该事项继续办理。")
    party = nominee.party
    unit = directory.unit_of(party, clock.local_day(now))
    case = Case.objects.create(
        kind=kind,
        nominee=nominee,
        round=round,
        version=version,
        tier=tier,
        category=category,
        group=_group(version, unit),
        party=party,
        unit=unit,
        name=nominee.name,
        snapshot=snapshot(nominee, party, unit, now),
        stage="",
        opened_at=now,
        open_key=key,
    )
    # A member's name is personal: the entry carries it as a commitment, and its label says only the category.
    journal.record(
        Event.OPENED,
        subject=case,
        actor=actor.under(party.pk),
        at=now,
        data={"kind": kind, "kind_label": rules.CASE_KINDS[kind], "name": public_label(case)},
        personal={"name": nominee.name} if nominee.kind == "member" else None,
    )
    enter(case, procedure_of(case)[0], now)
    return case


def _group(version: DefinitionVersion, unit: Organisation) -> str:
    group = version.definition.group_of(unit.kind)
    if group is None:
        raise NotPermitted(f"“{unit.name}”不在创建范围内。", "创建范围见实施方案，如有疑问请联系推进组。")
    return group.code


def public_label(case: Case) -> str:
    """A label that never names a person: the category and the party organisation stand in for a member."""
    if case.nominee.kind != "member":
        return case.name
    return f"{case.version.definition.category(case.category).title}（{case.party.label}）"


def snapshot(nominee: Nominee, party: Organisation, unit: Organisation, now: datetime) -> dict[str, Any]:
    """Names and chain as of this day: kept with what is submitted or named."""
    chain = directory.superior_chain(party.pk, clock.local_day(now))
    taken: dict[str, Any] = {
        "name": nominee.name,
        "kind": nominee.kind,
        "party": party.name,
        "unit": unit.name,
        "chain": [one.name for one in chain],
        "on": clock.local_day(now).isoformat(),
    }
    if nominee.member is not None:
        taken["post"] = nominee.member.post
    return taken


def procedure_of(case: Case) -> list[StepSpec]:
    """The steps of the case under its pinned definition, levels and turns spelt out."""
    return procedure(case.version.definition, case.kind, case.tier)


def stage_spec(case: Case) -> StepSpec:
    """The procedure's step the case stands at."""
    return next(one for one in procedure_of(case) if one.code == case.stage)


def may_withdraw(case: Case) -> bool:
    """Whether the nominee may take the case back from where it stands."""
    here = stage_spec(case)
    so_far = takewhile(lambda one: one.code != here.code, procedure_of(case))
    return case.state == "open" and rules.may_withdraw(case.kind, [here.kind, *(one.kind for one in so_far)])


# --- access -----------------------------------------------------------------------------------------------------


def access_step_for_update(step_id: int, actor: Actor, *kinds: str) -> Step:
    """Lock the case, then the step, and check permission: the one way to lay hands on a step.

    NotFoundHere without such a step, NotPermitted for the wrong person, Conflict when it is no longer open.
    """
    found = Step.objects.filter(pk=step_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFoundHere("没有找到这个环节。", "请从工作台进入。")
    case = Case.objects.select_for_update().get(pk=found)
    step = Step.objects.select_for_update(of=("self",)).select_related("organisation", "user").get(pk=step_id)
    step.case = case
    if kinds and step.kind not in kinds:
        raise Conflict("这个环节不能这样办理。", "请刷新页面，按当前环节办理。")
    require(policies.is_addressee, actor, step)
    if step.state != "open":
        raise Conflict(closed_sentence(step), "您填写的内容没有提交，请刷新页面查看最新情况。")
    require(policies.not_own_case, actor, step)
    return step


def closed_sentence(step: Step) -> str:
    """Who was faster, for the person who comes too late."""
    what = step.title
    if step.state == "done" and step.closed_at:
        label = rules.outcome_label(step.kind, step.outcome)
        return f"“{what}”已由{step.closed_as or '系统'}办结（{label}）。"
    return f"“{what}”{rules.STEP_STATES[step.state]}，不能再办理。"


def access_case_for_update(case_id: int) -> Case:
    """Lock a case for an office act that is not the closing of one step."""
    return Case.objects.select_for_update().get(pk=case_id)


# --- moving -----------------------------------------------------------------------------------------------------


def step_close(
    *,
    step: Step,
    outcome: str,
    actor: Actor,
    now: datetime,
    opinion: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """End a locked step and open what follows. The caller holds the lock and records its own journal event first."""
    then = rules.consequence(step.kind, outcome)
    if then is None or step.state != "open" or (outcome == "skipped" and not step.optional):
        raise Conflict("该环节当前不能这样办理。", "请刷新页面后按提示办理。")
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
    if (
        own
    ):  # back to a step of the procedure's own (screen again, conclude again): the one it stands at, if of the kind
        return enter(case, next((spec for spec in own if spec.code == case.stage), own[0]), now)
    given = period(case.version.definition, kind)
    to = "nominee" if kind in rules.NOMINEE_KINDS else f"body:{closed.body_kind or _asking_body(case)}"
    due, on_missed = (given.due, given.on_missed) if given else (None, "remind")
    return step_open(case=case, code=kind, kind=kind, to=to, due=due, on_missed=on_missed, now=now)


def _asking_body(case: Case) -> str:
    # After the nominee's answer the question goes back to the body that stands at this stage of the procedure.
    return stage_spec(case).body or "office"


def step_open(
    *,
    case: Case,
    code: str,
    kind: str,
    to: str,
    now: datetime,
    title: str = "",
    level: int = 1,
    due: Due | None = None,
    on_missed: str = "remind",
    optional: bool = False,
    user_id: int | None = None,
    alias: str = "",
) -> Step:
    """Open one step, address it, give it its due time, and tell those it is addressed to.

    ``title`` is the definition's own; a step that an outcome opens goes by its kind's. ``alias`` stands for the nominee
    towards a person who must not know whom they judge.
    """
    body = to.removeprefix("body:") if to.startswith("body:") else ""
    # A time that must pass asks nothing of anybody.
    organisation = None if user_id or kind == "wait" else addressee(case, to, level, now)
    due_at, known = deadline(case, due, now)
    step = Step.objects.create(
        case=case,
        code=code,
        kind=kind,
        title=title or rules.STEP_KINDS[kind],
        level=level,
        body_kind=body,
        organisation=organisation,
        user_id=user_id,
        opened_at=now,
        due_at=due_at,
        due_known=known,
        on_missed=on_missed,
        optional=optional,
        detail={"alias": alias} if alias else {},
    )
    messaging.notify(
        user_ids=[user_id] if user_id else people_of(organisation, now),
        title=f"待办：{step.title}——{step.called}",
        body=f"{case.round.title}",
        link=pages.url_for(step) if alias else f"/cases/{case.public_id}/",
        now=now,
    )
    return step


def people_of(organisation: Organisation | None, now: datetime) -> list[int]:
    """Ids of those who may act for an organisation now: the recipients of its messages."""
    if organisation is None:
        return []
    return list(directory.people_acting_for(organisation.pk, clock.local_day(now)).values_list("pk", flat=True))


def case_end(*, case: Case, outcome: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """End a locked case: remaining open steps are cancelled, the nominee is told."""
    case.state, case.outcome, case.ended_at, case.open_key = "ended", outcome, now, None
    case.save()
    case.steps.filter(state="open").update(state="cancelled", closed_at=now)
    event = {"withdrawn": Event.WITHDRAWN, "annulled": Event.ANNULLED}.get(outcome, Event.ENDED)
    label = rules.CASE_OUTCOMES[outcome]
    journal.record(
        event,
        subject=case,
        actor=actor,
        at=now,
        data={"outcome": outcome, "outcome_label": label, "kind": case.kind},
        personal={"reason": reason.strip()},
    )
    messaging.notify(
        user_ids=people_of(case.party, now),
        title=f"{rules.CASE_KINDS[case.kind]}办结：{label}——{case.name}",
        body=case.round.title,
        link=f"/cases/{case.public_id}/",
        now=now,
    )


def on_round_closed(happened: journal.Occurrence) -> None:
    """Subscriber to programmes: refuse to close a round with nominations or recommendations under way."""
    under_way = Case.objects.filter(round=happened.subject, state="open").exclude(kind="reassessment")
    names = [f"“{one}”" for one in under_way.order_by("id").values_list("name", flat=True)]
    if names:
        more = f"等 {len(names)} 件" if len(names) > 3 else ""
        raise Conflict(f"还有申报没有办结：{'、'.join(names[:3])}{more}。", "请先办结，或由申报单位撤回，再办结批次。")


def case_withdraw(*, case_id: int, actor: Actor, now: datetime, reason: str = "") -> Case:
    """The nominee takes its nomination back, until it is put before the public."""
    case = access_case_for_update(case_id)
    acting = {one.organisation_id for one in actor.appointments if one.duty in ("secretary", "staff", "member")}
    if case.party_id not in acting:
        raise NotPermitted("只有申报单位可以撤回自荐。", "请联系申报单位的经办人。")
    if case.state != "open":
        raise Conflict("该事项已经办结，不能撤回。", "请刷新页面查看结果。")
    if not may_withdraw(case):
        raise Conflict("该事项已进入公示或命名，不能撤回。", "如确需退出，请书面联系推进组。")
    Step.objects.filter(case=case, state="open", kind="assess").update(opinion=reason[:500])
    case.snapshot = {**case.snapshot, "withdrawal_reason": reason[:500]}
    case_end(case=case, outcome="withdrawn", actor=actor.under(case.party_id), now=now, reason=reason)
    return case
