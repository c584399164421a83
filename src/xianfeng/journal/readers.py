"""Who may read what an entry says: the journal stands below everything and cannot know, so it asks.

Higher floors register an answer in ``AppConfig.ready``. Without one a reader sees an entry's number, time and hashes,
never its words.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xianfeng.journal import queries
from xianfeng.journal.models import Entry
from xianfeng.kernel.actors import Actor


@dataclass(frozen=True)
class Reading:
    """What somebody may read of an entry: its sentence in words meant for them; the leaf itself; where it belongs."""

    sentence: str
    leaf: bool = True
    url: str = ""
    place: str = ""


Reader = Callable[[Actor, Entry], Reading | None]
_readers: list[Reader] = []


def register(reader: Reader) -> Reader:
    """Let some actors read some entries; also as a decorator. Twice is once."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def reading(actor: Actor, entry: Entry) -> Reading | None:
    """What this actor may read of the entry: the first answer that holds the leaf, else the first; None without."""
    first = None
    for reader in _readers:
        found = reader(actor, entry)
        if found is not None and found.leaf:
            return found
        first = first or found
    return first


@register
def _audit_administrator(actor: Actor, entry: Entry) -> Reading | None:
    return Reading(queries.sentence(entry)) if actor.has_duty("audit_admin") else None
