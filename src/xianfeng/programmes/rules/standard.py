"""The standard as it applies: one category, one applicant group, versions chosen, points at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xianfeng.programmes.rules.schema.standards import Bonus, Dimension, Graded, Indicator, Part, StandardSource, YesNo


@dataclass(frozen=True)
class PartOf:
    """A part with the dimensions that hold for the group."""

    code: str
    title: str
    points: Decimal
    dimensions: tuple[Dimension, ...]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The part's indicators, in order."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)


FINEST_STEP = Decimal("0.0001")


class Line(NamedTuple):
    """An indicator as adding up needs it: its dimension (none for a bonus), most points, smallest step, and whether any
    such step will do (``plain``)."""

    indicator: Indicator
    dimension: tuple[str, str] | None
    points: Decimal
    step: Decimal
    plain: bool


@dataclass(frozen=True)
class Standard:
    """What nominees of one category and group are measured by."""

    category: str
    group: str
    total: Decimal
    note: str
    parts: tuple[PartOf, ...]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in order."""
        return tuple(indicator for part in self.parts for indicator in part.indicators)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        """Indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """What adding up needs of each indicator, by code."""
        return {
            one.code: Line(
                one,
                None if isinstance(one, Bonus) else (part.code, dimension.code),
                one.points,
                getattr(one, "step", FINEST_STEP),
                not isinstance(one, (Graded, YesNo)),
            )
            for part in self.parts
            for dimension in part.dimensions
            for one in dimension.indicators
        }

    @cached_property
    def dimension_keys(self) -> tuple[tuple[str, str], ...]:
        """Part and dimension codes, in order."""
        return tuple((part.code, dimension.code) for part in self.parts for dimension in part.dimensions)

    @cached_property
    def required_codes(self) -> tuple[str, ...]:
        """Codes of ``required``."""
        return tuple(one.code for one in self.required)

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code; ``KeyError`` without one."""
        return self.by_code[code]

    def has(self, code: str) -> bool:
        """Whether the standard asks for this indicator."""
        return code in self.by_code

    @cached_property
    def required(self) -> tuple[Indicator, ...]:
        """Indicators that must be scored: all but the bonuses."""
        return tuple(indicator for indicator in self.indicators if not isinstance(indicator, Bonus))

    @cached_property
    def bonuses(self) -> tuple[Bonus, ...]:
        """Indicators on top of the parts' points."""
        return tuple(indicator for indicator in self.indicators if isinstance(indicator, Bonus))


def base_points(dimension: Dimension) -> Decimal:
    """Points of a dimension's indicators without bonuses: what must add up."""
    return sum((i.points for i in dimension.indicators if not isinstance(i, Bonus)), Decimal(0))


def resolve(source: StandardSource, group: str) -> Standard:
    """Choose each part's version for the group: the one that names it, else the one that names nobody."""
    parts = tuple(PartOf(p.code, p.title, p.points, _dimensions(p, group)) for p in source.parts)
    return Standard(source.category, group, source.total, source.note, parts)


def _dimensions(part: Part, group: str) -> tuple[Dimension, ...]:
    named = next((v for v in part.versions if group in v.groups), None)
    chosen = named or next((v for v in part.versions if not v.groups), None)
    return chosen.dimensions if chosen else ()
