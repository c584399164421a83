"""Checkpoints: signed statements of what the log is, kept here and with others, and the cosignatures of others."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from xianfeng.journal import merkle, signing, tree
from xianfeng.journal.checking import Fault, Mark
from xianfeng.journal.models import Checkpoint, Cosignature, Entry
from xianfeng.journal.notes import COSIGNATURE, Head, Note, NoteError, Signature, VerifierKey, signature_lines
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere

EVERY = timedelta(minutes=5)


def all_checkpoints() -> QuerySet[Checkpoint]:
    """Checkpoints with their cosignatures, the largest first."""
    return Checkpoint.objects.prefetch_related(Prefetch("cosignatures", Cosignature.objects.order_by("id")))


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return all_checkpoints().first()


def at_size(size: int) -> Checkpoint:
    """The checkpoint of a size; NotFoundHere when none was signed there."""
    found = all_checkpoints().filter(size=size).first()
    if found is None:
        raise NotFoundHere(f"没有 {size} 条时的检查点。", "在检查点列表中选择。")
    return found


def covering(seq: int) -> Checkpoint | None:
    """The first checkpoint that holds an entry: it never changes, so a proof against it never does either."""
    return all_checkpoints().filter(size__gte=seq).order_by("size", "id").first()


def note_of(checkpoint: Checkpoint) -> Note:
    """The signed note with the cosignatures kept."""
    note = Note.parse(checkpoint.note)
    return Note(note.text, (*note.signatures, *(Signature.parse(one.line) for one in checkpoint.cosignatures.all())))


def make(now: datetime) -> Checkpoint | None:
    """Sign what the log is now; None for an empty log. Refused when it does not extend the last one signed.

    ``now`` is real time: a statement to outsiders is not made in the programme's.
    """
    size = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    if not size:
        return None
    key = signing.ensure().verifier
    root = tree.root(size)
    last = latest()
    if last is not None:
        _check_extends(last, size, root)
    if last is not None and (last.size, last.key_id) == (size, key.id.hex()):
        return last
    text = str(Head(key.name, size, root))
    note = str(Note(text, (signing.sign(text),)))
    try:
        with transaction.atomic():
            return Checkpoint.objects.create(size=size, root=root.hex(), key_id=key.id.hex(), note=note, made_at=now)
    except IntegrityError:  # another process was quicker
        return latest()


def _check_extends(last: Checkpoint, size: int, root: bytes) -> None:
    refused = "留痕日志与上一检查点不符，已停止签发检查点。"
    if size < last.size:
        raise Conflict(refused, f"上一检查点有 {last.size} 条，现只有 {size} 条；请运行 xianfeng journal verify。")
    proof = tree.consistency(last.size, size)
    try:
        merkle.verify_consistency(last.size, size, bytes.fromhex(last.root), root, proof)
    except merkle.ProofError as error:
        raise Conflict(refused, "请运行 xianfeng journal verify 查明被改动的条目。") from error


def make_due(now: datetime) -> Checkpoint | None:
    """Sign when entries have come since the last checkpoint and it is some minutes old, or the key is new."""
    last = Checkpoint.objects.first()
    newest = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if last is not None:
        rotated = last.key_id != signing.ensure().verifier.id.hex()
        waiting = newest == last.size or timedelta(0) <= now - last.made_at < EVERY
        if waiting and not rotated:
            return None
    return make(now)


def marks() -> list[Mark]:
    """What stored checkpoints say the log was; Fault for one whose signature, or a known witness's, does not hold."""
    known, outside = signing.verifier_keys(), cosigners()
    found = []
    for row in all_checkpoints().order_by("size", "id"):
        try:
            mark = mark_of(row.note, known)
        except NoteError as error:
            raise Fault(row.size, f"已存检查点（{row.size} 条）的签名不符，检查点或签名密钥被改动") from error
        if (mark.size, mark.root.hex()) != (row.size, row.root):
            raise Fault(row.size, f"已存检查点（{row.size} 条）与其签名文本不符，被改动")
        for one in row.cosignatures.all():
            _check_cosignature(row, one, outside)
        found.append(mark)
    return found


def _check_cosignature(row: Checkpoint, kept: Cosignature, keys: Iterable[VerifierKey]) -> None:
    """A witness whose key is no longer configured cannot be checked; whom the line names can."""
    try:
        line = Signature.parse(kept.line)
        if (line.name, line.id.hex()) != (kept.name, kept.key_id):
            raise NoteError("another's line")
        for key in keys:
            if key.made(line):
                key.check(Note.parse(row.note).text, line)
    except NoteError as error:
        raise Fault(row.size, f"见证者 {kept.name} 对检查点（{row.size} 条）的签名不符，见证签名被改动") from error


def mark_of(raw: str, keys: Iterable[VerifierKey], words: str = "检查点") -> Mark:
    """What a signed checkpoint says the log was; NoteError unless one of the keys has signed it under its name, or
    where one of the other keys, a witness's, has signed it wrongly."""
    note = Note.parse(raw)
    head = Head.parse(note.text)
    known = list(keys)
    note.signed_by([key for key in known if key.name == head.origin])
    for key in known:
        for one in note.signatures:
            if key.made(one):
                key.check(note.text, one)
    return Mark(head.size, head.root, words)


# -- cosignatures ---------------------------------------------------------------------------------------------------


def cosigners() -> list[VerifierKey]:
    """Keys whose cosignatures are accepted, from the settings."""
    return [VerifierKey.parse(one) for one in settings.XIANFENG_COSIGNERS.split()]


def accept_cosignatures(checkpoint: Checkpoint, raw: str, now: datetime) -> list[str]:
    """Keep the signature lines (or those of a whole note) that known cosigners made; returns their names.

    Lines of unknown keys are passed over, as the format wants it; a known key's line that does not hold, or
    nothing to keep, is refused.
    """
    try:
        given = Note.parse(raw) if "\n\n" in raw else None
        lines = given.signatures if given else tuple(signature_lines(raw))
        text = Note.parse(checkpoint.note).text
        if given and given.text != text:
            raise Conflict("见证签名所附的检查点与本系统的不同。", "请核对条目数与树根摘要。")
        held = [(key, line, key.check(text, line)) for key in cosigners() for line in lines if key.made(line)]
    except NoteError as error:
        raise Invalid("见证签名不符或格式不对，未接受。", str(error)) from error
    if not held:
        raise Invalid("没有已知见证者的签名，未接受。", "见证者的公钥须先写入 XIANFENG_COSIGNERS。")
    for key, line, at in held:
        when = datetime.fromtimestamp(at, UTC) if key.kind == COSIGNATURE and at < 1 << 40 else None
        Cosignature.objects.get_or_create(
            checkpoint=checkpoint,
            name=key.name,
            key_id=key.id.hex(),
            defaults={"line": str(line), "signed_at": when, "received_at": now},
        )
    return [key.name for key, _, _ in held]
