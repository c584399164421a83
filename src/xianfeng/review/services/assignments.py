"""Who reviews what: the draw, hand assignment, recusal with its top-up, removal, reminders."""

from collections.abc import Collection, Sequence
from datetime import datetime

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
from xianfeng.review.models import Assignment, Expert, Panel, Recusal
from xianfeng.review.rules import assignment as flow
from xianfeng.review.services.panels import access_panel_for_update, acting, lock_cases, lock_panel
from xianfeng.review.ties import conflicts


def panel_draw(*, panel_id: int, actor: Actor, now: datetime) -> list[Assignment]:
    """Draw experts for every case that lacks some, balanced, from the panel's seed; nobody already assigned is moved.

    Conflict naming the starved cases and what would help when it cannot be done; then nothing is assigned.
    """
    panel = access_panel_for_update(panel_id, actor)
    waiting = lock_cases(panel)
    experts = list(Expert.objects.filter(active=True).select_related("user"))
    plan = _Plan(panel, waiting, experts, now)
    if not plan.need:
        raise Conflict("每件申报都已分派足够的专家。", "如需更换，请先撤回分派或由专家申报回避。")
    drawn = plan.draw()
    if not drawn.complete:
        raise Conflict(*plan.explain(drawn))
    by_case, by_expert = {one.public_id: one for one in waiting}, {one.public_id: one for one in experts}
    made = [assign(panel, by_case[case], by_expert[expert], "draw", now) for case, expert in drawn.pairs]
    journal.record(
        Event.PANEL_DRAWN,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"pairs": len(made), "seed": panel.seed, "drawn": [list(pair) for pair in drawn.pairs], **plan.inputs()},
    )
    return made


class _Plan:
    """What a draw is made from: need, capacity, load and the pairs kept apart, all by public id."""

    def __init__(self, panel: Panel, waiting: Sequence[Case], experts: Sequence[Expert], now: datetime) -> None:
        self.panel, self.cases, self.experts = panel, waiting, experts
        active = queries.active_counts(waiting)
        loads = queries.loads(panel.round_id)
        self.need = {c.public_id: n for c in waiting if (n := panel.per_case - active.get(c.pk, 0)) > 0}
        self.load = {one.public_id: loads.get(one.pk, 0) for one in experts}
        self.capacity = {one.public_id: max(0, one.max_load - self.load[one.public_id]) for one in experts}
        self.reasons = conflicts(waiting, experts, clock.local_day(now))
        case_ids = {one.pk: one.public_id for one in waiting}
        expert_ids = {one.pk: one.public_id for one in experts}
        # whoever once had the case (removed, recused) is not drawn for it again
        taken = Assignment.objects.filter(case__in=waiting).values_list("case_id", "expert_id")
        apart = set(self.reasons) | set(taken)
        self.forbidden = {
            (case_ids[case], expert_ids[expert]) for case, expert in apart if case in case_ids and expert in expert_ids
        }

    def draw(self) -> flow.Draw:
        """The draw itself."""
        return flow.draw(
            need=self.need, capacity=self.capacity, load=self.load, forbidden=self.forbidden, seed=self.panel.seed
        )

    def inputs(self) -> dict[str, object]:
        """For the record: with the seed, all that somebody needs to repeat the draw."""
        return {
            "need": self.need,
            "capacity": self.capacity,
            "load": self.load,
            "apart": sorted(list(pair) for pair in self.forbidden),
        }

    def explain(self, drawn: flow.Draw) -> tuple[str, str]:
        """Which cases starve, and what would help."""
        names = {one.public_id: one.name for one in self.cases}
        starved = [f"“{names[case]}”缺 {count} 位" for case, count in sorted(drawn.starved.items())]
        message = f"专家不够，无法抽取：{'、'.join(starved[:8])}{' 等' if len(starved) > 8 else ''}。"
        extra = flow.least_raise(
            need=self.need, capacity=self.capacity, load=self.load, forbidden=self.forbidden, seed=self.panel.seed
        )
        if extra is not None:
            return message, f"把每位专家的最多评审件数提高 {extra} 件，或者增加无需回避的专家后再抽取。"
        short = max(drawn.starved.values())
        return message, f"这些申报与在库专家大多存在回避关系，请至少再增加 {short} 位无需回避的专家。"


def assign(panel: Panel, case: Case, expert: Expert, origin: str, now: datetime) -> Assignment:
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
    )
    row, _ = Assignment.objects.update_or_create(
        case=case,
        expert=expert,
        defaults={
            "panel": panel, "step": step, "state": "active", "origin": origin, "assigned_at": now, "note": "",
        },
    )  # fmt: skip
    return row


def assignment_add(*, panel_id: int, case_id: int, expert_id: int, actor: Actor, now: datetime) -> Assignment:
    """The working group names an expert for a case by hand; conflicts and load hold as in the draw."""
    panel = access_panel_for_update(panel_id, actor)
    case = own_case_barred(panel, case_id, actor)
    expert = Expert.objects.select_related("user").filter(pk=expert_id, active=True).first()
    if expert is None:
        raise NotFoundHere("没有找到这位专家，或者已不在库。", "请从专家库中选择。")
    if Assignment.objects.filter(case=case, expert=expert, state="active").exists():
        raise Conflict(f"“{expert.user.name}”已在评审这件申报。", "请另选专家。")
    if reason := conflicts([case], [expert], clock.local_day(now)).get((case.pk, expert.pk)):
        raise Conflict(f"“{expert.user.name}”应当回避：{reason}。", "请另选专家。")
    if queries.loads(panel.round_id).get(expert.pk, 0) >= expert.max_load:
        raise Conflict(f"“{expert.user.name}”已达最多评审件数（{expert.max_load} 件）。", "请另选专家或调整上限。")
    made = assign(panel, case, expert, "manual", now)
    _record(Event.ASSIGNED, panel, case, expert, actor, now)
    return made


def own_case_barred(panel: Panel, case_id: int, actor: Actor) -> Case:
    """Lock a case of the panel; who belongs to the nominee's unit leaves it to another where there is one."""
    case = next((one for one in lock_cases(panel) if one.pk == case_id), None)
    if case is None:
        raise NotFoundHere("这件申报不在该评审组，或者已不在评审环节。", "请刷新页面查看。")
    step = case.steps.filter(kind="panel", state="open").select_related("organisation").get()
    step.case = case
    require(not_own_case, actor, step)
    return case


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
    experts = list(Expert.objects.filter(active=True).select_related("user"))
    plan = _Plan(panel, [case], experts, now)
    drawn = plan.draw()
    if drawn.pairs:
        chosen = next(one for one in experts if one.public_id == drawn.pairs[0][1])
        made = assign(panel, case, chosen, "top_up", now)
        _record(Event.TOPPED_UP, panel, case, chosen, actor, now)
        return made
    if plan.need:
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
        user_ids=[row.expert.user_id], title=f"评分任务已撤回：{case.name}", body=panel.round.title, now=now
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
            once_key=f"panel:{panel.public_id}:{day}",
            now=now,
        )
    return len([one for one in waiting if not expert_ids or one.pk in expert_ids])


def _record(
    event: Event, panel: Panel, case: Case, expert: Expert, actor: Actor, now: datetime, reason: str = ""
) -> None:
    journal.record(
        event,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={"case": case.public_id, "expert": expert.public_id},
        personal={"reason": reason.strip()} if reason.strip() else None,
    )
