"""Who hears of an event: higher floors subscribe to lower ones', in the same transaction.

Not Django signals: order is that of registration, and an exception in a handler rolls the whole unit of
work back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianfeng.journal.kinds import EventKind
from xianfeng.kernel.actors import Actor


@dataclass(frozen=True)
class Occurrence:
    """What a subscriber is told: the event and what it happened to, before it is written."""

    event: EventKind
    subject: Any
    actor: Actor
    at: datetime
    data: Mapping[str, Any]


Handler = Callable[[Occurrence], None]
_handlers: dict[str, list[Handler]] = {}


def subscribe(event: EventKind, handler: Handler) -> None:
    """Call ``handler`` whenever ``event`` is recorded; call this from ``AppConfig.ready``. Twice is once."""
    handlers = _handlers.setdefault(event.value, [])
    if handler not in handlers:
        handlers.append(handler)


def unsubscribe(event: EventKind, handler: Handler) -> None:
    """Undo ``subscribe``: for tests."""
    _handlers.get(event.value, []).remove(handler)


def publish(occurrence: Occurrence) -> None:
    """Run the subscribers of one occurrence, in order of registration."""
    for handler in tuple(_handlers.get(occurrence.event.value, ())):
        handler(occurrence)
