"""The Merkle tree in the database: every entry keeps the complete subtrees that end with it.

Node ``(level, index)`` therefore lies with entry ``(index + 1)·2^level``, and whatever a proof needs is one query
by primary key, however long the log is.
"""

from collections.abc import Iterable, Mapping

from django.db import connection

from xianfeng.journal import merkle, rules
from xianfeng.journal.kinds import JournalError
from xianfeng.journal.merkle import Edge, Node

# The entries at which the right edge's subtrees end: the last number, then with its lowest bits cleared one by one.
EDGE = """WITH RECURSIVE edge(s) AS (
    SELECT max(seq) FROM journal_entry
    UNION ALL
    SELECT s & (s - 1) FROM edge WHERE s & (s - 1) > 0
)
SELECT e.seq, e.leaf_hash, e.nodes, e.chain_hash FROM edge JOIN journal_entry e ON e.seq = edge.s ORDER BY e.seq"""


HEAD = "SELECT seq, chain_hash FROM journal_entry ORDER BY seq DESC LIMIT 1"
LOCK = 0x7869616E66656E67  # "xianfeng" in ASCII: the key of PostgreSQL's advisory lock

# The chain's head after this process's last write, and the edge there: reading the edge anew costs three times as
# much. The chain commits to every leaf, so the same head is the same tree, whoever has written since.
_remembered: tuple[str, int, tuple[bytes, ...]] = ("", 0, ())


def remember(edge: Edge, head: str) -> None:
    """Keep the edge for the next write."""
    global _remembered
    _remembered = (head, edge.size, tuple(edge.peaks))


def edge_locked() -> tuple[Edge, str]:
    """Take the journal's lock; then the tree's right edge and the chain's head, to go on from."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # two statements in one message; each sees what is committed by then
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK}); {HEAD}")
            cursor.nextset()
        elif connection.vendor == "sqlite":  # the IMMEDIATE transaction already is the lock
            cursor.execute(HEAD)
        else:
            raise JournalError(f"the journal has no lock for {connection.vendor}")
        found = cursor.fetchone()
    head, size, peaks = _remembered
    if found == (size, head):
        return Edge(size, list(peaks)), head
    return _edge() if found else (Edge(), rules.GENESIS)


def _edge() -> tuple[Edge, str]:
    with connection.cursor() as cursor:
        cursor.execute(EDGE)
        rows = cursor.fetchall()
    peaks = [_node(seq, leaf_hash, nodes, _level(seq)) for seq, leaf_hash, nodes, _ in rows]
    size, head = rows[-1][0], rows[-1][3]
    if len(peaks) != size.bit_count():
        raise JournalError("entries are missing from the journal: run `xianfeng journal verify`")
    return Edge(size, peaks), head


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
    seqs = ", ".join(str(int(one)) for one in {0, *nodes.values()})
    with connection.cursor() as cursor:  # plain SQL: the ORM took as long to write the query as the database to answer
        cursor.execute(f"SELECT seq, leaf_hash, nodes FROM journal_entry WHERE seq IN ({seqs})")
        stored = {seq: (leaf_hash, found) for seq, leaf_hash, found in cursor.fetchall()}
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
