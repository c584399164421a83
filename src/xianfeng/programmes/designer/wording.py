"""A change list for reading: grouped by section, codes and fixed values in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xianfeng.programmes import rules
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.sections import SECTIONS, section_of
from xianfeng.programmes.rules.diff import ACTS
from xianfeng.programmes.rules.words import KEYS
from xianfeng.registry import rules as ledger

COLOURS = {"added": "green", "removed": "red", "changed": "blue", "moved": "grey"}
LONGEST = 400


@dataclass(frozen=True)
class ChangeLine:
    """One change: what was done, where, from what to what."""

    word: str
    colour: str
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one section."""

    title: str
    lines: list[ChangeLine]


def grouped(changes: Sequence[rules.Change]) -> list[ChangeGroup]:
    """Changes by section, in the sections' order."""
    found: dict[str, list[ChangeLine]] = {}
    for one in changes:
        found.setdefault(section_of(one.path).title, []).append(line(one))
    order = [one.title for one in SECTIONS]
    return [ChangeGroup(title, found[title]) for title in sorted(found, key=order.index)]


def line(change: rules.Change) -> ChangeLine:
    """One change in words."""
    moved = change.act == "moved"
    before = "" if change.act == "added" or moved else said(change.before, change.path)
    after = "" if change.act == "removed" or moved else said(change.after, change.path)
    return ChangeLine(ACTS[change.act], COLOURS[change.act], change.place, before, after)


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


def said(value: Any, path: Sequence[str | int] = ()) -> str:
    """A value as people read it; ``path`` says which vocabulary its codes are of."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    return _said(value, key)[:LONGEST] or "（无）"


def _said(value: Any, key: str) -> str:
    if value is None or value == "":
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        title = value.get("title")
        inner = "，".join(
            f"{KEYS.get(k, words.LABELS.get(k, k))} {_said(v, k)}"
            for k, v in value.items()
            if k not in ("title", "code", "title_en") and v not in (None, "", [], {}, False)
        )
        return f"{title}（{inner}）" if title and inner else str(title or inner)
    if isinstance(value, (list, tuple)):
        return "、".join(_said(one, key) for one in value) or "（无）"
    return KNOWN.get(key, {}).get(str(value), str(value))
