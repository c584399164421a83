"""The issuer at work: where contexts and keys lie, and what the base address makes of them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

import xianfeng.kernel
from xianfeng.designations.models import IssuerKey
from xianfeng.designations.rules.credentials import base58, contexts, did, integrity
from xianfeng.designations.rules.credentials.linked_data import Contexts
from xianfeng.kernel import keys

MATTER = Path(xianfeng.kernel.__file__).parent / "vendor"


def base() -> str:
    """The public base address, without a slash at its end."""
    return str(settings.BASE_URL).rstrip("/")


@lru_cache(maxsize=1)
def known_contexts() -> Contexts:
    """The pinned contexts, read once a process."""
    return Contexts(contexts.read(MATTER / "contexts"))


def place_of(key: IssuerKey) -> tuple[Path, str]:
    """Folder and name of a key's file."""
    return settings.KEYS, f"issuer-{key.name}"


def make_key(name: str) -> str:
    """Make a private key on disk; its public half as multibase."""
    return base58.public_key(keys.make(*place_of(IssuerKey(name=name)), settings.KEY_SECRET))


def private(key: IssuerKey) -> Ed25519PrivateKey:
    """The private half of a key."""
    return keys.load(*place_of(key), settings.KEY_SECRET)


def secured(document: Mapping[str, Any], key: IssuerKey, created: str) -> dict[str, Any]:
    """The document with its proof, as an array (Open Badges wants one)."""
    proof = integrity.configuration(method=did.method_of(base(), key.name), created=created)
    return {**document, "proof": [integrity.sign(document, proof, private(key), known_contexts())]}


def text(document: Mapping[str, Any]) -> str:
    """A document as it is stored and published: one line, so that not a single byte of it is idle."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
