"""One set of points added up: dimensions, parts, total; bonuses on top, items that do not apply scaled away."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import check_points
from xianfeng.programmes.rules.exact import ZERO
from xianfeng.programmes.rules.schema.standards import Bonus, Indicator
from xianfeng.programmes.rules.standard import PartOf, Standard
from xianfeng.programmes.rules.trace import Trace, show

Scores = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Totals:
    """Points by dimension, part and in all, exact; ``missing`` names indicators without a score."""

    dimensions: Mapping[tuple[str, str], Fraction]
    parts: Mapping[str, Fraction]
    bonus: Decimal
    exact: Fraction
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every indicator has its score."""
        return not self.missing

    @property
    def total(self) -> Decimal:
        """The total as a decimal; exact unless items that do not apply were scaled (then to four places)."""
        return as_decimal(self.exact)

    def part(self, code: str) -> Decimal:
        """A part's points as a decimal, as ``total``."""
        return as_decimal(self.parts[code])


def as_decimal(value: Fraction) -> Decimal:
    """A fraction as a decimal with four places at most, rounded half up: points are never finer."""
    scaled = value * 10_000
    return (Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)) / 10_000).normalize() + 0


def totals(standard: Standard, scores: Scores, *, bonus_cap: Decimal | None = None) -> Totals:
    """Add up points by indicator; ``None`` says the indicator does not apply, an absent one is missing.

    Raises ``Invalid`` on a code the standard does not have, points out of range or off the step, and ``None`` where the
    indicator must apply. A dimension's points are as earned; a part with inapplicable items is scaled up to its full
    points in proportion (a part in which nothing applies counts in full).
    """
    for code, score in scores.items():
        _admissible(standard, code, score)
    dimensions: dict[tuple[str, str], Fraction] = {}
    parts: dict[str, Fraction] = {}
    for part in standard.parts:
        for dimension in part.dimensions:
            dimensions[part.code, dimension.code] = Fraction(_earned(dimension.indicators, scores))
        parts[part.code] = _part_points(part, scores)
    bonus = _bonus(standard, scores, bonus_cap)
    missing = tuple(i.code for i in standard.indicators if i.code not in scores and not isinstance(i, Bonus))
    return Totals(dimensions, parts, bonus, sum(parts.values(), Fraction(bonus)), missing)


def _admissible(standard: Standard, code: str, score: Decimal | None) -> None:
    if not standard.has(code):
        raise Invalid(f"标准中没有指标“{code}”。")
    indicator = standard.indicator(code)
    if score is not None:
        check_points(indicator, score)
    elif not indicator.may_not_apply:
        raise Invalid(f"“{indicator.title}”不能标为不适用。")


def _earned(indicators: tuple[Indicator, ...], scores: Scores) -> Decimal:
    earned = ZERO
    for indicator in indicators:
        if indicator.kind != "bonus":
            earned += scores.get(indicator.code) or ZERO
    return earned


def _applicable(part: PartOf, scores: Scores) -> Decimal:
    """Points that could be earned in a part: an absent score can, an inapplicable item cannot."""
    open_to = ZERO
    for indicator in part.indicators:
        if indicator.kind != "bonus" and scores.get(indicator.code, ZERO) is not None:
            open_to += indicator.points
    return open_to


def _part_points(part: PartOf, scores: Scores) -> Fraction:
    applicable = _applicable(part, scores)
    earned = Fraction(_earned(part.indicators, scores))
    if applicable == part.points:
        return earned
    return earned * Fraction(part.points) / Fraction(applicable) if applicable else Fraction(part.points)


def _bonus(standard: Standard, scores: Scores, cap: Decimal | None) -> Decimal:
    earned = ZERO
    for indicator in standard.indicators:
        if indicator.kind == "bonus":
            earned += scores.get(indicator.code) or ZERO
    return earned if cap is None else min(earned, cap)


def trace_totals(name: str, standard: Standard, result: Totals) -> Trace:
    """How a total came about, part by part."""
    pieces = [f"{part.title} {show(result.part(part.code))}" for part in standard.parts]
    if result.bonus:
        pieces.append(f"加分 {show(result.bonus)}")
    return Trace(name, " + ".join(pieces), f"{show(result.total)} 分")
