"""From a problem to the report: the objective's solver, the locked pairs put back, the measures."""

from __future__ import annotations

import numpy as np

from xianfeng.review.rules.assignment import fair, flow, scarcity
from xianfeng.review.rules.assignment.problem import Floats, Ints, Mask, Problem
from xianfeng.review.rules.assignment.result import Assignment

OBJECTIVES = ("total", "fair")


def solved(problem: Problem, objective: str, floor: float) -> Assignment:
    """Solve for ``total`` or ``fair``. Raises ``Infeasible``."""
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {', '.join(OBJECTIVES)}")
    if not 0 <= floor <= 1:
        raise ValueError("floor must be between 0 and 1")
    try:
        optimum = flow.best(problem)
    except flow.Starving:
        raise scarcity.explained(problem) from None
    held = float(problem.affinity[problem.locked[:, 0], problem.locked[:, 1]].sum())
    bound = optimum.bound + held
    if objective == "total":
        return _report(problem, optimum.chosen, bound, None)
    chosen, fair_bound = fair.fairest(problem, optimum, floor)
    return _report(problem, chosen, bound, fair_bound)


def _report(problem: Problem, chosen: Mask, bound: float, fair_bound: float | None) -> Assignment:
    taken = chosen.copy()
    taken[problem.locked[:, 0], problem.locked[:, 1]] = True
    pairs: Ints = np.argwhere(taken).astype(np.int64)
    worth = problem.affinity[pairs[:, 0], pairs[:, 1]]
    sums: Floats = np.bincount(pairs[:, 0], weights=worth, minlength=problem.shape[0]).astype(np.float64)
    loads = taken.sum(axis=0)
    total = float(worth.sum())
    return Assignment(
        pairs=pairs,
        total=total,
        bound=max(bound, total),
        min_item=float(sums.min()) if len(sums) else 0.0,
        p5_item=float(np.percentile(sums, 5)) if len(sums) else 0.0,
        gini=gini(sums),
        least_load=int(loads.min()) if len(loads) else 0,
        most_load=int(loads.max(initial=0)),
        components=components(pairs, problem.shape),
        fair_bound=fair_bound,
    )


def gini(values: Floats) -> float:
    """Gini's coefficient: 0 when all are equal."""
    ordered = np.sort(values)
    total = float(ordered.sum())
    if total <= 0:
        return 0.0
    count = len(ordered)
    return float(((2 * np.arange(1, count + 1) - count - 1) * ordered).sum() / (count * total))


def components(pairs: Ints, shape: tuple[int, int]) -> int:
    """In how many parts the graph of experts and their items falls; idle experts and items do not count."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(pairs):
        return 0
    size = shape[0] + shape[1]
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], shape[0] + pairs[:, 1])), shape=(size, size))
    labels = connected_components(links, directed=False)[1]
    return len(np.unique(labels[np.unique(np.concatenate([pairs[:, 0], shape[0] + pairs[:, 1]]))]))
