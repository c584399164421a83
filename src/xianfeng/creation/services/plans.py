"""The creation plan: written by the unit, accepted or returned by the working group, followed by milestones."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.creation import policies, rules
from xianfeng.creation.events import Event
from xianfeng.creation.models import CreationPlan, Milestone, PlanComment, PlanTarget, PlanVersion
from xianfeng.creation.services.access import (
    organisation_of,
    people_of,
    plan_due,
    plan_for_update,
    running_round,
    said,
    working_group_ids,
)
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere, NotPermitted
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import Round
from xianfeng.registry.models import Nominee

# (title, planned day) or, for a milestone that exists, (title, planned day, its public id)
MilestoneLine = tuple[str, date] | tuple[str, date, str]
MOST_MILESTONES = 40


def plan_save(
    *,
    round_id: int,
    organisation_id: int,
    goals: str,
    measures: str,
    first_responsible: str,
    milestones: Sequence[MilestoneLine],
    targets: Iterable[int],
    actor: Actor,
    now: datetime,
) -> CreationPlan:
    """Write (or rewrite) the party organisation's plan; ``targets`` are ids of nominees of its own or below it.

    A draft may be incomplete. Milestones named by their public id keep their progress.
    """
    row = running_round(round_id)
    organisation = organisation_of(organisation_id)
    require(policies.speaks_for, actor, organisation)
    _require_in_scope(row, organisation, now)
    CreationPlan.objects.get_or_create(round=row, organisation=organisation, defaults={"due_at": plan_due(row)})
    plan = plan_for_update(CreationPlan.objects.get(round=row, organisation=organisation).pk)
    if not plan.editable:
        raise Conflict(
            f"创建计划{rules.PLAN_STATES[plan.state]}，不能再修改。",
            "如需修改，请联系推进组退回。"
            if plan.state == "submitted"
            else "请在计划页更新里程碑的进度，需要调整的请修订计划。",
        )
    plan.goals, plan.measures = goals.strip(), measures.strip()
    plan.first_responsible = first_responsible.strip()[:60]
    _milestones_set(plan, milestones, row)
    _targets_set(plan, targets, now)
    _progress_set(plan)
    plan.save()
    journal.record(
        Event.PLAN_SAVED,
        subject=plan,
        actor=actor.under(organisation.pk),
        at=now,
        data={"milestones": len(milestones)},
        personal={"first_responsible": plan.first_responsible},
    )
    return plan


def _require_in_scope(row: Round, organisation: Organisation, now: datetime) -> None:
    if not organisation.is_party:
        raise NotPermitted("创建计划由党组织编制。", "请以所属党组织的身份办理。")
    unit = directory.unit_of(organisation, clock.local_day(now))
    if row.version.definition.group_of(unit.kind) is None:
        raise NotPermitted(f"“{organisation.name}”不在创建范围内。", "创建范围见实施方案，如有疑问请联系推进组。")


def _milestones_set(plan: CreationPlan, lines: Sequence[MilestoneLine], row: Round) -> None:
    if len(lines) > MOST_MILESTONES:
        raise Invalid(f"里程碑最多 {MOST_MILESTONES} 项。", "请合并相近的事项。")
    stage = row.stages.filter(code="create").first()
    known = {one.public_id: one for one in plan.milestones.all()}
    kept: set[str] = set()
    for line in lines:
        title, due_on = said(line[0], "里程碑的事项")[:120], line[1]
        if stage is not None and due_on < stage.starts_on:
            raise Invalid(f"里程碑“{title}”早于自主创建阶段的开始。", "请填写阶段开始之后的日期。")
        found = known.get(line[2]) if len(line) == 3 else None
        if found is None:
            Milestone.objects.create(plan=plan, title=title, due_on=due_on)
            continue
        kept.add(found.public_id)
        if (found.title, found.due_on) != (title, due_on):
            found.title, found.due_on = title, due_on
            found.save(update_fields=["title", "due_on"])
    for public_id, gone in known.items():
        if public_id not in kept:
            gone.delete()  # a draft's line; what was on record before an amendment is kept with the plan's version


def _targets_set(plan: CreationPlan, nominee_ids: Iterable[int], now: datetime) -> None:
    wanted = set(nominee_ids)
    rows = Nominee.objects.filter(pk__in=wanted).select_related(
        "organisation", "service_point__party_organisation", "member__party_organisation"
    )
    found = {one.pk: one for one in rows}
    if wanted - found.keys():
        raise NotFoundHere("所选创建对象中有不存在的。", "请刷新页面后重新选择。")
    line = {plan.organisation_id} | directory.below(plan.organisation_id, clock.local_day(now))
    categories: dict[str, str] = {one.nominee: one.code for one in plan.round.version.definition.categories}
    for one in found.values():
        if one.party.pk not in line:
            raise NotPermitted(f"“{one.name}”不属于“{plan.organisation.name}”。", "请选择本组织的创建对象。")
        if one.kind not in categories:
            raise Invalid(f"“{one.name}”没有对应的创建类别。", "请重新选择。")
    plan.targets.exclude(nominee_id__in=wanted).delete()
    have = set(plan.targets.values_list("nominee_id", flat=True))
    PlanTarget.objects.bulk_create(
        PlanTarget(plan=plan, nominee=found[pk], category=categories[found[pk].kind]) for pk in sorted(wanted - have)
    )


def _progress_set(plan: CreationPlan) -> None:
    plan.progress = rules.progress(list(plan.milestones.values_list("percent", flat=True)))


def _moved(plan: CreationPlan, act: str) -> str:
    """The plan's next state; refused with its present one when the act is out of turn."""
    state = rules.move(rules.PLAN_MOVES, plan.state, act)
    if state is None:
        raise Conflict(
            f"创建计划目前为“{rules.PLAN_STATES[plan.state]}”，不能{rules.PLAN_ACTS[act]}。",
            "请刷新页面查看最新情况。",
        )
    return state


def plan_submit(*, plan_id: int, actor: Actor, now: datetime) -> CreationPlan:
    """Hand the plan to the working group; refused with what is still missing."""
    plan = plan_for_update(plan_id)
    require(policies.speaks_for, actor, plan.organisation)
    state = _moved(plan, "submit")
    missing = rules.plan_missing(plan.goals, plan.measures, plan.first_responsible, plan.milestones.count())
    if missing:
        raise Invalid(f"创建计划还缺：{'、'.join(missing)}。", "请补充并保存后再报送。")
    plan.state, plan.submitted_at = state, now
    plan.save(update_fields=["state", "submitted_at"])
    journal.record(
        Event.PLAN_SUBMITTED,
        subject=plan,
        actor=actor.under(plan.organisation_id),
        at=now,
        data={"late": bool(plan.due_at and plan.due_at <= now) and not plan.versions.exists()},
    )
    messaging.notify(
        user_ids=people_of(working_group_ids(plan.round), now),
        title=_("待办：备案创建计划——%s") % plan.organisation.name,
        body=plan.round.title,
        link=address(plan),
        now=now,
    )
    return plan


def plan_amend(*, plan_id: int, reason: str, actor: Actor, now: datetime) -> PlanVersion:
    """Take an accepted plan up again, with a reason: what was on record is kept, what comes is accepted anew."""
    plan = plan_for_update(plan_id)
    require(policies.speaks_for, actor, plan.organisation)
    state = _moved(plan, "amend")
    why = said(reason, "修订的理由", "请写明为什么要修订，推进组据此审看。")
    version = PlanVersion.objects.create(
        plan=plan,
        number=plan.versions.count() + 1,
        goals=plan.goals,
        measures=plan.measures,
        first_responsible=plan.first_responsible,
        milestones=[
            {"title": one.title, "due_on": one.due_on.isoformat(), "percent": one.percent}
            for one in plan.milestones.all()
        ],
        accepted_at=plan.replied_at,
        reason=why,
        amended_at=now,
    )
    plan.state = state
    plan.save(update_fields=["state"])
    journal.record(
        Event.PLAN_AMENDED,
        subject=plan,
        actor=actor.under(plan.organisation_id),
        at=now,
        data={"version": version.number},
        personal={"reason": why},
    )
    return version


def plan_accept(*, plan_id: int, actor: Actor, now: datetime, reply: str = "") -> CreationPlan:
    """The working group takes the plan on record."""
    return _reply(plan_id, "accept", reply.strip(), actor, now)


def plan_return(*, plan_id: int, reply: str, actor: Actor, now: datetime) -> CreationPlan:
    """The working group sends the plan back and says what to improve."""
    return _reply(plan_id, "return", said(reply, "退回的意见", "请说明需要完善哪些内容。"), actor, now)


def _reply(plan_id: int, act: str, reply: str, actor: Actor, now: datetime) -> CreationPlan:
    plan = plan_for_update(plan_id)
    require(policies.may_guide, actor, plan.round.programme)
    require(policies.not_own_plan, actor, plan)
    plan.state = _moved(plan, act)
    plan.reply, plan.replied_at = reply, now
    plan.save(update_fields=["state", "reply", "replied_at"])
    bodies = working_group_ids(plan.round)
    journal.record(
        Event.PLAN_ACCEPTED if act == "accept" else Event.PLAN_RETURNED,
        subject=plan,
        actor=actor.under(bodies[0] if bodies else None),
        at=now,
        personal={"reply": reply},
    )
    messaging.notify(
        user_ids=people_of([plan.organisation_id], now),
        title=_("创建计划已备案") if act == "accept" else _("待办：创建计划退回完善"),
        body=reply or plan.round.title,
        link=address(plan),
        now=now,
    )
    return plan


def plan_comment(*, plan_id: int, text: str, actor: Actor, now: datetime) -> PlanComment:
    """指导意见: advice to the unit; changes no state."""
    plan = plan_for_update(plan_id)
    require(policies.may_comment, actor, plan)
    speaker = policies.comments_as(actor, plan) or plan.organisation
    row = PlanComment.objects.create(
        plan=plan, organisation=speaker, user_id=actor.user_id, text=said(text, "指导意见"), made_at=now
    )
    journal.record(
        Event.PLAN_COMMENTED,
        subject=plan,
        actor=actor.under(speaker.pk),
        at=now,
        data={"organisation": speaker.name},
        personal={"text": row.text},
    )
    messaging.notify(
        user_ids=people_of([plan.organisation_id], now),
        title=_("“%s”对创建计划提出指导意见") % speaker.label,
        body=row.text[:200],
        link=address(plan),
        now=now,
    )
    return row


def milestone_update(*, milestone_id: int, percent: int, actor: Actor, now: datetime, note: str = "") -> Milestone:
    """Say how far a milestone is; the plan's progress follows."""
    found = Milestone.objects.filter(pk=milestone_id).values_list("plan_id", flat=True).first()
    if found is None:
        raise NotFoundHere("没有找到这项里程碑。", "请从创建计划进入。")
    plan = plan_for_update(found)
    require(policies.speaks_for, actor, plan.organisation)
    if plan.editable:
        raise Conflict(f"创建计划{rules.PLAN_STATES[plan.state]}，还不能更新进度。", "请先报送创建计划。")
    if not 0 <= percent <= 100:
        raise Invalid("完成度应在 0 到 100 之间。", "请重新填写。")
    milestone = plan.milestones.get(pk=milestone_id)
    milestone.percent, milestone.note = percent, note.strip()[:300]
    milestone.done_on = (milestone.done_on or clock.local_day(now)) if percent == 100 else None
    milestone.save(update_fields=["percent", "note", "done_on"])
    _progress_set(plan)
    plan.save(update_fields=["progress"])
    journal.record(
        Event.MILESTONE_UPDATED,
        subject=plan,
        actor=actor.under(plan.organisation_id),
        at=now,
        data={"milestone": milestone.public_id, "percent": percent, "progress": plan.progress},
        personal={"milestone": milestone.title, "note": milestone.note},
    )
    return milestone


def address(plan: CreationPlan) -> str:
    """The plan's page."""
    return f"/creation/plans/{plan.public_id}/"
