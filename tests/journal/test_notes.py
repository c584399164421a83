"""Signed notes, checkpoints and proofs against the texts of the C2SP documents."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianfeng.journal import notes
from xianfeng.journal.notes import Head, Note, NoteError, Signature, TlogProof, VerifierKey

# Both from c2sp.org/signed-note.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
    "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# From c2sp.org/tlog-cosignature; the keys are not published, the form is.
CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE"
    "+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe"
    "+mbIUBkBIfZ+qnA==\n"
)
LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([one]) * 32) for one in (1, 2))


def test_the_documents_example_verifies_and_comes_back_byte_for_byte() -> None:
    key, note = VerifierKey.parse(VKEY), Note.parse(NOTE)
    assert note.signed_by([key]) == [(key, 0)]
    assert (str(key), str(note)) == (VKEY, NOTE)
    assert str(Note.parse(CHECKPOINT)) == CHECKPOINT
    head = Head.parse(Note.parse(CHECKPOINT).text)
    assert (head.origin, head.size, len(head.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert str(head) == Note.parse(CHECKPOINT).text


def test_every_changed_character_of_a_note_is_refused() -> None:
    key = VerifierKey.parse(VKEY)
    for place, letter in enumerate(NOTE):
        changed = NOTE[:place] + ("x" if letter != "x" else "y") + NOTE[place + 1 :]
        with pytest.raises(NoteError):
            Note.parse(changed).signed_by([key])


def test_unknown_signatures_are_ignored_and_a_known_bad_one_refuses_all() -> None:
    text = str(Head("log.example", 3, b"r" * 32))
    line = notes.sign(text, LOG, "log.example")
    key = notes.public_key(LOG, "log.example")
    other = notes.sign(text, WITNESS, "log.example")
    assert Note(text, (other, line)).signed_by([key]) == [(key, 0)]
    with pytest.raises(NoteError, match="no known key"):
        Note(text, (other,)).signed_by([key])
    bad = Signature(line.name, line.id, other.blob)
    with pytest.raises(NoteError, match="does not hold"):
        Note(text, (line, bad)).signed_by([key])


def test_a_cosignature_covers_its_time() -> None:
    text = str(Head("log.example", 3, b"r" * 32))
    key = notes.public_key(WITNESS, "witness.example", notes.COSIGNATURE)
    assert VerifierKey.parse(str(key)) == key
    line = notes.cosign(text, WITNESS, "witness.example", 1679315147)
    assert key.check(text, line) == 1679315147
    later = Signature(line.name, line.id, (1679315148).to_bytes(8, "big") + line.blob[8:])
    with pytest.raises(NoteError):
        key.check(text, later)
    with pytest.raises(NoteError):
        key.check(text.replace("3", "4"), line)


@pytest.mark.parametrize(
    "text",
    ["", "text\n", "text\n\n", "text\n\n— a AAAA\n", "text\n\n- a AAAAAAAAAA==\n", "te\txt\n\n— a AAAAAAAA\n",
     "text\n\n— a+b AAAAAAAA\n", "text\n\n— a AAAAAAAA", "x" * 70_000 + "\n\n— a AAAAAAAA\n"],
)  # fmt: skip
def test_malformed_notes_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(text)


@pytest.mark.parametrize("text", ["a\n01\nAAAA\n", "a\n1\nAAAA\n", "a\n1\n", "\n1\nAAAA\n", "a\n-1\nAAAA\n"])
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Head.parse(text)


@pytest.mark.parametrize("text", ["", "a+b", VKEY.replace("530d", "530e"), "a+00000000+AAAA", VKEY[:-4]])
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("extra", [b"", b'{"v":1}'])
@pytest.mark.parametrize("hashes", [(), (b"a" * 32, b"b" * 32)])
def test_a_proof_file_comes_back_as_it_went(extra: bytes, hashes: tuple[bytes, ...]) -> None:
    proof = TlogProof(7, hashes, Note.parse(CHECKPOINT), extra)
    assert TlogProof.parse(str(proof)) == proof
    assert str(proof).startswith("c2sp.org/tlog-proof@v1\n" + ("extra " if extra else "index 7\n"))
    with pytest.raises(NoteError):
        TlogProof.parse(str(proof).replace("index 7", "index 07"))
