"""Who reviews what: the draw, hand assignment, recusal with its top-up, removal, reminders."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet

from xianfeng import journal
from xianfeng.cases import services as cases
from xianfeng.cases.models import Case, Step
from xianfeng.cases.policies import not_own_case
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import Assignment, Expert, Panel, Recusal, alias_of
from xianfeng.review.rules import allotment
from xianfeng.review.services.allotting import Plan
from xianfeng.review.services.panels import access_panel_for_update, acting, lock_cases, lock_panel
from xianfeng.review.ties import conflicts


def panel_draw(*, panel_id: int, actor: Actor, now: datetime) -> list[Assignment]:
    """Draw experts for every case that lacks some, balanced, from the panel's seed; nobody already assigned is moved.

    Conflict naming the starved cases and what would help when it cannot be done; then nothing is assigned.
    """
    panel = access_panel_for_update(panel_id, actor)
    return draw_for(panel, lock_cases(panel), "draw", actor, now)


def draw_for(panel: Panel, waiting: Sequence[Case], cause: str, actor: Actor, now: datetime) -> list[Assignment]:
    """Draw for locked cases what each lacks, all or nothing, and keep the draw with all that went into it."""
    plan = Plan(panel, waiting, now)
    if not plan.given["need"]:
        raise Conflict("每件申报都已分派足够的专家。", "如需更换，请先撤回分派或由专家申报回避。")
    drawn = allotment.allot(plan.given)
    if not drawn.complete:
        raise Conflict(*plan.explain(drawn))
    kept = plan.keep(drawn, cause)
    by_case = {one.public_id: one for one in waiting}
    by_expert = {one.public_id: one for one in plan.experts}
    made = [
        assign(panel, by_case[case], by_expert[expert], "draw", now, second=by_case[case].pk in plan.second)
        for case, expert in drawn.pairs
    ]
    journal.record(
        Event.PANEL_DRAWN,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"pairs": len(made), "draw": kept.public_id, "drawn": kept.pairs, **plan.given},
    )
    return made


def assign(panel: Panel, case: Case, expert: Expert, origin: str, now: datetime, *, second: bool = False) -> Assignment:
    """Open the score step and tie it to the pair; a pair once removed is taken up again."""
    period = case.version.definition.periods.get("score")
    step = cases.step_open(
        case=case,
        code="score",
        kind="score",
        to="experts",
        user_id=expert.user_id,
        due=period.due if period else None,
        now=now,
        alias=alias_of(case) if panel.blind else "",
    )
    row, _ = Assignment.objects.update_or_create(
        case=case,
        expert=expert,
        defaults={
            "panel": panel, "step": step, "state": "active", "origin": origin, "second": second,
            "assigned_at": now, "note": "",
        },
    )  # fmt: skip
    return row


def assignment_add(*, panel_id: int, case_id: int, expert_id: int, actor: Actor, now: datetime) -> Assignment:
    """The working group names an expert for a case by hand; conflicts and load hold as in the draw."""
    panel = access_panel_for_update(panel_id, actor)
    case = own_case_barred(panel, case_id, actor)
    return seat(panel, case, expert_id, actor, now)


def seat(panel: Panel, case: Case, expert_id: int, actor: Actor, now: datetime) -> Assignment:
    """Seat a named expert on a locked case after every check the draw would make."""
    expert = Expert.objects.select_related("user").filter(pk=expert_id, active=True).first()
    if expert is None:
        raise NotFoundHere("没有找到这位专家，或者已不在库。", "请从专家库中选择。")
    held = Assignment.objects.filter(case=case, expert=expert, state="active").first()
    second = queries.at_second([case])
    if held is not None and second and not held.second:
        raise Conflict(f"“{expert.user.name}”在第一评审组评审过这件申报。", "第二评审组须由其他专家组成，请另选专家。")
    if held is not None:
        raise Conflict(f"“{expert.user.name}”已在评审这件申报。", "请另选专家。")
    if reason := conflicts([case], [expert], clock.local_day(now)).get((case.pk, expert.pk)):
        raise Conflict(f"“{expert.user.name}”应当回避：{reason}。", "请另选专家。")
    if queries.loads(panel.round_id).get(expert.pk, 0) >= expert.max_load:
        raise Conflict(f"“{expert.user.name}”已达最多评审件数（{expert.max_load} 件）。", "请另选专家或调整上限。")
    _refuse_crowd(panel, queries.seated([case], second), expert)
    made = assign(panel, case, expert, "manual", now, second=bool(second))
    _record(Event.ASSIGNED, panel, case, expert, actor, now)
    return made


def _refuse_crowd(panel: Panel, seated: QuerySet[Assignment], expert: Expert) -> None:
    """No more experts of one institution on a case than the panel allows."""
    if not panel.institution_cap:
        return
    same = sum(
        1 for row in seated.select_related("expert__employer") if row.expert.employer_label == expert.employer_label
    )
    if expert.employer_label and same >= panel.institution_cap:
        raise Conflict(
            f"这件申报已有 {same} 位专家来自“{expert.employer_label}”，同一单位至多 {panel.institution_cap} 位。",
            "请另选其他单位的专家。",
        )


def own_case_barred(panel: Panel, case_id: int, actor: Actor) -> Case:
    """Lock a case of the panel; who belongs to the nominee's unit leaves it to another where there is one."""
    (case,) = own_cases_barred(panel, [case_id], actor)
    return case


def own_cases_barred(panel: Panel, case_ids: Collection[int], actor: Actor) -> list[Case]:
    """The same for several cases at once, in ascending order."""
    found = [one for one in lock_cases(panel) if one.pk in case_ids]
    if len(found) < len(set(case_ids)):
        raise NotFoundHere("这件申报不在该评审组，或者已不在评审环节。", "请刷新页面查看。")
    for case in found:
        step = case.steps.filter(kind="panel", state="open").select_related("organisation").get()
        step.case = case
        require(not_own_case, actor, step)
    return found


def expert_recuse(*, step_id: int, reason: str, actor: Actor, now: datetime) -> Assignment | None:
    """An expert withdraws from a case; another is drawn at once and nobody else moves.

    None when there is nobody: then the working group is told to find one.
    """
    if not reason.strip():
        raise Invalid("请写明回避的事由。", "事由只有推进组看得到。")
    assignment = Assignment.objects.filter(step_id=step_id).select_related("expert").first()
    if assignment is None:
        raise NotFoundHere("没有找到这项评分任务。", "请从评分任务进入。")
    panel = lock_panel(assignment.panel_id)
    step = cases.access_step_for_update(step_id, actor, "score")
    assignment.state = "recused"
    assignment.save(update_fields=["state"])
    Recusal.objects.update_or_create(
        case_id=assignment.case_id,
        expert=assignment.expert,
        defaults={"source": "declared", "reason": reason.strip()[:300], "declared_at": now},
    )
    _record(Event.RECUSED, panel, step.case, assignment.expert, actor, now, reason)
    cases.step_close(step=step, outcome="recused", actor=actor, now=now)
    return _top_up(panel, step.case, actor, now)


def _top_up(panel: Panel, case: Case, actor: Actor, now: datetime) -> Assignment | None:
    plan = Plan(panel, [case], now)
    drawn = allotment.allot({**plan.given, "least_load": 0})
    if drawn.pairs:
        plan.given = {**plan.given, "least_load": 0}
        kept = plan.keep(drawn, "top_up")
        chosen = next(one for one in plan.experts if one.public_id == drawn.pairs[0][1])
        made = assign(panel, case, chosen, "top_up", now, second=case.pk in plan.second)
        told = {"draw": kept.public_id, "inputs": allotment.fingerprint(kept.inputs)}
        _record(Event.TOPPED_UP, panel, case, chosen, actor, now, more=told)
        return made
    if plan.given["need"]:
        journal.record(Event.NOBODY_LEFT, subject=panel, actor=actor, at=now, data={"case": case.public_id})
        messaging.notify(
            user_ids=queries.working_group_users(panel, clock.local_day(now)),
            title=f"专家回避后无人补派：{case.name}",
            body="没有可以补派的专家，请增加专家或调整最多评审件数后手工指定。",
            link=f"/review/panels/{panel.public_id}/",
            now=now,
        )
    return None


def assignment_remove(*, assignment_id: int, reason: str, actor: Actor, now: datetime) -> Assignment:
    """The working group takes a case back from an expert, with a reason; a signed sheet must be reopened first."""
    if not reason.strip():
        raise Invalid("请写明撤回分派的事由。")
    found = Assignment.objects.filter(pk=assignment_id).values_list("panel_id", "case_id").first()
    if found is None:
        raise NotFoundHere("没有找到这项分派。", "请刷新页面查看。")
    panel = access_panel_for_update(found[0], actor)
    case = own_case_barred(panel, found[1], actor)
    row = Assignment.objects.select_for_update(of=("self",)).select_related("expert").get(pk=assignment_id)
    return take_back(panel, case, row, reason, actor, now)


def take_back(panel: Panel, case: Case, row: Assignment, reason: str, actor: Actor, now: datetime) -> Assignment:
    """End an assignment of a locked case whose sheet is not signed, and tell its expert."""
    step = Step.objects.select_for_update(of=("self",)).get(pk=row.step_id)
    if row.state != "active":
        raise Conflict("这项分派已经撤回或回避。", "请刷新页面查看。")
    if step.state != "open":
        raise Conflict("该专家已签名提交，不能撤回分派。", "确需更换的，请先退回评分表并说明原因。")
    row.state, row.note = "removed", reason.strip()[:300]
    row.save(update_fields=["state", "note"])
    step.state, step.closed_at = "cancelled", now
    step.save(update_fields=["state", "closed_at"])
    _record(Event.REMOVED, panel, case, row.expert, actor, now, reason)
    messaging.notify(
        user_ids=[row.expert.user_id], title=f"评分任务已撤回：{row.shown_name}", body=panel.round.title, now=now
    )
    return row


def panel_remind(*, panel_id: int, actor: Actor, now: datetime, expert_ids: Collection[int] = ()) -> int:
    """Remind the experts whose sheets are not signed (or those named), once a day each; how many were due one."""
    panel = access_panel_for_update(panel_id, actor)
    waiting = queries.unsigned_by_expert(panel)
    day = clock.local_day(now).isoformat()
    for expert, count in waiting.items():
        if expert_ids and expert.pk not in expert_ids:
            continue
        messaging.notify(
            user_ids=[expert.user_id],
            title=f"请完成评分：还有 {count} 份评分表未签名",
            body=f"{panel.round.title}·{panel.title}",
            link="/review/queue/",
            once_key=f"{queries.reminder_key(panel)}{day}",
            now=now,
        )
    return len([one for one in waiting if not expert_ids or one.pk in expert_ids])


def _record(
    event: Event,
    panel: Panel,
    case: Case,
    expert: Expert,
    actor: Actor,
    now: datetime,
    reason: str = "",
    more: dict[str, str] | None = None,
) -> None:
    journal.record(
        event,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"case": case.public_id, "expert": expert.public_id, **(more or {})},
        personal={"reason": reason.strip()} if reason.strip() else None,
    )
