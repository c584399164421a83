"""Credentials: what they say, what our own verdict refuses, keys, status lists, addresses."""

import gzip
import json
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.factories import credentials as issued
from tests.factories import designations as made
from tests.factories import publicity
from tests.factories.base import World, world

from xianfeng.config import cli
from xianfeng.designations import issuer, services
from xianfeng.designations.models import Credential, Designation, IssuerKey
from xianfeng.designations.queries import credentials as queries
from xianfeng.designations.rules.credentials import badge, bitstring, checking, contexts, linked_data
from xianfeng.designations.services import credentials as writing
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock, keys
from xianfeng.kernel.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return world()


def verdict(raw: bytes) -> str:
    return queries.verdict(raw).code


def revoke(w: World, title) -> None:
    step = made.concluding(w, title, made.moment() + timedelta(days=60))
    with made.at(made.moment() + timedelta(days=61)) as now:
        services.step_conclude(
            step_id=step.pk,
            result="revoked",
            opinion="示例：不再符合标准。",
            meeting_on=clock.local_day(now),
            document_no="示例〔2020〕3号",
            actor=w.actor("officer"),
            now=now,
        )


# --- what is issued -----------------------------------------------------------------------------------------------


def test_naming_issues_a_credential_that_verifies(w):
    title = issued.titles(w, 1)[0]
    found = issued.document(title)
    assert verdict(issued.raw(title)) == "valid"
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["issuer"]["id"] == "did:web:127.0.0.1%3A8000"
    assert found["credentialSubject"]["licenseNumber"] == title.number
    assert isinstance(found["proof"], list)
    assert found["credentialStatus"]["id"].startswith("http://127.0.0.1:8000/status/revocation-1#")
    entry = Entry.objects.get(event="credential:title:issued")
    assert title.credential.sha256 in entry.leaf


def test_a_person_is_named_by_unit_and_post_for_the_document_is_public_for_good(w):
    silent = publicity.silent_member(w)
    title = made.titled(w, silent)[0]
    assert title.holder == publicity.SILENT
    assert publicity.SILENT not in issued.raw(title).decode()
    assert "岗位" in issued.raw(title).decode()


def test_an_undefined_term_is_an_error_at_issue_time(w, monkeypatch):
    title = issued.titles(w, 1)[0]
    plain = badge.unsigned
    for wrong in ({"honour": "x"}, {"@foo": "x"}, {"awardedDate": None}):
        monkeypatch.setattr(badge, "unsigned", lambda *given, wrong=wrong: plain(*given) | wrong)
        with pytest.raises(Invalid, match="数字凭证不能签发"), made.at(made.moment()) as now:
            writing.credential_issue(designation=title, actor=w.actor("worker"), now=now)


def test_nothing_undefined_hides_deep_in_a_document():
    known = issuer.known_contexts()
    good = {"@context": [contexts.CREDENTIALS, contexts.OPEN_BADGES], "type": ["VerifiableCredential"]}
    assert known.canonical(good)
    subject = {"type": ["AchievementSubject"], "achievement": {"type": ["Achievement"], "name": "x"}}
    assert known.canonical(good | {"credentialSubject": subject})
    for path, message in (
        ({"achievement": {"type": ["Achievement"], "glory": "x"}}, "glory"),
        ({"achievement": {"type": ["Triumph"]}}, "Triumph"),
        ({"achievement": {"type": ["Achievement"], "criteria": {"id": "somewhere"}}}, "somewhere"),
    ):
        with pytest.raises(linked_data.LinkedDataError, match=message):
            known.canonical(good | {"credentialSubject": subject | path})


def test_no_context_but_ours_and_nothing_is_fetched():
    known = issuer.known_contexts()
    for wrong in (["https://www.w3.org/ns/did/v1"], [{"x": "https://example.org/x"}], [], None):
        with pytest.raises(linked_data.LinkedDataError):
            known.canonical({"@context": wrong, "type": ["VerifiableCredential"]})


def test_a_changed_context_is_not_used(tmp_path):
    for name, _ in contexts.PINNED.values():
        (tmp_path / name).write_bytes((issuer.MATTER / "contexts" / name).read_bytes())
    assert set(contexts.read(tmp_path)) == set(contexts.PINNED)
    path = tmp_path / "credentials-v2.json"
    path.write_text(path.read_text().replace("VerifiableCredential", "VerifiableCredentiaI", 1))
    with pytest.raises(contexts.ContextError, match="摘要不符"):
        contexts.read(tmp_path)


# --- our verdict --------------------------------------------------------------------------------------------------


def test_every_single_changed_byte_is_refused(w):
    """bench/credentials.py sweeps all bytes of three credentials; here every seventh of each."""
    titles = issued.titles(w, 3)
    known = queries.world()
    for title in titles:
        raw = issued.raw(title)
        assert queries.verdict(raw, world=known).ok
        for at in range(title.pk % 7, len(raw), 7):
            forged = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            assert not queries.verdict(forged, world=known).ok, (at, raw[at - 20 : at + 20])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "最高先锋"}, "valid"),  # signed by us: not altered, only other words
        ({"validFrom": "2999-01-01T00:00:00Z"}, "early"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"credentialStatus": bitstring.entry("http://127.0.0.1:8000", bitstring.Place(9, 1))}, "status"),
    ],
)
def test_signed_but_not_in_force(w, change, code):
    found = issued.document(issued.titles(w, 1)[0])
    assert verdict(issued.resigned(found, **change)) == code


def test_a_proof_set_passes_only_as_a_whole(w):
    first, second = (issued.document(one) for one in issued.titles(w, 2))
    both = first | {"proof": [*first["proof"], *second["proof"]]}
    assert verdict(issuer.text(first).encode()) == "valid"
    assert verdict(issuer.text(both).encode()) == "altered"


def test_a_key_twice_in_the_json_is_refused(w):
    raw = issued.raw(issued.titles(w, 1)[0])
    assert verdict(raw.replace(b'"name":', b'"name":"x","name":', 1)) == "malformed"


def test_somebody_elses_signature_is_refused(w):
    raw = issued.raw(issued.titles(w, 1)[0])
    assert verdict(raw.replace(b"127.0.0.1%3A8000", b"example.org%3A8000")) == "issuer"


# --- status -------------------------------------------------------------------------------------------------------


def test_revoked_and_suspended_are_refused_and_restored_is_not(w):
    title, other = issued.titles(w, 2)
    raw = issued.raw(title)
    with made.at(made.moment() + timedelta(days=40)) as now:
        services.title_suspend(designation_id=title.pk, reason="核查", actor=w.actor("officer"), now=now)
    assert (verdict(raw), verdict(issued.raw(other))) == ("suspended", "valid")
    with made.at(made.moment() + timedelta(days=41)) as now:
        services.title_restore(designation_id=title.pk, reason="查清", actor=w.actor("officer"), now=now)
    assert verdict(raw) == "valid"
    revoke(w, title)
    assert (verdict(raw), verdict(issued.raw(other))) == ("revoked", "valid")
    assert queries.verdict(raw, world=queries.world()).code == "revoked"


def test_a_status_list_hides_nothing_and_blows_up_nothing():
    text = bitstring.encode([0, 5, bitstring.LENGTH - 1])
    bits = bitstring.decode(text)
    assert len(bits) * 8 >= 131_072
    assert [at for at in range(bitstring.LENGTH) if bitstring.is_set(bits, at)] == [0, 5, bitstring.LENGTH - 1]
    bomb = "u" + urlsafe_b64encode(gzip.compress(bytes(bitstring.LARGEST + 1))).decode().rstrip("=")
    short = "u" + urlsafe_b64encode(gzip.compress(bytes(100))).decode().rstrip("=")
    for wrong, message in (
        (bomb, "过大"),
        (short, "不足"),
        (text[:-30], "不"),
        ("x" + text[1:], "不对"),
        ("u%%", "不对"),
    ):
        with pytest.raises(bitstring.StatusListError, match=message):
            bitstring.decode(wrong)


def test_every_title_has_a_place_of_its_own():
    first = {bitstring.place(one) for one in range(1, bitstring.LENGTH + 1)}
    assert len(first) == bitstring.LENGTH
    assert {one.list_no for one in first} == {1}
    assert bitstring.place(bitstring.LENGTH + 1).list_no == 2


# --- keys ---------------------------------------------------------------------------------------------------------


def test_keys_lie_encrypted_and_open_only_with_the_secret(tmp_path):
    public = keys.make(tmp_path, "k", "geheim")
    held = (tmp_path / "k.pem").read_bytes()
    assert b"ENCRYPTED PRIVATE KEY" in held
    assert (tmp_path / "k.pem").stat().st_mode & 0o077 == 0
    assert keys.public_of(keys.load(tmp_path, "k", "geheim")) == public
    with pytest.raises(keys.KeyUnreadable):
        keys.load(tmp_path, "k", "anders")
    with pytest.raises(keys.KeyUnreadable):
        keys.load(tmp_path, "missing", "geheim")


def test_two_that_make_a_key_at_once_get_the_same(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        made_keys = list(pool.map(lambda _: keys.make(tmp_path, "k", "s"), range(8)))
    assert len(set(made_keys)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["k.pem"]


def test_after_rotation_old_and_new_verify(w):
    first, second = made.nominees(w, 2, "service_point")
    old = made.titled(w, first)[0]
    key = issued.rotate()
    new = made.titled(w, second)[0]
    assert issued.document(new)["proof"][0]["verificationMethod"].endswith(f"#{key.name}")
    assert (verdict(issued.raw(old)), verdict(issued.raw(new))) == ("valid", "valid")
    assert len(queries.did_document()["assertionMethod"]) == 2


def test_a_struck_key_counts_until_the_strike_for_what_we_know_we_issued(w):
    title = issued.titles(w, 1)[0]
    before, created = issued.raw(title), title.credential.issued_at
    forged = issued.resigned(issued.document(title), name="示例：伪造的称号")
    issued.strike("key-1", created + timedelta(seconds=2))
    assert verdict(before) == "valid"
    assert verdict(forged) == "key"  # signed with the stolen key, dated back: we never issued it
    assert queries.verdict(before, world=queries.world()).code == "key"  # without our records nobody can tell
    method = queries.did_document()["verificationMethod"][0]
    assert "revoked" in method
    assert method["id"] not in queries.did_document()["assertionMethod"]
    assert writing.credentials_catch_up(now=clock.real_now()) == 1
    assert queries.verdict(issued.raw(title), world=queries.world()).ok
    assert Credential.objects.filter(designation=title).count() == 2
    assert verdict(before) == "valid"


def test_a_key_struck_from_before_refuses_what_it_signed(w):
    title = issued.titles(w, 1)[0]
    before = issued.raw(title)
    assert verdict(before) == "valid"
    issued.strike("key-1", title.credential.issued_at - timedelta(hours=1))
    assert verdict(before) == "key"


def test_an_expired_key_is_refused(w):
    title = issued.titles(w, 1)[0]
    known = queries.world()
    method = known["did:web:127.0.0.1%3A8000"]["verificationMethod"][0]
    method["expires"] = "2999-01-01T00:00:00Z"
    assert queries.verdict(issued.raw(title), world=known).ok
    method["expires"] = "2020-01-01T00:00:00Z"
    assert queries.verdict(issued.raw(title), world=known).code == "key"


def test_a_strike_asks_for_a_reason_and_a_past(w):
    issued.titles(w, 1)
    with pytest.raises(Invalid, match="晚于现在"):
        issued.strike("key-1", clock.real_now() + timedelta(days=1))
    issued.strike("key-1", clock.real_now())
    with pytest.raises(Conflict, match="已经作废"):
        issued.strike("key-1", clock.real_now())
    assert IssuerKey.objects.filter(retired_at=None).get().name == "key-2"


# --- addresses and commands ---------------------------------------------------------------------------------------


def test_the_published_addresses(client, w):
    title = issued.titles(w, 1)[0]
    found = issued.document(title)
    for address, kind, seconds in (
        ("/.well-known/did.json", "application/did+json", 300),
        (found["id"].removeprefix(issuer.base()), "application/ld+json", 300),
        (found["credentialStatus"]["statusListCredential"].removeprefix(issuer.base()), "application/ld+json", 120),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert f"max-age={seconds}" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    for wrong in ("/status/revocation-2", "/status/mood-1", "/credentials/nothing"):
        assert client.get(wrong).status_code == 404


def test_a_change_of_status_is_in_the_list_within_five_minutes(client, w):
    title = issued.titles(w, 1)[0]
    address = issued.document(title)["credentialStatus"]["statusListCredential"].removeprefix(issuer.base())
    index = bitstring.place(title.pk).index

    def bit() -> bool:
        found = json.loads(client.get(address).content)
        return bitstring.is_set(bitstring.decode(found["credentialSubject"]["encodedList"]), index)

    assert not bit()
    revoke(w, title)
    assert bit()  # at once for whoever asks; a cache may keep the old answer for max-age: two minutes


@pytest.mark.django_db
def test_export_and_verify_by_command(w, tmp_path, capsys):
    title = issued.titles(w, 1)[0]
    folder = tmp_path / "out"
    assert cli.main(["credential", "export", str(folder)]) == 0
    file = folder / f"{title.public_id}.json"
    assert {one.name for one in folder.iterdir()} == {file.name, "world.json"}
    assert cli.main(["credential", "verify", str(file)]) == 0
    assert cli.main(["credential", "verify", str(file), "--world", str(folder / "world.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["verdict"] == "valid"
    file.write_bytes(file.read_bytes().replace(title.number.encode(), b"X" * len(title.number)))
    assert cli.main(["credential", "verify", str(file)]) == 1
    assert "数字签名不符" in capsys.readouterr().err
    assert cli.main(["credential", "key", "rotate"]) == 0
    assert cli.main(["credential", "key", "list"]) == 0
    assert capsys.readouterr().out.count("key-") >= 2


@pytest.mark.django_db
def test_titles_without_a_credential_get_one_from_the_timer(w):
    title = issued.titles(w, 1)[0]
    Credential.objects.all().delete()
    Designation.objects.update(credential_due_at=clock.real_now())
    assert writing.credentials_catch_up(now=clock.real_now(), limit=10) == 1
    assert verdict(issued.raw(title)) == "valid"


def test_the_verdict_never_raises():
    for junk in (b"", b"{}", b"[]", b'{"@context":1}', b"\xff", b"[" * 5000, b'{"proof":[null]}'):
        assert checking.check(junk, checking.World(issuer.known_contexts(), lambda _: None, clock.real_now())).code
