"""The office's word on single days."""

from datetime import date, datetime

from xianfeng import journal
from xianfeng.directory import policies
from xianfeng.directory.events import Event
from xianfeng.directory.models import CalendarDay
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.policies import require


def calendar_day_set(*, day: date, working: bool, note: str = "", actor: Actor, now: datetime) -> CalendarDay:
    """Say that a day is worked or not, above the published calendar."""
    require(policies.may_set_calendar, actor, None)
    row, _ = CalendarDay.objects.update_or_create(day=day, defaults={"working": working, "note": note})
    word = "工作日" if working else "休息日"
    data = {"day": day, "word": word, "note": note}
    journal.record(Event.CALENDAR_DAY_SET, subject=row, actor=actor, at=now, data=data)
    return row
