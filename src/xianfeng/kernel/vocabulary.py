"""Words known by a code: the house's own, and those that the programmes in use add to them.

A programme's definition may bring kinds of unit, facts or tags of its own. Pages, forms, lists and imports far below
the programmes must offer and show them, so the floor that knows them names a source here, and a word costs no
migration. What the source said is kept for a moment: a page of fifty rows asks it once, and another process hears of
a newly published word within ``FRESH`` seconds (at once when it meets a code it does not know).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

Added = Mapping[str, Mapping[str, str]]  # sort → code → word
FRESH: Final = 10.0


class _Memory:
    """What this process last heard."""

    source: Callable[[], Added] | None = None
    added: Added = {}
    heard_at: float = float("-inf")
    fresh: float = FRESH


def fed_by(source: Callable[[], Added]) -> None:
    """Name who knows the words that are added to the house's own."""
    _Memory.source = source
    _Memory.heard_at = float("-inf")


def hear() -> None:
    """Ask the source now."""
    if _Memory.source is not None:
        _Memory.added = _Memory.source()
    _Memory.heard_at = time.monotonic()


def learn(added: Added) -> None:
    """Take words in without asking: those of a definition published this moment."""
    sorts = {*_Memory.added, *added}
    _Memory.added = {sort: {**_Memory.added.get(sort, {}), **added.get(sort, {})} for sort in sorts}


def forget(*, fresh: float = FRESH) -> None:
    """Know the house's own words only, for ``fresh`` seconds (tests begin like this)."""
    _Memory.added, _Memory.heard_at, _Memory.fresh = {}, time.monotonic(), fresh


class Words(Mapping[str, str]):
    """A table code → word. The house's own words come first, and no programme can change them."""

    def __init__(self, sort: str, own: Mapping[str, str]) -> None:
        self.sort, self.own = sort, own

    def _all(self) -> dict[str, str]:
        if time.monotonic() - _Memory.heard_at > _Memory.fresh:
            hear()
        return {**self.own, **{k: word for k, word in _Memory.added.get(self.sort, {}).items() if k not in self.own}}

    def __getitem__(self, code: str) -> str:
        if code in self.own:
            return self.own[code]
        found = self._all()
        if code and code not in found:
            hear()
            found = self._all()
        return found[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def word(self, code: str) -> str:
        """The word, or the code itself where nobody knows it."""
        return self.get(code, code) if code else ""
