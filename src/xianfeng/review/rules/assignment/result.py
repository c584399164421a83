"""What an assignment reports, and what an impossible one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xianfeng.kernel.errors import Conflict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs (item, expert), sorted, and how good they are.

    ``bound`` is proven: no assignment under the same limits has a larger total. ``min_item`` and ``p5_item`` are the
    least and the 5th percentile of the items' sums, ``gini`` their inequality. ``fair_bound`` is what no assignment
    within the floor can exceed as its least item (``fair`` only).
    """

    pairs: NDArray[np.int64]
    total: float
    bound: float
    min_item: float
    p5_item: float
    gini: float
    least_load: int
    most_load: int
    components: int
    fair_bound: float | None = None

    @property
    def gap(self) -> float:
        """What is missing to the bound, as a share of it."""
        return max(0.0, self.bound - self.total) / abs(self.bound) if self.bound else 0.0

    @property
    def connected(self) -> bool:
        """Whether any two items are linked by shared experts; otherwise their scores cannot be compared fairly."""
        return self.components <= 1


@dataclass(frozen=True)
class Relaxation:
    """One change that alone makes the assignment possible: which limit, by how much, and the sentence for people."""

    kind: str
    amount: int
    words: str


class Infeasible(Conflict):
    """No assignment keeps all limits; says which items starve, which experts lack work and what would help.

    ``starved`` maps an item to the number of experts it lacks, ``idle`` an expert to the items missing to the lower
    load; ``relaxations`` starts with the smallest; ``seats`` maps experts to the extra items that would also do.
    """

    def __init__(
        self,
        starved: Mapping[int, int],
        idle: Mapping[int, int],
        relaxations: tuple[Relaxation, ...],
        seats: Mapping[int, int],
    ) -> None:
        self.starved = dict(starved)
        self.idle = dict(idle)
        self.relaxations = relaxations
        self.seats = dict(seats)
        said = []
        if starved:
            said.append(f"{len(starved)} 个评审对象共缺 {sum(starved.values())} 个评审名额")
        if idle:
            said.append(f"{len(idle)} 位专家达不到最少评审件数")
        words = "或者".join(one.words for one in relaxations)
        super().__init__("无法完成分配：" + "，".join(said) + "。", f"可以{words}。" if words else "")
