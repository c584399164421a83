"""Exact arithmetic on points: sums as decimals, quotients as fractions, rounded once and only at the end."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from xianfeng.programmes.rules.schema.scoring import Rounding

ZERO = Decimal(0)
FINEST = Rounding(places=4)
Exactly = Decimal | Fraction


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum."""
    return sum(values, ZERO)


def mean(values: Sequence[Exactly]) -> Fraction:
    """Exact mean of a non-empty sequence; decimals are added as decimals, which is quick and exact on points."""
    try:
        above, below = sum(values[1:], values[0]).as_integer_ratio()
    except TypeError:  # decimals and fractions do not mix
        above, below = sum(Fraction(value) for value in values).as_integer_ratio()
    return Fraction(above, below * len(values))


def median(values: Sequence[Exactly]) -> Fraction:
    """Exact median of a non-empty sequence."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return mean(ordered[last // 2 : last - last // 2 + 1])


def rounded(value: Fraction, rounding: Rounding) -> Decimal:
    """The decimal nearest to an exact non-negative value, by the programme's way of rounding."""
    above, below = value.as_integer_ratio()
    whole, rest = divmod(above * 10**rounding.places, below)
    beyond_half = 2 * rest - below
    if rounding.mode == "half_up":
        whole += beyond_half >= 0
    elif rounding.mode == "up":
        whole += rest > 0
    elif rounding.mode == "half_even":
        whole += beyond_half > 0 or (beyond_half == 0 and whole % 2 == 1)
    return Decimal(whole).scaleb(-rounding.places)
