"""“什么会改变结果”: which single sheet, or which smallest change of a single mark, decides the last place."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xianfeng.programmes.rules import rank
from xianfeng.programmes.rules.schema.standards import Bonus, Graded, Indicator, Scored, YesNo
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules import packet
from xianfeng.review.rules.official import Official

NEAREST = 12  # rows on each side of the line whose sheets are tried
HALF = Decimal("0.5")
MOST_VALUES = 41


def decisive(inputs: packet.Json, lots: packet.Json | None = None) -> packet.Json:
    """``sheets``: leaving one out changes who is inside. ``mark``: the smallest single change that does, or None."""
    trial = _Trial(inputs, lots or {})
    if not trial.inside or trial.inside == trial.qualified or trial.undecided:
        return {"sheets": [], "mark": None, "gap": None}
    return {"sheets": list(trial.sheets()), "mark": trial.mark(), "gap": trial.gap()}


@dataclass(frozen=True)
class _Change:
    size: Decimal
    said: packet.Json


class _Trial:
    """The ranking held ready, so that one case at a time can be judged anew."""

    def __init__(self, inputs: packet.Json, lots: packet.Json) -> None:
        self.inputs = inputs
        self.lots = packet.drawn_lots(lots)
        self.definition = packet.definition_of(inputs)
        self.cases = {one["id"]: one for one in inputs["cases"]}
        self.results = {key: packet.judged(inputs, one) for key, one in self.cases.items()}
        self.placed = self._rank({})
        self.inside = {one.key for one in self.placed if one.inside}
        self.undecided = any(one.undecided for one in self.placed)
        self.qualified = {one.key for one in self.placed if one.row.qualified}

    def _rank(self, changed: dict[str, Official]) -> list[Any]:
        results = {**self.results, **changed}
        rows = [packet.row_of(self.definition, case, results[key], self.lots) for key, case in self.cases.items()]
        return rank(self.definition, rows, self.inputs["places"])

    def _moved(self, changed: dict[str, Official]) -> tuple[list[str], list[str]]:
        """Names of who would come in and who would fall out."""
        now = {one.key for one in self._rank(changed) if one.inside}
        came = [self.cases[key]["name"] for key in sorted(now - self.inside)]
        return came, [self.cases[key]["name"] for key in sorted(self.inside - now)]

    def _near(self) -> list[str]:
        order = [one.key for one in self.placed if one.row.qualified]
        line = len(self.inside)
        return order[max(0, line - NEAREST) : line + NEAREST]

    def gap(self) -> str | None:
        """Points between the last inside and the first outside."""
        out = [one for one in self.placed if one.row.qualified and not one.inside]
        last = [one for one in self.placed if one.inside]
        return show(last[-1].row.total - out[0].row.total) if out and last else None

    def sheets(self) -> Iterator[packet.Json]:
        """Every sheet near the line whose absence would change who is inside."""
        for key in self._near():
            case = self.cases[key]
            if len(case["sheets"]) < 2:
                continue
            for sheet in case["sheets"]:
                came, fell = self._moved({key: packet.judged(self.inputs, case, without=sheet["key"])})
                if came or fell:
                    yield {"case": case["name"], "key": sheet["key"], "total": sheet["total"], "in": came, "out": fell}

    def mark(self) -> packet.Json | None:
        """The smallest change of one mark of the last inside or the first outside that changes who is inside."""
        order = [one.key for one in self.placed if one.row.qualified]
        line = len(self.inside)
        best: _Change | None = None
        for key, up in ((order[line - 1], False), (order[line], True)):
            for sheet in self.cases[key]["sheets"]:
                for found in self._changes(self.cases[key], sheet, up):
                    if best is None or found.size < best.size:
                        best = found
        return best.said if best else None

    def _changes(self, case: packet.Json, sheet: packet.Json, up: bool) -> Iterator[_Change]:
        definition = packet.definition_of(self.inputs, case["definition"])
        standard = definition.standard(case["category"], case["group"])
        given = packet.scores(sheet)
        for indicator in standard.indicators:
            points = given.get(indicator.code)
            if points is None:
                continue
            values = [one for one in _values(indicator) if (one > points if up else one < points)]
            values.sort(key=lambda one: abs(one - points))
            found = self._least(case, sheet["key"], dict(given), indicator.code, values)
            if found is not None:
                value, came, fell = found
                yield _Change(
                    abs(value - points),
                    {
                        "case": case["name"], "key": sheet["key"], "indicator": indicator.title,
                        "from": show(points), "to": show(value), "in": came, "out": fell,
                    },
                )  # fmt: skip

    def _least(
        self, case: packet.Json, key: str, given: dict[str, Decimal | None], code: str, values: list[Decimal]
    ) -> tuple[Decimal, list[str], list[str]] | None:
        """The nearest value that moves somebody across the line; an official score never falls when a mark rises."""

        def moved(value: Decimal) -> tuple[list[str], list[str]]:
            return self._moved({case["id"]: packet.judged(self.inputs, case, instead={key: {**given, code: value}})})

        if not values or not any(moved(values[-1])):
            return None
        low, high = -1, len(values) - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if any(moved(values[middle])) else (middle, high)
        return values[high], *moved(values[high])


def _values(indicator: Indicator) -> list[Decimal]:
    """What an indicator can be given."""
    if isinstance(indicator, Graded):
        return [one.points for one in indicator.levels]
    if isinstance(indicator, YesNo):
        return [Decimal(0), indicator.points]
    step = (indicator.step if isinstance(indicator, (Scored, Bonus)) else None) or HALF
    while indicator.points / step > MOST_VALUES:
        step *= 2
    count = int(indicator.points / step)
    return sorted({step * number for number in range(count + 1)} | {indicator.points})
