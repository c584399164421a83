"""Signed checkpoints: what they say, when they are made, and that a log that does not extend them gets none."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from tests.factories.journal import write

from xianfeng.journal import checkpoints, merkle, notes, proofs, queries, signing, tasks, tree
from xianfeng.journal.models import Checkpoint, Cosignature, Entry
from xianfeng.journal.notes import Head, Note, TlogProof
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.keys import KeyUnreadable

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.real_now()
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = notes.public_key(WITNESS, "witness.example/w1", notes.COSIGNATURE)


def make() -> Checkpoint:
    made = checkpoints.make(NOW)
    assert made is not None
    return made


def test_a_checkpoint_states_name_size_and_root_under_the_logs_signature() -> None:
    write(5)
    made = make()
    note = Note.parse(made.note)
    head = Head.parse(note.text)
    assert (head.origin, head.size) == ("log.example.org/journal", 5)
    edge = merkle.Edge()
    for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True):
        edge.append(merkle.leaf_hash(leaf.encode()))
    assert head.root == edge.root() == tree.root(5)
    assert note.signed_by(signing.verifier_keys()) == [(signing.ensure().verifier, 0)]


def test_an_empty_log_gets_none_and_an_unchanged_one_no_second() -> None:
    assert checkpoints.make(NOW) is None
    write(1)
    assert make().pk == make().pk
    write(1)
    assert make().size == 2


def test_the_timer_signs_when_entries_have_come_and_some_minutes_are_over() -> None:
    write(1)
    assert checkpoints.make_due(NOW) is not None
    write(1)
    assert checkpoints.make_due(NOW + timedelta(minutes=1)) is None
    made = checkpoints.make_due(NOW + checkpoints.EVERY)
    assert made is not None
    assert made.size == 2
    assert checkpoints.make_due(NOW + timedelta(hours=1)) is None, "nothing new to sign"
    tasks.tick(NOW)
    assert Checkpoint.objects.count() == 2


def test_a_rewritten_or_shortened_log_is_not_signed() -> None:
    write(4)
    make()
    write(3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET nodes = replace(nodes, substr(nodes, 1, 8), '00000000') WHERE seq = 4")
        cursor.execute("UPDATE journal_entry SET leaf_hash = %s WHERE seq = 3", ["ab" * 32])
    tampered = [node[:64] for node in Entry.objects.filter(seq=4).values_list("nodes", flat=True)]
    assert tampered[0].startswith("00000000")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET nodes = %s WHERE seq = 4", ["cd" * 64])
    with pytest.raises(Conflict, match="停止签发"):
        checkpoints.make(NOW)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE seq > 3")
    with pytest.raises(Conflict, match="现只有 3 条"):
        checkpoints.make(NOW)


def test_a_new_key_signs_under_the_same_name_and_old_checkpoints_still_verify(keys_folder: Path) -> None:
    write(2)
    old = make()
    signing.rotate()
    new = make()
    assert (old.size, new.size) == (2, 2)
    assert old.key_id != new.key_id
    assert Note.parse(new.note).text == Note.parse(old.note).text
    assert queries.verify().ok
    assert queries.verify().checkpoints == 2
    assert b"ENCRYPTED" in (keys_folder / "journal-1.pem").read_bytes()


def test_a_key_under_another_secret_is_said_to_be_unreadable(settings: Any) -> None:
    write(1)
    signing.ensure()
    settings.KEY_SECRET = "another"
    with pytest.raises(KeyUnreadable, match="打不开"):
        checkpoints.make(NOW)


def test_a_forged_or_edited_stored_checkpoint_is_found() -> None:
    write(3)
    made = make()
    forged = str(Head(signing.origin(), 3, b"f" * 32))
    stranger = Ed25519PrivateKey.generate()
    for note, root in (
        (str(Note(forged, (notes.sign(forged, stranger, signing.origin()),))), (b"f" * 32).hex()),
        (made.note, "ab" * 32),
        (made.note.replace("\n3\n", "\n2\n"), made.root),
    ):
        Checkpoint.objects.filter(pk=made.pk).update(note=note, root=root)
        found = queries.verify()
        assert not found.ok
        assert "检查点" in found.reason
    Checkpoint.objects.filter(pk=made.pk).update(note=made.note, root=made.root)
    assert queries.verify().ok


def test_a_proof_holds_without_the_database(django_assert_max_num_queries: Any) -> None:
    write(6, personal={"name": "示例某某"})
    entry = Entry.objects.get(seq=4)
    assert queries.tlog_proof(entry) is None
    made = make()
    write(5)
    checkpoints.make(NOW + timedelta(hours=1))
    with django_assert_max_num_queries(3):
        told = queries.tlog_proof(entry, disclose=True)
    assert told is not None
    assert told == queries.tlog_proof(entry, disclose=True), "the first checkpoint that holds it, for good"
    checked = proofs.check(told, signing.verifier_keys())
    assert (checked.seq, checked.size, checked.leaf) == (4, made.size, entry.leaf)
    quiet = queries.tlog_proof(entry)
    assert quiet is not None
    assert entry.leaf not in quiet
    assert proofs.check(quiet, signing.verifier_keys(), entry.leaf.encode()).seq == 4
    with pytest.raises(Invalid, match="没有附"):
        proofs.check(quiet, signing.verifier_keys())
    with pytest.raises(Invalid, match="不符"):
        proofs.check(quiet, signing.verifier_keys(), Entry.objects.get(seq=5).leaf.encode())
    with pytest.raises(Invalid, match="不是本日志所签"):
        proofs.check(told, [WITNESS_KEY])
    assert TlogProof.parse(told).index == 3


def test_short_codes_lead_to_their_entry_and_no_other() -> None:
    write(2)
    entry = Entry.objects.get(seq=2)
    assert queries.by_short_code(queries.short_code(entry)) == entry
    other = queries.short_code(Entry.objects.get(seq=1)).partition("-")[2]
    for code in (f"2-{other}", "2", "x-1", "", "99-00000000", "2-", f"{'9' * 30}-00000000"):
        assert queries.by_short_code(code) is None


def test_cosignatures_of_known_witnesses_are_kept(settings: Any) -> None:
    write(3)
    made = make()
    text = Note.parse(made.note).text
    line = str(notes.cosign(text, WITNESS, WITNESS_KEY.name, 1_700_000_000))
    with pytest.raises(Invalid, match="没有已知见证者"):
        checkpoints.accept_cosignatures(made, line, NOW)
    settings.XIANFENG_COSIGNERS = str(WITNESS_KEY)
    assert checkpoints.accept_cosignatures(made, f"{line}\n", NOW) == ["witness.example/w1"]
    checkpoints.accept_cosignatures(made, f"{made.note}{line}\n", NOW)
    note = checkpoints.note_of(checkpoints.at_size(3))
    assert len(note.signatures) == 2
    assert (WITNESS_KEY, 1_700_000_000) in note.signed_by([*signing.verifier_keys(), WITNESS_KEY])
    bad = str(notes.cosign(text.replace("3", "4"), WITNESS, WITNESS_KEY.name, 1_700_000_000))
    for wrong in (bad, "nonsense", f"{made.note.replace('3', '4', 1)}{line}\n"):
        with pytest.raises((Invalid, Conflict)):
            checkpoints.accept_cosignatures(made, wrong, NOW)
    assert queries.tlog_proof(Entry.objects.get(seq=1), disclose=True) is not None
    with pytest.raises(NotFoundHere):
        checkpoints.at_size(2)


def test_a_kept_cosignature_that_does_not_hold_is_named(settings: Any) -> None:
    write(3)
    made = make()
    settings.XIANFENG_COSIGNERS = str(WITNESS_KEY)
    text = Note.parse(made.note).text
    checkpoints.accept_cosignatures(made, str(notes.cosign(text, WITNESS, WITNESS_KEY.name, 1_700_000_000)), NOW)
    assert queries.verify().ok
    other = str(notes.cosign(text.replace("3", "4"), WITNESS, WITNESS_KEY.name, 1_700_000_000))
    kept = Cosignature.objects.get()
    for line in (other, kept.line.replace("witness.example/w1", "witness.example/w2"), "nonsense"):
        Cosignature.objects.update(line=line)
        found = queries.verify()
        assert (found.ok, found.bad_seq) == (False, 3)
        assert "见证者 witness.example/w1 对检查点（3 条）的签名不符" in found.reason
    Cosignature.objects.update(line=other)
    settings.XIANFENG_COSIGNERS = ""  # nobody's key is known: nothing can be said
    assert queries.verify().ok
