"""How an outcome came about: one line per rule that acted, to follow with a pocket calculator."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Trace:
    """A rule, what it was applied to, and what it did, in Chinese."""

    rule: str
    inputs: str
    effect: str

    def __str__(self) -> str:
        return f"{self.rule}：{self.inputs} → {self.effect}" if self.inputs else f"{self.rule}：{self.effect}"


@lru_cache(maxsize=4096)  # a trace says the same few numbers over and over
def show(value: Decimal) -> str:
    """A decimal as people write it: ``12.50`` → ``12.5``, never in powers of ten."""
    return format(value.normalize() + 0, "f")


def exactly(value: Decimal | Fraction) -> str:
    """An exact value for a pocket calculator: whole where it ends within six decimals, else cut there and marked."""
    if isinstance(value, Decimal):
        return show(value)
    scaled, rest = divmod(value.numerator * 10**6, value.denominator)
    return show(Decimal(scaled).scaleb(-6)) + ("…" if rest else "")
