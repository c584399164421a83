"""The Merkle tree in the database: every entry keeps the complete subtrees that end with it.

Node ``(level, index)`` therefore lies with entry ``(index + 1)·2^level``, and whatever a proof needs is one query
by primary key, however long the log is.
"""

from collections.abc import Iterable, Mapping

from django.db import connection

from xianfeng.journal import merkle, rules
from xianfeng.journal.kinds import JournalError
from xianfeng.journal.merkle import Edge, Node
from xianfeng.journal.models import Entry

# The entries at which the right edge's subtrees end: the last number, then with its lowest bits cleared one by one.
EDGE = """WITH RECURSIVE edge(s) AS (
    SELECT max(seq) FROM journal_entry
    UNION ALL
    SELECT s & (s - 1) FROM edge WHERE s & (s - 1) > 0
)
SELECT e.seq, e.leaf_hash, e.nodes, e.chain_hash FROM edge JOIN journal_entry e ON e.seq = edge.s ORDER BY e.seq"""


def edge() -> tuple[Edge, str]:
    """The tree's right edge and the chain's head, to go on from; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(EDGE)
        rows = cursor.fetchall()
    if not rows:
        return Edge(), rules.GENESIS
    peaks = [_node(seq, leaf_hash, nodes, _level(seq)) for seq, leaf_hash, nodes, _ in rows]
    size = rows[-1][0]
    if len(peaks) != size.bit_count():
        raise JournalError("entries are missing from the journal: run `xianfeng journal verify`")
    return Edge(size, peaks), rows[-1][3]


def _level(seq: int) -> int:
    return (seq & -seq).bit_length() - 1


def _node(seq: int, leaf_hash: str, nodes: str, level: int) -> bytes:
    text = leaf_hash if level == 0 else nodes[64 * (level - 1) : 64 * level]
    if len(text) != 64:
        raise JournalError(f"subtree hashes of entry {seq} are damaged: run `xianfeng journal verify`")
    return bytes.fromhex(text)


def fetch(wanted: Iterable[Node]) -> Mapping[Node, bytes]:
    """Stored nodes, in one query."""
    nodes = {node: node[1] + 1 << node[0] for node in wanted}
    rows = Entry.objects.filter(seq__in=set(nodes.values())).order_by().values_list("seq", "leaf_hash", "nodes")
    stored = {seq: (leaf_hash, found) for seq, leaf_hash, found in rows}
    if missing := set(nodes.values()) - stored.keys():
        raise JournalError(f"entry {min(missing)} is missing from the journal: run `xianfeng journal verify`")
    return {node: _node(seq, *stored[seq], node[0]) for node, seq in nodes.items()}


def root(size: int) -> bytes:
    """Root over the first ``size`` entries, from stored nodes."""
    return merkle.root_of((0, size), fetch(merkle.nodes_of((0, size)))) if size else merkle.EMPTY_ROOT


def inclusion(seq: int, size: int) -> list[bytes]:
    """Proof that entry ``seq`` (from 1) is in the log of ``size`` entries."""
    return merkle.prove(merkle.inclusion_plan(seq - 1, size), fetch)


def consistency(old: int, new: int) -> list[bytes]:
    """Proof that the log of ``new`` entries extends that of ``old``."""
    return merkle.prove(merkle.consistency_plan(old, new), fetch)
