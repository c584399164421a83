"""Checking a ``.tlog-proof`` that somebody holds: by keys and hashes alone, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xianfeng.journal import merkle
from xianfeng.journal.notes import Head, NoteError, TlogProof, VerifierKey
from xianfeng.kernel.errors import Invalid


@dataclass(frozen=True)
class Checked:
    """What a proof that holds says."""

    origin: str
    seq: int
    size: int
    leaf: str

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"ok": True, "origin": self.origin, "seq": self.seq, "size": self.size, "leaf": self.leaf}


def check(raw: str, keys: Iterable[VerifierKey], leaf: bytes | None = None) -> Checked:
    """Check a proof file for a leaf (by default the one it carries); UserError when it does not hold."""
    try:
        proof = TlogProof.parse(raw)
        head = Head.parse(proof.checkpoint.text)
        proof.checkpoint.signed_by([key for key in keys if key.name == head.origin])
    except NoteError as error:
        raise Invalid("存证文件不是本日志所签，或已损坏。", f"（{error}）") from error
    if leaf is None:
        leaf = proof.extra
    if not leaf:
        raise Invalid("存证文件没有附条目原文。", "请用 --leaf 给出条目原文。")
    try:
        merkle.verify_inclusion(proof.index, head.size, merkle.leaf_hash(leaf), proof.proof, head.root)
        text = leaf.decode()
    except (merkle.ProofError, ValueError) as error:
        raise Invalid("存证与条目内容不符。", f"（{error}）") from error
    return Checked(head.origin, proof.index + 1, head.size, text)
