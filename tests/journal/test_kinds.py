"""Event kinds: one grammar, one registry."""

import subprocess
import sys

import pytest
from tests.factories.journal import ExampleEvent

from xianfeng import journal


def test_a_kind_is_its_value_and_carries_its_sentence() -> None:
    assert str(ExampleEvent.HAPPENED) == "test:thing:happened"
    assert ExampleEvent.HAPPENED.sentence == "做了一件事"
    assert journal.kind("test:thing:happened") is ExampleEvent.HAPPENED
    assert journal.kind("no:such:kind") is None


@pytest.mark.parametrize("value", ["happened", "a:b", "a:b:c:d", "A:b:c", "a:b:c ", "a::c"])
def test_a_value_outside_the_grammar_is_refused_at_class_creation(value: str) -> None:
    with pytest.raises(journal.JournalError, match="stage:subject:act"):
        make_kind(value, "坏")


def test_a_kind_without_a_sentence_is_refused() -> None:
    with pytest.raises(journal.JournalError, match="sentence"):
        make_kind("test:thing:silent", "")


def test_two_apps_may_not_share_a_value() -> None:
    class Other(journal.EventKind):
        HAPPENED = "test:thing:happened", "别的应用的同名事件"

    Other.__module__ = "elsewhere.events"
    with pytest.raises(journal.JournalError, match="already registered"):
        journal.register(Other)


def make_kind(value: str, sentence: str) -> None:
    class Bad(journal.EventKind):
        KIND = value, sentence


def test_the_package_imports_before_django_is_set_up() -> None:
    code = "import sys; from xianfeng import journal; assert 'django.db.models' not in sys.modules; journal.EventKind"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"})
