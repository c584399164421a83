"""Why an assignment is impossible: who starves, and the smallest single change that would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from ortools.graph.python import min_cost_flow

from xianfeng.review.rules.assignment.flow import group_arcs
from xianfeng.review.rules.assignment.problem import Ints, Problem
from xianfeng.review.rules.assignment.result import Infeasible, Relaxation

MANY = 1_000_000


def explained(problem: Problem) -> Infeasible:
    """The error for a problem that has no assignment."""
    starved, idle, _ = _elastic(problem, seats=False)
    still, unfed, seats = _elastic(problem, seats=True)
    found = sorted(filter(None, (_loads(problem), _lower(problem), _caps(problem))), key=lambda one: one.amount)
    if not found:
        found = [_experts(problem, starved)] if starved else []
    return Infeasible(starved, idle, tuple(found), {} if still or unfed else seats)


def _elastic(problem: Problem, *, seats: bool) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Route as much as can be: what items lack, what experts lack of their lower load, and with ``seats`` the
    fewest extra items per expert that avoid it."""
    items, experts = problem.shape
    row, column = np.nonzero(problem.allowed)
    network = min_cost_flow.SimpleMinCostFlow()
    heads, nodes = group_arcs(network, problem, row, column)
    sink = items + experts
    people, things = items + np.arange(experts), np.arange(items)

    def add(tails: Ints, ends: Ints, capacity: Ints, cost: int) -> Ints:
        arcs: Ints = network.add_arcs_with_capacity_and_unit_cost(tails, ends, capacity, np.full(len(tails), cost))
        return arcs

    if len(row):
        add(heads, items + column, np.ones(len(row), np.int64), 0)
    add(people, np.full(experts, sink), problem.high - problem.low, 0)
    extra = add(people, np.full(experts, sink), np.full(experts, items if seats else 0), 1)
    short = add(things, np.full(items, sink), problem.need, 2 * MANY)
    unmet = add(np.full(experts, sink), people, problem.low, MANY)
    supply = np.zeros(max(nodes, sink + 1), np.int64)
    supply[:items], supply[items:sink] = problem.need, -problem.low
    supply[sink] = problem.low.sum() - problem.need.sum()
    network.set_nodes_supplies(np.arange(len(supply)), supply)
    if network.solve() != network.OPTIMAL:
        raise RuntimeError("the elastic flow must have a solution")
    return _filled(network.flows(short)), _filled(network.flows(unmet)), _filled(network.flows(extra))


def _filled(flows: Ints) -> dict[int, int]:
    return {int(index): int(flows[index]) for index in np.flatnonzero(flows)}


def _works(problem: Problem) -> bool:
    starved, idle, _ = _elastic(problem, seats=False)
    return not starved and not idle


def _least(change: Callable[[int], Problem], most: int) -> int | None:
    """The least amount under which the changed problem can be solved; None when even the most does not help."""
    if most < 1 or not _works(change(most)):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _works(change(middle)) else (middle, high)
    return high


def _loads(problem: Problem) -> Relaxation | None:
    amount = _least(lambda extra: replace(problem, high=problem.high + extra), problem.shape[0])
    return Relaxation("max_load", amount, f"把每位专家的评审件数上限提高 {amount} 件") if amount else None


def _lower(problem: Problem) -> Relaxation | None:
    most = int(problem.low.max(initial=0))
    amount = _least(lambda less: replace(problem, low=np.maximum(problem.low - less, 0)), most)
    return Relaxation("min_load", amount, f"把每位专家的最少评审件数降低 {amount} 件") if amount else None


def _caps(problem: Problem) -> Relaxation | None:
    most = int(problem.need.max(initial=0)) if problem.room.shape[1] else 0
    amount = _least(lambda extra: replace(problem, room=problem.room + extra), most)
    return (
        Relaxation("group_cap", amount, f"把同一单位专家在一个评审对象上的人数上限提高 {amount} 人") if amount else None
    )


def _experts(problem: Problem, starved: dict[int, int]) -> Relaxation:
    """New experts without conflicts: enough for the hungriest item, and for all at the usual load."""
    usual = max(1, int(np.median(problem.high)) if len(problem.high) else 1)
    amount = max(max(starved.values()), -(-sum(starved.values()) // usual))
    return Relaxation("experts", amount, f"再增加 {amount} 位无需回避的专家")
