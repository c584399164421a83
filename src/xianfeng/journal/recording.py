"""Writing the journal: the edge opens ``unit_of_work``, services ``record``, entries are written last."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xianfeng.journal import rules, tree
from xianfeng.journal.bus import Occurrence, publish
from xianfeng.journal.kinds import EventKind, JournalError, kind
from xianfeng.journal.models import Entry, PersonalDetail, insert
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.canonical import CanonicalError, canonical_bytes

LOCK = 0x7869616E66656E67  # "xianfeng" in ASCII: the key of PostgreSQL's advisory lock


@dataclass(eq=False)
class Draft:
    """An entry waiting in the unit of work's buffer for its number."""

    event: str
    at: datetime
    actor: dict[str, str]
    subject: dict[str, str]
    data: dict[str, Any]
    personal: dict[str, str]

    def __call__(self) -> None:
        """Do nothing: the draft itself is the marker registered with on_commit, see ``Unit.survivors``."""


@dataclass
class Unit:
    """The buffer of one unit of work."""

    drafts: list[Draft] = field(default_factory=list)

    def survivors(self) -> list[Draft]:
        """Drafts whose savepoint was not rolled back.

        Django drops the on_commit hooks of a savepoint that rolls back; each draft is such a hook, so an
        entry lives exactly as long as the change it tells of, even where a caller catches an error inside.
        """
        kept = {id(hook[1]) for hook in connection.run_on_commit}
        return [draft for draft in self.drafts if id(draft) in kept]


_current: ContextVar[Unit | None] = ContextVar("journal_unit", default=None)


def in_unit_of_work() -> bool:
    """Whether a unit of work is open in this context."""
    return _current.get() is not None


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One durable transaction that writes its buffered entries last, under the journal's lock, before COMMIT.

    Only the edge opens one (view, task, command, test); a second one inside raises, as does a surrounding
    ``atomic``.
    Any exception in the body rolls everything back and drops the buffer.
    """
    if in_unit_of_work():
        raise JournalError("units of work do not nest: only the edge opens one")
    unit = Unit()
    _current.set(unit)
    try:
        with transaction.atomic(durable=True):
            yield
            _write(unit.survivors())
    finally:
        _current.set(None)


def record(
    event: EventKind,
    *,
    subject: Any,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> None:
    """Buffer one entry and run the event's subscribers now, in this transaction.

    ``subject`` is a model instance with ``public_id``; its label is its ``journal_label`` (attribute
    or method; must not name a person), else the model's verbose name. ``data`` holds ids, labels, strings,
    integers; decimals and dates are written as strings, floats refused. ``personal`` holds names of
    persons and free text about them: the leaf gets only salted commitments.
    """
    unit = _current.get()
    if unit is None:
        raise JournalError(f"{event} recorded outside a unit of work: the edge must open journal.unit_of_work()")
    if kind(event) is None:
        raise JournalError(f"{event} is not registered: decorate its enum with @journal.register")
    draft = _draft(event, subject, actor, at, data or {}, personal or {})
    unit.drafts.append(draft)
    transaction.on_commit(draft)
    publish(Occurrence(event=event, subject=subject, actor=actor, at=at, data=draft.data))


def _draft(
    event: EventKind,
    subject: Any,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    personal: Mapping[str, str],
) -> Draft:
    try:
        rules.stamp(at)
        clean = rules.plain(data)
        canonical_bytes(clean)
    except ValueError as error:
        raise JournalError(f"{event}: {error}") from error
    return Draft(
        event=event.value,
        at=at,
        actor=rules.actor_part(actor),
        subject=subject_part(subject),
        data=clean,
        personal={key: str(value) for key, value in personal.items() if value},
    )


def subject_part(subject: Any) -> dict[str, str]:
    """The subject as the leaf names it; its label is never ``str(subject)``, which may be a person's name."""
    public_id = getattr(subject, "public_id", None)
    if not public_id:
        raise JournalError(f"{type(subject).__name__} has no public_id and cannot be a journal subject")
    label = getattr(subject, "journal_label", None)
    if callable(label):
        label = label()
    meta = subject._meta
    return {"type": meta.label_lower, "id": str(public_id), "label": str(label or meta.verbose_name)}


def _take_lock() -> None:
    # Taken last by everybody, so writers queue for the length of one COMMIT and never deadlock.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    elif connection.vendor != "sqlite":  # SQLite: the IMMEDIATE transaction already is the lock
        raise JournalError(f"the journal has no lock for {connection.vendor}")


def _write(drafts: list[Draft]) -> None:
    if not drafts:
        return
    _take_lock()
    edge, head = tree.edge()
    recorded_at = clock.real_now()
    entries: list[Entry] = []
    details: list[PersonalDetail] = []
    for draft in drafts:
        seq = edge.size + 1
        secret = [
            PersonalDetail(entry_seq=seq, key=k, salt=secrets.token_hex(16), value=v) for k, v in draft.personal.items()
        ]
        entry = _entry(seq, head, draft, recorded_at, secret)
        entry.nodes = "".join(node.hex() for node in edge.append(bytes.fromhex(entry.leaf_hash)))
        head = entry.chain_hash
        entries.append(entry)
        details += secret
    Entry.objects.append(entries)
    if details:
        insert(PersonalDetail, details)


def _entry(seq: int, head: str, draft: Draft, recorded_at: datetime, details: list[PersonalDetail]) -> Entry:
    try:
        leaf = rules.leaf_text(
            seq=seq,
            event=draft.event,
            at=draft.at,
            recorded_at=recorded_at,
            actor=draft.actor,
            subject=draft.subject,
            data=draft.data,
            personal={one.key: rules.commitment(one.salt, one.key, one.value) for one in details},
        )
    except CanonicalError as error:
        raise JournalError(f"{draft.event}: {error}") from error
    digest = rules.leaf_digest(leaf)
    return Entry(
        seq=seq,
        leaf=leaf,
        leaf_hash=digest,
        chain_hash=rules.chain(head, digest),
        event=draft.event,
        subject_type=draft.subject["type"],
        subject_id=draft.subject["id"],
        subject_label=draft.subject["label"],
        actor_kind=draft.actor["kind"],
        actor_id=draft.actor["id"],
        actor_label=draft.actor["label"],
        at=draft.at,
        recorded_at=recorded_at,
    )
