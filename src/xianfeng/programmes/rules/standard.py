"""The standard as it applies: one category, one applicant group, versions chosen, points at hand."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xianfeng.programmes.rules.schema.standards import Bonus, Dimension, Indicator, Part, StandardSource


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
