"""Checkpoints reach outside addresses, which answer, refuse or stay silent."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.factories.journal import write

from xianfeng import journal
from xianfeng.config import env
from xianfeng.journal import checkpoints, merkle, notes, signing, witnesses
from xianfeng.journal.models import Cosignature, Witness
from xianfeng.journal.notes import Head, Note
from xianfeng.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.real_now()
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
NAME = "witness.example/w1"


class Outside(HTTPServer):
    """A webhook and a C2SP witness in one, as strict as the document wants a witness."""

    seen: list[tuple[str, str]]
    status: int
    known: tuple[int, bytes]

    def answer(self, path: str, body: str) -> tuple[int, str]:
        self.seen.append((path, body))
        if path == "/hook":
            return self.status, "thanks"
        lines, _, raw = body.partition("\n\n")
        note = Note.parse(raw)
        head = Head.parse(note.text)
        note.signed_by(signing.verifier_keys())
        old, *proof = lines.split("\n")
        if int(old.removeprefix("old ")) != self.known[0]:
            return 409, f"{self.known[0]}\n"
        if self.known[0]:
            hashes = [notes.unb64(one) for one in proof]
            merkle.verify_consistency(self.known[0], head.size, self.known[1], head.root, hashes)
        self.known = (head.size, head.root)
        return 200, f"{notes.cosign(note.text, PRIVATE, NAME, 1_700_000_000)}\n"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Outside)
        status, text = self.server.answer(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = Outside(("127.0.0.1", 0), Handler)
    server.seen, server.status, server.known = [], 200, (0, b"")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def grow(count: int) -> None:
    write(count)
    checkpoints.make(NOW)


def test_a_folder_gets_each_checkpoint_once_and_notices_another_of_the_same_size(settings: Any, tmp_path: Path) -> None:
    settings.XIANFENG_WITNESSES = f"folder:{tmp_path}/held"
    grow(3)
    assert witnesses.send(NOW) == 1
    assert witnesses.send(NOW) == 0
    (path,) = (tmp_path / "held").iterdir()
    assert checkpoints.mark_of(path.read_text(), signing.verifier_keys()).size == 3
    path.write_text(path.read_text().replace("\n3\n", "\n4\n"))
    Witness.objects.update(size=0)
    assert witnesses.send(NOW) == 0
    assert "另一个检查点" in Witness.objects.get().error


def test_a_webhook_is_tried_again_later_and_never_shown_with_its_password(settings: Any, outside: Outside) -> None:
    settings.XIANFENG_WITNESSES = f"http://user:hidden@127.0.0.1:{outside.server_port}/hook".replace("user:hidden@", "")
    grow(2)
    outside.status = 500
    assert witnesses.send(NOW) == 0
    assert Witness.objects.get().error.endswith("HTTP 500")
    outside.status = 204
    assert witnesses.send(NOW + timedelta(seconds=30)) == 0, "it waits a minute"
    assert witnesses.send(NOW + timedelta(minutes=2)) == 1
    assert outside.seen[-1] == ("/hook", str(checkpoints.note_of(checkpoints.at_size(2))))
    assert witnesses.label_of("mailtos://user:hidden@smtp.example.org?to=a@example.org") == "mailtos://smtp.example.org"


def test_a_witness_gets_the_proof_and_its_cosignature_is_kept(settings: Any, outside: Outside) -> None:
    settings.XIANFENG_WITNESSES = f"witness+http://127.0.0.1:{outside.server_port}/"
    settings.XIANFENG_COSIGNERS = str(notes.public_key(PRIVATE, NAME, notes.COSIGNATURE))
    grow(3)
    assert witnesses.send(NOW) == 1
    grow(4)
    assert witnesses.send(NOW) == 1
    assert outside.known[0] == 7
    assert Cosignature.objects.count() == 2
    Witness.objects.update(size=3)  # as after restoring a backup: the witness says what it knows
    grow(1)
    assert witnesses.send(NOW) == 1
    assert outside.known[0] == 8
    outside.known = (99, b"r" * 32)
    grow(1)
    assert witnesses.send(NOW + timedelta(days=1)) == 0
    assert "不符" in Witness.objects.get().error


def test_an_address_that_fails_does_not_keep_others_from_theirs(settings: Any, tmp_path: Path) -> None:
    settings.XIANFENG_WITNESSES = f"nosuch://x http://127.0.0.1:9/ folder:{tmp_path}/held"
    grow(1)
    assert witnesses.send(NOW) == 1
    assert sorted(Witness.objects.values_list("failures", flat=True)) == [0, 1, 1]


def test_nothing_is_sent_inside_a_unit_of_work() -> None:
    with journal.unit_of_work(), pytest.raises(RuntimeError, match="after commit"):
        witnesses.send(NOW)


def test_mail_carries_the_note_as_text(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import apprise

    sent: list[dict[str, Any]] = []

    def notify(_self: Any, **given: Any) -> bool:
        sent.append(given)
        return True

    monkeypatch.setattr(apprise.Apprise, "notify", notify)
    settings.XIANFENG_WITNESSES = "mailtos://user:password@smtp.example.org?to=witness@example.org"
    grow(2)
    assert witnesses.send(NOW) == 1
    assert sent[0]["title"] == "留痕检查点 2 条"
    assert str(checkpoints.note_of(checkpoints.at_size(2))) in sent[0]["body"]


@pytest.mark.parametrize("wrong", ["somewhere", "folder:relative", "example.org/hook"])
def test_addresses_without_a_place_stop_the_program(wrong: str) -> None:
    with pytest.raises(ValueError):
        env.addresses(wrong)


@pytest.mark.parametrize("wrong", ["name", "name+12+AAAA", "name+zz345678+AAAA"])
def test_cosigners_keys_of_another_look_stop_the_program(wrong: str) -> None:
    with pytest.raises(ValueError):
        env.verifier_keys(wrong)
    env.verifier_keys(str(notes.public_key(PRIVATE, NAME, notes.COSIGNATURE)))
