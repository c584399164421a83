"""The fair problem as a linear programme: what is possible at best, and rounding by a small integer programme.

Rows: each item's coverage, each expert's loads, each item's room for a capped institution, the least sum of each item
still open, and (for the ceiling) the least total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from xianfeng.review.rules.assignment.problem import Floats, Ints, Mask, Problem

SHARE = 2.4  # columns kept for rounding, per place to fill
COLUMNS = 12_000


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A fractional solution at least items ``least``: its total, its values and reduced costs by pair."""

    least: float
    total: float
    value: Floats
    cost: Floats


class Programme:
    """The rows of one problem, over all pairs or some of them."""

    def __init__(self, problem: Problem, held: Floats, pairs: Mask | None = None) -> None:
        """``held`` is what locked pairs already give each item."""
        self.problem, self.held = problem, held
        self.row, self.column = np.nonzero(problem.allowed if pairs is None else pairs)
        self.worth = problem.affinity[self.row, self.column]
        self.open = np.flatnonzero(problem.need > 0)
        items, experts = problem.shape
        self.cover = self._sum(self.row, items, None)
        self.loads = self._sum(self.column, experts, None)
        self.sums = self._sum(self.row, items, self.worth)[self.open]
        group = problem.group[self.column]
        width = max(problem.room.shape[1], 1)
        inside = sparse.diags_array((group >= 0).astype(float))
        rooms = self._sum(self.row * width + np.maximum(group, 0), items * width, None) @ inside
        tight = rooms.sum(axis=1) > problem.room.ravel() if problem.room.size else np.zeros(0, bool)
        self.tight = np.flatnonzero(tight)
        self.rooms = rooms[self.tight]

    def _sum(self, rows: Ints, count: int, data: Floats | None) -> sparse.csr_array:
        size = len(rows)
        values = np.ones(size) if data is None else data
        return sparse.csr_array((values, (rows, np.arange(size))), shape=(count, size))

    def upper(self, least: float) -> tuple[sparse.csr_array, Floats]:
        """All rows ≤, in this order: upper loads, lower loads, rooms, items' sums."""
        problem = self.problem
        matrix = sparse.vstack([self.loads, -self.loads, self.rooms, -self.sums], format="csr")
        room = problem.room.ravel()[self.tight] if len(self.tight) else np.zeros(0)
        limits = np.concatenate([problem.high, -problem.low, room, self.held[self.open] - least])
        return matrix, limits.astype(np.float64)

    def ceiling(self, least_total: float, *, whole: bool = False, seconds: float = 60.0) -> float:
        """The largest least item within this total: of fractional assignments a bound, of ``whole`` ones the best.

        NaN when it is not settled in time.
        """
        matrix, limits = self.upper(0.0)
        size = len(self.row)
        slack = np.zeros((matrix.shape[0], 1))
        slack[matrix.shape[0] - len(self.open) :] = 1.0
        total = np.append(self.worth, 0.0)[None, :]
        found = milp(
            np.append(np.zeros(size), -1.0),
            constraints=[
                LinearConstraint(sparse.hstack([matrix, sparse.csr_array(slack)], format="csr"), -np.inf, limits),
                LinearConstraint(sparse.csr_array(total), least_total, np.inf),
                LinearConstraint(
                    sparse.hstack([self.cover, sparse.csr_array((self.cover.shape[0], 1))], format="csr"),
                    self.problem.need,
                    self.problem.need,
                ),
            ],
            integrality=np.append(np.full(size, int(whole)), 0),
            bounds=Bounds(np.append(np.zeros(size), -np.inf), np.append(np.ones(size), np.inf)),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        return float(found.x[-1]) if found.x is not None and found.status == 0 else float("nan")

    def relaxed(self, least: float) -> Relaxed | None:
        """The largest fractional total with every open item at ``least`` or more; None when there is none."""
        matrix, limits = self.upper(least)
        found = linprog(
            -self.worth,
            A_ub=matrix,
            b_ub=limits,
            A_eq=self.cover,
            b_eq=self.problem.need,
            bounds=(0, 1),
            method="highs-ds",
        )
        if found.x is None:
            return None
        reduced = -self.worth - self.cover.T @ found.eqlin.marginals - matrix.T @ found.ineqlin.marginals
        return Relaxed(least, float(-found.fun), found.x, reduced)

    def rounded(self, start: Relaxed, least: float, seconds: float, gap: float) -> Mask | None:
        """A real assignment with every open item at ``least``, deciding only what the fractional one leaves near."""
        size = len(self.row)
        count = min(size, max(COLUMNS, int(SHARE * self.problem.need.sum())))
        near = np.zeros(size, np.bool_)
        near[np.argpartition(np.abs(start.cost), count - 1)[:count]] = True
        near |= (start.value > 1e-6) & (start.value < 1 - 1e-6)
        fixed = (start.value > 0.5) & ~near
        some = np.flatnonzero(near)
        taken = fixed.astype(np.float64)
        matrix, limits = self.upper(least)
        cover = self.problem.need - self.cover @ taken
        found = milp(
            -self.worth[some],
            constraints=[
                LinearConstraint(self.cover[:, some], cover, cover),
                LinearConstraint(matrix[:, some], -np.inf, limits - matrix @ taken + 1e-9),
            ],
            integrality=np.ones(len(some)),
            bounds=Bounds(0, 1),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        if found.x is None:
            return None
        picked = fixed.copy()
        picked[some[found.x > 0.5]] = True
        chosen = np.zeros(self.problem.shape, np.bool_)
        chosen[self.row[picked], self.column[picked]] = True
        return chosen
