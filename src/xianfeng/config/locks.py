"""File locks: work that two processes must not do at once (migrating, collecting static files)."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def file_lock(name: str) -> Iterator[None]:
    """Hold the data folder's lock of this name; the second comer waits, a killed holder lets go."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / f".{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
