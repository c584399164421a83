"""Saving many rows at once: what is new, what differs, what stays; a row that does not change is not written.

Imports and single edits go through the same services, so one form of "compare, then write" serves both.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

M = TypeVar("M")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Tally:
    """How many rows were created, updated and left as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged)

    @property
    def written(self) -> int:
        """Rows that were written."""
        return self.created + self.updated


@dataclass
class Batch(Generic[M]):
    """Rows sorted into new, changed (with the names of the fields that differ) and unchanged."""

    created: list[M] = field(default_factory=list)
    changed: list[tuple[M, tuple[str, ...]]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def touches(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.created or self.changed)

    @property
    def tally(self) -> Tally:
        """The counts."""
        return Tally(len(self.created), len(self.changed), self.unchanged)

    def write(self, manager: Any) -> None:
        """Insert the new and update the changed, a statement each, through a model's manager."""
        if self.created:
            manager.bulk_create(self.created)
        if self.changed:
            fields = sorted({name for _row, names in self.changed for name in names})
            manager.bulk_update([row for row, _names in self.changed], fields)


def differing(row: object, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Set what differs on ``row`` and say which fields those were."""
    names = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in names:
        setattr(row, name, values[name])
    return names


def sort_out(
    existing: Mapping[K, M], wanted: Iterable[tuple[K, Mapping[str, Any]]], build: Callable[..., M]
) -> Batch[M]:
    """Compare wanted rows with existing ones by key; ``build`` makes a new (unsaved) row of the values."""
    batch: Batch[M] = Batch()
    for key, values in wanted:
        row = existing.get(key)
        if row is None:
            batch.created.append(build(**values))
        elif names := differing(row, values):
            batch.changed.append((row, names))
        else:
            batch.unchanged += 1
    return batch
