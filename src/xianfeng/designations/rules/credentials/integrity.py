"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022 (W3C vc-di-eddsa, section 3.2)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianfeng.designations.rules.credentials import base58
from xianfeng.designations.rules.credentials.linked_data import Contexts, LinkedDataError
from xianfeng.kernel import keys

SUITE: Final = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
PURPOSE: Final = "assertionMethod"


@dataclass(frozen=True)
class HashData:
    """What is signed, and the steps to it: the test vectors compare each."""

    document: str  # canonical N-Quads
    proof: str

    @property
    def document_hash(self) -> bytes:
        """SHA-256 of the document's canonical form."""
        return hashlib.sha256(self.document.encode()).digest()

    @property
    def proof_hash(self) -> bytes:
        """SHA-256 of the proof configuration's canonical form."""
        return hashlib.sha256(self.proof.encode()).digest()

    @property
    def message(self) -> bytes:
        """The 64 bytes that are signed: proof first."""
        return self.proof_hash + self.document_hash


def configuration(*, method: str, created: str, purpose: str = PURPOSE) -> dict[str, Any]:
    """A proof without its value."""
    return {**SUITE, "created": created, "verificationMethod": method, "proofPurpose": purpose}


def hash_data(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    contexts: Contexts,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> HashData:
    """Canonical forms of a document and of a proof without its value; ``earlier`` are those a chained proof covers."""
    bare = {key: value for key, value in document.items() if key != "proof"}
    if earlier:
        bare["proof"] = list(earlier)
    options = {key: value for key, value in proof.items() if key not in ("proofValue", "@context")}
    named = {"@context": document["@context"]}
    return HashData(contexts.canonical(bare), contexts.canonical(named | options))


def sign(
    document: Mapping[str, Any], proof: Mapping[str, Any], key: Ed25519PrivateKey, contexts: Contexts
) -> dict[str, Any]:
    """The proof with its value; LinkedDataError when the document has a term that its contexts do not define."""
    return {**proof, "proofValue": base58.encode(key.sign(hash_data(document, proof, contexts).message))}


def proofs(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs of a secured document: at least one, each of our suite and no more than we understand."""
    given = document.get("proof")
    found: list[Mapping[str, Any]] = []
    allowed = {*SUITE, "created", "verificationMethod", "proofPurpose", "proofValue", "@context"}
    for one in given if isinstance(given, list) else [given]:
        if not isinstance(one, dict) or {name: one.get(name) for name in SUITE} != SUITE or not set(one) <= allowed:
            raise LinkedDataError("没有可以识别的数字签名（eddsa-rdfc-2022）")
        if "@context" in one and one["@context"] != document.get("@context"):
            raise LinkedDataError("签名的上下文与文件不一致")
        if not all(isinstance(one.get(name), str) for name in ("verificationMethod", "proofPurpose", "proofValue")):
            raise LinkedDataError("数字签名不完整")
        found.append(one)
    if not found:
        raise LinkedDataError("没有数字签名")
    return found


def holds(document: Mapping[str, Any], proof: Mapping[str, Any], public: bytes, contexts: Contexts) -> bool:
    """Whether one proof's signature holds under a public key of 32 bytes."""
    try:
        signature = base58.decode(proof["proofValue"])
    except ValueError:
        return False
    return len(signature) == 64 and keys.verifies(public, signature, hash_data(document, proof, contexts).message)
