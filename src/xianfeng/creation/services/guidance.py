"""Activities of the units; joint meetings and bulletins of the working group."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.creation import policies, rules
from xianfeng.creation.events import Event
from xianfeng.creation.models import Activity, Bulletin, JointMeeting
from xianfeng.creation.queries import participants
from xianfeng.creation.services.access import (
    meeting_for_update,
    organisation_of,
    people_of,
    running_round,
    said,
    working_group_ids,
)
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import Round
from xianfeng.ui.formats import cn_datetime


def activity_add(
    *,
    round_id: int,
    organisation_id: int,
    kind: str,
    title: str,
    held_on: date,
    actor: Actor,
    now: datetime,
    text: str = "",
) -> Activity:
    """Record what a unit, its union or youth branch did around the theme; seen by all, as exchange."""
    row = running_round(round_id)
    organisation = organisation_of(organisation_id)
    require(policies.speaks_for, actor, organisation)
    if kind not in rules.ACTIVITY_KINDS:
        raise Invalid("请选择活动类型。")
    if held_on > clock.local_day(now):
        raise Invalid("活动日期晚于今天。", "请在活动开展之后记录。")
    activity = Activity.objects.create(
        round=row,
        organisation=organisation,
        kind=kind,
        title=said(title, "活动名称")[:120],
        held_on=held_on,
        text=text.strip(),
    )
    journal.record(
        Event.ACTIVITY_ADDED,
        subject=activity,
        actor=actor.under(organisation.pk),
        at=now,
        data={"held_on": held_on, "kind": kind, "kind_label": rules.ACTIVITY_KINDS[kind]},
        personal={"title": activity.title},
    )
    return activity


def _as_working_group(actor: Actor, row: Round) -> Actor:
    require(policies.may_guide, actor, row.programme)
    bodies = working_group_ids(row)
    return actor.under(bodies[0] if bodies else None)


def meeting_call(
    *,
    round_id: int,
    title: str,
    held_at: datetime,
    place: str,
    invited: Iterable[int],
    actor: Actor,
    now: datetime,
    agenda: str = "",
) -> JointMeeting:
    """Call a joint meeting and tell those invited (ids of organisations)."""
    row = running_round(round_id)
    acting = _as_working_group(actor, row)
    guests = list(Organisation.objects.filter(pk__in=set(invited)))
    if not guests:
        raise Invalid("请选择参会单位。", "至少选择一个。")
    if held_at <= now:
        raise Invalid("会议时间早于现在。", "请填写将要召开的时间。")
    meeting = JointMeeting.objects.create(
        round=row,
        title=said(title, "议题")[:120],
        held_at=held_at,
        place=said(place, "地点")[:120],
        agenda=agenda.strip(),
    )
    meeting.invited.set(guests)
    journal.record(
        Event.MEETING_CALLED,
        subject=meeting,
        actor=acting,
        at=now,
        data={"invited": len(guests), "held_at": held_at},
        personal={"title": meeting.title},
    )
    _tell_invited(meeting, _("联席会议通知：%s") % meeting.title, now)
    return meeting


def _tell_invited(meeting: JointMeeting, title: str, now: datetime) -> None:
    messaging.notify(
        user_ids=people_of(meeting.invited.values_list("pk", flat=True), now),
        title=title,
        body=f"{cn_datetime(meeting.held_at)}　{meeting.place}",
        link=f"/creation/meetings/{meeting.public_id}/",
        now=now,
    )


def meeting_minute(*, meeting_id: int, minutes: str, actor: Actor, now: datetime) -> JointMeeting:
    """Write the minutes once the meeting has begun; they may be mended later."""
    meeting = meeting_for_update(meeting_id)
    acting = _as_working_group(actor, meeting.round)
    if meeting.state == "cancelled":
        raise Conflict("会议已取消，不能记录纪要。", "如已改期，请重新召集。")
    if now < meeting.held_at:
        raise Conflict("会议尚未召开，不能记录纪要。", "请在会议开始之后办理。")
    meeting.minutes, meeting.state = said(minutes, "纪要"), "held"
    meeting.save(update_fields=["minutes", "state"])
    journal.record(Event.MEETING_HELD, subject=meeting, actor=acting, at=now, personal={"minutes": meeting.minutes})
    _tell_invited(meeting, _("联席会议纪要：%s") % meeting.title, now)
    return meeting


def meeting_cancel(*, meeting_id: int, reason: str, actor: Actor, now: datetime) -> JointMeeting:
    """Cancel a meeting that has not been held."""
    meeting = meeting_for_update(meeting_id)
    acting = _as_working_group(actor, meeting.round)
    if meeting.state != "called":
        raise Conflict(f"会议{rules.MEETING_STATES[meeting.state]}，不能取消。", "请刷新页面查看最新情况。")
    reason = said(reason, "取消的原因")[:300]
    meeting.state = "cancelled"
    meeting.save(update_fields=["state"])
    journal.record(Event.MEETING_CANCELLED, subject=meeting, actor=acting, at=now, personal={"reason": reason})
    _tell_invited(meeting, _("联席会议取消：%s") % meeting.title, now)
    return meeting


def bulletin_publish(
    *, round_id: int, title: str, body: str, actor: Actor, now: datetime, public: bool = False
) -> Bulletin:
    """Publish a bulletin under the round's next number; a public one is also shown on the public site."""
    row = running_round(round_id)
    acting = _as_working_group(actor, row)
    Round.objects.select_for_update().get(pk=row.pk)  # the number is the capacity: lock before the look
    last = Bulletin.objects.filter(round=row).aggregate(last=Max("number"))["last"] or 0
    bulletin = Bulletin.objects.create(
        round=row,
        number=last + 1,
        title=said(title, "标题")[:120],
        body=said(body, "正文"),
        public=public,
        published_at=now,
    )
    journal.record(
        Event.BULLETIN_PUBLISHED,
        subject=bulletin,
        actor=acting,
        at=now,
        data={"number": bulletin.number, "public": public},
        personal={"title": bulletin.title},
    )
    messaging.notify(
        user_ids=people_of(participants(row, now).values_list("pk", flat=True), now),
        title=_("通报简报第%(number)s期：%(title)s") % {"number": bulletin.number, "title": bulletin.title},
        body=row.title,
        link=f"/creation/bulletins/{bulletin.public_id}/",
        now=now,
    )
    return bulletin
