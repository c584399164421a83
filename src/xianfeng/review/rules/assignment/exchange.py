"""Raising the worst items by chains of exchanges that leave nobody below a target.

An expert leaves an item for a better one, who gives up another item to a third, and so on until the chain closes or
ends at a free seat. Every item takes part once in a chain, so that its sum after the exchange is known exactly.
"""

from __future__ import annotations

import numpy as np

from xianfeng.review.rules.assignment.prices import full
from xianfeng.review.rules.assignment.problem import Floats, Ints, Mask, Problem

TINY = 1e-9
LONGEST = 8
EAGER = 3.0  # how much a gain towards the target outweighs what the chain loses
Move = tuple[int, int, int]


class Exchange:
    """A changing assignment with, for each two experts, the cheapest item to hand over between them."""

    def __init__(self, problem: Problem, chosen: Mask, held: Floats, target: float) -> None:
        self.problem, self.chosen, self.target = problem, chosen.copy(), target
        self.sums: Floats = held + (problem.affinity * chosen).sum(axis=1)
        self.load: Ints = chosen.sum(axis=0)
        experts = problem.shape[1]
        self.seats = experts  # the node of seats nobody holds
        self.loss = np.full((experts + 1, experts + 1), np.inf)
        self.by = np.full((experts + 1, experts + 1), -1, np.int64)
        for expert in range(experts):
            self._renew(expert)
        self._renew_seats()

    def _open(self, items: Ints, leaving: int) -> Mask:
        """Who may replace ``leaving`` on these items."""
        free = self.problem.allowed[items] & ~self.chosen[items]
        if self.problem.room.shape[1]:
            free &= ~full(self.problem, self.chosen, items, int(self.problem.group[leaving]))
        return free

    def _renew(self, expert: int) -> None:
        items = np.flatnonzero(self.chosen[:, expert])
        self.loss[expert, :-1] = np.inf
        if not len(items):
            return
        worth = self.problem.affinity[items]
        loss = worth[:, [expert]] - worth
        harmful = (loss > 0) & (self.sums[items][:, None] - loss < self.target)
        loss = np.where(self._open(items, expert) & ~harmful, loss, np.inf)
        which = loss.argmin(axis=0)
        self.loss[expert, :-1] = loss[which, np.arange(self.seats)]
        self.by[expert, :-1] = items[which]

    def _renew_seats(self) -> None:
        self.loss[:-1, -1] = np.where(self.load < self.problem.high, 0.0, np.inf)
        self.loss[-1, :-1] = np.where(self.load > self.problem.low, 0.0, np.inf)

    def _way_to(self, expert: int) -> tuple[Floats, Ints]:
        """From every node the least loss of a chain that ends at this expert, and the next node on it."""
        far = np.full(self.seats + 1, np.inf)
        far[expert] = 0.0
        after = np.full(self.seats + 1, -1, np.int64)
        every = np.arange(self.seats + 1)
        for _ in range(LONGEST - 2):
            through = self.loss + far
            next_node = through.argmin(axis=1)
            better = through[every, next_node] < far - TINY
            better[expert] = False
            if not better.any():
                break
            after[better] = next_node[better]
            far[better] = through[every, next_node][better]
        return far, after

    def _chain(self, first: Move, after: Ints) -> list[Move] | None:
        """The moves that close the chain ``first`` opens; None when an item would take part twice."""
        moves, used = [first], {first[0]}
        node, end = first[2], first[1]
        for _ in range(2 * LONGEST):
            if node == end:
                return moves
            onward = int(after[node])
            if onward < 0:
                return None
            if node != self.seats and onward != self.seats:
                item = int(self.by[node, onward])
                if item in used:
                    return None
                used.add(item)
                moves.append((item, node, onward))
            node = onward
        return None

    def _apply(self, moves: list[Move]) -> None:
        touched: set[int] = set()
        for item, leaving, coming in moves:
            touched |= {int(expert) for expert in np.flatnonzero(self.chosen[item])} | {coming}
            self.chosen[item, leaving], self.chosen[item, coming] = False, True
            self.sums[item] += self.problem.affinity[item, coming] - self.problem.affinity[item, leaving]
            self.load[leaving] -= 1
            self.load[coming] += 1
        for expert in touched:
            self._renew(expert)
        self._renew_seats()

    def _lift(self, item: int) -> bool:
        """One chain that brings this item nearer to the target; False when there is none."""
        best: tuple[float, list[Move]] | None = None
        for leaving in np.flatnonzero(self.chosen[item]):
            far, after = self._way_to(int(leaving))
            gain = self.problem.affinity[item] - self.problem.affinity[item, leaving]
            fits = self._open(np.array([item]), int(leaving))[0] & (gain > TINY) & np.isfinite(far[:-1])
            useful = np.minimum(gain, self.target - self.sums[item])
            with np.errstate(invalid="ignore"):
                score = np.where(fits, EAGER * useful + gain - far[:-1], -np.inf)
            for coming in np.argsort(-score)[:4]:
                if score[coming] == -np.inf or (best and score[coming] <= best[0]):
                    break
                moves = self._chain((item, int(leaving), int(coming)), after)
                if moves:
                    best = (float(score[coming]), moves)
                    break
        if best is None:
            return False
        self._apply(best[1])
        return True

    def reach(self) -> bool:
        """Bring every item to the target, the worst first; False as soon as one is stuck."""
        able = self.problem.need > 0
        for _ in range(20 * self.problem.shape[0]):
            worst = int(np.where(able, self.sums, np.inf).argmin())
            if not able.any() or self.sums[worst] >= self.target - TINY:
                return True
            if not self._lift(worst):
                return False
        return False

    def enrich(self, rounds: int) -> None:
        """Raise the total by chains that gain, nobody falling below the target."""
        for _ in range(rounds):
            gained = False
            for leaving in range(self.seats):
                far, after = self._way_to(leaving)
                around = self.loss[leaving, :-1] + far[:-1]
                coming = int(around.argmin())
                if around[coming] >= -TINY:
                    continue
                moves = self._chain((int(self.by[leaving, coming]), leaving, coming), after)
                if moves and self._gain(moves) > TINY:
                    self._apply(moves)
                    gained = True
            if not gained:
                return

    def _gain(self, moves: list[Move]) -> float:
        worth = self.problem.affinity
        return float(sum(worth[item, coming] - worth[item, leaving] for item, leaving, coming in moves))
