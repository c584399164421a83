"""Who may read what an entry says: the journal stands below everything and cannot know, so it asks.

Higher floors register an answer in ``AppConfig.ready``; one yes suffices. Without it a reader sees an entry's number,
time and hashes, never its words.
"""

from collections.abc import Callable

from xianfeng.journal.models import Entry
from xianfeng.kernel.actors import Actor

Reader = Callable[[Actor, Entry], bool]
_readers: list[Reader] = []


def register(reader: Reader) -> Reader:
    """Let some actors read some entries; also as a decorator. Twice is once."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def may_read(actor: Actor, entry: Entry) -> bool:
    """Whether anybody lets this actor read the entry."""
    return any(reader(actor, entry) for reader in _readers)


@register
def _audit_administrator(actor: Actor, entry: Entry) -> bool:
    return actor.has_duty("audit_admin")
