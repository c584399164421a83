"""What is entered where points are worked out from it (``nominations.answering``), in one cell of Excel."""

import re
from collections.abc import Mapping

from xianfeng.kernel.errors import Invalid
from xianfeng.nominations.answering import LONGEST, Stored, counts, value_of
from xianfeng.programmes.rules.answers import Answer
from xianfeng.programmes.rules.schema.standards import Deduction, Indicator, Measured
from xianfeng.programmes.rules.trace import show

NONE = "无"


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
