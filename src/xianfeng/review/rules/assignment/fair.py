"""The best worst-off item within a floor on the total, then the best total.

Three hands, the best result counts. Chains of exchanges raise the optimum's worst items: quick at every size. Where the
linear programme is affordable it gives the ceiling no assignment exceeds, and an integer programme over the pairs
its solution leaves near rounds it, at targets closing in on the ceiling. Larger instances get flows that favour the
worst items by growing weights. Each target has its own time limit; what is found is always checked, never assumed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xianfeng.review.rules.assignment import flow
from xianfeng.review.rules.assignment.exchange import Exchange
from xianfeng.review.rules.assignment.flow import Optimum
from xianfeng.review.rules.assignment.linear import Programme, Relaxed
from xianfeng.review.rules.assignment.problem import Floats, Mask, Problem

PAIRS = 300_000  # above this the linear programme is too slow to be worth it
EXACT = 40_000  # up to this the ceiling is the linear programme's own optimum
TINY_SIZE = 2_000  # up to this the best least item is itself found exactly
BUDGET = 75.0
PROBE = 15.0
MARGIN = 0.0075
FLOWS = 10
LADDER = (0.95, 0.9, 0.8)
HALVINGS = 7
TINY = 1e-9


@dataclass(eq=False)
class Search:
    """The best assignment so far; every candidate passes ``offer``."""

    problem: Problem
    held: Floats
    least_total: float
    chosen: Mask
    least: float = -np.inf
    total: float = -np.inf

    def offer(self, chosen: Mask) -> bool:
        """Take a candidate that keeps the floor and is better: least item first, total second."""
        worth = np.where(chosen, self.problem.affinity, 0.0)
        total = float(worth.sum())
        sums = (self.held + worth.sum(axis=1))[self.problem.need > 0]
        least = float(sums.min(initial=np.inf))
        if total < self.least_total - TINY:
            return False
        if least < self.least - TINY or (least <= self.least + TINY and total <= self.total + TINY):
            return False
        self.chosen, self.least, self.total = chosen, least, total
        return True

    def exchanged(self, target: float, rounds: int = 0) -> bool:
        """Offer what chains of exchanges make of the best at this target; whether every item reached it."""
        chains = Exchange(self.problem, self.chosen, self.held, target)
        if not chains.reach():
            return False
        chains.enrich(rounds)
        return self.offer(chains.chosen)

    def climb(self, ceiling: float, steps: int = 10) -> None:
        """Close in on the ceiling by exchanges, halving the distance that failed."""
        low, high = self.least, ceiling
        for _ in range(steps):
            if not high - low > 1e-4 * max(1.0, abs(high)):
                return
            middle = (low + high) / 2
            if self.exchanged(middle):
                low = max(middle, self.least)
            else:
                high = middle


def fairest(problem: Problem, optimum: Optimum, floor: float) -> tuple[Mask, float]:
    """The fairest assignment found, and what its least item cannot exceed."""
    items = problem.shape[0]
    held = np.zeros(items)
    np.add.at(held, problem.locked[:, 0], problem.affinity[problem.locked[:, 0], problem.locked[:, 1]])
    if not problem.need.any():
        return optimum.chosen, float(held.min(initial=np.inf)) if items else 0.0
    whole = optimum.total + float(held.sum())
    search = Search(problem, held, optimum.total - (1 - floor) * abs(whole), optimum.chosen)
    search.offer(optimum.chosen)
    if int(problem.allowed.sum()) <= PAIRS:
        ceiling = _programmed(search, items)
    else:
        ceiling = _best_sums(problem, held)
        _reweighted(search, ceiling)
    fixed = held[problem.need == 0].min(initial=np.inf)
    return search.chosen, float(min(ceiling, fixed))


def _programmed(search: Search, items: int) -> float:
    """By linear and integer programmes; returns the ceiling."""
    started = time.monotonic()
    programme = Programme(search.problem, search.held)
    small = len(programme.row) <= EXACT
    ceiling = _ceiling(programme, search, small)
    if len(programme.row) <= TINY_SIZE:
        exact = programme.ceiling(search.least_total, whole=True, seconds=PROBE)
        ceiling = ceiling if np.isnan(exact) else min(exact, ceiling)
    search.climb(ceiling)
    gap = 0.0 if len(programme.row) <= TINY_SIZE else 1e-4 if small else 3e-3
    for target in _targets(search, ceiling):
        left = BUDGET - (time.monotonic() - started)
        if left < 2:
            break
        start = _start(programme, target, ceiling, small)
        if start is None or start.total < search.least_total:
            continue
        chosen = programme.rounded(start, target, min(PROBE, left), gap)
        if chosen is not None:
            search.offer(chosen)
    search.climb(ceiling, 5)
    search.exchanged(search.least, rounds=4)
    return ceiling


def _ceiling(programme: Programme, search: Search, small: bool) -> float:
    """A least item no assignment within the floor exceeds; by halving where one large programme would take minutes."""
    high = _best_sums(search.problem, search.held)
    if small:
        found = programme.ceiling(search.least_total)
        return high if np.isnan(found) else min(found, high)

    def holds(target: float) -> bool:
        start = programme.relaxed(target)
        return start is not None and start.total >= search.least_total

    if holds(high - 1e-7 * max(1.0, abs(high))):
        return high
    low = max(search.least, high - 0.15 * abs(high))
    if not holds(low):
        low, high = search.least, low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high


def _start(programme: Programme, target: float, ceiling: float, small: bool) -> Relaxed | None:
    """The fractional solution to round: a little above the target, so that rounding has something to lose."""
    above = target if small else min(target + MARGIN * abs(target), ceiling - TINY)
    return programme.relaxed(above) or (programme.relaxed(target) if above > target else None)


def _targets(search: Search, ceiling: float) -> Iterator[float]:
    """The ceiling itself, then down the ladder until something holds, then half-way up again and again."""
    span = abs(ceiling)
    failed = ceiling - 1e-7 * max(1.0, span)
    yield failed
    for share in LADDER:
        target = ceiling - (1 - share) * span
        if search.least >= failed - TINY or target <= search.least:
            break
        yield target
        if search.least >= target - TINY:
            break
        failed = target
    while failed - search.least > 0.02 * span:
        target = (failed + search.least) / 2
        yield target
        if search.least < target - TINY:
            failed = target


def _best_sums(problem: Problem, held: Floats) -> float:
    """Each item's own best, the least of them: a simple ceiling."""
    worth = np.where(problem.allowed, problem.affinity, -np.inf)
    most = int(problem.need.max())
    top = -np.sort(-worth, axis=1)[:, :most]
    sums = held + np.where(np.arange(most) < problem.need[:, None], top, 0.0).sum(axis=1)
    return float(sums[problem.need > 0].min())


def _reweighted(search: Search, ceiling: float) -> None:
    """By flows in which the worst items' affinities weigh more each time, then by exchanges."""
    problem = search.problem
    weight = np.ones(problem.shape[0])
    chosen = search.chosen
    for _ in range(FLOWS):
        sums = search.held + np.where(chosen, problem.affinity, 0.0).sum(axis=1)
        short = np.maximum(0.0, 1.0 - sums / ceiling) if ceiling > 0 else np.zeros(len(sums))
        weight *= 1.0 + 2.0 * short
        chosen = flow.best(problem.with_affinity(problem.affinity * weight[:, None])).chosen
        search.offer(chosen)
    search.climb(ceiling, 6)
    search.exchanged(search.least, rounds=1)
