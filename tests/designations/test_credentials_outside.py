"""Two independent verifiers from npm judge the product's credentials, offline, with what `credential export` writes."""

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import credentials as issued
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng.designations import issuer, services
from xianfeng.designations.models import Designation
from xianfeng.designations.queries import credentials as queries
from xianfeng.designations.services import credentials as writing
from xianfeng.kernel import clock

ROOT = Path(__file__).resolve().parents[2]
VERIFIERS = ("bazaar", "core")
NODE = shutil.which("node") or shutil.which(str(ROOT / ".venv-node/bin/node"))

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(NODE is None, reason="node is missing"),
    pytest.mark.skipif(
        not (ROOT / "node_modules/@digitalbazaar/vc").is_dir(), reason="node_modules is missing: make setup"
    ),
]


@pytest.fixture
def w() -> World:
    return world()


def judged(verifier: str, documents: dict[str, Any], known: dict[str, Any] | None = None) -> dict[str, bool]:
    """Verdict by name. The first document is the known-good control and must pass."""
    given = {"world": known or queries.world(), "contexts": issuer.known_contexts().documents, "credentials": documents}
    assert NODE is not None
    script = ROOT / "tests/designations/verifiers" / f"{verifier}.mjs"
    done = subprocess.run([NODE, str(script)], input=json.dumps(given), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    control = next(iter(documents))
    assert told[control]["verified"], told[control]
    return {name: one["verified"] for name, one in told.items()}


def suspend(w: World, title: Designation) -> None:
    with made.at(made.moment() + timedelta(days=40)) as now:
        services.title_suspend(designation_id=title.pk, reason="核查", actor=w.actor("officer"), now=now)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_good_ones_pass_and_revoked_or_suspended_ones_do_not(w, verifier):
    good, ended, paused = issued.titles(w, 3)
    documents = {name: issued.document(one) for name, one in (("good", good), ("ended", ended), ("paused", paused))}
    assert judged(verifier, documents) == {"good": True, "ended": True, "paused": True}
    Designation.objects.filter(pk=ended.pk).update(state="revoked")
    suspend(w, paused)
    assert judged(verifier, documents) == {"good": True, "ended": False, "paused": False}


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_changed_ones_do_not_pass(w, verifier):
    title = issued.titles(w, 1)[0]
    raw = issued.raw(title)
    documents: dict[str, Any] = {"good": json.loads(raw)}
    for at in range(5, len(raw), 23):
        try:
            documents[str(at)] = json.loads(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        except ValueError:
            continue  # no JSON any more
    told = judged(verifier, documents)
    assert len(told) > 40
    passed = [raw[int(at) - 25 : int(at) + 25] for at, verified in told.items() if verified and at != "good"]
    assert passed == []


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_rotated_keys_pass_and_struck_ones_do_not(w, verifier):
    first, second = made.nominees(w, 2, "service_point")
    old = issued.document(made.titled(w, first)[0])
    issued.rotate()
    title = made.titled(w, second)[0]
    new = issued.document(title)
    assert judged(verifier, {"new": new, "old": old}) == {"new": True, "old": True}
    issued.strike("key-1", clock.real_now())
    assert judged(verifier, {"new": new, "old": old}) == {"new": True, "old": False}
    assert writing.credentials_catch_up(now=clock.real_now()) == 1
    renewed = issued.document(Designation.objects.exclude(pk=title.pk).get())
    assert judged(verifier, {"new": new, "renewed": renewed}) == {"new": True, "renewed": True}


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_an_issuer_that_is_not_in_the_world_does_not_pass(w, verifier):
    title = issued.titles(w, 1)[0]
    other = json.loads(issued.raw(title).replace(b"127.0.0.1%3A8000", b"elsewhere.example"))
    assert judged(verifier, {"good": issued.document(title), "other": other}) == {"good": True, "other": False}
