"""Grades over a whole field: at most a share of it may bear a grade; the rest step down, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xianfeng.programmes.rules.ranking import RankedRow
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.scoring import Band, GradesResult


@dataclass(frozen=True)
class Award:
    """The grade one of the field bears in the end; ``reason`` says when a share cap moved it down."""

    key: str
    grade: str | None
    reason: str = ""


def award(definition: Definition, ranked: Sequence[RankedRow], grades: dict[str, str | None]) -> list[Award]:
    """Apply the share caps to grades already reached (by ``evaluate``), in ranking order.

    The cap on a band is ``floor(share × size of the field)``, counted over the qualified, or its ``most``. Rows that
    share a rank stay together: when not all of them fit, none does. A programme without grades gives everyone what was
    reached.
    """
    if not isinstance(definition.result, GradesResult):
        return [Award(row.key, grades.get(row.key)) for row in ranked]
    field = sum(row.row.qualified for row in ranked)
    held = {row.key: grades.get(row.key) for row in ranked}
    moved: dict[str, str] = {}
    bands = definition.result.bands
    for band, below in zip(bands, [*(band.code for band in bands[1:]), None], strict=True):
        limit = _limit(band, field)
        if limit is None:
            continue
        for key in _beyond([row for row in ranked if held[row.key] == band.code], limit):
            held[key] = below
            moved[key] = f"“{band.title}”最多 {limit} 个，按名次顺延到下一等"
    return [Award(row.key, held[row.key], moved.get(row.key, "")) for row in ranked]


def _limit(band: Band, field: int) -> int | None:
    """How many of a field may bear a grade: its share of the field, rounded down, and its greatest number."""
    limits = [int(Fraction(band.share_cap) * field)] if band.share_cap is not None else []
    limits += [band.most] if band.most is not None else []
    return min(limits, default=None)


def _beyond(bearers: Sequence[RankedRow], limit: int) -> list[str]:
    """Keys of those who do not fit: everyone from the first rank that would overstep the limit."""
    for row in bearers:
        if sum(other.rank <= row.rank for other in bearers) > limit:
            return [other.key for other in bearers if other.rank >= row.rank]
    return []
