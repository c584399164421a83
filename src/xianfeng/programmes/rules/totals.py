"""One set of points added up: dimensions, parts, total; bonuses on top, items that do not apply scaled away."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import check_points
from xianfeng.programmes.rules.exact import FINEST, ZERO, rounded
from xianfeng.programmes.rules.schema.standards import Dimension, Indicator
from xianfeng.programmes.rules.standard import PartOf, Standard
from xianfeng.programmes.rules.trace import Trace, show

Scores = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Totals:
    """Points by dimension, part and in all, exact; ``missing`` names indicators without a score."""

    dimensions: Mapping[tuple[str, str], Decimal]
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
    return rounded(value, FINEST).normalize() + ZERO


def totals(standard: Standard, scores: Scores, *, bonus_cap: Decimal | None = None) -> Totals:
    """Add up points by indicator; ``None`` says the indicator does not apply, an absent one is missing.

    Raises ``Invalid`` on a code the standard does not have, points out of range or off the step, and ``None`` where the
    indicator must apply. A dimension's points are as earned; a part with inapplicable items is scaled up to its full
    points in proportion (a part in which nothing applies counts in full).
    """
    known = standard.by_code
    for code, score in scores.items():
        if score is None or code not in known:
            _may_be_left_out(known.get(code), code)
        else:
            check_points(known[code], score)
    dimensions = {
        (part.code, dimension.code): _earned(dimension, scores)
        for part in standard.parts
        for dimension in part.dimensions
    }
    scaled = None in scores.values()
    parts = {part.code: _part_points(part, dimensions, scores, scaled=scaled) for part in standard.parts}
    bonus = _bonus(standard, scores, bonus_cap)
    missing = tuple(one.code for one in standard.required if one.code not in scores)
    exact = sum(parts.values(), Fraction(bonus)) if scaled else Fraction(sum(dimensions.values(), bonus))
    return Totals(dimensions, parts, bonus, exact, missing)


def _may_be_left_out(indicator: Indicator | None, code: str) -> None:
    if indicator is None:
        raise Invalid(f"标准中没有指标“{code}”。")
    if not indicator.may_not_apply:
        raise Invalid(f"“{indicator.title}”不能标为不适用。")


def _earned(dimension: Dimension, scores: Scores) -> Decimal:
    earned = ZERO
    for indicator in dimension.indicators:
        if indicator.kind != "bonus" and (score := scores.get(indicator.code)) is not None:
            earned += score
    return earned


def _part_points(
    part: PartOf, dimensions: Mapping[tuple[str, str], Decimal], scores: Scores, *, scaled: bool
) -> Fraction:
    """What a part's dimensions earned, in proportion to what applies when something does not."""
    earned = Fraction(sum((dimensions[part.code, dimension.code] for dimension in part.dimensions), ZERO))
    if not scaled:
        return earned
    inapplicable = sum((one.points for one in part.indicators if scores.get(one.code, ZERO) is None), ZERO)
    applicable = Fraction(part.points - inapplicable)
    return earned * Fraction(part.points) / applicable if applicable else Fraction(part.points)


def _bonus(standard: Standard, scores: Scores, cap: Decimal | None) -> Decimal:
    earned = ZERO
    for indicator in standard.bonuses:
        earned += scores.get(indicator.code) or ZERO
    return earned if cap is None else min(earned, cap)


def trace_totals(name: str, standard: Standard, result: Totals) -> Trace:
    """How a total came about, part by part."""
    pieces = [f"{part.title} {show(result.part(part.code))}" for part in standard.parts]
    if result.bonus:
        pieces.append(f"加分 {show(result.bonus)}")
    return Trace(name, " + ".join(pieces), f"{show(result.total)} 分")
