"""Prices of experts, and the bound they prove.

With any prices, an item's best choice at affinity minus price, plus what the experts' seats cost, is no less than any
total: weak duality. At the optimum's prices the two meet, in plain floats and apart from the solver.
"""

from __future__ import annotations

import numpy as np

from xianfeng.review.rules.assignment.problem import Floats, Ints, Mask, Problem

FAR = np.iinfo(np.int64).max // 4


def of(problem: Problem, offered: Mask, chosen: Mask, worth: Ints) -> Floats:
    """Prices under which no exchange among ``offered`` pairs pays: shortest paths over the exchanges that are left."""
    experts = problem.shape[1]
    loss = np.full((experts + 1, experts + 1), FAR, np.int64)  # last: the seats nobody holds
    for expert in range(experts):
        loss[expert, :experts] = _cheapest(problem, offered, chosen, worth, expert)
    load = chosen.sum(axis=0)
    loss[:experts, experts] = np.where(load < problem.high, 0, FAR)
    loss[experts, :experts] = np.where(load > problem.low, 0, FAR)
    far = np.zeros(experts + 1, np.int64)
    for _ in range(experts + 2):
        nearer = np.minimum(far, (far[:, None] + loss).min(axis=0))
        if (nearer == far).all():
            break
        far = nearer
    found: Floats = (far[experts] - far[:experts]).astype(np.float64)
    return found


def _cheapest(problem: Problem, offered: Mask, chosen: Mask, worth: Ints, expert: int) -> Ints:
    """The least loss of giving one of this expert's items to each other expert."""
    mine = np.flatnonzero(chosen[:, expert])
    if not len(mine):
        return np.full(problem.shape[1], FAR, np.int64)
    loss = worth[mine, expert][:, None] - worth[mine]
    free = offered[mine] & ~chosen[mine]
    if problem.room.shape[1]:
        free &= ~full(problem, chosen, mine, int(problem.group[expert]))
    least: Ints = np.where(free, loss, FAR).min(axis=0)
    return least


def full(problem: Problem, chosen: Mask, items: Ints, leaving: int) -> Mask:
    """Whose institution has no room left on these items once somebody of group ``leaving`` is gone."""
    counts = np.stack([chosen[items][:, problem.group == g].sum(axis=1) for g in range(problem.room.shape[1])], axis=1)
    if leaving >= 0:
        counts[:, leaving] -= 1
    closed = counts >= problem.room[items]
    return np.where(problem.group >= 0, closed[:, np.maximum(problem.group, 0)], False)


def bound(problem: Problem, price: Floats) -> float:
    """What no total can exceed, at these prices of experts."""
    seats = float((np.maximum(price, 0) * problem.high - np.maximum(-price, 0) * problem.low).sum())
    most = int(problem.need.max(initial=0))
    if not most:
        return seats
    total = seats
    for start in range(0, problem.shape[0], 1024):
        block = slice(start, start + 1024)
        worth = np.where(problem.allowed[block], problem.affinity[block] - price, -np.inf)
        _cap(problem, worth, problem.room[block])
        top = -np.sort(-worth, axis=1)[:, :most]
        kept = np.arange(most) < problem.need[block][:, None]
        total += float(np.where(kept, top, 0.0).sum())
    return total


def _cap(problem: Problem, worth: Floats, room: Ints) -> None:
    """Leave of each capped group only as many as an item may take: its best."""
    for group in range(room.shape[1]):
        columns = np.flatnonzero(problem.group == group)
        part = worth[:, columns]
        rank = np.argsort(np.argsort(-part, axis=1, kind="stable"), axis=1, kind="stable")
        part[rank >= room[:, group][:, None]] = -np.inf
        worth[:, columns] = part
