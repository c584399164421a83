"""Makings of journal entries: a subject without a table, actors, and one event kind of the tests' own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar

from xianfeng import journal
from xianfeng.kernel.actors import Acting, Actor, ActorKind

AT = datetime(2021, 3, 2, 2, 5, tzinfo=UTC)


@journal.register
class ExampleEvent(journal.EventKind):
    """Events of the tests."""

    HAPPENED = "test:thing:happened", "做了一件事"
    NOTICED = "test:notice:opened", "发布公示，期限 {days} 个工作日"


@dataclass
class Thing:
    """A subject as the journal sees it: a public id, a label and the model's meta."""

    public_id: str = "thing0000000001"
    journal_label: str = "示例一支部"
    _meta: ClassVar[Any] = SimpleNamespace(label_lower="tests.thing", verbose_name="事物")


def secretary() -> Actor:
    """The secretary of an example party organisation."""
    acting = Acting(7, 3, "org0000000000001", "示例上级党委", "secretary")
    return Actor(ActorKind.USER, 1, "user000000000001", "示例某", (acting,), acting)


def record(number: int = 1, **given: Any) -> None:
    """Record one example entry with ``data={"number": number}``."""
    usual: dict[str, Any] = {"subject": Thing(), "actor": secretary(), "at": AT, "data": {"number": number}}
    journal.record(given.pop("event", ExampleEvent.HAPPENED), **usual | given)


def write(count: int, **given: Any) -> None:
    """Write ``count`` example entries in one unit of work."""
    with journal.unit_of_work():
        for number in range(count):
            record(number + 1, **given)
