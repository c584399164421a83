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
from xianfeng.journal.models import Entry, Values
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.canonical import CanonicalError


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
        rules.canonical_text(clean).encode()  # what has no bytes is refused here, where it is said
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


def _write(drafts: list[Draft]) -> None:
    if not drafts:
        return
    # The lock is taken last by everybody, so writers queue for the length of one COMMIT and never deadlock.
    edge, head = tree.edge_locked()
    recorded_at = clock.real_now()
    entries: list[Values] = []
    details: list[Values] = []
    for draft in drafts:
        seq = edge.size + 1
        secret = [(seq, key, secrets.token_hex(16), value) for key, value in draft.personal.items()]
        leaf = _leaf(
            seq, draft, recorded_at, {key: rules.commitment(salt, key, value) for _, key, salt, value in secret}
        )
        digest = rules.leaf_digest(leaf)
        head = rules.chain(head, digest)
        nodes = b"".join(edge.append(bytes.fromhex(digest))).hex()
        actor, subject = draft.actor, draft.subject
        entries.append((
            seq, leaf, digest, head, nodes, draft.event, subject["type"], subject["id"], subject["label"],
            actor["kind"], actor["id"], actor["label"], draft.at, recorded_at,
        ))  # fmt: skip
        details += secret
    Entry.objects.append(entries, details)
    tree.remember(edge, head)


def _leaf(seq: int, draft: Draft, recorded_at: datetime, personal: Mapping[str, str]) -> str:
    try:
        return rules.leaf_text(
            seq=seq, event=draft.event, at=draft.at, recorded_at=recorded_at, actor=draft.actor, subject=draft.subject,
            data=draft.data, personal=personal,
        )  # fmt: skip
    except CanonicalError as error:
        raise JournalError(f"{draft.event}: {error}") from error
