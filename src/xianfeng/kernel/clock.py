"""The one clock. Programme time may be set to a day (the demo lives in 2021); real time never is.

Only the day is set: the time of day runs on, so a demonstration left open overnight keeps its deadlines.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_cache: tuple[float, date | None] = (-1.0, None)


def _clock_file() -> Path:
    return Path(os.environ.get("XIANFENG_DATA") or "var") / "clock"


def fixed_day() -> date | None:
    """The day the programme's clock is set to, from XIANFENG_CLOCK or the data folder's ``clock`` file."""
    global _cache
    if fixed := os.environ.get("XIANFENG_CLOCK"):
        return date.fromisoformat(fixed)
    try:
        changed = _clock_file().stat().st_mtime
    except OSError:
        return None
    if changed != _cache[0]:
        _cache = (changed, date.fromisoformat(_clock_file().read_text().strip()))
    return _cache[1]


def set_day(day: date | None) -> None:
    """Set (or clear) the programme's day for every process that shares the data folder."""
    path = _clock_file()
    if day is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(day.isoformat())


def real_now() -> datetime:
    """The real instant, UTC: for sessions, tokens and recorded-at."""
    return datetime.now(UTC)


def now() -> datetime:
    """The programme's instant, UTC: frozen, or the set day at the real time of day, or real time."""
    if (frozen_at := _frozen.get()) is not None:
        return frozen_at
    real = real_now()
    if (day := fixed_day()) is None:
        return real
    local = real.astimezone(SHANGHAI)
    return datetime.combine(day, local.time(), tzinfo=SHANGHAI).astimezone(UTC)


def today() -> date:
    """The programme's day in Shanghai."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The Shanghai day an instant falls on."""
    return moment.astimezone(SHANGHAI).date()


def instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A Shanghai wall-clock moment as a UTC instant."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def is_set() -> bool:
    """Whether programme time differs from real time (a banner says so)."""
    return _frozen.get() is not None or fixed_day() is not None


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold programme time at one instant in this context: for tests and for playing a demonstration."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
