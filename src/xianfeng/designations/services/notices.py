"""公示: cases put before the public for working or calendar days, once or several times; closed when they are over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import access_step_for_update, step_close
from xianfeng.designations.events import Event
from xianfeng.designations.models import NoticeItem, Objection, PublicNotice
from xianfeng.designations.rules import DAY_UNITS, OPEN_OBJECTIONS
from xianfeng.designations.services import access
from xianfeng.directory.queries import office_calendar
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.workdays import ONE_DAY, Period, deadline_instant
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Definition, Due, last_day, notice_due, objections_due, procedure
from xianfeng.ui.formats import cn_date, cn_day

CLOSE_WITHIN = 3  # working days after its end in which a notice is to be closed


@dataclass(frozen=True)
class Terms:
    """What the definition asks of a notice on these steps: how long at least, and which of how many rounds it is."""

    days: int
    working: bool
    turn: int = 1
    times: int = 1

    @property
    def in_words(self) -> str:
        """5 个工作日."""
        return f"{self.days} 个{DAY_UNITS[self.working]}"


def terms_of(row: Round, step: Step, now: datetime) -> Terms:
    """The terms of an announce step: its own period, or the programme's; months and ends of stages in calendar days."""
    definition = row.version.definition
    found = [one for one in procedure(definition, step.case.kind, step.case.tier) if one.kind == "announce"]
    spec = next((one for one in found if one.code == step.code), found[0])
    return Terms(*counted_days(spec.due or notice_due(definition), row, now), found.index(spec) + 1, len(found))


def counted_days(due: Due, row: Round, now: datetime) -> tuple[int, bool]:
    """A period as a number of days, and whether they are working days."""
    if due.working_days is not None:
        return due.working_days, True
    if due.calendar_days is not None:
        return due.calendar_days, False
    day = clock.local_day(now)
    ends = dict(row.stages.values_list("code", "ends_on"))
    last = last_day(due, on=day, calendar=office_calendar(), stage_ends=ends)
    return (max(1, (last.day - day).days) if last else 1), False


def notice_period(days: int, now: datetime, *, working: bool = True) -> Period:
    """The period of a notice published now: the day of publication is not counted."""
    return office_calendar().notice_period(clock.local_day(now), days, working)


def objections_until(definition: Definition, row: Round, period: Period, now: datetime) -> datetime:
    """Until when objections are taken: as long as the notice stands, unless the programme gives another time."""
    if definition.notice.objections.within is None:
        return period.ends_at
    days, working = counted_days(objections_due(definition), row, now)
    return notice_period(days, now, working=working).ends_at


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
    """Put decided cases before the public; ``days`` are counted as the definition counts, never fewer than its own."""
    row = access.round_for_update(round_id)
    wanted = list(dict.fromkeys(case_ids))  # the order given is the order shown
    steps = access.open_steps_for_update(row=row, tier=tier, kind="announce", case_ids=wanted, actor=actor)
    terms = _same_terms(row, [steps[one] for one in wanted], now)
    days = terms.days if days is None else days
    if days < terms.days:
        raise Invalid(f"公示期不得少于 {terms.in_words}。", "请调整公示天数。")
    if not title.strip():
        raise Invalid("请填写公示标题。")
    listed = NoticeItem.objects.filter(step__in=list(steps.values()), result="open").select_related("case").first()
    if listed is not None:
        raise Conflict(f"“{listed.case.name}”已经在公示中。", "请刷新页面后重新选择。")
    period = notice_period(days, now, working=terms.working)
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
        working=terms.working,
        turn=terms.turn,
        objections_until=objections_until(row.version.definition, row, period, now),
        calendar_known=period.known,
        published_at=now,
        published_by_id=actor.user_id,
    )
    _list_items(notice, [steps[one] for one in wanted], actor, now)
    return notice


def _same_terms(row: Round, steps: Sequence[Step], now: datetime) -> Terms:
    """The terms of all these steps; one notice never mixes rounds of notice, nor periods."""
    first = terms_of(row, steps[0], now)
    for step in steps[1:]:
        terms = terms_of(row, step, now)
        if terms != first:
            said = f"“{step.case.name}”应作第 {terms.turn} 次公示，与其他对象的公示次数或期限不同。"
            raise Invalid(said, "请分开起草公示。")
    return first


def _list_items(notice: PublicNotice, steps: list[Step], actor: Actor, now: datetime) -> None:
    acting = actor.under(steps[0].organisation_id)
    dates = {
        "starts_on": notice.starts_on,
        "ends_on": notice.ends_on,
        "days_in_words": notice.days_in_words,
        "turn": notice.turn,
        "notice": notice.public_id,
    }
    journal.record(
        Event.NOTICE_PUBLISHED,
        subject=notice,
        actor=acting,
        at=now,
        data={**dates, "count": len(steps)},
        personal={"title": notice.title},
    )
    last = clock.local_day(notice.over_at - ONE_DAY)
    due = office_calendar().add_working_days(last, CLOSE_WITHIN)
    for position, step in enumerate(steps, start=1):
        NoticeItem.objects.create(notice=notice, case=step.case, step=step, position=position)
        step.due_at, step.due_known = deadline_instant(due.day), due.known
        words = f"公示至{cn_day(last)} 24:00，期满后办结"
        step.detail = {**step.detail, "waits": words, "waits_until": notice.over_at.isoformat()}
        step.save(update_fields=["due_at", "due_known", "detail"])
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
    if now < notice.over_at:
        last = cn_date(clock.local_day(notice.over_at - ONE_DAY))
        what = "公示期" if notice.over_at == notice.ends_at else "异议提出期限"
        raise Conflict(f"{what}到{last} 24:00 才结束，现在不能办结。", "期满后再办理。")
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
    journal.record(Event.NOTICE_CLOSED, subject=notice, actor=actor, at=now, data={"cleared": len(items)})
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
    items = notice.items.filter(result="open")
    for step in Step.objects.select_for_update(of=("self",)).filter(notice_items__in=items, state="open"):
        step.detail = {name: value for name, value in step.detail.items() if name not in ("waits", "waits_until")}
        step.due_at = None
        step.save(update_fields=["detail", "due_at"])
    items.update(result="dropped")
    journal.record(
        Event.NOTICE_WITHDRAWN,
        subject=notice,
        actor=actor,
        at=now,
        personal={"reason": reason.strip()},
    )
    return notice
