"""Event kinds: one grammar, one registry."""

import pytest

from xianfeng import journal
from tests.factories.journal import ExampleEvent


def test_a_kind_is_its_value_and_carries_its_sentence() -> None:
    assert ExampleEvent.HAPPENED == "test:thing:happened"
    assert ExampleEvent.HAPPENED.sentence == "做了一件事"
    assert journal.kind("test:thing:happened") is ExampleEvent.HAPPENED
    assert journal.kind("no:such:kind") is None


@pytest.mark.parametrize("value", ["happened", "a:b", "a:b:c:d", "A:b:c", "a:b:c ", "a::c"])
def test_a_value_outside_the_grammar_is_refused_at_class_creation(value: str) -> None:
    with pytest.raises(journal.JournalError, match="stage:subject:act"):
        type(journal.EventKind)("Bad", (journal.EventKind,), _members(value, "坏"))


def test_a_kind_without_a_sentence_is_refused() -> None:
    with pytest.raises(journal.JournalError, match="sentence"):
        type(journal.EventKind)("Bad", (journal.EventKind,), _members("test:thing:silent", ""))


def test_two_apps_may_not_share_a_value() -> None:
    class Other(journal.EventKind):
        HAPPENED = "test:thing:happened", "别的应用的同名事件"

    Other.__module__ = "elsewhere.events"
    with pytest.raises(journal.JournalError, match="already registered"):
        journal.register(Other)


def _members(value: str, sentence: str) -> dict[str, object]:
    members = type(journal.EventKind).__prepare__("Bad", (journal.EventKind,))
    members["KIND"] = (value, sentence)
    return members  # type: ignore[return-value]
