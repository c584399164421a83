"""What an expert enters where points are worked out from it: a measured value, counts of faults, votes by choice.

One reading for the sheet on screen and the sheet in Excel; ``points_of`` of the language turns it into points.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import Answer, in_words
from xianfeng.programmes.rules.schema.standards import Deduction, Indicator, Measured, Vote
from xianfeng.programmes.rules.trace import show

Stored = str | dict[str, int] | None  # as JSON: a decimal in text, or counts by code
NONE = "无"
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


# --- in one cell of Excel ---------------------------------------------------------------------------------------------


def in_cell(indicator: Indicator, value: Stored) -> str:
    """An answer as it stands in the cell, and is read back from."""
    if not isinstance(value, dict):
        return value or ""
    given = [f"{one.title} {value[one.code]}" for one in counts(indicator) if value.get(one.code)]
    return "、".join(given) or NONE


def asked_in_cell(indicator: Indicator) -> str:
    """What to write into the cell, in words."""
    if isinstance(indicator, Measured):
        steps = "、".join(f"{show(one.at_least)} 起得 {show(one.points)}" for one in indicator.table)
        return f"填实测值（{indicator.unit}）：{steps}，其余得 {show(indicator.otherwise)}"
    kinds = "；".join(f"{one.title}（{one.note}）" for one in counts(indicator))
    example = f"{counts(indicator)[0].title} 1"
    if isinstance(indicator, Deduction):
        return f"填扣分情形和次数，如“{example}”，多项用“、”分开，没有的填“{NONE}”：{kinds}"
    return f"填各档票数，如“{example}”，多项用“、”分开：{kinds}"


def from_cell(indicator: Indicator, text: str) -> Answer:
    """Read an answer back; Invalid naming the piece that cannot be read."""
    if isinstance(indicator, Measured):
        return value_of(indicator, text)
    known = {one.title: one.code for one in counts(indicator)}
    found: dict[str, int] = dict.fromkeys(known.values(), 0)
    for piece in [] if text == NONE else re.split("[、，,；;\n]", text):
        name, times = _piece(piece.strip(), known)
        if name not in known:
            raise Invalid(f"“{piece.strip()}”应写成“{next(iter(known))} 1”的样子，名称从评分办法中选。")
        found[known[name]] += times
    return found


def _piece(piece: str, known: Mapping[str, str]) -> tuple[str, int]:
    if piece.isdecimal() and len(known) == 1:  # a single kind of fault needs no name
        return next(iter(known)), int(piece[:LONGEST])
    match = re.fullmatch(r"(.+?)\s*[×xX*：:]?\s*(\d{1,6})\s*[次票]?", piece)
    return (match[1].strip(), int(match[2])) if match else ("", 0)


def value_of(indicator: Indicator, text: Any) -> Decimal:
    """A measured value; Invalid when it is no number."""
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(value.as_tuple().digits) > LONGEST:
        raise Invalid(f"“{indicator.title}”应填数字。")
    return value
