"""Certificates and credentials a second on one core, and the full sweep of changed bytes.

``python -m bench credentials``: no database; made-up titles, a key made for the run. Rates are by processor time of
this process, so that they hold for a core however busy the machine is.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bench.table import Figure

if TYPE_CHECKING:
    from xianfeng.designations.rules.credentials.badge import Title

BASE = "https://xianfeng.example.org"
COUNT = 300
SWEPT = 3


def figures() -> Iterator[Figure]:
    """Rates first, then the sweep."""
    with tempfile.TemporaryDirectory(prefix="xf-credentials-") as folder:
        _set_up(folder)
        yield from _certificates()
        yield from _credentials()


def _set_up(folder: str) -> None:
    import django

    for name in [name for name in os.environ if name.startswith("XIANFENG_")]:
        del os.environ[name]
    os.environ.update(
        XIANFENG_DATA=folder,
        XIANFENG_SECRET_KEY="only-for-benchmarks",
        XIANFENG_BASE_URL=BASE,
        DJANGO_SETTINGS_MODULE="xianfeng.config.settings",
    )
    django.setup()


def rate(work: Callable[[int], object], count: int = COUNT) -> float:
    """Pieces a second of processor time, once warm."""
    for at in range(5):
        work(at)
    begun = time.process_time()
    for at in range(5, 5 + count):
        work(at)
    return count / (time.process_time() - begun)


def _certificates() -> Iterator[Figure]:
    from xianfeng.designations import printing

    def data(at: int, kind: str) -> dict[str, Any]:
        return {
            "word": "证书",
            "number": f"SZ-ZXF-2019-DZZ-{at:03}",
            "holder": f"示例水务建设有限公司第{at}党支部",
            "unit": "",
            "lead": printing.LEAD,
            "title": "“治水管海（水务工程建设）先锋”党建品牌示范点",
            "category": "示范党组织",
            "valid": "有效期至2022年12月19日",
            "issuer": "示例水务工程建设行业党委",
            "date": "2019年12月20日",
            "proof": f"{at}-3F2A9C1D",
            "qr": printing.qr_svg(f"{BASE}/verify/{at:016}/", printing.INKS[kind]),
        }

    begun = time.perf_counter()
    printing.sheet(data(0, "certificate"), "certificate")
    first = time.perf_counter() - begun
    each = rate(lambda at: printing.sheet(data(at, "certificate"), "certificate"))
    yield Figure(
        "credentials", "certificate PDF with its code, a core", f"{each:.0f} a second", "", ">= 100", each >= 100
    )
    yield Figure("credentials", "first certificate of a process", f"{first:.2f} s", "typst warm 2 ms (bars.md)")
    plaques = rate(lambda at: printing.sheet(data(at, "plaque"), "plaque", "svg"), 60)
    yield Figure("credentials", "plaque artwork SVG, a core", f"{plaques:.0f} a second", "")


def _title(at: int) -> Title:
    from xianfeng.designations.rules.credentials.badge import Title

    return Title(
        public_id=f"{at:016}",
        serial=at + 1,
        number=f"SZ-ZXF-2019-DZZ-{at:03}",
        title="“治水管海（水务工程建设）先锋”党建品牌示范点·示范党组织",
        tier="tier1",
        tier_title="示范点",
        category="organisation",
        category_title="示范党组织",
        group="design",
        holder=f"示例水务建设有限公司第{at}党支部",
        unit="示例水务建设有限公司",
        unit_code="",
        named_on="2019-12-19T16:00:00Z",
        valid_until="",
        programme="“治水管海（水务工程建设）先锋”党建品牌示范点创建",
        issuer="示例水务工程建设行业党委",
        basis="《示例创建方案》",
    )


def _credentials() -> Iterator[Figure]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from xianfeng.designations import issuer
    from xianfeng.designations.rules.credentials import badge, base58, bitstring, checking, did, integrity
    from xianfeng.kernel import keys

    contexts, key = issuer.known_contexts(), Ed25519PrivateKey.generate()
    proof = integrity.configuration(method=did.method_of(BASE, "key-1"), created="2026-11-22T00:00:00Z")

    def secured(document: Mapping[str, Any]) -> dict[str, Any]:
        return {**document, "proof": [integrity.sign(document, proof, key, contexts)]}

    def issue(at: int) -> bytes:
        return issuer.text(secured(badge.unsigned(_title(at), BASE))).encode()

    issued = rate(issue, 200)
    yield Figure("credentials", "credential issued, a core", f"{issued:.0f} a second", "", ">= 100", issued >= 100)
    world: dict[str, Any] = {
        did.did_of(BASE): did.document(BASE, [did.PublicKey("key-1", base58.public_key(keys.public_of(key)))])
    }
    for purpose in bitstring.PURPOSES:
        unsigned = bitstring.unsigned(
            base=BASE, issuer=did.did_of(BASE), list_no=1, purpose=purpose, indexes=[9], at="2026-11-22T00:00:00Z"
        )
        world[unsigned["id"]] = secured(unsigned)
    given = checking.World(contexts, world.get, datetime(2026, 11, 23, tzinfo=UTC))
    raws = [issue(at) for at in range(20)]
    checked = rate(lambda at: checking.check(raws[at % 20], given), 200)
    yield Figure("credentials", "credential verified with its status, a core", f"{checked:.0f} a second", "")
    control = all(checking.check(raw, given).ok for raw in raws)
    yield Figure("credentials", "known-good control", "valid" if control else "refused", "", "valid", control)
    passed = total = 0
    for raw in raws[:SWEPT]:
        for at in range(len(raw)):
            for change in (1, 32, 128):
                forged = raw[:at] + bytes([raw[at] ^ change]) + raw[at + 1 :]
                total += 1
                passed += checking.check(forged, given).ok
    words = f"{passed} of {total} pass"
    yield Figure("credentials", f"changed bytes, all of {SWEPT} credentials", words, "", "none passes", passed == 0)
