"""Calibration: how many of the truly best items it finds, how honest its intervals are, how long it takes.

``python -m bench calibration`` prints the table. Trials are seeded: the same figures on every machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from bench import instances
from bench.table import Figure

from xianfeng.review.rules.calibration import fit

NAME = "calibration"
TRIALS = 100
ASKED = {"A1": 0.05, "A2": 0.05, "A3": -0.01}


def measured(protocol: instances.Protocol, trials: int) -> tuple[float, float, float, float]:
    """Over some trials: recovery by the mean and by us, the standard error of the difference, interval coverage."""
    plain, ours, cover = [], [], []
    for seed in range(trials):
        made = instances.reviews(protocol, 1000 + seed)
        mean = np.bincount(made.item, made.score) / np.bincount(made.item)
        found = fit(made.item, made.expert, made.score)
        plain.append(instances.recovered(made.quality, mean, seed))
        ours.append(instances.recovered(made.quality, found.adjusted, seed))
        cover.append(instances.covered(made.quality, found.rank_interval))
    error = float(np.std(np.subtract(ours, plain)) / np.sqrt(trials))
    return float(np.mean(plain)), float(np.mean(ours)), error, float(np.mean(cover))


def figures() -> Iterator[Figure]:
    """All rows of the table."""
    for name, protocol in instances.PROTOCOLS.items():
        plain, ours, error, cover = measured(protocol, TRIALS)
        asked = ASKED.get(name)
        yield Figure(
            NAME, f"{name}: top 10 % found", f"mean {plain:.3f}, ours {ours:.3f} (± {error:.3f})", protocol.anchor,
            "" if asked is None else f"{asked * 100:+.0f} points on the mean",
            None if asked is None else ours - plain >= asked,
        )  # fmt: skip
        yield Figure(
            NAME, f"{name}: 95 % rank intervals cover", f"{cover:.1%}", "drawn 95.5 %, bootstrap 84.6 %", "93–97 %",
            0.93 <= cover <= 0.97,
        )  # fmt: skip
    made = instances.reviews(instances.Protocol(10_000, 500, 5), 0)
    begun = time.perf_counter()
    fit(made.item, made.expert, made.score, quota=1000)
    seconds = time.perf_counter() - begun
    yield Figure(NAME, "10,000 × 500, 5 reviews an item", f"{seconds:.2f} s", "none recorded", "< 5 s", seconds < 5)
