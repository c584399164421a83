"""Credentials for tests: a small world of titles, the documents as exported, and small forgeries."""

import json
from datetime import datetime, timedelta
from typing import Any

from tests.factories import designations as made
from tests.factories.base import World
from xianfeng import journal
from xianfeng.designations import issuer
from xianfeng.designations.models import Designation, IssuerKey
from xianfeng.designations.queries import credentials as queries
from xianfeng.designations.rules.credentials import did
from xianfeng.designations.services import credentials as services
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM


def titles(world: World, count: int = 3) -> list[Designation]:
    """Titles of service points named by the services, with their credentials."""
    return made.titled(world, *made.nominees(world, count, "service_point"))


def raw(title: Designation) -> bytes:
    """The bytes of a title's current credential."""
    return queries.credential_text(title.public_id).document.encode()


def document(title: Designation) -> dict[str, Any]:
    """A title's current credential."""
    found: dict[str, Any] = json.loads(raw(title))
    return found


def resigned(found: dict[str, Any], **changes: Any) -> bytes:
    """The credential changed and signed anew by the current key: for documents that are wrong but not altered."""
    bare = {**{name: value for name, value in found.items() if name != "proof"}, **changes}
    key = IssuerKey.objects.get(retired_at=None)
    return issuer.text(issuer.secured(bare, key, did.stamp(clock.real_now()))).encode()


def rotate(now: datetime | None = None) -> IssuerKey:
    """A new key."""
    with journal.unit_of_work():
        return services.key_rotate(actor=SYSTEM, now=now or clock.real_now())


def strike(name: str, since: datetime) -> int:
    """A key struck, without anything issued anew yet."""
    with journal.unit_of_work():
        return services.key_strike(
            name=name,
            struck_from=since,
            reason="示例：密钥文件外泄",
            actor=SYSTEM,
            now=clock.real_now() + timedelta(minutes=1),  # tests are quicker than the seconds that proofs count in
        )
