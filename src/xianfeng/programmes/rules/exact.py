"""Exact arithmetic on points: sums as decimals, quotients as fractions, rounded once and only at the end."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from xianfeng.programmes.rules.schema.scoring import Rounding

ZERO = Decimal(0)


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum."""
    return sum(values, ZERO)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Exact mean of a non-empty sequence."""
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """Exact median of a non-empty sequence."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def rounded(value: Fraction, rounding: Rounding) -> Decimal:
    """The decimal nearest to an exact non-negative value, by the programme's way of rounding."""
    scaled = value * 10**rounding.places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "down": False,
    }
    return Decimal(whole + up[rounding.mode]).scaleb(-rounding.places)
