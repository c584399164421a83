"""Henderson's mixed-model equations for two crossed effects, sparse: the larger effect is eliminated, being diagonal.

What is left is one dense system of the smaller effect (500 experts) and the mean. With a = noise/item variance and
b = noise/expert variance, twice the restricted log-likelihood, the noise profiled out, needs only this system's
determinant and the residual sum of squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WIDEST = 12.0  # logarithm of the most extreme ratio of variances considered
STARTS = ((0.0, 0.0), (3.0, 3.0))


@dataclass(frozen=True, eq=False)
class Solved:
    """Effects and the Cholesky factor of the smaller system, for given ratios of variances."""

    criterion: float
    noise: float
    mean: float
    large: Floats
    small: Floats
    factor: Floats
    diagonal: Floats


class Crossed:
    """Reviews summed up by level: all that the likelihood needs."""

    def __init__(self, large: Ints, small: Ints, score: Floats, levels: tuple[int, int]) -> None:
        """``large`` and ``small`` are the levels of the two effects, one entry a review."""
        self.size = len(score)
        self.offset = float(score.mean())
        centred = score - self.offset
        self.square = float(centred @ centred)
        self.sum = float(centred.sum())
        self.count_large = np.bincount(large, minlength=levels[0]).astype(np.float64)
        self.count_small = np.bincount(small, minlength=levels[1]).astype(np.float64)
        self.sum_large: Floats = np.bincount(large, centred, minlength=levels[0]).astype(np.float64)
        self.sum_small: Floats = np.bincount(small, centred, minlength=levels[1]).astype(np.float64)
        self.both = sparse.csr_array((np.ones(self.size), (large, small)), shape=levels)
        self.both.sum_duplicates()
        # The overlap of the smaller effect's levels, once for every number of reviews a larger level has.
        self.counts = np.unique(self.count_large[self.count_large > 0])
        self.overlaps = []
        for count in self.counts:
            rows = self.both[np.flatnonzero(self.count_large == count)]
            self.overlaps.append((rows.T @ rows).toarray())
        if len(self.counts) > 12:  # many different numbers: cheaper to multiply anew each time
            self.overlaps = []

    def _overlap(self, ratio: float) -> Floats:
        if self.overlaps:
            found: Floats = sum(
                (each / (count + ratio) for each, count in zip(self.overlaps, self.counts, strict=True)),
                np.zeros((len(self.count_small),) * 2),
            )
            return found
        weighted = sparse.diags_array(1 / (self.count_large + ratio)) @ self.both
        dense: Floats = (self.both.T @ weighted).toarray()
        return dense

    def solve(self, ratios: tuple[float, float] | Floats) -> Solved:
        """Effects and criterion at the logarithms of noise/large and noise/small variance."""
        ratio_large, ratio_small = np.exp(np.clip(ratios, -WIDEST, WIDEST))
        diagonal = self.count_large + ratio_large
        levels = len(self.count_small)
        system = np.empty((levels + 1, levels + 1))
        system[:levels, :levels] = -self._overlap(ratio_large)
        system[np.arange(levels), np.arange(levels)] += self.count_small + ratio_small
        shrunk = self.count_large / diagonal
        system[levels, :levels] = system[:levels, levels] = self.count_small - self.both.T @ shrunk
        system[levels, levels] = self.size - self.count_large @ shrunk
        pull = self.sum_large / diagonal
        right = np.append(self.sum_small - self.both.T @ pull, self.sum - self.count_large @ pull)
        factor = cho_factor(system, lower=True, check_finite=False)[0]
        effects = cho_solve((factor, True), right, check_finite=False)
        large = (self.sum_large - self.both @ effects[:levels] - self.count_large * effects[levels]) / diagonal
        rest = self.square - self.sum_large @ large - effects @ np.append(self.sum_small, self.sum)
        noise = max(float(rest), 1e-12 * self.size) / max(self.size - 1, 1)
        determinant = 2 * np.log(np.diag(factor)).sum() + np.log(diagonal).sum()
        prior = len(diagonal) * np.log(ratio_large) + levels * np.log(ratio_small)
        criterion = float(determinant - prior + (self.size - 1) * np.log(noise))
        mean = float(effects[levels]) + self.offset
        return Solved(criterion, noise, mean, large, effects[:levels], factor, diagonal)

    def likeliest(self) -> tuple[Solved, Floats]:
        """The solution of restricted maximum likelihood, and the logarithms of its ratios."""
        start = min(STARTS, key=lambda ratios: self.solve(ratios).criterion)
        found = minimize(
            lambda ratios: self.solve(ratios).criterion,
            np.array(start),
            method="Nelder-Mead",
            bounds=[(-WIDEST, WIDEST)] * 2,
            options={"xatol": 5e-3, "fatol": 1e-4, "maxfev": 150, "initial_simplex": _simplex(start)},
        )
        best: Floats = np.asarray(found.x, dtype=np.float64)
        return self.solve(best), best

    def sample(self, solved: Solved, draws: int, chance: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Draws from the posterior of large, small and mean at these variances; rows are draws."""
        spread = np.sqrt(solved.noise)
        levels = len(self.count_small)
        normal = chance.standard_normal((levels + 1, draws))
        moved = solve_triangular(solved.factor, normal, lower=True, trans="T", check_finite=False) * spread
        shift = -(self.both @ moved[:levels] + self.count_large[:, None] * moved[levels]) / solved.diagonal[:, None]
        own = chance.standard_normal((len(solved.diagonal), draws)) * (spread / np.sqrt(solved.diagonal))[:, None]
        large = solved.large[:, None] + shift + own
        return large.T, (solved.small[:, None] + moved[:levels]).T, solved.mean + moved[levels]


def _simplex(start: tuple[float, float]) -> Floats:
    around: Floats = np.array(start) + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    return around
