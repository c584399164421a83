"""Multibase base58-btc, as proofs and keys are written (the alphabet of Bitcoin, prefix z)."""

from typing import Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES: Final = {sign: value for value, sign in enumerate(ALPHABET)}
ED25519_PUBLIC: Final = b"\xed\x01"


def encode(data: bytes) -> str:
    """Bytes as multibase text."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def decode(text: str) -> bytes:
    """Multibase text as bytes; ValueError when it is none."""
    if not text.startswith("z") or not text.isascii():
        raise ValueError("不是 base58-btc 编码")
    number = 0
    for sign in text[1:]:
        if sign not in VALUES:
            raise ValueError("不是 base58-btc 编码")
        number = number * 58 + VALUES[sign]
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_key(raw: bytes) -> str:
    """A public Ed25519 key of 32 bytes as ``publicKeyMultibase``."""
    return encode(ED25519_PUBLIC + raw)


def public_key_bytes(text: str) -> bytes:
    """The 32 bytes of a ``publicKeyMultibase``; ValueError when it is no Ed25519 key."""
    data = decode(text)
    if len(data) != 34 or not data.startswith(ED25519_PUBLIC):
        raise ValueError("不是 Ed25519 公钥")
    return data[2:]
