"""Somebody with the database in hands: random edits, deletions, reorderings and truncations, each to be found.

    .venv/bin/python bench/journal_tamper.py [--attempts 1000] [--database sqlite|postgres]

Half of the attempts are clumsy (one value, one row); half are by somebody who knows how the log works and mends every
number, hash, subtree and stored checkpoint afterwards. The check is against one checkpoint held outside. After every
attempt the database is rolled back and the untouched log must pass. tests/journal runs a short version.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ENTRIES = 60
COLUMNS = (
    "seq", "leaf", "leaf_hash", "chain_hash", "nodes", "event", "subject_type", "subject_id", "subject_label",
    "actor_kind", "actor_id", "actor_label", "at", "recorded_at",
)  # fmt: skip
Leaf = dict[str, Any]


def run(statement: str, *values: Any) -> None:
    """One statement straight to the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of one query."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def other(text: str, chance: random.Random) -> str:
    """A text that differs in one place."""
    if not text:
        return "x"
    place = chance.randrange(len(text))
    letter = chance.choice([one for one in "0aé支7" if one != text[place]])
    return text[:place] + letter + text[place + 1 :]


# -- clumsy ---------------------------------------------------------------------------------------------------------


def edit_column(chance: random.Random) -> str:
    """One value of one row."""
    seq, column = chance.randint(1, ENTRIES), chance.choice(COLUMNS[1:])
    if column in ("at", "recorded_at"):
        moment = f"20{chance.randint(10, 18)}-0{chance.randint(1, 9)}-11 10:00:00.000001+00:00"
        run(f"UPDATE journal_entry SET {column} = %s WHERE seq = %s", moment, seq)
    else:
        ((value,),) = ask(f"SELECT {column} FROM journal_entry WHERE seq = %s", seq)
        widths = {"leaf_hash": 64, "chain_hash": 64, "event": 120, "subject_type": 80, "subject_id": 64}
        widths |= {"actor_kind": 16, "actor_id": 64}
        run(f"UPDATE journal_entry SET {column} = %s WHERE seq = %s", other(value, chance)[: widths.get(column)], seq)
    return f"column {column}"


def edit_personal(chance: random.Random) -> str:
    """One personal value, its salt or its key."""
    rows = ask("SELECT id, key, salt, value FROM journal_personaldetail ORDER BY id")
    row, place = chance.choice(rows), chance.randrange(3)
    column = ("key", "salt", "value")[place]
    run(f"UPDATE journal_personaldetail SET {column} = %s WHERE id = %s", other(row[1 + place], chance), row[0])
    return f"personal {column}"


def delete_personal(chance: random.Random) -> str:
    """A personal value, without the entry that an erasure leaves."""
    (row,) = chance.choice(ask("SELECT id FROM journal_personaldetail"))
    run("DELETE FROM journal_personaldetail WHERE id = %s", row)
    return "personal deleted"


def delete_rows(chance: random.Random) -> str:
    """Some rows from anywhere."""
    first = chance.randint(1, ENTRIES)
    run("DELETE FROM journal_entry WHERE seq >= %s AND seq < %s", first, first + chance.randint(1, 5))
    return "rows deleted"


def swap_rows(chance: random.Random) -> str:
    """Two rows change numbers."""
    one, two = chance.sample(range(1, ENTRIES + 1), 2)
    for here, there in ((one, 10**9), (two, one), (10**9, two)):
        run("UPDATE journal_entry SET seq = %s WHERE seq = %s", there, here)
    return "rows swapped"


def truncate(chance: random.Random) -> str:
    """The newest rows, and the checkpoints that speak of them."""
    left = chance.randint(0, ENTRIES - 1)
    run("DELETE FROM journal_entry WHERE seq > %s", left)
    run("DELETE FROM journal_checkpoint WHERE size > %s", left)
    run("DELETE FROM journal_personaldetail WHERE entry_seq > %s", left)
    return "truncated"


def edit_checkpoint(chance: random.Random) -> str:
    """The stored note or the columns beside it."""
    column = chance.choice(["note", "root"])
    rows = ask(f"SELECT id, {column} FROM journal_checkpoint")
    row, value = chance.choice(rows)
    changed = value.replace("\n", "\n1", 1) if column == "note" else other(value, chance)[:64]
    run(f"UPDATE journal_checkpoint SET {column} = %s WHERE id = %s", changed, row)
    return f"checkpoint {column}"


# -- by somebody who knows --------------------------------------------------------------------------------------------


def mended(change: Callable[[list[Leaf], random.Random], list[Leaf]], chance: random.Random) -> None:
    """Rewrite the log from changed leaves, everything derived made anew, and take away stored checkpoints."""
    from xianfeng.journal import rules
    from xianfeng.journal.merkle import Edge
    from xianfeng.kernel.canonical import canonical_bytes

    stored = [json.loads(leaf) for (leaf,) in ask("SELECT leaf FROM journal_entry ORDER BY seq")]
    leaves = change(stored, chance)
    moved: dict[int, int] = {}
    run("DELETE FROM journal_entry")
    run("DELETE FROM journal_checkpoint")
    edge, head = Edge(), rules.GENESIS
    for seq, leaf in enumerate(leaves, start=1):
        moved.setdefault(leaf["seq"], seq)
        text = canonical_bytes(leaf | {"seq": seq}).decode()
        digest = rules.leaf_digest(text)
        head = rules.chain(head, digest)
        nodes = "".join(one.hex() for one in edge.append(bytes.fromhex(digest)))
        subject, actor = leaf["subject"], leaf["actor"]
        at, recorded_at = (leaf[name].replace("T", " ").replace("Z", "+00:00") for name in ("at", "recorded_at"))
        values = (
            seq, text, digest, head, nodes, leaf["event"], subject["type"], subject["id"], subject["label"],
            actor["kind"], actor["id"], actor["label"], at, recorded_at,
        )  # fmt: skip
        places = ", ".join(["%s"] * len(COLUMNS))
        run(f"INSERT INTO journal_entry ({', '.join(COLUMNS)}) VALUES ({places})", *values)
    details = ask("SELECT id, entry_seq FROM journal_personaldetail")
    run("UPDATE journal_personaldetail SET entry_seq = entry_seq + 1000000")
    for row, seq in details:
        if seq in moved:
            run("UPDATE journal_personaldetail SET entry_seq = %s WHERE id = %s", moved[seq], row)
        else:
            run("DELETE FROM journal_personaldetail WHERE id = %s", row)


def rewrite_one(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """Another decision in one entry."""
    leaf = chance.choice(leaves)
    leaf["data"] = leaf["data"] | {"result": chance.choice(["通过", "不通过"]), "votes": chance.randint(0, 99)}
    return leaves


def redate_one(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """Another day for one entry."""
    leaf = chance.choice(leaves)
    leaf["at"] = f"20{chance.randint(10, 19)}{leaf['at'][4:]}"
    return leaves


def drop_one(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """One entry never happened."""
    del leaves[chance.randrange(len(leaves))]
    return leaves


def slip_in(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """One entry that never was, somewhere before the end."""
    leaf = json.loads(json.dumps(chance.choice(leaves))) | {"personal": {}, "seq": -1}
    leaf["data"] = {"number": chance.randint(1000, 9999)}
    leaves.insert(chance.randrange(len(leaves)), leaf)
    return leaves


def exchange(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """Two entries in the other order."""
    one, two = chance.sample(range(len(leaves)), 2)
    leaves[one], leaves[two] = leaves[two], leaves[one]
    return leaves


def cut_and_go_on(leaves: list[Leaf], chance: random.Random) -> list[Leaf]:
    """The end replaced by as many other entries."""
    keep = chance.randrange(len(leaves))
    for leaf in leaves[keep:]:
        leaf["data"] = {"number": chance.randint(1000, 9999)}
    return leaves


CLUMSY = (edit_column, edit_column, edit_personal, delete_personal, delete_rows, swap_rows, truncate, edit_checkpoint)
KNOWING = (rewrite_one, redate_one, drop_one, slip_in, exchange, cut_and_go_on)


def attack(chance: random.Random) -> str:
    """One random attempt; returns what it was."""
    if chance.random() < 0.5:
        return chance.choice(CLUMSY)(chance)
    change = chance.choice(KNOWING)
    mended(change, chance)
    return f"mended: {change.__name__}"


class _Undo(Exception):
    pass


def try_all(attempts: int, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """Attempts by kind, and those that went unnoticed (none, one hopes). Leaves the log as it was."""
    from django.db import connection, transaction
    from tests.factories.journal import write

    from xianfeng.journal import checkpoints, queries, signing
    from xianfeng.kernel import clock

    write(ENTRIES // 2, personal={"name": "示例某某"})
    checkpoints.make(clock.real_now())
    write(ENTRIES - ENTRIES // 2, personal={"name": "示例某某", "phone": "示例"})
    held = checkpoints.make(clock.real_now())
    assert held is not None
    outside = [checkpoints.mark_of(held.note, signing.verifier_keys(), "外部检查点")]
    tried: Counter[str] = Counter()
    missed = []
    for number in range(attempts):
        chance = random.Random(f"{seed}:{number}")
        try:
            with transaction.atomic():
                kind = attack(chance)
                found = queries.verify(outside)
                tried[kind] += 1
                if found.ok or not found.reason:
                    missed.append(f"attempt {number}: {kind}")
                raise _Undo
        except _Undo:
            pass
        if number % 10 == 0:
            assert queries.verify(outside).ok, f"the untouched log fails after attempt {number}"
    assert queries.verify(outside).ok
    connection.close()
    return tried, missed


def main() -> None:
    """Try, print, fail when one went unnoticed."""
    from bench.journal_place import place

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options = parser.parse_args()
    with place(options.database):
        tried, missed = try_all(options.attempts)
    for kind, count in sorted(tried.items()):
        print(f"{count:>5}  {kind}")
    print(f"{tried.total() - len(missed)} of {tried.total()} found on {options.database}; untouched logs passed")
    print("\n".join(missed))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
