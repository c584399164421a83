"""Shapes of the components that are drawn from lists: what a page hands to them (dicts with these keys do as well)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StageState = Literal["done", "current", "todo", "failed", "skipped"]
GateState = Literal["pass", "fail", "unknown", "flag", "proof"]


@dataclass(frozen=True)
class Stage:
    """One point of the stage line; ``when`` is a short text of dates under it."""

    title: str
    state: StageState = "todo"
    when: str = ""


@dataclass(frozen=True)
class Task:
    """One row of a task list: what is asked, by when, where it is done; ``state`` is a chip ``(word, colour)``."""

    title: str
    url: str = ""
    subject: str = ""
    note: str = ""
    due: datetime | None = None
    word: str = ""
    colour: str = "grey"


@dataclass(frozen=True)
class Answer:
    """One line of a check-your-answers list; ``change_url`` draws 修改."""

    label: str
    value: object
    change_url: str = ""


@dataclass(frozen=True)
class Opinion:
    """One box of the opinion column: who gave which opinion when, as on the paper form."""

    title: str
    text: str = ""
    verdict: str = ""
    colour: str = "grey"
    name: str = ""
    post: str = ""
    at: datetime | None = None
    waiting: str = ""
    files: Sequence[tuple[str, str]] = ()  # name and address of what came with it


@dataclass(frozen=True)
class Happening:
    """One entry of a timeline; ``url`` leads to the journal entry."""

    title: str
    at: datetime
    who: str = ""
    text: str = ""
    url: str = ""
    colour: str = "grey"


@dataclass(frozen=True)
class GateLine:
    """One gate: its sentence, whether it holds, the fact that decided it, where to give proof."""

    sentence: str
    state: GateState
    fact: str = ""
    effect: str = ""
    proof_url: str = ""


@dataclass(frozen=True)
class Tile:
    """One piece of evidence."""

    name: str
    url: str
    kind: str = ""
    thumbnail_url: str = ""
    happened: str = ""
    used_for: str = ""
    size: str = ""
