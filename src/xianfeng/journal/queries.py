"""Reading the journal: for timelines, for the audit administrator, and for checking the whole of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q

from xianfeng.journal import checking, checkpoints, rules, tree
from xianfeng.journal.checking import NOTHING, Fault, Mark, Row, Verification
from xianfeng.journal.events import Event
from xianfeng.journal.kinds import kind
from xianfeng.journal.models import Checkpoint, Entry, EntryQuerySet, PersonalDetail
from xianfeng.journal.notes import TlogProof
from xianfeng.ui.formats import cn_date

CHUNK = 2000
MOST_HELD = 500  # personal values shown at once
BEFORE_ALL = -(1 << 63)  # a number that somebody put in below 1 is read as well
COLUMNS = (
    "seq", "leaf", "leaf_hash", "chain_hash", "nodes", "event", "subject_type", "subject_id", "subject_label",
    "actor_kind", "actor_id", "actor_label", "at", "recorded_at",
)  # fmt: skip


def entries_for(*subjects: Any) -> EntryQuerySet:
    """Entries about any of these model instances (each with ``public_id``), newest first."""
    by_type: dict[str, set[str]] = {}
    for one in subjects:
        by_type.setdefault(one._meta.label_lower, set()).add(str(one.public_id))
    return entries_about(by_type)


def entries_about(ids_by_type: Mapping[str, Iterable[str]]) -> EntryQuerySet:
    """As ``entries_for``, from ``{"cases.case": [public ids]}``: spares loading the instances."""
    wanted = Q(pk__in=())
    for subject_type, ids in ids_by_type.items():
        wanted |= Q(subject_type=subject_type, subject_id__in=list(ids))
    return Entry.objects.filter(wanted).order_by("-seq")


def around(entry: Entry) -> dict[str, Entry | None]:
    """What was recorded of the same subject before an entry and after it: ``earlier`` and ``later``."""
    same = entries_about({entry.subject_type: [entry.subject_id]})
    return {
        "earlier": same.filter(seq__lt=entry.seq).first(),
        "later": same.filter(seq__gt=entry.seq).order_by("seq").first(),
    }


def search(
    *,
    subject_id: str = "",
    subject_type: str = "",
    text: str = "",
    event: str = "",
    actor_id: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> EntryQuerySet:
    """Entries narrowed by what is given, newest first.

    ``event`` may be a prefix (``nomination``); ``text`` is looked for in labels; ``until`` is exclusive.
    """
    found = Entry.objects.order_by("-seq")
    exact = {"subject_id": subject_id, "subject_type": subject_type, "actor_id": actor_id}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if event:
        found = found.filter(Q(event=event) | Q(event__startswith=f"{event}:"))
    if text:
        found = found.filter(Q(subject_label__icontains=text) | Q(actor_label__icontains=text))
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found


def latest(count: int = 20) -> list[Entry]:
    """The newest entries."""
    return list(Entry.objects.order_by("-seq")[:count])


def entry_count() -> int:
    """How many entries there are: the last number, since there are no gaps."""
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return last or 0


def leaf_of(entry: Entry) -> dict[str, Any]:
    """The entry's leaf as a dict: ``["data"]`` holds what was recorded with it."""
    return rules.parse(entry.leaf)


ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class _Blanks(dict[str, Any]):
    """An entry's data as a sentence says it: days as 2026年11月22日, a dash for what is not there."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return cn_date(date.fromisoformat(value)) if isinstance(value, str) and ISO_DAY.fullmatch(value) else value

    def __missing__(self, key: str) -> str:
        return "—"


def phrase(entry: Entry) -> str:
    """What happened, as the event kind words it, with values of the entry's data filled in."""
    known = kind(entry.event)
    if known is None:
        return entry.event
    text = str(known.sentence)
    return text.format_map(_Blanks(leaf_of(entry)["data"])) if "{" in text else text


def sentence(entry: Entry) -> str:
    """One Chinese sentence for a page: who, what, about whom."""
    return f"{entry.actor_label}：{phrase(entry)}（{entry.subject_label}）"


def personal_of(entry: Entry) -> dict[str, str]:
    """Personal values still kept for an entry; show them only to those who may see the subject."""
    return dict(PersonalDetail.objects.filter(entry_seq=entry.seq).values_list("key", "value"))


@dataclass(frozen=True)
class Held:
    """One personal value still kept, with the entry that commits to it."""

    pk: int
    entry: Entry
    word: str
    value: str


def personal_matching(text: str, most: int = MOST_HELD) -> list[Held]:
    """Personal values that hold a text, with their entries, oldest first; for whoever is to erase them."""
    found = list(PersonalDetail.objects.filter(value__icontains=text).order_by("entry_seq", "key")[:most])
    entries = Entry.objects.in_bulk({one.entry_seq for one in found})
    return [Held(one.pk, entries[one.entry_seq], personal_word(one.key), one.value) for one in found]


def personal_word(key: str) -> str:
    """What a personal value's key is called."""
    return rules.PERSONAL_WORDS.get(key, key)


def personal_states(entry: Entry) -> list[tuple[str, str, bool]]:
    """Each personal value an entry commits to: word, commitment, whether it is still kept."""
    kept = personal_of(entry)
    return [(personal_word(key), given, key in kept) for key, given in leaf_of(entry)["personal"].items()]


def rows() -> Iterator[Row]:
    """Every stored entry in order with its personal values, in constant memory."""
    after = BEFORE_ALL
    while chunk := _page(after, CHUNK):
        last = chunk[-1][0]
        personal = _personal_between(after, last)
        for values in chunk:
            yield Row._make((*values, personal.get(values[0], NOTHING)))
        after = last


def _page(after: int, count: int) -> list[tuple[Any, ...]]:
    """The next stored entries as plain text: an ORM cursor over all of them cost ten times as much, and PostgreSQL
    wrote the whole journal to a file first."""
    moment = "CAST({} AT TIME ZONE 'UTC' AS text)" if connection.vendor == "postgresql" else "CAST({} AS text)"
    columns = ", ".join(moment.format(name) if name in ("at", "recorded_at") else name for name in COLUMNS)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM journal_entry WHERE seq > %s ORDER BY seq LIMIT {count}", [after])
            return list(cursor.fetchall())
    except (DatabaseError, UnicodeError) as error:  # text that is none: whose?
        seq = Entry.objects.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True).first()
        if count == 1:
            raise Fault(seq or 0, "条目无法读取，内容被改动") from error
        return _page(after, 1)


def _personal_between(after: int, last: int) -> dict[int, dict[str, tuple[str, str]]]:
    found: dict[int, dict[str, tuple[str, str]]] = {}
    details = PersonalDetail.objects.filter(entry_seq__gt=after, entry_seq__lte=last).order_by()
    for seq, key, salt, value in details.values_list("entry_seq", "key", "salt", "value"):
        found.setdefault(seq, {})[key] = (salt, value)
    return found


def erased() -> dict[int, frozenset[str]]:
    """Personal values that entries say were erased: number → keys. Those entries are verified like all others."""
    found: dict[int, frozenset[str]] = {}
    for leaf in Entry.objects.filter(event=Event.ERASED.value).values_list("leaf", flat=True).iterator():
        with suppress(ValueError, KeyError, TypeError):  # a damaged one is named when its turn comes
            for seq, keys in checking.erased_by(rules.parse(leaf)):
                found[seq] = found.get(seq, frozenset()) | keys
    return found


def verify(against: Iterable[Mark] = ()) -> Verification:
    """Check the whole journal, stored checkpoints included; ``against`` says what it was according to outsiders.

    Checkpoints are read first: entries written meanwhile only make the log longer. What is erased meanwhile is
    asked for again when it is missed.
    """
    try:
        marks = [*against, *checkpoints.marks()]
    except Fault as fault:
        return Verification(False, 0, rules.GENESIS, fault.seq, fault.reason)
    return checking.verify(rows(), marks, erased(), erased)


# -- proofs -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """An entry's place in the log: its hash, the path to the root, the checkpoint that holds the root."""

    entry: Entry
    checkpoint: Checkpoint
    path: tuple[bytes, ...]

    @property
    def index(self) -> int:
        """Place counted from 0, as proofs count."""
        return self.entry.seq - 1


def proof_of(entry: Entry) -> Proof | None:
    """Proof against the first checkpoint that holds the entry; None until there is one (a few minutes)."""
    checkpoint = checkpoints.covering(entry.seq)
    if checkpoint is None:
        return None
    return Proof(entry, checkpoint, tuple(tree.inclusion(entry.seq, checkpoint.size)))


def tlog_proof(entry: Entry, *, disclose: bool = False) -> str | None:
    """The entry's ``.tlog-proof`` (C2SP), to be checked without us; None until a checkpoint holds it.

    With ``disclose`` the leaf itself travels as extra data, so that whoever holds the file can compute its hash: only
    where the reader may see what the entry says.
    """
    proof = proof_of(entry)
    if proof is None:
        return None
    extra = entry.leaf.encode() if disclose else b""
    return str(TlogProof(proof.index, proof.path, checkpoints.note_of(proof.checkpoint), extra))


@dataclass(frozen=True)
class Line:
    """One entry as a list shows it to a reader: ``journal/_entries.html``."""

    entry: Entry
    sentence: str
    sealed: bool


def sealed_size() -> int:
    """How many entries the newest checkpoint holds."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def lines(rows: Iterable[Entry], words: Callable[[str], str] = str) -> list[Line]:
    """Entries as sentences, each with whether a checkpoint holds it yet; ``words`` puts them for their readers."""
    size = sealed_size()
    return [Line(one, words(f"{one.actor_label}：{phrase(one)}"), one.seq <= size) for one in rows]


def short_code(entry: Entry) -> str:
    """What fits on a certificate: the entry's number and the beginning of its hash, ``1024-9F3A7C21``."""
    return f"{entry.seq}-{entry.leaf_hash[:8].upper()}"


def by_short_code(code: str) -> Entry | None:
    """The entry a short code names; None when number and hash do not fit."""
    number, _, start = code.strip().partition("-")
    if not number.isdecimal() or len(number) > 18 or len(start) != 8:
        return None
    return Entry.objects.filter(pk=int(number), leaf_hash__startswith=start.lower()).first()
