"""The W3C test vectors of vc-di-eddsa, step by step and byte for byte (needs ../shared)."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianfeng.designations import issuer
from xianfeng.designations.rules.credentials import base58, contexts, integrity
from xianfeng.designations.rules.credentials.integrity import HashData
from xianfeng.designations.rules.credentials.linked_data import Contexts
from xianfeng.kernel.canonical import canonical_bytes

ROOT = Path(__file__).resolve().parents[2]
CITIZENSHIP = ROOT / "node_modules/@digitalbazaar/citizenship-context/contexts/v4rc1.jsonld"


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    return shared / "data" / "trust" / "w3c-vc-di-eddsa" / "TestVectors"


@pytest.fixture(scope="module")
def known(shared: Path) -> Contexts:
    trust = shared / "data" / "trust"
    return Contexts(
        {
            **contexts.read(issuer.MATTER / "contexts"),
            "https://www.w3.org/ns/credentials/examples/v2": load(trust / "contexts/credentials-examples-v2.json"),
            "https://w3id.org/security/suites/ed25519-2020/v1": load(
                trust / "w3c-vc-di-eddsa/contexts/lds-ed25519-2020-v1.json"
            ),
            **({"https://w3id.org/citizenship/v4rc1": load(CITIZENSHIP)} if CITIZENSHIP.exists() else {}),
        }
    )


def load(path: Path) -> Any:
    return json.loads(path.read_text())


def secret(pair: dict[str, str]) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base58.decode(pair["privateKeyMultibase"])[2:])


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def compare(folder: Path, suffix: str, hashed: HashData) -> None:
    """Every step that the vectors publish."""
    assert hashed.document == (folder / f"canonDoc{suffix}.txt").read_text()
    assert hashed.proof == (folder / f"proofCanon{suffix}.txt").read_text()
    assert hashed.document_hash.hex() == (folder / f"docHash{suffix}.txt").read_text().strip()
    assert hashed.proof_hash.hex() == (folder / f"proofHash{suffix}.txt").read_text().strip()
    assert hashed.message.hex() == (folder / f"combinedHash{suffix}.txt").read_text().strip()


@pytest.mark.parametrize(
    ("folder", "suffix", "document"),
    [
        ("eddsa-rdfc-2022", "DataInt", "unsigned.json"),
        ("eddsa-rdfc-2022/employ", "DataInt", "employmentAuth.json"),
        ("Ed25519Signature2020", "EdSig", "unsigned.json"),
    ],
)
def test_the_published_steps_and_the_signed_document(vectors, known, folder, suffix, document):
    if document == "employmentAuth.json" and not CITIZENSHIP.exists():
        pytest.skip("node_modules is missing: run make setup")
    place = vectors / folder
    signed = load(place / f"signed{suffix}.json")
    unsigned = load(vectors / document) | {"@context": signed["@context"]}
    options = without(load(place / f"proofConfig{suffix}.json"), "@context")
    pair = load(vectors / "keyPair.json")
    compare(place, suffix, integrity.hash_data(unsigned, options, known))
    proof = integrity.sign(unsigned, options, secret(pair), known)
    assert proof["proofValue"] == (place / f"sigBTC58{suffix}.txt").read_text().strip()
    assert without(signed["proof"], "@context") == proof
    public = base58.public_key_bytes(pair["publicKeyMultibase"])
    assert integrity.holds(signed, without(signed["proof"], "@context"), public, known)


def test_the_jcs_suite_shares_hashing_and_signing(vectors):
    """Not issued by us (Open Badges refuses it alone); the steps are the same but for the canonical form."""
    place, pair = vectors / "eddsa-jcs-2022", load(vectors / "keyPair.json")
    document, options = load(vectors / "unsigned.json"), load(place / "proofConfigJCS.json")
    hashed = HashData(canonical_bytes(document).decode(), canonical_bytes(options).decode())
    compare(place, "JCS", hashed)
    signature = base58.encode(secret(pair).sign(hashed.message))
    assert signature == (place / "sigBTC58JCS.txt").read_text().strip()


@pytest.mark.parametrize("number", [1, 2])
def test_a_proof_set_is_several_proofs_of_one_document(vectors, known, number):
    place = vectors / "proof-set-chain"
    pair = load(place / "multiKeyPairs.json")[f"keyPair{number}"]
    options, expected = load(place / f"proofSetConfig{number}.json"), load(place / f"proofSetConfigSigned{number}.json")
    assert integrity.sign(load(place / "unsigned.json"), options, secret(pair), known) == expected
    assert expected in load(place / "signedProofSet2.json")["proof"]


@pytest.mark.parametrize("number", [1, 2])
def test_a_chained_proof_covers_those_before_it(vectors, known, number):
    place = vectors / "proof-set-chain"
    expected = load(place / f"proofChainConfigSigned{number}.json")
    public = base58.public_key_bytes(expected["verificationMethod"].partition("#")[2])
    earlier = load(place / f"proofChainTempDoc{number}.json")["proof"]
    document = load(place / f"signedProofChain{number}.json")
    hashed = integrity.hash_data(document, expected, known, earlier)
    pairs = load(place / "multiKeyPairs.json")
    pair = next(one for one in pairs.values() if base58.public_key_bytes(one["publicKeyMultibase"]) == public)
    assert base58.encode(secret(pair).sign(hashed.message)) == expected["proofValue"]
    assert expected in document["proof"]
