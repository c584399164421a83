"""The RFC 6962 Merkle tree: roots, proofs and their verification. Pure functions over bytes, no Django.

A tree of n leaves is described by its complete subtrees: node ``(level, index)`` is the root over leaves
``index·2^level`` up to ``(index+1)·2^level``. A complete subtree never changes again, so it is stored with
the entry that completes it, and every proof is read from stored nodes. Proofs are first planned as ranges of
leaves (``inclusion_plan``, ``consistency_plan``), so that all their nodes can be fetched at once.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
LARGEST = 1 << 63

Node = tuple[int, int]
Range = tuple[int, int]


class ProofError(ValueError):
    """The proof does not prove what it claims."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than ``size`` (of at least two)."""
    return 1 << (size - 1).bit_length() - 1


def fold(parts: Sequence[bytes]) -> bytes:
    """Root over neighbouring complete subtrees, largest first: the rightmost are joined first."""
    total = parts[-1]
    for part in reversed(parts[:-1]):
        total = node_hash(part, total)
    return total


@dataclass
class Edge:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add one leaf hash; returns the subtrees it completes, smallest first (level 1, 2 …)."""
        completed: list[bytes] = []
        size, peaks, sha256 = self.size, self.peaks, hashlib.sha256
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            completed.append(leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The tree's root now."""
        return fold(self.peaks) if self.peaks else EMPTY_ROOT


def nodes_of(span: Range) -> list[Node]:
    """The complete subtrees that make up a range of leaves, largest first."""
    start, end = span
    found: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_plan(index: int, size: int) -> list[Range]:
    """Ranges whose roots prove that leaf ``index`` is in the tree of ``size``, from the leaf's sibling up."""
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    plan: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            plan.append((middle, end))
            end = middle
        else:
            plan.append((start, middle))
            start = middle
    return plan[::-1]


def consistency_plan(old: int, new: int) -> list[Range]:
    """Ranges whose roots prove that the tree of ``new`` extends that of ``old``."""
    if not 0 < old <= new:
        raise ProofError(f"no consistency proof from {old} to {new}")
    plan: list[Range] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + split(end - start)
        if old <= middle:
            plan.append((middle, end))
            end = middle
        else:
            plan.append((start, middle))
            start, whole = middle, False
    if not whole:
        plan.append((start, end))
    return plan[::-1]


def root_of(span: Range, nodes: Mapping[Node, bytes]) -> bytes:
    """Root over a range from its complete subtrees."""
    return fold([nodes[node] for node in nodes_of(span)])


def prove(plan: Iterable[Range], fetch: Callable[[set[Node]], Mapping[Node, bytes]]) -> list[bytes]:
    """The proof of a plan; ``fetch`` is called once, for all nodes wanted."""
    ranges = list(plan)
    nodes = fetch({node for span in ranges for node in nodes_of(span)})
    return [root_of(span, nodes) for span in ranges]


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH for one in hashes):
        raise ProofError("a hash is not of 32 bytes")


def inclusion_root(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf hash and its inclusion proof lead to."""
    _check_hashes(leaf, *proof)
    if size > LARGEST:
        raise ProofError("the tree is too large")
    plan = inclusion_plan(index, size)
    if len(plan) != len(proof):
        raise ProofError(f"the proof has {len(proof)} hashes, not {len(plan)}")
    total = leaf
    for (start, _), part in zip(plan, proof, strict=True):
        total = node_hash(part, total) if start < index else node_hash(total, part)
    return total


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless the proof shows leaf hash ``leaf`` at ``index`` (from 0) of the tree with ``root``."""
    _check_hashes(root)
    if inclusion_root(index, size, leaf, proof) != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofError unless the proof shows that the new tree extends the old one; never from an empty tree."""
    if old < 1:
        raise ProofError("an empty tree proves nothing about a later one")
    verify_subtree_consistency(0, old, new, old_root, new_root, proof)


def check_subtree(start: int, end: int) -> None:
    """Raise ProofError unless leaves ``start`` to ``end`` are a subtree: start a multiple of its rounded-up size."""
    if not 0 <= start < end <= LARGEST or start % (1 << (end - start - 1).bit_length()):
        raise ProofError(f"{start}–{end} is no subtree")


def verify_subtree_consistency(
    start: int, end: int, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise ProofError unless the proof shows the subtree over ``start`` to ``end`` inside the tree of ``size``.

    An empty subtree lies in every tree, as the C2SP vectors want it; ``verify_consistency`` refuses it.
    """
    _check_hashes(*proof)
    if 0 <= start == end <= size <= LARGEST and not proof and subtree_root == EMPTY_ROOT:
        return
    check_subtree(start, end)
    if not end <= size <= LARGEST:
        raise ProofError(f"no tree of {size} holds {end} leaves")
    rest = list(reversed(proof))
    if _climb(start, end, size, subtree_root, rest) != (subtree_root, root):
        raise ProofError("the proof leads to another root")
    if rest:
        raise ProofError("the proof is too long")


def _climb(start: int, end: int, size: int, known: bytes | None, rest: list[bytes]) -> tuple[bytes, bytes]:
    """Roots of the subtree and of the tree of ``size``, taking the proof's hashes in order; ``known`` is the
    subtree's root as long as the tree looked at holds the subtree whole."""
    if (start, end) == (0, size):
        here = known if known is not None else _take(rest)
        return here, here
    middle = split(size)
    if end <= middle:
        old, new = _climb(start, end, middle, known, rest)
        return old, node_hash(new, _take(rest))
    if middle <= start:
        old, new = _climb(start - middle, end - middle, size - middle, known, rest)
        return old, node_hash(_take(rest), new)
    old, new = _climb(0, end - middle, size - middle, None, rest)
    left = _take(rest)
    return node_hash(left, old), node_hash(left, new)


def _take(rest: list[bytes]) -> bytes:
    if not rest:
        raise ProofError("the proof is too short")
    return rest.pop()
