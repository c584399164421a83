"""Where every key of the language is edited: walked over the schema itself, so that no key can be forgotten.

Most keys have controls of their own. What is written as text (``how == "text"``) is named on the page 原文, and a test
holds the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel

from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.controls import FragmentField, control
from xianfeng.programmes.designer.sections import Section, section_of
from xianfeng.programmes.designer.shape import Shape, Slot, slots
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.schema.definition import Definition

How = Literal["control", "text", "fixed", "pieces"]


TABLES = ("Round.quotas", "Round.group_quotas")  # drawn by a page of its own: a table with sums


@dataclass(frozen=True)
class Placed:
    """A key, the section whose pages edit it, and how."""

    slot: Slot
    section: Section
    how: How

    @property
    def name(self) -> str:
        """``Model.key``."""
        return f"{self.slot.owner.__name__}.{self.slot.name}"

    @property
    def words(self) -> str:
        """``示例 · 逐项作答``: section and label."""
        return f"{self.section.title} · {words.label(self.slot)}"


@lru_cache(maxsize=1)
def placed() -> tuple[Placed, ...]:
    """Every key of the language once, in the order in which the sections show them."""
    found: dict[str, Placed] = {}
    for one in _walk(Definition, ()):
        found.setdefault(one.name, one)
    return tuple(found.values())


def _walk(model: type[BaseModel], path: Path, seen: frozenset[type[BaseModel]] = frozenset()) -> Iterator[Placed]:
    for one in slots(model):
        here = (*path, one.name)
        yield Placed(one, section_of(here), _how(one))
        for inner in _models(one.shape):
            if inner not in seen:
                yield from _walk(inner, (*here, 0), seen | {model, inner})


def _models(shape: Shape) -> Iterator[type[BaseModel]]:
    if shape.model is not None:
        yield shape.model
    yield from (model for _, model in shape.options)
    if shape.item is not None:
        yield from _models(shape.item)


def _how(slot: Slot) -> How:
    shape = slot.shape
    if f"{slot.owner.__name__}.{slot.name}" in TABLES:
        return "control"
    if slot.name == "schema_version" or (slot.name == "kind" and len(shape.values) == 1):
        return "fixed"
    if any(_models(shape)):
        return "pieces"
    if shape.kind == "map" and shape.item is not None and words.references(slot, {}) is not None:
        return "control" if shape.item.leaf else "text"
    return "text" if isinstance(control(slot, {}, None), FragmentField) else "control"
