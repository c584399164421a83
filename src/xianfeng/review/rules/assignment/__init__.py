"""Who reviews what: a repeatable draw, and the best or the fairest assignment to affinities, each exact.

``draw`` knows only names and chance; ``solve`` maximises affinity. The heavy libraries are loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xianfeng.review.rules.assignment.drawing import Draw, Pair, chance, draw, least_raise
from xianfeng.review.rules.assignment.result import Assignment, Infeasible, Relaxation

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Assignment", "Draw", "Infeasible", "Pair", "Relaxation", "chance", "draw", "least_raise", "solve"]


def solve(
    affinity: ArrayLike,
    *,
    conflicts: ArrayLike | None,
    per_item: ArrayLike,
    max_load: ArrayLike,
    min_load: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    group_cap: int | None = None,
    locked: ArrayLike | None = None,
    objective: str = "total",
    floor: float = 0.97,
) -> Assignment:
    """Assign experts to items: the largest ``total`` affinity, or ``fair``: the best worst-off item within ``floor``.

    ``affinity`` is items × experts; ``conflicts`` a mask of the same shape, or pairs (item, expert). ``per_item``,
    ``max_load`` and ``min_load`` are one number or one for each. ``groups`` names each expert's institution by a number
    (negative: none), at most ``group_cap`` of which sit on one item. ``locked`` pairs stay and count. ``fair`` gives up
    at most the share ``1 - floor`` of the largest total. Raises ``Infeasible``, which carries ``starved``.
    """
    from xianfeng.review.rules.assignment import problem, solving  # numpy, scipy, ortools: 80 MB, 0.8 s

    return solving.solved(
        problem.read(affinity, conflicts, per_item, max_load, min_load, groups, group_cap, locked), objective, floor
    )
