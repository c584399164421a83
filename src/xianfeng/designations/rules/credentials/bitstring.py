"""Bitstring Status List (W3C VC Bitstring Status List 1.0): which credentials are revoked or suspended, a bit each."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from xianfeng.designations.rules.credentials import contexts

LENGTH: Final = 131_072  # bits, the least the specification allows: it hides whose bit is asked for
LARGEST: Final = 1 << 24  # bytes once unpacked; more is a bomb, not a list
PURPOSES: Final = ("revocation", "suspension")
SPREAD: Final = 48_271  # odd, so that times it is a permutation of the places of a list


class StatusListError(ValueError):
    """The list is too short, too large, or no list at all."""


@dataclass(frozen=True)
class Place:
    """Where a credential's bits are: in which list, at which index."""

    list_no: int
    index: int


def place(serial: int) -> Place:
    """The place of the n-th designation (from 1): lists fill one after another, places within one are scattered."""
    list_no, within = divmod(serial - 1, LENGTH)
    return Place(list_no + 1, within * SPREAD % LENGTH)


def encode(indexes: Iterable[int], length: int = LENGTH) -> str:
    """``encodedList`` with these bits set; the first bit is the highest of the first byte."""
    bits = bytearray(length // 8)
    for one in indexes:
        bits[one >> 3] |= 0x80 >> (one & 7)
    packed = gzip.compress(bytes(bits), compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bits of an ``encodedList``; StatusListError when it is short, larger than any list, or unreadable."""
    if not isinstance(text, str) or not text.startswith("u"):
        raise StatusListError("状态列表的编码不对")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, LARGEST + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise StatusListError("状态列表的编码不对") from error
    if len(bits) > LARGEST:
        raise StatusListError("状态列表过大")
    if not unpacker.eof or unpacker.unused_data:
        raise StatusListError("状态列表不完整")
    if len(bits) * 8 < LENGTH:
        raise StatusListError(f"状态列表不足 {LENGTH} 位")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether a bit is set; StatusListError beyond the list's end."""
    if not 0 <= index < len(bits) * 8:
        raise StatusListError("状态列表没有这一位")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


def address(base: str, list_no: int, purpose: str) -> str:
    """Where a list is published."""
    return f"{base}/status/{purpose}-{list_no}"


def entry(base: str, where: Place) -> dict[str, str]:
    """``credentialStatus`` of a credential.

    Open Badges allows one entry, an object. It points to the list ``revocation``, in which a suspended title's bit is
    set as well for as long as it is suspended: a verifier that reads this one list refuses both. The list
    ``suspension``, at the same index, tells one from the other.
    """
    return {
        "id": f"{address(base, where.list_no, PURPOSES[0])}#{where.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSES[0],
        "statusListIndex": str(where.index),
        "statusListCredential": address(base, where.list_no, PURPOSES[0]),
    }


def sister(list_address: str) -> str:
    """The address of the list of suspensions that goes with a list of revocations."""
    head, _, tail = list_address.rpartition(f"/{PURPOSES[0]}-")
    return f"{head}/{PURPOSES[1]}-{tail}"


def unsigned(*, base: str, issuer: str, list_no: int, purpose: str, indexes: Iterable[int], at: str) -> dict[str, Any]:
    """A status list as a credential, without its proof."""
    where = address(base, list_no, purpose)
    return {
        "@context": [contexts.CREDENTIALS],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at,
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(indexes),
        },
    }
