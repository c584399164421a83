"""Event kinds: one enum per app, one grammar, one registry to find them again from a stored entry."""

import re
from enum import StrEnum
from typing import Self, TypeVar

GRAMMAR = re.compile(r"[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*){2}")


class JournalError(RuntimeError):
    """A programming error: recording outside a unit of work, a bad event kind, unrecordable data."""


class EventKind(StrEnum):
    """Base of every app's ``Event``; members are written value, then Chinese sentence.

    ``ENDORSED = "nomination:step:endorsed", "上级党组织认定同意"``. The sentence may
    name values of the entry's data: ``"发布公示，期限 {days} 个工作日"``.
    """

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Self:
        if not GRAMMAR.fullmatch(value):
            raise JournalError(f"event kind {value!r} is not of the form stage:subject:act")
        if not sentence:
            raise JournalError(f"event kind {value!r} has no Chinese sentence")
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


_registry: dict[str, EventKind] = {}
K = TypeVar("K", bound=type[EventKind])


def register(enum: K) -> K:
    """Class decorator: make an app's event kinds known; a value used by two apps is refused."""
    for member in enum:
        known = _registry.setdefault(member.value, member)
        if type(known).__module__ != enum.__module__:
            raise JournalError(f"event kind {member.value!r} is already registered by {type(known).__module__}")
    return enum


def kind(value: str) -> EventKind | None:
    """The event kind of a stored entry; None when the app that wrote it is gone."""
    return _registry.get(value)


def kinds() -> list[EventKind]:
    """Every registered event kind, in order of value."""
    return sorted(_registry.values())
