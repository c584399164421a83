"""Event kinds: one grammar, one registry."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories.journal import ExampleEvent

from xianfeng import journal

ROOT = Path(__file__).parents[2] / "src" / "xianfeng"


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


def test_every_kind_is_emitted_somewhere_and_its_sentence_is_chinese() -> None:
    """Where: every member of an app's ``Event`` is named by code that writes, not only by lists and subscribers."""
    emitted = where_emitted()
    assert "directory/services/people.py" in emitted["directory:user:added"], "the control"
    missing, dumb = [], []
    for one in journal.kinds():
        if one.value.startswith("test:"):
            continue
        if not emitted.get(one.value):
            missing.append(one.value)
        if not re.search("[\u4e00-\u9fff]|^{\\w+}$", str(one.sentence)):
            dumb.append(one.value)
    assert missing == []
    assert dumb == []


WRITERS = re.compile(r"services|tasks|triggers|printing|imports|commands|workbook|importing")


def where_emitted() -> dict[str, list[str]]:
    """Each kind's value, with the writing modules that name it."""
    members = {(type(one).__module__, one.name): one.value for one in journal.kinds()}
    found: dict[str, list[str]] = {}
    for path in ROOT.rglob("*.py"):
        place, text = str(path.relative_to(ROOT)), path.read_text()
        if not WRITERS.search(place):
            continue
        for module, alias in re.findall(r"^from (xianfeng\.\w+\.events) import Event(?: as (\w+))?$", text, flags=re.M):
            for name in re.findall(rf"\b{alias or 'Event'}\.([A-Z_0-9]+)\b", text):
                found.setdefault(members.get((module, name), ""), []).append(place)
    return found
