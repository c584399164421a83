"""One set of points added up: dimensions, parts, total; bonuses on top, items that do not apply scaled away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import check_points
from xianfeng.programmes.rules.exact import FINEST, ZERO, rounded
from xianfeng.programmes.rules.schema.standards import Indicator
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.trace import Trace, exactly, show

Scores = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Totals:
    """Points by dimension (as earned), part and in all, exact; ``missing`` names indicators without a score.

    ``sums`` and ``sum`` are what ``parts`` and ``exact`` are made from: decimals, or fractions where items that do not
    apply were scaled away.
    """

    dimensions: Mapping[tuple[str, str], Decimal]
    sums: Mapping[str, Decimal | Fraction]
    bonus: Decimal
    sum: Decimal | Fraction
    missing: tuple[str, ...]
    scaled: Mapping[tuple[str, str], Fraction] | None = None

    @cached_property
    def parts(self) -> Mapping[str, Fraction]:
        """Points of each part, exact."""
        return {code: Fraction(value) for code, value in self.sums.items()}

    @cached_property
    def exact(self) -> Fraction:
        """The total, exact."""
        return Fraction(self.sum)

    @property
    def measured_dimensions(self) -> Mapping[tuple[str, str], Fraction] | Mapping[tuple[str, str], Decimal]:
        """Points of each dimension in proportion to what applies: what floors look at."""
        return self.dimensions if self.scaled is None else self.scaled

    @property
    def complete(self) -> bool:
        """Whether every indicator has its score."""
        return not self.missing

    @property
    def total(self) -> Decimal:
        """The total as a decimal; exact unless items that do not apply were scaled (then to four places)."""
        return as_decimal(self.sum)

    def part(self, code: str) -> Decimal:
        """A part's points as a decimal, as ``total``."""
        return as_decimal(self.sums[code])


def as_decimal(value: Decimal | Fraction) -> Decimal:
    """An exact value as a decimal with four places at most, rounded half up: points are never finer."""
    if isinstance(value, Decimal):
        return value.normalize() + ZERO
    return rounded(value, FINEST).normalize() + ZERO


def totals(standard: Standard, scores: Scores, *, bonus_cap: Decimal | None = None) -> Totals:
    """Add up points by indicator; ``None`` says the indicator does not apply, an absent one is missing.

    Raises ``Invalid`` on a code the standard does not have, points out of range or off the step, and ``None`` where the
    indicator must apply. A dimension's points are as earned; a part with inapplicable items is scaled up to its full
    points in proportion (a part in which nothing applies counts in full).
    """
    lines = standard.lines
    earned = dict.fromkeys(standard.dimension_keys, ZERO)
    bonus = ZERO
    left_out = False
    for code, score in scores.items():
        line = lines.get(code)
        if score is None or line is None:
            _may_be_left_out(line.indicator if line else None, code)
            left_out = True
            continue
        indicator, dimension, points, step, plain = line
        if not plain or not score.is_finite() or not ZERO <= score <= points or score % step:
            check_points(indicator, score)
        if dimension is None:
            bonus += score
        else:
            earned[dimension] += score
    if bonus_cap is not None:
        bonus = min(bonus, bonus_cap)
    missing = tuple(code for code in standard.required_codes if code not in scores)
    if left_out:
        return _scaled(standard, scores, earned, bonus, missing)
    sums: dict[str, Decimal | Fraction] = {}
    everything = bonus
    for part in standard.parts:
        subtotal = ZERO
        for one in part.dimensions:
            subtotal += earned[part.code, one.code]
        sums[part.code] = subtotal
        everything += subtotal
    return Totals(earned, sums, bonus, everything, missing)


def _may_be_left_out(indicator: Indicator | None, code: str) -> None:
    if indicator is None:
        raise Invalid(f"标准中没有指标“{code}”。")
    if not indicator.may_not_apply:
        raise Invalid(f"“{indicator.title}”不能标为不适用。")


def _scaled(
    standard: Standard,
    scores: Scores,
    earned: Mapping[tuple[str, str], Decimal],
    bonus: Decimal,
    missing: tuple[str, ...],
) -> Totals:
    """Parts and dimensions in proportion to what applies."""
    sums: dict[str, Decimal | Fraction] = {}
    dimensions = {}
    for part in standard.parts:
        points = sum((earned[part.code, dimension.code] for dimension in part.dimensions), ZERO)
        sums[part.code] = _in_proportion(points, part.points, part.indicators, scores)
        for one in part.dimensions:
            key = part.code, one.code
            dimensions[key] = _in_proportion(earned[key], one.points, one.indicators, scores)
    return Totals(earned, sums, bonus, sum(sums.values(), Fraction(bonus)), missing, dimensions)


def _in_proportion(earned: Decimal, full: Decimal, indicators: Iterable[Indicator], scores: Scores) -> Fraction:
    """``earned × full ÷ what applies``; full where nothing applies."""
    left_out = (one for one in indicators if one.kind != "bonus" and scores.get(one.code, ZERO) is None)
    inapplicable = sum((one.points for one in left_out), ZERO)
    applicable = Fraction(full - inapplicable)
    return Fraction(earned) * Fraction(full) / applicable if applicable else Fraction(full)


def trace_scaled(name: str, standard: Standard, scores: Scores, result: Totals) -> list[Trace]:
    """How items that do not apply were scaled away, part by part; nothing where all of a part applies."""
    lines = []
    for part in standard.parts if result.scaled is not None else ():
        gone = [one for one in part.indicators if one.kind != "bonus" and scores.get(one.code, ZERO) is None]
        if not gone:
            continue
        applicable = part.points - sum((one.points for one in gone), ZERO)
        earned = sum((result.dimensions[part.code, one.code] for one in part.dimensions), ZERO)
        sum_up = (
            f"得 {show(earned)} × {show(part.points)} ÷ {show(applicable)}" if applicable else "全部不适用，按满分计"
        )
        titles = "、".join(one.title for one in gone)
        lines.append(
            Trace(f"{name}·{part.title}折算", f"{titles}不适用；{sum_up}", f"{show(result.part(part.code))} 分")
        )
    return lines


def trace_totals(
    name: str, standard: Standard, result: Totals, cap: Decimal | None = None, *, aside: bool = False
) -> Trace:
    """How a total came about, part by part; ``aside`` says that it does not count."""
    pieces = [f"{part.title} {exactly(result.sums[part.code])}" for part in standard.parts]
    if result.bonus:
        pieces.append(f"加分 {show(result.bonus)}" + ("（已达上限）" if result.bonus == cap else ""))
    return Trace(name, " + ".join(pieces), f"{exactly(result.sum)} 分" + ("（去掉）" if aside else ""))
