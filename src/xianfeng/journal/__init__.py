"""The append-only record of every decision: ``record`` inside ``unit_of_work``, nowhere else.

Other apps write ``from xianfeng import journal`` at import time (their ``events.py`` is read by their
``models.py``), so nothing here may import a model; what needs one is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xianfeng.journal.bus import Occurrence, subscribe
from xianfeng.journal.kinds import EventKind, JournalError, kind, kinds, register

if TYPE_CHECKING:
    from xianfeng.journal.recording import in_unit_of_work, record, unit_of_work

__all__ = [
    "EventKind",
    "JournalError",
    "Occurrence",
    "in_unit_of_work",
    "kind",
    "kinds",
    "record",
    "register",
    "subscribe",
    "unit_of_work",
]

_LAZY = {"in_unit_of_work", "record", "unit_of_work"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module("xianfeng.journal.recording"), name)
    raise AttributeError(name)
