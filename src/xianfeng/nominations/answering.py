"""What one enters where points are worked out from it: a measured value, counts of faults, votes by choice.

One reading for the self-assessment, the expert's sheet on screen and the sheet in Excel; ``points_of`` of the language
turns it into points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import Answer, in_words
from xianfeng.programmes.rules.schema.standards import Deduction, Indicator, Measured, Vote
from xianfeng.programmes.rules.trace import show

Stored = str | dict[str, int] | None  # as JSON: a decimal in text, or counts by code
LONGEST = 15


@dataclass(frozen=True)
class Entered:
    """What was entered, where a mark would else give points."""

    answer: Answer


@dataclass(frozen=True)
class Count:
    """One number asked for: a kind of fault, a choice of a vote."""

    code: str
    title: str
    note: str
    each: Decimal  # what one costs, or the share one is worth
    most: Decimal | None = None


def worked_out(indicator: Indicator) -> bool:
    """Whether points follow from what is entered instead of being entered themselves."""
    return isinstance(indicator, (Measured, Deduction, Vote))


def counts(indicator: Indicator) -> list[Count]:
    """The numbers an indicator asks for; none where it asks for one value."""
    if isinstance(indicator, Deduction):
        return [
            Count(
                one.code, one.title,
                f"每次扣 {show(one.each)}" + (f"，最多扣 {show(one.most)}" if one.most is not None else ""),
                one.each, one.most,
            )
            for one in indicator.faults
        ]  # fmt: skip
    if isinstance(indicator, Vote):
        return [Count(one.code, one.title, f"折 {show(one.share * 100)}%", one.share) for one in indicator.choices]
    return []


def stored(answer: Answer) -> Stored:
    """An answer as JSON."""
    return dict(answer) if isinstance(answer, Mapping) else show(Decimal(str(answer)))


def restored(value: Stored) -> Answer | None:
    """An answer from its JSON."""
    return Decimal(value) if isinstance(value, str) else value


def said(indicator: Indicator, value: Stored) -> str:
    """An answer in words, for who reads the sheet."""
    answer = restored(value)
    return "" if answer is None else in_words(indicator, answer)


def value_of(indicator: Indicator, text: Any) -> Decimal:
    """A measured value; Invalid when it is no number."""
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(value.as_tuple().digits) > LONGEST:
        raise Invalid(f"“{indicator.title}”应填数字。")
    return value
