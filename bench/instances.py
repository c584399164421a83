"""Instances for the panel's benches and tests: public sets, scarce and uniform affinities, simulated reviews."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def public(folder: Path) -> dict[str, dict[str, Any]]:
    """The public sets by name, as arguments of ``solve``."""
    data = folder / "data" / "assignment"
    midl = np.load(data / "midl" / "scores.npy").T
    loads = np.load(data / "midl" / "loads.npy").astype(int)
    lower = np.load(data / "midl" / "loads-lb.npy").astype(int)
    text = (data / "aamas2015.in").read_text().split()
    items, experts = int(text[0]), int(text[1])
    aamas = np.array(text[2 : 2 + items * experts], dtype=float).reshape(items, experts)
    found: dict[str, dict[str, Any]] = {
        "midl": {"affinity": midl, "conflicts": None, "per_item": 3, "max_load": loads},
        "midl, lower loads": {
            "affinity": midl, "conflicts": None, "per_item": 3, "max_load": loads, "min_load": lower,
        },
        "aamas2015": {"affinity": aamas, "conflicts": None, "per_item": 3, "max_load": 12},
    }  # fmt: skip
    for number, load in ((1, 6), (2, 7)):
        file = np.load(data / f"preflib{number}.npz")
        found[f"preflib{number}"] = {
            "affinity": file["similarity_matrix"].T,
            "conflicts": file["mask_matrix"].T == 1,
            "per_item": 3,
            "max_load": load,
        }
    return found


def scarce(seed: int, items: int = 1000, experts: int = 100, per_item: int = 5) -> dict[str, Any]:
    """Topics of the items by Zipf, experts at home in few: "synH" of the bars."""
    chance = np.random.default_rng(seed)
    topics = 20
    popular = 1 / np.arange(1, topics + 1)
    popular /= popular.sum()
    asked = chance.dirichlet(0.25 * topics * popular, size=items)
    known = chance.dirichlet(np.full(topics, 0.2), size=experts)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    affinity = np.clip(0.85 * asked @ known.T + 0.15 * chance.random((items, experts)), 0, 1)
    conflicts = chance.random((items, experts)) < 0.02
    weights = chance.uniform(0.5, 1.5, experts)
    loads = np.ceil(1.05 * items * per_item * weights / weights.sum()).astype(int)
    return {"affinity": affinity, "conflicts": conflicts, "per_item": per_item, "max_load": loads}


def uniform(seed: int, items: int, experts: int, per_item: int = 5) -> dict[str, Any]:
    """Affinities without structure, the loads of ``scarce``."""
    made = scarce(seed, items, experts, per_item)
    return made | {"affinity": np.random.default_rng(seed).random((items, experts))}


@dataclass(frozen=True, eq=False)
class Reviews:
    """True qualities of the items, and what experts gave."""

    quality: Floats
    item: Ints
    expert: Ints
    score: Floats


@dataclass(frozen=True)
class Protocol:
    """How reviews come about; the letters are the bars'."""

    items: int
    experts: int
    each: int
    severity: float = 0.8
    slope: float = 0.2
    outliers: float = 0.0
    disjoint: bool = False
    anchor: str = ""


PROTOCOLS = {
    "A1": Protocol(200, 20, 3, anchor="mean .645, mixed .716, z .709"),
    "A2": Protocol(200, 20, 5, anchor="mean .719, mixed .774, z .771"),
    "A3": Protocol(200, 20, 5, severity=0, slope=0, anchor="mean .789, mixed .790, z .779"),
    "A4": Protocol(200, 20, 5, outliers=0.05, anchor="mean .693, mixed .737, z .731"),
    "A5": Protocol(200, 40, 5, disjoint=True, anchor="mean .726, mixed .757, z .734"),
    "A9": Protocol(200, 150, 3, anchor="mean .625, mixed .682, z .570"),
}


def reviews(protocol: Protocol, seed: int) -> Reviews:
    """Simulated reviews under a protocol."""
    chance = np.random.default_rng(seed)
    quality = chance.normal(6.5, 1.2, protocol.items)
    item, expert = _disjoint(protocol, chance) if protocol.disjoint else _balanced(protocol, chance)
    slope = np.exp(chance.normal(0, protocol.slope, protocol.experts))
    severity = chance.normal(0, protocol.severity, protocol.experts)
    score = 6.5 + slope[expert] * (quality[item] - 6.5) + severity[expert] + chance.normal(0, 0.8, len(item))
    off = chance.random(len(item)) < protocol.outliers
    score = score + off * chance.choice([-3.0, 3.0], len(item))
    return Reviews(quality, item, expert, np.clip(np.round(score * 2) / 2, 0, 10))


def _balanced(protocol: Protocol, chance: np.random.Generator) -> tuple[Ints, Ints]:
    load = np.zeros(protocol.experts, dtype=np.int64)
    item, expert = [], []
    for one in chance.permutation(protocol.items):
        chosen = np.lexsort((chance.random(protocol.experts), load))[: protocol.each]
        load[chosen] += 1
        item += [one] * protocol.each
        expert += list(chosen)
    return np.array(item), np.array(expert)


def _disjoint(protocol: Protocol, chance: np.random.Generator) -> tuple[Ints, Ints]:
    panels = chance.permutation(np.arange(protocol.items) % (protocol.experts // protocol.each))
    item = np.repeat(np.arange(protocol.items), protocol.each)
    expert = (panels[:, None] * protocol.each + np.arange(protocol.each)).ravel()
    return item, expert


def recovered(quality: Floats, value: Floats, seed: int, share: float = 0.1) -> float:
    """Which part of the truly best items a ranking finds; ties fall by lot."""
    count = round(share * len(quality))
    chance = np.random.default_rng(seed)

    def best(values: Floats) -> set[int]:
        return set(np.lexsort((chance.random(len(values)), -values))[:count].tolist())

    return len(best(quality) & best(value)) / count


def covered(quality: Floats, interval: Ints) -> float:
    """Share of items whose true rank lies in its interval."""
    rank = np.empty(len(quality), dtype=np.int64)
    rank[np.argsort(-quality)] = np.arange(1, len(quality) + 1)
    return float(((rank >= interval[:, 0]) & (rank <= interval[:, 1])).mean())
