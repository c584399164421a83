"""“什么会改变结果”: which single sheet, or which smallest change of a single mark, decides a place or a grade."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xianfeng.programmes.rules import Outcome, RankedRow, Row, rank
from xianfeng.programmes.rules.schema.scoring import GradesResult, QuotaResult
from xianfeng.programmes.rules.schema.standards import Bonus, Graded, Indicator, Scored, YesNo
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules import packet
from xianfeng.review.rules.official import Json, counted, definition_of, judged, sheet_scores, standard_of

NEAREST = 12  # cases on each side of a line whose sheets are tried
WINDOW = 60  # cases on each side of the line that are ranked anew: one changed case cannot move anybody further off
HALF = Decimal("0.5")
MOST_VALUES = 41
Moved = list[list[str]]  # case, what it was, what it would be
IN = {"inside": "in", "qualified": "in"}


def decisive(inputs: Json, lots: Json | None = None) -> Json:
    """``sheets``: leaving one out changes a result. ``mark``: the smallest single change that does, or None. ``gap``:
    points across the line, the narrowest where there are several.
    """
    trials = [trial for field in packet.fields(inputs) if (trial := _Trial(field, lots or {})).open]
    marks = [mark for trial in trials if (mark := trial.mark()) is not None]
    gaps = [gap for trial in trials if (gap := trial.gap()) is not None]
    return {
        "sheets": [sheet for trial in trials for sheet in trial.sheets()],
        "mark": min(marks, key=lambda one: one.size).said if marks else None,
        "gap": min(gaps, key=Decimal) if gaps else None,
    }


@dataclass(frozen=True)
class _Change:
    size: Decimal
    said: Json


class _Trial:
    """The ranking held ready, so that one case at a time can be judged anew."""

    def __init__(self, inputs: Json, lots: Json) -> None:
        self.inputs = inputs
        self.lots = packet.drawn_lots(lots)
        self.definition = definition_of(inputs)
        self.cases = {one["id"]: one for one in inputs["cases"]}
        self.results = {key: judged(inputs, one) for key, one in self.cases.items()}
        self.rows = {key: self._row(key, result) for key, result in self.results.items()}
        self.places = packet.cut_at(inputs)
        self.placed = self._placed({})
        result = self.definition.result
        self.titles = {band.code: band.title for band in result.bands} if isinstance(result, GradesResult) else {}
        self.words = self._words(self.placed, {})
        self.order = [one.key for one in self.placed if one.row.qualified]
        self.inside = sum(one.inside for one in self.placed)
        self.quota = isinstance(result, QuotaResult)
        if self.quota and self.open:
            self._narrow()

    @property
    def open(self) -> bool:
        """Whether there is anything to change: with a quota some inside and some out, and no tie across the line."""
        if not self.quota:
            return bool(self.placed)
        return 0 < self.inside < len(self.order) and not any(one.undecided for one in self.placed)

    def _row(self, key: str, result: Outcome) -> Row:
        return packet.row_of(self.inputs, self.cases[key], result, self.lots)

    def _placed(self, changed: Mapping[str, Outcome]) -> list[RankedRow]:
        """The field in its order; only what is changed is looked at anew."""
        rows = self.rows | {key: self._row(key, result) for key, result in changed.items()}
        return rank(self.definition, list(rows.values()), self.places)

    def _narrow(self) -> None:
        """Keep only the rows near the line of a quota: the rest stays where it is."""
        first = max(0, self.inside - WINDOW)
        self.rows = {key: self.rows[key] for key in self.order[first : self.inside + WINDOW]}
        self.places -= first
        self.words = {key: self.words[key] for key in self.rows}

    def _words(self, placed: list[RankedRow], changed: Mapping[str, Outcome]) -> dict[str, str]:
        """What each case comes to, in a word to compare: its grade, or whether it is in."""
        given = packet.awarded(self.inputs, placed, {**self.results, **changed})
        words = {}
        for one, grade in zip(placed, (award.grade for award in given), strict=True):
            stands = packet.standing(self.definition, one, grade)
            words[one.key] = self.titles.get(grade or "", "不入等次") if self.titles else IN.get(stands, "out")
        return words

    def _moved(self, changed: Mapping[str, Outcome]) -> Moved:
        """Who would come to something else."""
        words = self._words(self._placed(changed), changed)
        return [
            [self.cases[key]["name"], self.words[key], words[key]] for key in words if words[key] != self.words[key]
        ]

    # --- where to look -----------------------------------------------------------------------------------------------

    def _edges(self) -> list[Decimal]:
        """Totals at which something changes, where there is no quota: starts of bands, the floor."""
        result = self.definition.result
        if isinstance(result, GradesResult):
            return [band.at_least for band in result.bands if band.at_least]
        floor = self.definition.scoring.floors.total
        return [floor] if floor else []

    def _distance(self, key: str, *, up: bool) -> Decimal | None:
        """Points to the next edge above, or to the one stood on."""
        total = self.results[key].total or Decimal(0)
        gaps = [edge - total if up else total - edge for edge in self._edges()]
        return min((gap for gap in gaps if gap >= 0), default=None)

    def _closest(self, *, up: bool) -> list[str]:
        """Cases by how near they are to an edge, nearest first."""
        gaps = {key: gap for key in self.cases if (gap := self._distance(key, up=up)) is not None}
        return sorted(gaps, key=lambda key: (gaps[key], key))

    def _near(self) -> list[str]:
        if self.quota:
            return self.order[max(0, self.inside - NEAREST) : self.inside + NEAREST]
        return list(dict.fromkeys([*self._closest(up=True)[:NEAREST], *self._closest(up=False)[:NEAREST]]))

    def _beside(self) -> list[tuple[str, bool]]:
        """Who could rise and who could fall by the least."""
        if self.quota:
            return [(self.order[self.inside - 1], False), (self.order[self.inside], True)]
        return [(key, up) for up in (False, True) for key in self._closest(up=up)[:1]]

    # --- what is found -----------------------------------------------------------------------------------------------

    def gap(self) -> str | None:
        """Points between the last inside and the first outside; None without a quota."""
        if not self.quota:
            return None
        totals = [self.results[self.order[at]].total or Decimal(0) for at in (self.inside - 1, self.inside)]
        return show(totals[0] - totals[1])

    def sheets(self) -> Iterator[Json]:
        """Every sheet near a line whose absence would change somebody's result."""
        for key in self._near():
            case = self.cases[key]
            sheets = counted(self.inputs, case)
            for sheet in sheets if len(sheets) > 1 else ():
                if moved := self._moved({key: judged(self.inputs, case, without=sheet["key"])}):
                    yield {"case": case["name"], "key": sheet["key"], "total": sheet["total"], "moved": moved}

    def mark(self) -> _Change | None:
        """The smallest change of one mark of those beside a line that changes somebody's result."""
        found = [
            change
            for key, up in self._beside()
            for sheet in counted(self.inputs, self.cases[key])
            for change in self._changes(self.cases[key], sheet, up)
        ]
        return min(found, key=lambda one: one.size, default=None)

    def _changes(self, case: Json, sheet: Json, up: bool) -> Iterator[_Change]:
        given = sheet_scores(sheet)
        for indicator in standard_of(self.inputs, case).indicators:
            points = given.get(indicator.code)
            if points is None:
                continue
            values = [one for one in _values(indicator) if (one > points if up else one < points)]
            values.sort(key=lambda one: abs(one - points))
            found = self._least(case, sheet["key"], dict(given), indicator.code, values)
            if found is not None:
                value, moved = found
                said = {
                    "case": case["name"], "key": sheet["key"], "indicator": indicator.title,
                    "from": show(points), "to": show(value), "moved": moved,
                }  # fmt: skip
                yield _Change(abs(value - points), said)

    def _least(
        self, case: Json, key: str, given: dict[str, Decimal | None], code: str, values: list[Decimal]
    ) -> tuple[Decimal, Moved] | None:
        """The nearest value that changes a result; an official score never falls when a mark rises."""

        def moved(value: Decimal) -> Moved:
            return self._moved({case["id"]: judged(self.inputs, case, instead={key: {**given, code: value}})})

        if not values or not moved(values[-1]):
            return None
        low, high = -1, len(values) - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if moved(values[middle]) else (middle, high)
        return values[high], moved(values[high])


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
    return sorted(
        {step * number for number in range(count + 1)} | ({indicator.points} if not indicator.points % step else set())
    )
