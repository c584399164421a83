"""States and their words: one registry, so that a state has the same word and colour on every page.

Colours: grey (not begun, neutral), blue (under way, informative), amber (waits for somebody, soon late), green (done
well), red (refused, overdue), brass (a title is held), ink (ended). Never colour alone: the word stands beside it.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

COLOURS = frozenset({"grey", "blue", "amber", "green", "red", "brass", "ink"})
State = tuple[str, str]
_kinds: dict[str, dict[str, State]] = {}


def register(kind: str, states: Mapping[Any, State]) -> None:
    """Name the states of a kind: ``register("case", {State.OPEN: ("办理中", "blue")})``; calls add up."""
    known = _kinds.setdefault(kind, {})
    for state, (word, colour) in states.items():
        if colour not in COLOURS:
            raise ValueError(f"{kind}:{state}: unknown chip colour {colour!r}")
        known[key(state)] = (word, colour)


def key(state: Any) -> str:
    """The registry's key of a state: an enum's value, else its text."""
    return str(state.value if isinstance(state, Enum) else state)


def find(kind: str, state: Any) -> State:
    """Word and colour; an unknown state shows itself in grey rather than break the page."""
    return _kinds.get(kind, {}).get(key(state), (key(state), "grey"))


def word(kind: str, state: Any) -> str:
    """Only the word: for exports and sentences."""
    return find(kind, state)[0]
