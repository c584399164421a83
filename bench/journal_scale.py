"""A long journal: how long recording, verification and one proof take at 1,000,000 entries.

    .venv/bin/python bench/journal_scale.py [--entries 1000000] [--database sqlite|postgres] [--keep FOLDER]

Works in a folder of its own; PostgreSQL comes from a wheel. One process, one core. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.journal_place import place

BATCH = 2000


def fill(entries: int) -> float:
    """Write entries through the recorder, 2,000 a unit of work; every tenth has a personal value."""
    from tests.factories.journal import Thing, record

    from xianfeng import journal
    from xianfeng.journal import queries

    began, written = time.perf_counter(), queries.entry_count()
    start = written
    while written < entries:
        count = min(BATCH, entries - written)
        with journal.unit_of_work():
            for number in range(written, written + count):
                personal = {"name": f"示例某{number}"} if number % 10 == 0 else None
                subject = Thing(public_id=f"thing{number % 5000:011}")
                data = {"number": number, "points": "88.50", "opinion": "材料齐全，同意推荐。", "round": "2021"}
                record(number, subject=subject, personal=personal, data=data)
        written += count
        if written % 100_000 == 0:
            print(f"  {written:>9,} written", file=sys.stderr)
    return (time.perf_counter() - began) / max(1, written - start)


def median_ms(call: Callable[[], object], times: int = 200) -> tuple[float, float]:
    """Median and 99th percentile of one call in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), sorted(taken)[int(times * 0.99)]


def main() -> None:
    """Fill, verify, prove; print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--keep", type=Path, help="folder to keep (and go on with) instead of a temporary one")
    options = parser.parse_args()
    with place(options.database, options.keep):
        results = measure(options.entries)
    print(f"| {options.database}, {options.entries:,} entries | measured | bar |\n|---|---|---|")
    print(f"| verification, one core: clock (its CPU time) | {results['verify_s']:.1f} s "
          f"({results['verify_cpu_s']:.1f}) | 60 s |")  # fmt: skip
    print(f"| verification ÷ a plain scan of the same rows ({results['scan_s']:.1f} s) "
          f"| {results['verify_s'] / results['scan_s']:.1f} × | – |")  # fmt: skip
    for name in ("inclusion proof", "tlog_proof of an entry", "consistency proof"):
        print(f"| one {name}, median (p99) | {results[name][0]:.2f} ms ({results[name][1]:.2f}) | 5 ms |")
    print(f"| recording, in units of {BATCH:,} | {results['record_us']:.0f} µs an entry | – |")
    print(f"| recording, a unit of one, median | {results['record one'][0]:.2f} ms | – |")
    print(json.dumps(results))


def measure(entries: int) -> dict[str, Any]:
    """All figures."""
    from tests.factories.journal import write

    from xianfeng.journal import checkpoints, merkle, queries, tree
    from xianfeng.journal.models import Entry
    from xianfeng.kernel import clock

    record_us = fill(entries) * 1e6
    checkpoint = checkpoints.make(clock.real_now())
    assert checkpoint is not None
    began, cpu = time.perf_counter(), time.process_time()
    verified = queries.verify()
    results: dict[str, Any] = {
        "verify_s": time.perf_counter() - began, "verify_cpu_s": time.process_time() - cpu, "record_us": record_us,
    }  # fmt: skip
    assert verified.ok, verified
    began = time.perf_counter()
    for _ in queries.rows():
        pass
    results["scan_s"] = time.perf_counter() - began
    size, root = checkpoint.size, bytes.fromhex(checkpoint.root)
    chance = random.Random(1)

    def prove() -> None:
        seq = chance.randint(1, size)
        path = tree.inclusion(seq, size)
        assert len(path) >= 1

    def prove_whole() -> None:
        assert queries.tlog_proof(Entry.objects.get(pk=chance.randint(1, size)))

    def extend() -> None:
        old = chance.randint(1, size)
        merkle.verify_consistency(old, size, tree.root(old), root, tree.consistency(old, size))

    for call in (prove, prove_whole, extend):
        call()
    results["inclusion proof"] = median_ms(prove)
    results["tlog_proof of an entry"] = median_ms(prove_whole)
    results["consistency proof"] = median_ms(extend)
    results["record one"] = median_ms(lambda: write(1))
    return results


if __name__ == "__main__":
    main()
