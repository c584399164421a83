"""C2SP signed notes, checkpoints, cosignatures and tlog-proofs as texts. Pure: no Django, no database.

A checkpoint's text is origin, tree size and root, each on a line; a signed note is that text, an empty line and
signature lines. Formats: c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04
LONGEST_NOTE, MOST_SIGNATURES = 65_536, 64
PROOF_HEAD = "c2sp.org/tlog-proof@v1"


class NoteError(ValueError):
    """The text is not a well-formed note, key or proof, or is not signed as it must be."""


def b64(data: bytes) -> str:
    """Standard base64 as notes write it."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Strict standard base64: one spelling for each value."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    if b64(data) != text:
        raise NoteError("base64 is not canonical")
    return data


def check_name(name: str) -> None:
    """Raise NoteError unless the text may name a key: no space, no plus, nothing invisible."""
    if not name or "+" in name or any(one.isspace() or unicodedata.category(one) == "Cc" for one in name):
        raise NoteError(f"{name!r} cannot name a key")


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that tell a key from others of its name."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True)
class VerifierKey:
    """A public key as notes write it: ``name+hex id+base64(type || key)``."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The key's id."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a verifier key; its id must be that of its name and key."""
        name, _, rest = text.strip().partition("+")
        ident, _, body = rest.partition("+")
        check_name(name)
        data = unb64(body)
        if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
            raise NoteError("not an Ed25519 verifier key")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != ident:
            raise NoteError("the key's id does not fit its name and key")
        return key

    def made(self, signature: "Signature") -> bool:
        """Whether a signature line claims to be by this key."""
        return signature.name == self.name and signature.id == self.id

    def check(self, text: str, signature: "Signature") -> int:
        """Raise NoteError unless the signature is this key's over the text; returns a cosignature's time, else 0."""
        message, blob, at = text.encode(), signature.blob, 0
        if self.kind == COSIGNATURE:
            if len(blob) != 72:
                raise NoteError("a cosignature has 72 bytes")
            at, blob = int.from_bytes(blob[:8], "big"), blob[8:]
            message = f"cosignature/v1\ntime {at}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(blob, message)
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"the signature of {self.name} does not hold") from error
        return at


@dataclass(frozen=True)
class Signature:
    """One signature line."""

    name: str
    id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.id + self.blob)}"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Read one line without its newline."""
        dash, _, rest = line.partition(" ")
        name, _, body = rest.partition(" ")
        if dash != "—":
            raise NoteError("a signature line begins with a dash")
        check_name(name)
        data = unb64(body)
        if len(data) < 5:
            raise NoteError("a signature is too short")
        return cls(name, data[:4], data[4:])


def public_key(private: Ed25519PrivateKey, name: str, kind: int = ED25519) -> VerifierKey:
    """The verifier key of a private key under a name."""
    check_name(name)
    return VerifierKey(name, kind, private.public_key().public_bytes_raw())


def sign(text: str, private: Ed25519PrivateKey, name: str) -> Signature:
    """An Ed25519 signature line over a note's text."""
    return Signature(name, public_key(private, name).id, private.sign(text.encode()))


def cosign(text: str, private: Ed25519PrivateKey, name: str, at: int) -> Signature:
    """A cosignature line: what a witness returns. ``at`` is a POSIX time."""
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    ident = public_key(private, name, COSIGNATURE).id
    return Signature(name, ident, at.to_bytes(8, "big") + private.sign(message))


def signature_lines(text: str) -> list[Signature]:
    """Signature lines alone, as a witness answers them."""
    lines = [line for line in text.split("\n") if line]
    if len(lines) > MOST_SIGNATURES:
        raise NoteError("too many signatures")
    return [Signature.parse(line) for line in lines]


@dataclass(frozen=True)
class Note:
    """A text and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{one}\n" for one in self.signatures)

    @classmethod
    def parse(cls, raw: str) -> "Note":
        """Read a signed note."""
        if len(raw.encode()) > LONGEST_NOTE:
            raise NoteError("the note is too long")
        if any(one < " " and one != "\n" for one in raw):
            raise NoteError("the note holds a control character")
        text, parting, rest = raw.rpartition("\n\n")
        if not parting or not text or not rest.endswith("\n"):
            raise NoteError("no text, empty line and signatures")
        signatures = signature_lines(rest)
        if not signatures:
            raise NoteError("the note is not signed")
        return cls(f"{text}\n", tuple(signatures))

    def signed_by(self, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, int]]:
        """Keys of ``keys`` that signed, with cosignatures' times; a known key's bad signature refuses the note."""
        found = [(key, key.check(self.text, one)) for key in keys for one in self.signatures if key.made(one)]
        if not found:
            raise NoteError("no known key has signed this")
        return found


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the log's name, how many entries it has, the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read a checkpoint's text; extension lines are allowed and not read."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteError("not a checkpoint")
        if not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
            raise NoteError("the tree size is no number")
        root = unb64(lines[2])
        if len(root) != 32:
            raise NoteError("the root is not of 32 bytes")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True)
class TlogProof:
    """An inclusion proof that travels: index from 0, hashes from the leaf's sibling up, the checkpoint, extra data."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {b64(self.extra)}\n" if self.extra else ""
        hashes = "".join(f"{b64(one)}\n" for one in self.proof)
        return f"{PROOF_HEAD}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, raw: str) -> "TlogProof":
        """Read a .tlog-proof file."""
        head, _, note = raw.partition("\n\n")
        lines: Sequence[str] = head.split("\n")
        if lines[0] != PROOF_HEAD:
            raise NoteError("not a tlog-proof")
        extra = b""
        if len(lines) > 1 and lines[1].startswith("extra "):
            extra, lines = unb64(lines[1][6:]), [lines[0], *lines[2:]]
        if len(lines) < 2 or not re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[1]):
            raise NoteError("the proof has no index")
        return cls(int(lines[1][6:]), tuple(unb64(one) for one in lines[2:]), Note.parse(note), extra)
