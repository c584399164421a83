"""The Merkle tree against the C2SP vectors, and against RFC 6962's definitions written out naively."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.journal import merkle
from xianfeng.journal.merkle import ProofError


def vectors(shared: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    folder = shared / "data" / "trust" / "merkle" / "testdata" / kind
    return [(str(path.relative_to(folder)), json.loads(path.read_text())) for path in sorted(folder.rglob("*.json"))]


def decode(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def verdict(kind: str, case: dict[str, Any]) -> bool:
    proof = [decode(one) for one in case["proof"] or []]
    try:
        if kind == "inclusion":
            merkle.verify_inclusion(
                case["leafIdx"], case["treeSize"], decode(case["leafHash"]), proof, decode(case["root"])
            )
        elif kind == "consistency":
            merkle.verify_consistency(case["size1"], case["size2"], decode(case["root1"]), decode(case["root2"]), proof)
        elif kind == "subtreeinclusion":
            leaf, root = decode(case["leafHash"]), decode(case["root"])
            start, end = case["start"], case["end"]
            merkle.check_subtree(start, end)
            merkle.verify_inclusion(case["leafIdx"] - start, end - start, leaf, proof, root)
        else:
            roots = decode(case["root1"]), decode(case["root2"])
            merkle.verify_subtree_consistency(case["start"], case["end"], case["size"], *roots, proof)
    except ProofError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "count"),
    [("inclusion", 98), ("consistency", 98), ("subtreeinclusion", 204), ("subtreeconsistency", 118)],
)
def test_every_vector_is_judged_as_it_says(shared: Path, kind: str, count: int) -> None:
    cases = vectors(shared, kind)
    assert len(cases) == count
    assert {case["wantErr"] for _, case in cases} == {True, False}, "controls both ways"
    assert [name for name, case in cases if verdict(kind, case) == case["wantErr"]] == []


def test_proofs_from_an_empty_tree_are_refused() -> None:
    for old, new in ((0, 0), (0, 1), (0, 5)):
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, new, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
        with pytest.raises(ProofError):
            merkle.consistency_plan(old, new)
    with pytest.raises(ProofError):
        merkle.inclusion_plan(0, 0)


# RFC 6962, sections 2.1, 2.1.1 and 2.1.2, word for word, over lists of leaf hashes.


def mth(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = merkle.split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = merkle.split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(old: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [mth(leaves)]
    k = merkle.split(len(leaves))
    if old <= k:
        return [*subproof(old, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(old - k, leaves[k:], False), mth(leaves[:k])]


LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(300)]


def grown(size: int) -> tuple[merkle.Edge, dict[merkle.Node, bytes]]:
    """An edge after ``size`` leaves, and the nodes as they would have been stored."""
    edge, stored = merkle.Edge(), {}
    for number, leaf in enumerate(LEAVES[:size]):
        stored[(0, number)] = leaf
        for level, node in enumerate(edge.append(leaf), start=1):
            stored[(level, number >> level)] = node
    return edge, stored


@given(size=st.integers(1, 300), data=st.data())
def test_roots_and_proofs_are_those_of_the_rfc(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    edge, stored = grown(size)
    assert edge.root() == mth(LEAVES[:size])
    proof = merkle.prove(merkle.inclusion_plan(index, size), lambda wanted: {one: stored[one] for one in wanted})
    assert proof == path(index, LEAVES[:size])
    merkle.verify_inclusion(index, size, LEAVES[index], proof, edge.root())
    extends = merkle.prove(merkle.consistency_plan(old, size), lambda wanted: {one: stored[one] for one in wanted})
    assert extends == subproof(old, LEAVES[:size])
    merkle.verify_consistency(old, size, mth(LEAVES[:old]), edge.root(), extends)


@given(size=st.integers(2, 64), data=st.data())
def test_a_changed_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = path(index, LEAVES[:size]), mth(LEAVES[:size])
    where, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(proof[where]))
    for wrong in ([*proof[:where], flipped, *proof[where + 1 :]], proof[:-1], [*proof, proof[0]]):
        with pytest.raises(ProofError):
            merkle.verify_inclusion(index, size, LEAVES[index], wrong, root)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(index, size, LEAVES[(index + 1) % size], proof, root)


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert merkle.Edge().root() == merkle.EMPTY_ROOT == mth([])
