"""What the world reads of our credentials: DID document, status lists, the credentials, and our own verdict."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max

from xianfeng.designations import issuer, rules
from xianfeng.designations.models import Credential, Designation, IssuerKey
from xianfeng.designations.rules.credentials import badge, bitstring, checking, did
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere

CHUNK = 500
# How old a served status list may be, in seconds: with the readers' caches it stays within the promised five minutes.
FRESH = 60


def public_keys() -> list[did.PublicKey]:
    """Every key the issuer ever had; one query."""
    rows = IssuerKey.objects.order_by("id").values_list("name", "multibase", "struck_from")
    return [did.PublicKey(*one) for one in rows]


def did_document() -> dict[str, Any]:
    """The issuer's DID document; 404 before set-up."""
    found = public_keys()
    if not found:
        raise NotFoundHere("还没有生成签发密钥。", "请运行 xianfeng credential key make。")
    return did.document(issuer.base(), found)


def signing_key() -> IssuerKey:
    """The key that signs now; 404 before set-up."""
    key = IssuerKey.objects.filter(retired_at=None, struck_from=None).order_by("-id").first()
    if key is None:
        raise NotFoundHere("还没有生成签发密钥。", "请运行 xianfeng credential key make。")
    return key


def credential_text(public_id: str) -> Credential:
    """The current credential of a title, by its public id; 404 where there is none."""
    found = Credential.objects.filter(current_for__public_id=public_id).first()
    if found is None:
        raise NotFoundHere("没有找到这份数字凭证。", "刚命名的称号稍后签发；请核对地址。")
    return found


def list_count() -> int:
    """How many lists of each purpose there are: at least one."""
    last = Designation.objects.aggregate(last=Max("pk"))["last"]
    return bitstring.place(last or 1).list_no


def status_list(purpose: str, list_no: int) -> str:
    """A signed status list as text, as it stands now; 404 beyond the last one."""
    if purpose not in bitstring.PURPOSES or not 1 <= list_no <= list_count():
        raise NotFoundHere("没有找到这个状态列表。", "请核对地址。")
    first = (list_no - 1) * bitstring.LENGTH + 1
    ids = Designation.objects.filter(
        pk__gte=first, pk__lt=first + bitstring.LENGTH, state__in=rules.LISTED[purpose]
    ).order_by("pk")
    indexes = tuple(bitstring.place(one).index for one in ids.values_list("pk", flat=True))
    key = signing_key()
    # Signed anew once a minute at most: within it, the same answer byte for byte, so that readers' caches hold.
    minute = clock.real_now().replace(second=0, microsecond=0)
    return _signed_list(issuer.base(), purpose, list_no, indexes, key.pk, did.stamp(minute))


@lru_cache(maxsize=32)
def _signed_list(base: str, purpose: str, list_no: int, indexes: tuple[int, ...], key_id: int, at: str) -> str:
    unsigned = bitstring.unsigned(
        base=base, issuer=did.did_of(base), list_no=list_no, purpose=purpose, indexes=indexes, at=at
    )
    return issuer.text(issuer.secured(unsigned, IssuerKey.objects.get(pk=key_id), at))


def current_credentials() -> Iterator[tuple[str, str]]:
    """Public id and text of every current credential, in constant memory."""
    rows = Credential.objects.filter(current_for__isnull=False).order_by("current_for_id")
    yield from rows.values_list("current_for__public_id", "document").iterator(chunk_size=CHUNK)


def world() -> dict[str, Any]:
    """Address or DID → document: what an outside verifier needs to check the credentials without a network."""
    base, keys = issuer.base(), public_keys()
    found: dict[str, Any] = {did.did_of(base): did.document(base, keys)}
    for one in keys:
        # Verifiers that ask for the key itself: its method, under the context such documents bear.
        found[did.method_of(base, one.name)] = {"@context": did.MULTIKEY_CONTEXT, **did.method(base, one)}
    for list_no in range(1, list_count() + 1):
        for purpose in bitstring.PURPOSES:
            found[bitstring.address(base, list_no, purpose)] = json.loads(status_list(purpose, list_no))
    return found


def own_resolver() -> Callable[[str], Mapping[str, Any] | None]:
    """Resolve our own DID and status lists from the database; everything else is unknown."""
    base = issuer.base()

    def resolve(address: str) -> Mapping[str, Any] | None:
        if address == did.did_of(base):
            return did.document(base, public_keys())
        head, _, tail = address.rpartition("/")
        purpose, _, number = tail.rpartition("-")
        if head == f"{base}/status" and purpose in bitstring.PURPOSES and number.isdecimal():
            try:
                found: dict[str, Any] = json.loads(status_list(purpose, int(number)))
            except NotFoundHere:
                return None
            return found
        return None

    return resolve


def testified(raw: bytes) -> bool:
    """Whether these very bytes were issued by us before the instant their key was struck from."""
    digest = hashlib.sha256(raw.strip()).hexdigest()
    row = Credential.objects.filter(sha256=digest).select_related("key").first()
    return row is not None and (row.key.struck_from is None or row.issued_at < row.key.struck_from)


def verdict(raw: bytes, *, world: Mapping[str, Any] | None = None, now: datetime | None = None) -> checking.Report:
    """Our verdict on a credential's bytes: by the database, or by an exported ``world.json`` alone."""
    at = now or clock.real_now()
    if world is not None:
        return checking.check(raw, checking.World(issuer.known_contexts(), world.get, at))
    return checking.check(raw, checking.World(issuer.known_contexts(), own_resolver(), at, testified))


def credential_address(designation: Designation) -> str:
    """Where a title's credential is published."""
    return badge.address(issuer.base(), designation.public_id)


@dataclass(frozen=True)
class Published:
    """A title's credential as pages link to it."""

    address: str
    sha256: str
    key: str
    method: str  # the key's address
    issued_at: datetime
    issuer: str
    lists: tuple[str, str]  # where its bit stands: revocations, suspensions


def published(designation: Designation) -> Published | None:
    """The links of a title's current credential; no query when ``credential__key`` was joined."""
    row: Credential | None = getattr(designation, "credential", None)
    if row is None:
        return None
    base, list_no = issuer.base(), bitstring.place(designation.pk).list_no
    revocations, suspensions = (bitstring.address(base, list_no, purpose) for purpose in bitstring.PURPOSES)
    return Published(
        address=credential_address(designation),
        sha256=row.sha256,
        key=row.key.name,
        method=did.method_of(base, row.key.name),
        issued_at=row.issued_at,
        issuer=did.did_of(base),
        lists=(revocations, suspensions),
    )
