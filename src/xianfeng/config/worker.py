"""Background work of one machine: the queue of tasks, and what falls due by the clock.

An app whose matters fall due offers `tick(now)` in its `tasks.py`: it closes or opens what the hour asks
for, through services, and is safe to call any number of times.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from xianfeng.config.locks import file_lock
from xianfeng.kernel import clock

log = logging.getLogger("xianfeng.worker")
TICK_SECONDS = 30


def ticks() -> list[tuple[str, Callable[[datetime], object]]]:
    """Every app's `tasks.tick`, lower floors first."""
    found = []
    for app in reversed(settings.APPS):
        if find_spec(f"xianfeng.{app}.tasks"):
            module = importlib.import_module(f"xianfeng.{app}.tasks")
            if hasattr(module, "tick"):
                found.append((app, module.tick))
    return found


def tick() -> int:
    """Let every app do what is due now; one app's failure is logged and does not hold up the others."""
    failures = 0
    with file_lock("tick"):
        for app, due in ticks():
            try:
                due(clock.now())
            except Exception:
                failures += 1
                log.exception("tick of %s failed", app)
    return failures


def _keep_ticking(stop: threading.Event) -> None:
    while not stop.wait(TICK_SECONDS):
        close_old_connections()
        try:
            tick()
        except Exception:
            log.exception("tick failed")
        finally:
            close_old_connections()


def work(batch: bool = False) -> None:
    """Run queued tasks and ticks until stopped; with `batch` only what waits now."""
    if batch:
        tick()
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
        return
    stop = threading.Event()
    threading.Thread(target=_keep_ticking, args=(stop,), name="tick", daemon=True).start()
    try:
        call_command("db_worker", interval=1.0, verbosity=0, reload=False)
    finally:
        stop.set()
