"""The assignment's limits in one checked, normalised form: what is left to decide once locked pairs stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Problem:
    """What remains to be assigned.

    ``allowed`` leaves out conflicts and locked pairs; ``need``, ``low`` and ``high`` are net of locked pairs.
    ``group`` is dense (−1: none); ``room`` is items × groups, how many more of a group an item may take.
    """

    affinity: Floats
    allowed: Mask
    need: Ints
    low: Ints
    high: Ints
    group: Ints
    room: Ints
    locked: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """Items and experts."""
        return self.affinity.shape[0], self.affinity.shape[1]

    def with_affinity(self, affinity: Floats) -> Problem:
        """The same limits under other affinities."""
        return replace(self, affinity=affinity)


def read(
    affinity: ArrayLike,
    conflicts: ArrayLike | None,
    per_item: ArrayLike,
    max_load: ArrayLike,
    min_load: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    group_cap: int | None = None,
    locked: ArrayLike | None = None,
) -> Problem:
    """Check the arguments and take the locked pairs out. Raises ``ValueError`` for what makes no sense."""
    worth = np.ascontiguousarray(affinity, dtype=np.float64)
    if worth.ndim != 2:
        raise ValueError("affinity must be items × experts")
    if not np.isfinite(worth).all():
        raise ValueError("affinity must be finite; say what is not allowed by conflicts")
    items, experts = worth.shape
    kept = _pairs(locked, worth.shape)
    allowed = ~_mask(conflicts, worth.shape)
    allowed[kept[:, 0], kept[:, 1]] = False
    loads = np.bincount(kept[:, 1], minlength=experts)
    high = _each(max_load, experts, "max_load")
    low = _each(0 if min_load is None else min_load, experts, "min_load")
    if (low > high).any():
        raise ValueError("min_load exceeds max_load")
    need = np.maximum(_each(per_item, items, "per_item") - np.bincount(kept[:, 0], minlength=items), 0)
    group, room = _groups(groups, group_cap, kept, worth.shape)
    return Problem(worth, allowed, need, np.maximum(low - loads, 0), np.maximum(high - loads, 0), group, room, kept)


def _each(value: ArrayLike, count: int, name: str) -> Ints:
    given = np.asarray(value)
    whole = np.rint(given.astype(np.float64)).astype(np.int64)
    if given.ndim > 1 or (given.ndim == 1 and len(given) != count):
        raise ValueError(f"{name} must be one number or {count} numbers")
    if (whole < 0).any() or not np.allclose(whole, given.astype(np.float64)):
        raise ValueError(f"{name} must be whole numbers, not negative")
    return np.broadcast_to(whole, (count,)).copy()


def _pairs(value: ArrayLike | None, shape: tuple[int, ...]) -> Ints:
    """Pairs (item, expert), each once, from pairs or from a mask."""
    if value is None:
        return np.zeros((0, 2), np.int64)
    given = np.asarray(value)
    if given.size == 0:
        return np.zeros((0, 2), np.int64)
    if given.shape == shape and (given.dtype == np.bool_ or shape[1] != 2):
        return np.argwhere(given).astype(np.int64)
    if given.ndim != 2 or given.shape[1] != 2:
        raise ValueError("pairs must be n × 2, or a mask of items × experts")
    found = np.unique(given.astype(np.int64), axis=0)
    if (found < 0).any() or (found >= np.array(shape)).any():
        raise ValueError("a pair names an item or expert that is not there")
    return found


def _mask(value: ArrayLike | None, shape: tuple[int, ...]) -> Mask:
    if value is not None and np.asarray(value).shape == shape:
        return np.array(value, dtype=np.bool_)
    mask = np.zeros(shape, np.bool_)
    found = _pairs(value, shape)
    mask[found[:, 0], found[:, 1]] = True
    return mask


def _groups(groups: ArrayLike | None, cap: int | None, kept: Ints, shape: tuple[int, ...]) -> tuple[Ints, Ints]:
    """Dense group numbers, only of groups the cap can touch, and each item's room for them."""
    items, experts = shape
    group = np.full(experts, -1, np.int64)
    if groups is None or cap is None:
        return group, np.zeros((items, 0), np.int64)
    given = np.asarray(groups).astype(np.int64)
    if given.shape != (experts,):
        raise ValueError(f"groups must be {experts} numbers")
    names, counts = np.unique(given[given >= 0], return_counts=True)
    capped = names[counts > cap]
    for dense, name in enumerate(capped):
        group[given == name] = dense
    room = np.full((items, len(capped)), int(cap), np.int64)
    for item, expert in kept:
        if group[expert] >= 0:
            room[item, group[expert]] -= 1
    return group, np.maximum(room, 0)
