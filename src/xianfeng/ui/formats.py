"""How dates, times, deadlines and points are written: one way, everywhere (pages, exports, documents)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from xianfeng.kernel import clock

WEEKDAYS = "一二三四五六日"
SOON = timedelta(days=3)


def local(moment: date | datetime) -> date | datetime:
    """An aware instant in Shanghai time; a plain date as it is."""
    return moment.astimezone(clock.SHANGHAI) if isinstance(moment, datetime) and moment.tzinfo else moment


def cn_date(moment: date | datetime | None) -> str:
    """2026年11月22日."""
    if not moment:  # a template gives "" for what is not there
        return ""
    day = local(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def cn_day(moment: date | datetime | None) -> str:
    """11月22日 within the programme's present year, else with the year."""
    if not moment:
        return ""
    day = local(moment)
    return f"{day.month}月{day.day}日" if day.year == clock.today().year else cn_date(moment)


def cn_time(moment: datetime | None) -> str:
    """14:02, 24 hours."""
    return f"{local(moment):%H:%M}" if moment else ""


def cn_datetime(moment: datetime | None) -> str:
    """2026年11月22日 14:02."""
    return f"{cn_date(moment)} {cn_time(moment)}" if moment else ""


def cn_weekday(day: date) -> str:
    """星期五."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def points(value: Decimal | int | None) -> str:
    """Points without trailing zeros: 8.5, 10; an em dash when there are none."""
    if value is None:
        return "—"
    exact = Decimal(value)
    return f"{exact.normalize():f}" if exact else "0"


@dataclass(frozen=True)
class Deadline:
    """A due instant in words: how long, until when, how urgent (``calm``, ``soon``, ``late``)."""

    distance: str
    moment: str
    urgency: str
    iso: str


def due_words(due: datetime) -> str:
    """The last moment: an exclusive midnight is written as 24:00 of the day before."""
    at = due.astimezone(clock.SHANGHAI)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{cn_day(at.date() - timedelta(days=1))} 24:00"
    return f"{cn_day(at)} {at:%H:%M}"


def deadline(due: datetime, now: datetime | None = None) -> Deadline:
    """Describe a due instant (exclusive) seen from ``now``, the programme's clock by default."""
    now = now or clock.now()
    last_day = clock.local_day(due - timedelta(microseconds=1))
    days = (last_day - clock.local_day(now)).days
    left = due - now
    if left <= timedelta():
        distance, urgency = (f"已逾期 {-days} 天" if days < 0 else "刚刚逾期"), "late"
    elif days == 0:
        distance, urgency = "今天截止", "soon"
    else:
        distance, urgency = f"还有 {days} 天", "soon" if left < SOON else "calm"
    return Deadline(distance, due_words(due), urgency, due.astimezone(clock.SHANGHAI).isoformat(timespec="minutes"))
