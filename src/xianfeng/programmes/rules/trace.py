"""How an outcome came about: one line per rule that acted, to follow with a pocket calculator."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Trace:
    """A rule, what it was applied to, and what it did, in Chinese."""

    rule: str
    inputs: str
    effect: str

    def __str__(self) -> str:
        return f"{self.rule}：{self.inputs} → {self.effect}" if self.inputs else f"{self.rule}：{self.effect}"


def show(value: Decimal) -> str:
    """A decimal as people write it: ``12.50`` → ``12.5``, never in powers of ten."""
    return format(value.normalize() + 0, "f")
