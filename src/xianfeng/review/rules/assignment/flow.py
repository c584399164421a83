"""The largest total, exactly: min-cost flow on whole costs, over few candidate pairs proven to be enough.

Every item first offers its best pairs; the flow's prices then prove over all pairs that nothing better was left out,
or name the pairs to add. Scarce instances that resist end with the flow over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from xianfeng.review.rules.assignment import prices
from xianfeng.review.rules.assignment.problem import Floats, Ints, Mask, Problem

ROUNDS = 5
SMALL = 150_000
FINE = 2**33


class Starving(Exception):
    """No assignment keeps all limits."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """The chosen pairs as a mask, their total, a proven bound on every total, and the experts' prices."""

    chosen: Mask
    total: float
    bound: float
    price: Floats


def best(problem: Problem) -> Optimum:
    """The largest total. Raises ``Starving``."""
    allowed = problem.allowed
    if allowed.sum() <= SMALL:
        return _over(problem, allowed)
    width = max(20, 4 * int(problem.need.max(initial=0)))
    offered = _tops(np.where(allowed, problem.affinity, -np.inf), width) & allowed
    for _ in range(ROUNDS):
        try:
            found = _over(problem, offered)
        except Starving:
            width *= 3
            more = _tops(np.where(allowed, problem.affinity, -np.inf), width) & allowed
        else:
            if found.bound - found.total <= tolerance(problem):
                return found
            worth = np.where(allowed, problem.affinity - found.price, -np.inf)
            more = _tops(worth, int(problem.need.max()) + 10) & allowed
        if not (more & ~offered).any() or more.sum() * 2 > allowed.sum():
            break
        offered |= more
    del offered
    return _over(problem, allowed)


def tolerance(problem: Problem) -> float:
    """What rounding to whole costs can hide over all pairs of an assignment."""
    return 4.0 * float(problem.need.sum() + 1) / scale(problem)


def scale(problem: Problem) -> float:
    """A power of two that turns affinities into whole costs; the product stays far from overflow."""
    most = float(np.abs(problem.affinity).max(initial=0.0)) or 1.0
    return float(2.0 ** np.floor(np.log2(FINE / most)))


def _tops(worth: Floats, width: int) -> Mask:
    """Each row's ``width`` largest entries."""
    rows, columns = worth.shape
    mask = np.zeros(worth.shape, np.bool_)
    width = min(width, columns)
    for start in range(0, rows, 1024):
        block = worth[start : start + 1024]
        top = np.argpartition(block, columns - width, axis=1)[:, columns - width :]
        np.put_along_axis(mask[start : start + 1024], top, True, axis=1)
    return mask


def _over(problem: Problem, offered: Mask) -> Optimum:
    whole = np.rint(problem.affinity * scale(problem)).astype(np.int64)
    chosen = route(problem, offered, whole)
    price = prices.of(problem, offered, chosen, whole) / scale(problem)
    total = float(problem.affinity[chosen].sum())
    return Optimum(chosen, total, max(total, prices.bound(problem, price)), price)


def route(problem: Problem, offered: Mask, worth: Ints) -> Mask:
    """The assignment of largest whole ``worth`` among ``offered`` pairs. Raises ``Starving``."""
    items, experts = problem.shape
    row, column = np.nonzero(offered)
    spare = int(problem.need.sum() - problem.low.sum())
    chosen = np.zeros(offered.shape, np.bool_)
    if spare < 0:
        raise Starving
    if not len(row):
        if problem.need.any() or problem.low.any():
            raise Starving
        return chosen
    network = min_cost_flow.SimpleMinCostFlow()
    heads, nodes = group_arcs(network, problem, row, column)
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        heads, items + column, np.ones(len(row), np.int64), -worth[row, column]
    )
    sink = items + experts
    network.add_arcs_with_capacity_and_unit_cost(
        items + np.arange(experts), np.full(experts, sink), problem.high - problem.low, np.zeros(experts, np.int64)
    )
    supply = np.zeros(max(nodes, sink + 1), np.int64)
    supply[:items], supply[items:sink], supply[sink] = problem.need, -problem.low, -spare
    network.set_nodes_supplies(np.arange(len(supply)), supply)
    if network.solve() != network.OPTIMAL:
        raise Starving
    used = network.flows(arcs) > 0
    chosen[row[used], column[used]] = True
    return chosen


def group_arcs(network: min_cost_flow.SimpleMinCostFlow, problem: Problem, row: Ints, column: Ints) -> tuple[Ints, int]:
    """Where each pair's arc starts: at the item, or at a node of its own for item and capped group."""
    items, experts = problem.shape
    group = problem.group[column]
    inside = group >= 0
    heads = row.copy()
    first = items + experts + 1
    if not inside.any():
        return heads, first
    keys, where = np.unique(row[inside] * problem.room.shape[1] + group[inside], return_inverse=True)
    heads[inside] = first + where
    owner, which = np.divmod(keys, problem.room.shape[1])
    network.add_arcs_with_capacity_and_unit_cost(
        owner, first + np.arange(len(keys)), problem.room[owner, which], np.zeros(len(keys), np.int64)
    )
    return heads, first + len(keys)
