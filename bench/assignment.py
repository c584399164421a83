"""Assignment: totals against the LP optimum, fairness against peers' recorded figures, time and memory by size.

``python -m bench assignment`` prints the table.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import instances
from bench.table import ROOT, Figure, shared

from xianfeng.review.rules.assignment import Assignment, solve

NAME = "assignment"
TOTALS = {
    "midl": "published TPMS 201.88 / .90",
    "midl, lower loads": "150.04 / 0",
    "aamas2015": "100 % / .75",
}
FAIR = {
    "midl": (0.97, 201.7, 0.9448, "FairFlow 99.9 % / .945, MinMax 99.99 % / .903"),
    "midl, lower loads": (0.93, 140.9, 0.9448, "FairFlow 88.3 % / .667, FairSequence 93.4 % / .302"),
    "aamas2015": (0.97, None, None, "FairFlow 96.9 % / 1.25, reweighted 98.5 % / 1.25"),
}
SCARCE = "FairFlow 92.9 % / 2.274, FairSequence 97.2 % / 1.714, reweighted 99.5 % / 1.965"
SIZES = ((2500, 500), (5000, 500), (10_000, 500))


def timed(**arguments: Any) -> tuple[Assignment, float]:
    """An assignment and the seconds it took."""
    begun = time.perf_counter()
    found = solve(arguments.pop("affinity"), **arguments)
    return found, time.perf_counter() - begun


def figures() -> Iterator[Figure]:
    """All rows of the table."""
    folder = shared()
    for name, arguments in (instances.public(folder) if folder else {}).items():
        found, seconds = timed(**arguments)
        yield Figure(
            NAME, f"total, {name}", f"{found.total:.2f} / {found.min_item:.3f}, {seconds:.2f} s",
            TOTALS.get(name, "exact flow = LP"), "the LP optimum", found.bound - found.total <= 1e-6 * found.bound,
        )  # fmt: skip
        if name in FAIR:
            yield _fair(name, arguments, found.total)
    for seed in range(3):
        yield _scarce(seed)
    for kind in ("uniform", "scarce"):
        for items, experts in SIZES:
            yield _size(kind, items, experts)


def _fair(name: str, arguments: dict[str, Any], best: float) -> Figure:
    floor, total, least, anchor = FAIR[name]
    found, seconds = timed(**arguments, objective="fair", floor=floor)
    asked, holds = "", None
    if total is not None and least is not None:
        asked, holds = f"≥ {total} / ≥ {least}", found.total >= total and found.min_item >= least
    ours = f"{found.total:.2f} ({found.total / best:.2%}) / {found.min_item:.4f}, {seconds:.0f} s"
    return Figure(NAME, f"fair {floor}, {name}, bound {found.fair_bound:.4f}", ours, anchor, asked, holds)


def _scarce(seed: int) -> Figure:
    arguments = instances.scarce(seed)
    best, _ = timed(**arguments)
    found, seconds = timed(**arguments, objective="fair", floor=0.93)
    return Figure(
        NAME, f"fair .93, scarce {seed}, bound {found.fair_bound:.3f}",
        f"{found.total / best.total:.1%} / {found.min_item:.3f}, {seconds:.0f} s", SCARCE, "≥ 97 % / ≥ 2.274, ≤ 120 s",
        found.total >= 0.97 * best.total and found.min_item >= 2.274 and seconds <= 120,
    )  # fmt: skip


def _size(kind: str, items: int, experts: int) -> Figure:
    command = [sys.executable, "-m", "bench.assignment", kind, str(items), str(experts)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    seconds, megabytes, gap = json.loads(told)
    last = (items, experts) == SIZES[-1]
    return Figure(
        NAME, f"total, {kind}, {items:,} × {experts} × 5",
        f"{seconds:.2f} s, {seconds / items / experts * 1e6:.2f} µs a pair, {megabytes:.0f} MB",
        "exact flow over all pairs: 0.7 µs a pair, 3–5 s, 620 MB", "≤ 10 s, ≤ 1,500 MB" if last else "",
        (seconds <= 10 and megabytes <= 1500 and gap <= 1e-6) if last else None,
    )  # fmt: skip


def alone(kind: str, items: int, experts: int) -> None:
    """One size in a process of its own, for its memory: seconds, megabytes, gap to the bound as JSON."""
    made = instances.uniform(0, items, experts) if kind == "uniform" else instances.scarce(0, items, experts)
    timed(**instances.uniform(0, 20, 10, 2))  # the libraries are loaded
    found, seconds = timed(**made)
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())  # ru_maxrss would be the parent's
    print(json.dumps([seconds, int(peak[1]) / 1024 if peak else 0.0, found.gap]))


if __name__ == "__main__":
    alone(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
