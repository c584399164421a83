"""What waits for an actor in stages 1 and 2 without being a step of a case (for the workbench)."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from xianfeng.creation import rules
from xianfeng.creation.models import CreationPlan, JointMeeting, Milestone, Problem
from xianfeng.creation.queries import Scope, Todo, participants, scope
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Programme, Round
from xianfeng.programmes.policies import seats
from xianfeng.programmes.queries import rounds

WRITING = {"draft": "报送创建计划", "returned": "完善创建计划", "amending": "报送修订的创建计划"}
MOST = 100  # of a kind; a workbench longer than this is a list page's business
FAR = datetime.max.replace(tzinfo=clock.SHANGHAI)


def collect(actor: Actor, now: datetime) -> list[Todo]:
    """Everything that waits for this actor, most urgent first."""
    seen = scope(actor, None)
    if not seen.own:
        return []
    found = [*_plans_to_write(seen, now), *_milestones(seen, now), *_problems(seen), *_meetings(seen, now)]
    for programme in {one.programme for one in seats(actor) if one.kind in ("working_group", "secretariat")}:
        there = scope(actor, programme)
        found += _to_close(there, programme)
        if there.guides:
            found += [*_to_accept(programme), *_to_minute(programme, now)]
    return sorted(found, key=lambda one: (one.due_at or FAR, one.title))


def missing_plans(row: Round, now: datetime) -> list[tuple[int, str]]:
    """Party organisations (id, name) that owe a plan and have not begun it, while the stage 自主创建 runs."""
    stage = row.stages.filter(code="create").first()
    if stage is None or not stage.starts_on <= clock.local_day(now) <= stage.ends_on:
        return []
    begun = CreationPlan.objects.filter(round=row).values("organisation_id")
    return list(participants(row, now).exclude(pk__in=begun).values_list("pk", "name"))


def _plans_to_write(seen: Scope, now: datetime) -> list[Todo]:
    found = []
    for row in rounds().filter(state="open").prefetch_related("stages"):
        stage = next((one for one in row.stages.all() if one.code == "create"), None)
        if stage is None or not stage.starts_on <= clock.local_day(now) <= stage.ends_on:
            continue
        due = workdays.deadline_instant(stage.starts_on + timedelta(days=rules.PLAN_DUE_DAYS))
        begun = CreationPlan.objects.filter(round=row).values("organisation_id")
        owing = participants(row, now).filter(pk__in=seen.own).exclude(pk__in=begun)
        found += [
            Todo(
                "编制创建计划", f"{one.name} · {row.title}", f"/creation/plans/new/?round={row.public_id}", due, "plan"
            )
            for one in owing
        ]
    for plan in _plans(Q(organisation_id__in=seen.own, state__in=("draft", "returned", "amending"))):
        title = WRITING[plan.state]
        due_at = plan.due_at if plan.state == "draft" else None
        found.append(Todo(title, _about(plan), f"/creation/plans/{plan.public_id}/", due_at, "plan"))
    return found


def _plans(which: Q) -> list[CreationPlan]:
    rows = CreationPlan.objects.filter(which, round__state="open").select_related("organisation", "round")
    return list(rows.order_by("submitted_at", "id")[:MOST])


def _about(plan: CreationPlan) -> str:
    return f"{plan.organisation.name} · {plan.round.title}"


def _to_accept(programme: Programme) -> list[Todo]:
    return [
        Todo("备案创建计划", _about(plan), f"/creation/plans/{plan.public_id}/", None, "plan")
        for plan in _plans(Q(state="submitted", round__programme=programme))
    ]


def _milestones(seen: Scope, now: datetime) -> list[Todo]:
    near = clock.local_day(now) + timedelta(days=rules.SOON_DAYS)
    rows = Milestone.objects.filter(
        plan__organisation_id__in=seen.own,
        plan__state__in=("submitted", "accepted"),
        plan__round__state="open",
        percent__lt=100,
        due_on__lte=near,
    ).select_related("plan__organisation", "plan__round")
    return [
        Todo(
            "更新里程碑进度",
            f"{one.title} · {one.plan.organisation.name}",
            f"/creation/plans/{one.plan.public_id}/",
            workdays.deadline_instant(one.due_on),
            "milestone",
        )
        for one in rows[:MOST]
    ]


def _problem_todos(title: str, which: Q) -> list[Todo]:
    rows = Problem.objects.filter(which, round__state="open").select_related("organisation")
    return [
        Todo(
            title,
            f"{one.title} · {one.organisation.name}",
            f"/creation/problems/{one.public_id}/",
            one.due_at if one.state == "open" else None,
            "problem",
        )
        for one in rows.order_by(F("due_at").asc(nulls_last=True))[:MOST]
    ]


def _problems(seen: Scope) -> list[Todo]:
    return _problem_todos("整改问题", Q(organisation_id__in=seen.own, state="open"))


def _to_close(seen: Scope, programme: Programme) -> list[Todo]:
    which = Q() if seen.guides else Q(organisation_id__in=seen.members)
    return _problem_todos("核查销号", which & Q(state="answered", round__programme=programme))


def _meetings(seen: Scope, now: datetime) -> list[Todo]:
    rows = JointMeeting.objects.filter(invited__in=seen.own, state="called", held_at__gte=now).distinct()
    return [
        Todo(
            "参加联席会议", f"{one.title} · {one.place}", f"/creation/meetings/{one.public_id}/", one.held_at, "meeting"
        )
        for one in rows.order_by("held_at")[:MOST]
    ]


def _to_minute(programme: Programme, now: datetime) -> list[Todo]:
    rows = JointMeeting.objects.filter(state="called", held_at__lt=now, round__state="open", round__programme=programme)
    return [
        Todo("记录会议纪要", one.title, f"/creation/meetings/{one.public_id}/", None, "meeting")
        for one in rows.order_by("held_at")[:MOST]
    ]
