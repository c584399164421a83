"""The issuer's name and keys for the world: ``did:web`` from the base address, and its document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

CONTEXT: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
MULTIKEY_CONTEXT: Final = "https://w3id.org/security/multikey/v1"


@dataclass(frozen=True)
class PublicKey:
    """A key as the world knows it; ``struck_from`` is the instant from which nothing signed by it counts."""

    name: str
    multibase: str
    struck_from: datetime | None = None


def did_of(base: str) -> str:
    """``https://example.org`` → ``did:web:example.org``; a port is written ``%3A8000``."""
    return f"did:web:{quote(urlsplit(base).netloc.lower(), safe='.')}"


def method_of(base: str, name: str) -> str:
    """The address of a key within the issuer's document."""
    return f"{did_of(base)}#{name}"


def stamp(moment: datetime) -> str:
    """An instant as credentials write it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(base: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The DID document.

    A struck key stays among the verification methods, with the instant it was struck from, but it may assert nothing
    any more: verifiers that know nothing of ``revoked`` then refuse it as well.
    """
    did, found = did_of(base), list(keys)
    return {
        "@context": CONTEXT,
        "id": did,
        "verificationMethod": [method(base, one) for one in found],
        "assertionMethod": [method_of(base, one.name) for one in found if one.struck_from is None],
    }


def method(base: str, key: PublicKey) -> dict[str, Any]:
    """One verification method."""
    row = {
        "id": method_of(base, key.name),
        "type": "Multikey",
        "controller": did_of(base),
        "publicKeyMultibase": key.multibase,
    }
    return row if key.struck_from is None else row | {"revoked": stamp(key.struck_from)}
