"""The office's word on single days."""

from datetime import date, datetime

from xianfeng import journal
from xianfeng.directory import policies
from xianfeng.directory.events import Event
from xianfeng.directory.models import CalendarDay
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require


def calendar_day_set(*, day: date, working: bool, note: str = "", actor: Actor, now: datetime) -> CalendarDay:
    """Say that a day is worked or not, above the published calendar."""
    require(policies.may_set_calendar, actor, None)
    row, _ = CalendarDay.objects.update_or_create(day=day, defaults={"working": working, "note": note})
    word = "工作日" if working else "休息日"
    data = {"day": day, "word": word}
    personal = {"reason": note.strip()}
    journal.record(Event.CALENDAR_DAY_SET, subject=row, actor=actor, at=now, data=data, personal=personal)
    return row


def calendar_day_unset(*, day: date, actor: Actor, now: datetime) -> None:
    """Take the office's word on a day back: the published calendar holds again. Deadlines already set stay."""
    require(policies.may_set_calendar, actor, None)
    row = CalendarDay.objects.select_for_update().filter(day=day).first()
    if row is None:
        raise NotFoundHere("这一天没有本办设定。", "请刷新页面查看。")
    data = {"day": day, "word": "工作日" if row.working else "休息日"}
    journal.record(Event.CALENDAR_DAY_UNSET, subject=row, actor=actor, at=now, data=data)
    row.delete()
