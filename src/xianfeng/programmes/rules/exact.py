"""Exact arithmetic on points: sums as decimals, quotients as fractions, rounded once and only at the end."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from xianfeng.programmes.rules.schema.scoring import Rounding

ZERO = Decimal(0)
FINEST = Rounding(places=4)
Exactly = Decimal | Fraction


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum."""
    return sum(values, ZERO)


def _alike(values: Sequence[Exactly]) -> Sequence[Fraction]:
    """Decimals as they are (their sums are exact and quick) when there is nothing else, else fractions."""
    if all(type(value) is Decimal for value in values):
        return cast("Sequence[Fraction]", values)
    return [Fraction(value) for value in values]


def mean(values: Sequence[Exactly]) -> Fraction:
    """Exact mean of a non-empty sequence."""
    same = _alike(values)
    above, below = sum(same[1:], same[0]).as_integer_ratio()
    return Fraction(above, below * len(values))


def median(values: Sequence[Exactly]) -> Fraction:
    """Exact median of a non-empty sequence."""
    ordered = sorted(_alike(values))
    last = len(ordered) - 1
    return mean(ordered[last // 2 : last - last // 2 + 1])


def rounded(value: Fraction, rounding: Rounding) -> Decimal:
    """The decimal nearest to an exact non-negative value, by the programme's way of rounding."""
    whole, rest = divmod(value.numerator * 10**rounding.places, value.denominator)
    beyond_half = 2 * rest - value.denominator
    if rounding.mode == "half_up":
        whole += beyond_half >= 0
    elif rounding.mode == "up":
        whole += rest > 0
    elif rounding.mode == "half_even":
        whole += beyond_half > 0 or (beyond_half == 0 and whole % 2 == 1)
    return Decimal(whole).scaleb(-rounding.places)
