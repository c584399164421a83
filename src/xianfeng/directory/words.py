"""Kinds of organisation with their words: the house's own, and those that programmes add.

Which sort a kind is of (unit, party organisation, body) is asked here, never of the house's own tables alone.
"""

from typing import Final

from xianfeng.directory import rules
from xianfeng.kernel.vocabulary import Words

UNITS: Final = Words("unit_kinds", rules.UNIT_KINDS)
PARTIES: Final = Words("party_kinds", rules.PARTY_KINDS)
BODIES: Final = Words("body_kinds", rules.BODY_KINDS)
SORTS: Final = {"unit": UNITS, "party": PARTIES, "body": BODIES}


def kind_word(kind: str) -> str:
    """What a kind of organisation is called."""
    return SORTS[sort_of(kind)].word(kind)


def sort_of(kind: str) -> str:
    """Unit, party organisation or body: a thing of one sort never becomes another."""
    for sort, words in SORTS.items():
        if kind in words.own:
            return sort
    return "party" if kind in PARTIES else "unit"


def known(kind: str) -> bool:
    """Whether there is such a kind of organisation."""
    return any(kind in words for words in SORTS.values())


def every_kind() -> dict[str, str]:
    """All kinds, units first."""
    return {code: word for words in SORTS.values() for code, word in words.items()}


def of_sort(sort: str) -> list[str]:
    """The kinds of a sort; an association is a sort of its own in relations."""
    return list(SORTS[sort]) if sort in SORTS else [sort]


def relation_fault(kind: str, source: str, target: str) -> str:
    """Why a relation between organisations of these kinds makes no sense; empty when it does."""
    ends = rules.RELATION_ENDS.get(kind)
    if ends is None:
        return f"没有“{kind}”这种关系"
    fits = all(one == sort or sort_of(one) == sort for one, sort in zip((source, target), ends, strict=True))
    return "" if fits else rules.RELATION_FAULTS[kind]
