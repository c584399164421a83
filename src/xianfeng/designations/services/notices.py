"""公示: cases put before the public for a number of working days; closed only when the days are over."""

from collections.abc import Iterable
from datetime import datetime

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import access_step_for_update, step_close
from xianfeng.designations.events import Event
from xianfeng.designations.models import NoticeItem, Objection, PublicNotice
from xianfeng.designations.rules import OPEN_OBJECTIONS
from xianfeng.designations.services import access
from xianfeng.directory.queries import office_calendar
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.workdays import Period


def notice_period(days: int, now: datetime) -> Period:
    """The period of a notice published now: the day of publication is not counted."""
    return office_calendar().notice_period(clock.local_day(now), days)


def notice_publish(
    *,
    round_id: int,
    tier: str,
    case_ids: Iterable[int],
    title: str,
    actor: Actor,
    now: datetime,
    document_no: str = "",
    body: str = "",
    contact: str = "",
    days: int | None = None,
) -> PublicNotice:
    """Put decided cases before the public; ``days`` are working days, never fewer than the definition's."""
    row = access.round_for_update(round_id)
    wanted = list(dict.fromkeys(case_ids))  # the order given is the order shown
    steps = access.open_steps_for_update(row=row, tier=tier, kind="announce", case_ids=wanted, actor=actor)
    least = row.version.definition.notice.working_days
    days = least if days is None else days
    if days < least:
        raise Invalid(f"公示期不得少于 {least} 个工作日。", "请调整公示天数。")
    if not title.strip():
        raise Invalid("请填写公示标题。")
    listed = NoticeItem.objects.filter(step__in=list(steps.values()), result="open").select_related("case").first()
    if listed is not None:
        raise Conflict(f"“{listed.case.name}”已经在公示中。", "请刷新页面后重新选择。")
    period = notice_period(days, now)
    notice = PublicNotice.objects.create(
        round=row,
        tier=tier,
        title=title.strip(),
        document_no=document_no.strip(),
        body=body.strip(),
        contact=contact.strip(),
        starts_on=period.first,
        ends_on=period.last,
        ends_at=period.ends_at,
        days=days,
        calendar_known=period.known,
        published_at=now,
        published_by_id=actor.user_id,
    )
    _list_items(notice, [steps[one] for one in wanted], actor, now)
    return notice


def _list_items(notice: PublicNotice, steps: list[Step], actor: Actor, now: datetime) -> None:
    acting = actor.under(steps[0].organisation_id)
    dates = {"starts_on": notice.starts_on, "ends_on": notice.ends_on, "days": notice.days, "notice": notice.public_id}
    journal.record(
        Event.NOTICE_PUBLISHED,
        subject=notice,
        actor=acting,
        at=now,
        data={**dates, "title": notice.title, "count": len(steps)},
    )
    for position, step in enumerate(steps, start=1):
        NoticeItem.objects.create(notice=notice, case=step.case, step=step, position=position)
        step.due_at, step.due_known = notice.ends_at, notice.calendar_known
        step.save(update_fields=["due_at", "due_known"])
        journal.record(Event.NOTICE_LISTED, subject=step.case, actor=acting, at=now, data=dates)


def notice_for_update(notice_id: int) -> PublicNotice:
    """Lock a notice: an objection and the closing of the notice wait for one another."""
    notice = (
        PublicNotice.objects.select_for_update(of=("self",))
        .select_related("round__version", "round__programme")
        .filter(pk=notice_id)
        .first()
    )
    if notice is None:
        raise NotFoundHere("没有找到这个公示。", "请从公示列表进入。")
    return notice


def notice_close(*, notice_id: int, actor: Actor, now: datetime) -> PublicNotice:
    """End a notice whose days are over and whose objections are all answered; what is left on it goes on to naming."""
    notice = notice_for_update(notice_id)
    if notice.state != "open":
        raise Conflict("这个公示已经结束。", "请刷新页面查看结果。")
    if now < notice.ends_at:
        last = f"{notice.ends_on.year}年{notice.ends_on.month}月{notice.ends_on.day}日"
        raise Conflict(f"公示期到{last} 24:00 才结束，现在不能办结。", "期满后再办理。")
    # Those filed against an earlier, withdrawn notice of the same case count as well.
    listed = notice.items.filter(result="open").values("step_id")
    waiting = Objection.objects.filter(item__step__in=listed, state__in=OPEN_OBJECTIONS).count()
    if waiting:
        raise Conflict(f"还有 {waiting} 件异议没有处理完。", "请先在异议列表中处理。")
    items = list(notice.items.filter(result="open"))
    locked = Case.objects.select_for_update().filter(pk__in=[one.case_id for one in items]).order_by("id")
    order = {case.pk: number for number, case in enumerate(locked)}
    items.sort(key=lambda one: order[one.case_id])
    steps = [access_step_for_update(one.step_id, actor, "announce") for one in items]
    if not steps:
        access.require_seat(actor, notice.round, notice.round.version.definition.tier(notice.tier).announced_by)
    for item, step in zip(items, steps, strict=True):
        _clear(item, step, actor, now)
    notice.state, notice.closed_at = "closed", now
    notice.save(update_fields=["state", "closed_at"])
    journal.record(
        Event.NOTICE_CLOSED, subject=notice, actor=actor, at=now, data={"title": notice.title, "cleared": len(items)}
    )
    return notice


def _clear(item: NoticeItem, step: Step, actor: Actor, now: datetime) -> None:
    item.result = "cleared"
    item.save(update_fields=["result"])
    journal.record(
        Event.NOTICE_CLEARED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"notice": item.notice.public_id},
    )
    step_close(step=step, outcome="cleared", actor=actor, now=now)


def notice_withdraw(*, notice_id: int, reason: str, actor: Actor, now: datetime) -> PublicNotice:
    """Take down a notice published by mistake; its cases wait for a new one, its objections are kept and answered."""
    notice = notice_for_update(notice_id)
    access.require_seat(actor, notice.round, notice.round.version.definition.tier(notice.tier).announced_by)
    if notice.state != "open":
        raise Conflict("这个公示已经结束。", "请刷新页面查看结果。")
    if not reason.strip():
        raise Invalid("请说明撤回公示的原因。", "更正后可以重新公示，公示期重新计算。")
    notice.state, notice.closed_at = "withdrawn", now
    notice.save(update_fields=["state", "closed_at"])
    notice.items.filter(result="open").update(result="dropped")
    journal.record(
        Event.NOTICE_WITHDRAWN,
        subject=notice,
        actor=actor,
        at=now,
        data={"title": notice.title},
        personal={"reason": reason.strip()},
    )
    return notice
