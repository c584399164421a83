"""The try-out panel: scores and facts typed on a page, judged by the draft's own rules, every rule that acted named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes import rules
from xianfeng.programmes.rules.examples import case_of
from xianfeng.programmes.rules.messages import problems_of
from xianfeng.programmes.rules.schema.definition import Example
from xianfeng.programmes.rules.schema.scoring import GradesResult
from xianfeng.programmes.rules.schema.standards import Deduction, Graded, Indicator, Vote, YesNo
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.text import Document
from xianfeng.programmes.rules.trace import show
from xianfeng.ui.parts import GateLine, GateState

SELF = "self"
MOST_SHEETS = 9
NOT_APPLICABLE = ("不适用", "-", "—")


@dataclass(frozen=True)
class Box:
    """One input: of an indicator in one column (or of one of its faults or choices)."""

    name: str
    value: str
    label: str
    note: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """An indicator with the inputs of every column."""

    title: str
    points: str
    part: str
    cells: list[list[Box]]


@dataclass(frozen=True)
class Column:
    """自评 or an expert; ``rate`` fills the whole sheet with a share of the points."""

    key: str
    title: str
    rate: Box


def columns(sheets: int, data: Mapping[str, Any]) -> list[Column]:
    """自评, then the experts."""
    found = [(SELF, "自评")] + [(f"e{number}", f"专家{number}") for number in range(1, sheets + 1)]
    return [
        Column(key, title, Box(f"rate.{key}", str(data.get(f"rate.{key}", "")), f"{title}得分率"))
        for key, title in found
    ]


def rows(standard: Standard, shown: list[Column], data: Mapping[str, Any]) -> list[Row]:
    """The score table."""
    return [
        Row(one.title, show(one.points), part.title, [_boxes(one, column, data) for column in shown])
        for part in standard.parts
        for one in part.indicators
    ]


def _boxes(one: Indicator, column: Column, data: Mapping[str, Any]) -> list[Box]:
    name, label = f"a.{column.key}.{one.code}", f"{column.title}：{one.title}"
    value = str(data.get(name, ""))
    if isinstance(one, Graded):
        return [Box(name, value, label, choices=[(level.code, level.title) for level in one.levels])]
    if isinstance(one, YesNo):
        return [Box(name, value, label, choices=[("true", "是"), ("false", "否")])]
    counted = one.faults if isinstance(one, Deduction) else one.choices if isinstance(one, Vote) else ()
    if counted:
        return [
            Box(f"{name}.{each.code}", str(data.get(f"{name}.{each.code}", "")), f"{label}，{each.title}", each.title)
            for each in counted
        ]
    return [Box(name, value, label, getattr(one, "unit", ""))]


def answers(standard: Standard, column: Column, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in a column, as an example has it; raises ``Invalid`` on what is no number."""
    found: dict[str, Any] = {}
    for one in standard.indicators:
        entered = {box.name: str(data.get(box.name, "")).strip() for box in _boxes(one, column, data)}
        if not any(entered.values()):
            continue
        found[one.code] = _answer(one, column, entered)
    return found


def _answer(one: Indicator, column: Column, entered: Mapping[str, str]) -> Any:
    first = next(iter(entered.values()))
    where = f"{column.title}“{one.title}”"
    if first in NOT_APPLICABLE:
        return None
    if isinstance(one, (Deduction, Vote)):
        counts = {name.rpartition(".")[2]: text or "0" for name, text in entered.items()}
        if not all(text.isascii() and text.isdigit() and len(text) < 6 for text in counts.values()):
            raise Invalid(f"{where}应填次数或票数。")
        return {code: int(text) for code, text in counts.items()}
    if isinstance(one, YesNo):
        return first == "true"
    return first if isinstance(one, Graded) else _number(first, where)


def _number(text: str, where: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > 10**9:
        raise Invalid(f"{where}应填数字。")
    return value


def example_of(
    definition: rules.Definition, shown: list[Column], data: Mapping[str, Any], base: Mapping[str, Any]
) -> dict[str, Any]:
    """The case that was typed, as an example without expectations."""
    value, standard = dict(base), definition.standard(base["category"], base["group"])
    sheets = []
    shares = []
    for column in shown:
        entered, rate = answers(standard, column, data), column.rate.value.strip()
        if column.key == SELF:
            value |= {"self_answers": entered} if entered else {}
            if rate and not entered:
                value |= {"self_scores": _at_rate(definition, base, _rate(rate, column))}
        elif entered:
            sheets.append(entered)
        elif rate:
            shares.append(_rate(rate, column))
    return value | ({"answers": sheets} if sheets else {}) | ({"panel_shares": shares} if shares else {})


def _rate(text: str, column: Column) -> Decimal:
    rate = _number(text.removesuffix("%"), f"{column.title}得分率")
    rate = rate / 100 if text.endswith("%") else rate
    if not 0 <= rate <= 1:
        raise Invalid(f"{column.title}得分率应在 0 与 1 之间。")
    return rate


def _at_rate(definition: rules.Definition, base: Mapping[str, Any], rate: Decimal) -> Any:
    """A whole sheet at a share of the points, as the examples' shorthand has it."""
    example = Example.model_validate({**base, "panel_shares": [rate], "expect": {}})
    (sheet,) = case_of(definition, example).sheets.values()
    return dict(sheet)


@dataclass(frozen=True)
class Verdict:
    """What came out, ready to be drawn."""

    outcome: rules.Outcome
    total: str
    full: str
    grade: str
    word: str
    colour: str
    parts: list[tuple[str, Decimal, Decimal]]
    gates: list[GateLine]


def judge(definition: rules.Definition, value: Mapping[str, Any]) -> Verdict:
    """Judge the case; raises ``Invalid`` with a Chinese sentence when it cannot be judged."""
    try:
        example = Example.model_validate({**value, "expect": {}})
    except ValidationError as error:
        found = problems_of(error, Document(dict(value)))
        raise Invalid("；".join(str(one) for one in found[:5])) from error
    try:
        outcome = rules.evaluate(definition, case_of(definition, example))
    except KeyError as error:
        raise Invalid(f"草案还不完整，缺少 {error}，暂时不能试算。", "请先改完待改事项。") from error
    return _verdict(definition, definition.standard(example.category, example.group), outcome)


def _verdict(definition: rules.Definition, standard: Standard, outcome: rules.Outcome) -> Verdict:
    bands = (
        {one.code: one.title for one in definition.result.bands} if isinstance(definition.result, GradesResult) else {}
    )
    word, colour = ("合格", "green") if outcome.passed else ("未合格", "amber")
    if outcome.vetoed:
        word, colour = "被否决", "red"
    elif outcome.total is None:
        word, colour = "得分不全", "amber"
    elif outcome.unproven:
        word = "待证明"
    return Verdict(
        outcome,
        "—" if outcome.total is None else show(outcome.total),
        show(standard.total),
        bands.get(outcome.grade or "", ""),
        word,
        colour,
        [(part.title, outcome.parts.get(part.code, Decimal(0)), part.points) for part in standard.parts],
        [_gate_line(one) for one in outcome.gates],
    )


def _gate_line(one: rules.GateOutcome) -> GateLine:
    states: dict[str, GateState] = {"met": "pass", "failed": "fail", "unproven": "unknown"}
    state = states[one.state]
    if state == "fail" and one.gate.effect != "veto":
        state = "flag"
    effect = {"veto": "一票否决", "cap": "封顶", "flag": "提示"}[one.gate.effect]
    return GateLine(one.title, state, one.sentence, effect)


def expectations(outcome: rules.Outcome) -> dict[str, Any]:
    """What an example kept from this case must come out as."""
    found: dict[str, Any] = {"vetoed": outcome.vetoed, "passed": outcome.passed}
    if outcome.total is not None:
        found["total"] = outcome.total
    if outcome.grade is not None:
        found["grade"] = outcome.grade
    return found | ({"gates": {one.code: one.state for one in outcome.gates}} if outcome.gates else {})
