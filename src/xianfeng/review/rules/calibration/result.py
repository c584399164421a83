"""What the calibration reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Variances(NamedTuple):
    """How much of the spread lies in the items, in the experts, and in neither."""

    item: float
    expert: float
    noise: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """Adjusted scores by item, experts' severities, and their uncertainty.

    ``severity`` is what an expert adds to every score: below zero is strict, above lenient. ``rank_interval`` holds
    the 95 % interval of each item's rank, best rank 1; ``p_in_quota`` the probability of a rank within the quota
    (None without a quota). ``connected`` says whether shared experts link all items; ``warnings`` are sentences for
    people about thin data.
    """

    adjusted: NDArray[np.float64]
    severity: NDArray[np.float64]
    p_in_quota: NDArray[np.float64] | None
    rank_interval: NDArray[np.int64]
    variances: Variances
    mean: float
    connected: bool
    warnings: tuple[str, ...]
