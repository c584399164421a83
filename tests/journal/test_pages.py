"""The log's public addresses: what they say, to whom, and how long it may be kept."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client, RequestFactory
from tests.factories.journal import secretary, write

from xianfeng.journal import checkpoints, merkle, notes, proofs, queries, readers, signing
from xianfeng.journal.models import Entry
from xianfeng.journal.notes import Head, Note
from xianfeng.journal.views import pages
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = notes.public_key(WITNESS, "witness.example/w1", notes.COSIGNATURE)


@pytest.fixture(autouse=True)
def log() -> None:
    write(300)
    checkpoints.make(clock.real_now())
    write(2)


def test_the_checkpoint_is_served_as_text_for_a_few_seconds(client: Client) -> None:
    answered = client.get("/journal/checkpoint")
    assert answered.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answered.headers["Cache-Control"] == "public, max-age=5"
    assert "Cookie" not in answered.headers.get("Vary", "")
    note = Note.parse(answered.content.decode())
    assert Head.parse(note.text).size == 300
    keys = [notes.VerifierKey.parse(one) for one in client.get("/journal/key").content.decode().split()]
    assert note.signed_by(keys) == [(signing.ensure().verifier, 0)]
    again = client.get("/journal/checkpoint", headers={"If-None-Match": answered.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/journal/checkpoints/300").content == answered.content
    assert client.get("/journal/checkpoints/299").status_code == 404


def test_tiles_are_those_of_the_document(client: Client) -> None:
    leaves = [bytes.fromhex(one) for one in Entry.objects.order_by("seq").values_list("leaf_hash", flat=True)]
    whole = client.get("/journal/tile/0/000")
    assert whole.content == b"".join(leaves[:256])
    assert "immutable" in whole.headers["Cache-Control"]
    assert client.get("/journal/tile/0/001.p/44").content == b"".join(leaves[256:300])
    (node,) = merkle.prove([(0, 256)], lambda wanted: {(8, 0): client.get("/journal/tile/1/000.p/1").content})
    edge = merkle.Edge()
    for leaf in leaves[:256]:
        edge.append(leaf)
    assert node == edge.root()
    for absent in ("0/001", "0/001.p/60", "1/000", "0/000.p/256", "0/0", "9/000", "0/x001/000", "0/001.p/0"):
        assert client.get(f"/journal/tile/{absent}").status_code == 404, absent


def test_consistency_is_proved_between_any_two_sizes(client: Client) -> None:
    told = client.get("/journal/consistency?from=7&to=300").json()
    roots = notes.unb64(told["from_root"]), notes.unb64(told["to_root"])
    merkle.verify_consistency(7, 300, *roots, [notes.unb64(one) for one in told["proof"]])
    assert client.get("/journal/consistency?from=7").json()["to"] == 300
    for wrong in ("from=0", "from=9&to=8", "from=1&to=999", "from=x", "to=3"):
        assert client.get(f"/journal/consistency?{wrong}").status_code == 422


def test_feeds_carry_the_signed_notes(client: Client) -> None:
    note = client.get("/journal/checkpoint").content.decode()
    told = json.loads(client.get("/journal/feed.json").content)
    assert [item["content_text"] for item in told["items"]] == [note]
    atom = client.get("/journal/feed.atom")
    assert atom.headers["Content-Type"].startswith("application/atom+xml")
    assert note.splitlines()[2] in atom.content.decode()


def test_cosignatures_are_taken_from_known_witnesses_only(client: Client, settings: Any) -> None:
    text = Note.parse(checkpoints.at_size(300).note).text
    line = f"{notes.cosign(text, WITNESS, WITNESS_KEY.name, 1_700_000_000)}\n"
    address = "/journal/checkpoints/300/cosignatures"

    def post(body: str | bytes) -> int:
        return Client(enforce_csrf_checks=True).post(address, body, content_type="text/plain").status_code

    assert post(line) == 422
    settings.XIANFENG_COSIGNERS = str(WITNESS_KEY)
    assert post(line) == 200
    assert [post(one) for one in ("", "x", b"\xff\xfe", line.replace("A", "B"), "x" * 70_000)] == [422] * 5
    assert line in client.get("/journal/checkpoint").content.decode()
    assert "witness.example/w1" in client.get("/journal/").content.decode()
    assert client.get(address).status_code == 405


def test_the_page_leads_from_a_short_code_to_its_proof(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        page = client.get("/journal/").content.decode()
    assert "此后的 2 条将进入下一检查点" in page
    assert str(signing.ensure().verifier) in page
    entry = Entry.objects.get(seq=5)
    found = client.get("/journal/", {"code": queries.short_code(entry)})
    assert found.headers["Location"] == "/journal/entries/5/"
    assert "没有短码为“5-00000000”的存证" in client.get("/journal/?code=5-00000000").content.decode()


def test_a_proof_page_shows_hashes_to_all_and_words_to_few(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):
        page = client.get("/journal/entries/5/").content.decode()
    entry = Entry.objects.get(seq=5)
    assert "已存证" in page
    assert entry.leaf_hash in page
    assert queries.sentence(entry) not in page
    assert "待存证" in client.get("/journal/entries/302/").content.decode()
    assert client.get("/journal/entries/999/").status_code == 404
    assert client.get(f"/journal/entries/{'9' * 30}/").status_code == 404
    request = RequestFactory().get("/journal/entries/5/")
    request.actor = auditor()  # type: ignore[attr-defined]
    assert queries.sentence(entry) in pages.proof(request, 5).content.decode()


def auditor() -> Actor:
    usual = secretary()
    return replace(usual, appointments=(replace(usual.appointments[0], duty="audit_admin"),))


def test_a_tampered_entry_is_called_so_on_its_page(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET leaf = replace(leaf, '\"number\":5', '\"number\":6') WHERE seq = 5")
    assert "核对不符" in client.get("/journal/entries/5/").content.decode()


def test_the_proof_file_discloses_the_leaf_only_to_readers(client: Client) -> None:
    entry = Entry.objects.get(seq=5)
    told = client.get("/journal/entries/5.tlog-proof?leaf=1")
    assert told.headers["Content-Disposition"] == 'attachment; filename="5.tlog-proof"'
    assert "extra" not in told.content.decode()
    assert proofs.check(told.content.decode(), signing.verifier_keys(), entry.leaf.encode()).seq == 5
    assert client.get("/journal/entries/302.tlog-proof").status_code == 404
    request = RequestFactory().get("/journal/entries/5.tlog-proof?leaf=1")
    request.actor = auditor()  # type: ignore[attr-defined]
    full = pages.proof_file(request, 5)
    assert full.headers["Cache-Control"] == "private, no-store"
    assert proofs.check(full.content.decode(), signing.verifier_keys()).leaf == entry.leaf  # type: ignore[attr-defined]


def test_higher_floors_may_let_others_read_with_or_without_the_leaf(client: Client) -> None:
    entry = Entry.objects.get(seq=5)
    assert readers.reading(secretary(), entry) is None

    def words(actor: Actor, one: Entry) -> readers.Reading | None:
        return readers.Reading("只供阅读") if one.seq == 6 else readers.Reading("只有一句", leaf=False)

    readers.register(words)
    try:
        assert readers.reading(secretary(), entry) == readers.Reading("只有一句", leaf=False)
        page = client.get("/journal/entries/5/").content.decode()
        assert "只有一句" in page
        assert "此后" in page  # the next entry about the same subject
        assert "规范 JSON" not in page
        assert "extra" not in client.get("/journal/entries/5.tlog-proof?leaf=1").content.decode()
        assert "extra" in client.get("/journal/entries/6.tlog-proof?leaf=1").content.decode()
    finally:
        readers._readers.remove(words)
