"""A change list for reading: grouped by section and by the thing that changed, codes and fixed values in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from xianfeng.programmes import rules
from xianfeng.programmes.designer import sentences, words
from xianfeng.programmes.designer.sections import SECTIONS, section_of
from xianfeng.programmes.rules.diff import ACTS, LITERAL
from xianfeng.programmes.rules.words import KEYS
from xianfeng.registry import rules as ledger
from xianfeng.ui.formats import cn_date

COLOURS = {"added": "green", "removed": "red", "changed": "blue", "moved": "grey"}
LONGEST = 400


@dataclass(frozen=True)
class ChangeLine:
    """One change: what was done, to which key of a thing, from what to what."""

    word: str
    colour: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedThing:
    """What changed, and everything that changed in it: ``指标“政治责任落实”``, found at ``where``."""

    name: str
    where: str
    lines: list[ChangeLine]


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one section."""

    title: str
    things: list[ChangedThing]

    @property
    def count(self) -> int:
        """How many changes."""
        return sum(len(one.lines) for one in self.things)


Doc = Mapping[str, Any]


def grouped(changes: Sequence[rules.Change], before: Doc, after: Doc) -> list[ChangeGroup]:
    """Changes by section, in the sections' order; ``before`` and ``after`` are the documents, for codes' titles."""
    found: dict[str, list[rules.Change]] = {}
    for one in changes:
        found.setdefault(section_of(one.path).title, []).append(one)
    order = [one.title for one in SECTIONS]
    reader = _Reader(before, after)
    return [ChangeGroup(title, _things(found[title], reader)) for title in sorted(found, key=order.index)]


def _things(changes: Sequence[rules.Change], reader: "_Reader") -> list[ChangedThing]:
    things = []
    for where, lines in groupby(changes, key=lambda one: one.place.rpartition(STEP)[0]):
        above, _, name = where.rpartition(STEP)
        things.append(ChangedThing(name, above, [reader.line(one) for one in lines]))
    return things


STEP = " › "


@dataclass(frozen=True)
class _Reader:
    """Says changes in words, with the titles of both documents."""

    before: Doc
    after: Doc

    def line(self, change: rules.Change) -> ChangeLine:
        """One change in words."""
        what = change.place.rpartition(STEP)[2]
        before, after = change.shown if change.act == "moved" else ("", "")
        if change.act in ("changed", "removed"):
            before = self.piece(change.before, change, self.before)
        if change.act in ("changed", "added"):
            after = self.piece(change.after, change, self.after)
        return ChangeLine(ACTS[change.act], COLOURS[change.act], what, before, after)

    def piece(self, value: Any, change: rules.Change, document: Doc) -> str:
        """A value; a whole thing in the sentence that lists have for it."""
        if isinstance(value, Mapping) and len(change.path) > 1:
            told = sentences.told(str(change.path[-2]), value, document)
            if told:
                return told
        return said(value, change.path, document)


def _known() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for key, table in words.VALUES.items():
        tables.setdefault(key.rpartition(".")[2], {}).update(table)
    for key, (table, _) in words.VOCABULARIES.items():
        tables.setdefault(key.rpartition(".")[2], {}).update(table)
    kinds = tables.setdefault("kind", {})
    for union in ("GateTest", "Indicator", "ResultRule"):
        kinds.update(words.VALUES[union])
    tables.setdefault("kinds", {}).update(ledger.FACT_KINDS)
    return tables


KNOWN = _known()


def said(value: Any, path: Sequence[str | int] = (), document: Doc | None = None) -> str:
    """A value as people read it; ``path`` says which vocabulary its codes are of, the document which titles."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    return _said(value, key, words.titles(document or {}))[:LONGEST] or "（无）"


def _said(value: Any, key: str, titles: Mapping[str, str]) -> str:
    if value is None or value == "":
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _mapping(value, titles)
    if isinstance(value, (list, tuple)):
        return "、".join(_said(one, key, titles) for one in value) or "（无）"
    return _leaf(str(value), key, titles)


def _mapping(value: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    title = value.get("title")
    kept = ((k, v) for k, v in value.items() if k not in ("title", "code", "title_en"))
    said_of = {k: _said(v, k, titles) for k, v in kept if v not in (None, "", [], {}, False)}
    inner = "，".join(f"{_name(k, titles)} {text}" for k, text in said_of.items() if text and text != "（无）")
    return f"{title}（{inner}）" if title and inner else str(title or inner)


def _name(key: str, titles: Mapping[str, str]) -> str:
    return KEYS.get(key) or words.LABELS.get(key) or titles.get(key, key)


def _leaf(text: str, key: str, titles: Mapping[str, str]) -> str:
    if text in KNOWN.get(key, {}):
        return KNOWN[key][text]
    if key not in LITERAL and text.removeprefix("body:") in titles:
        return titles[text.removeprefix("body:")]
    try:
        return cn_date(date.fromisoformat(text)) if len(text) == len("2026-01-01") else text
    except ValueError:
        return text
