"""Canonical JSON bytes (RFC 8785) and the hashes built on them.

Whatever is hashed or signed goes through here, so floats are refused outright: a decimal is a string.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785


class CanonicalError(ValueError):
    """The value has no single canonical form: a float, a non-string key, an integer beyond 2^53."""


def _refuse_floats(value: Any, path: str) -> None:
    # rfc8785 would accept floats and write them in ECMAScript's shortest form; we do not want them at all.
    if isinstance(value, float):
        raise CanonicalError(f"float at {path}: write decimals as strings")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_floats(inner, f"{path}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for index, inner in enumerate(value):
            _refuse_floats(inner, f"{path}[{index}]")


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value without floats; raises CanonicalError where there is none."""
    _refuse_floats(value, "$")
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise CanonicalError(str(error)) from error


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a Merkle leaf, SHA-256(0x00 || leaf): RFC 6962, so that a tree can grow on the same bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def commitment(salt: str, key: str, value: str) -> str:
    """Salted commitment to one personal value: hex SHA-256 of the canonical array [salt, key, value].

    The array form keeps the three apart: no two different triples share their bytes.
    """
    return sha256_hex(canonical_bytes([salt, key, value]))
