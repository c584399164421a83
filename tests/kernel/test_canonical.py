"""Canonical bytes, pinned to the RFCs' own examples."""

import hashlib

import pytest

from xianfeng.kernel.canonical import CanonicalError, canonical_bytes, commitment, leaf_hash, sha256_hex


def test_keys_are_sorted_by_utf16_units_and_text_stays_utf8() -> None:
    # RFC 8785 section 3.2.3, its own example without the number
    given = {"€": "Euro", "\r": "CR", "\ufb33": "Dalet", "1": "One", "\U0001f600": "Smile", "\x80": "Control", "ö": "o"}
    order = [line.split('":"')[1].rstrip('"') for line in canonical_bytes(given).decode()[1:-1].split(",")]
    assert order == ["CR", "One", "Control", "o", "Euro", "Smile", "Dalet"]


def test_same_value_same_bytes() -> None:
    assert canonical_bytes({"b": [1, None, True], "a": "中"}) == '{"a":"中","b":[1,null,true]}'.encode()
    assert canonical_bytes({"a": "中", "b": (1, None, True)}) == canonical_bytes({"b": [1, None, True], "a": "中"})


@pytest.mark.parametrize("value", [1.0, {"a": [1, {"b": 0.5}]}, float("nan"), 2**53, {1: "a"}, "\ud800", b"x", {1, 2}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical_bytes(value)


def test_leaf_hash_is_rfc_6962s() -> None:
    # the hash of the empty leaf, as in the certificate-transparency test vectors
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"x") != hashlib.sha256(b"x").digest()
    assert sha256_hex(b"") == hashlib.sha256().hexdigest()


def test_commitments_keep_salt_key_and_value_apart() -> None:
    assert commitment("s", "name", "示例") == sha256_hex('["s","name","示例"]'.encode())
    assert len({commitment("ab", "c", "d"), commitment("a", "bc", "d"), commitment("a", "b", "cd")}) == 3
