"""The advisory score: how the items would stand had every expert judged all of them, and how sure that is.

It stands beside the official rank, never in its place. The heavy libraries are loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xianfeng.review.rules.calibration.result import Calibration, Variances

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Calibration", "Variances", "fit"]


def fit(
    item: ArrayLike,
    expert: ArrayLike,
    score: ArrayLike,
    *,
    quota: ArrayLike | None = None,
    field: ArrayLike | None = None,
    draws: int = 400,
    seed: int = 0,
) -> Calibration:
    """Fit score = mean + item + expert + noise, variances by restricted maximum likelihood, one entry a review.

    ``item`` and ``expert`` are numbers from 0. Items are ranked among those of the same ``field`` (by item; all in one
    by default); ``quota`` is one number, or one for each item. The same arguments give the same result. Raises
    ``ValueError`` for scores that are not numbers, or arrays that do not fit together.
    """
    from xianfeng.review.rules.calibration import fitting  # numpy and scipy: only who asks for advice waits for them

    return fitting.fitted(item, expert, score, quota=quota, field=field, draws=draws, seed=seed)
