"""A case judged whole: eligibility, gates, scores, floors, grade, with the trace of every rule that acted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.gates import GateOutcome, check_eligibility, evaluate_gates
from xianfeng.programmes.rules.panel import PanelScore, Sheets, panel_score
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.scoring import SOURCES, Band, Floors, GradesResult
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.totals import Scores, Totals, totals, trace_totals
from xianfeng.programmes.rules.trace import Trace, show


@dataclass(frozen=True)
class CaseInput:
    """All a judgement rests on. ``superior`` and ``survey`` are totals on the standard's scale."""

    category: str
    group: str
    year: int
    on: date
    nominee: NomineeFacts = field(default_factory=NomineeFacts)
    facts: tuple[Fact, ...] = ()
    self_scores: Scores = field(default_factory=dict)
    sheets: Sheets = field(default_factory=dict)
    superior: Decimal | None = None
    survey: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """What the rules make of a case. ``total`` is ``None`` while a weighted source is still missing."""

    ineligible: tuple[str, ...]
    gates: tuple[GateOutcome, ...]
    self_totals: Totals
    panel: PanelScore | None
    total: Decimal | None
    parts: Mapping[str, Decimal]
    shortfalls: tuple[str, ...]
    grade: str | None
    trace: tuple[Trace, ...]

    @property
    def vetoed(self) -> bool:
        """Whether eligibility or a gate refuses it."""
        return bool(self.ineligible) or any(gate.vetoes for gate in self.gates)

    @property
    def unproven(self) -> tuple[GateOutcome, ...]:
        """Gates that still wait for proof."""
        return tuple(gate for gate in self.gates if gate.pending)

    @property
    def passed(self) -> bool:
        """Whether it may compete: scored, nothing refused, nothing left to prove, no floor missed."""
        return self.total is not None and not (self.vetoed or self.unproven or self.shortfalls)


def standard_for(definition: Definition, category: str, group: str) -> Standard:
    """The standard that holds for a category and applicant group."""
    return definition.standard(category, group)


def evaluate(definition: Definition, case: CaseInput) -> Outcome:
    """Judge a case on its day; pure, exact, and the same every time."""
    standard = definition.standard(case.category, case.group)
    ineligible = tuple(check_eligibility(definition.category(case.category), case.group, case.nominee))
    gates = tuple(
        evaluate_gates(
            definition, category=case.category, group=case.group, facts=case.facts,
            nominee_facts=case.nominee, on=case.on, year=case.year,
        )
    )  # fmt: skip
    trace = [Trace("申报条件", sentence, "不符合") for sentence in ineligible] + [gate.trace() for gate in gates]
    own = totals(standard, case.self_scores, bonus_cap=definition.scoring.bonus_cap)
    if case.self_scores:
        trace.append(trace_totals("自评", standard, own))
    panel = panel_score(definition, standard, case.sheets) if case.sheets else None
    trace += panel.trace if panel else ()
    exact = _weighted(definition, case, own, panel, trace)
    if exact is not None:
        exact = _capped(exact, gates, trace)
    score = None if exact is None else rounded(exact, definition.scoring.rounding)
    parts = dict(panel.parts) if panel else {code: own.part(code) for code in own.parts}
    shortfalls = _shortfalls(definition, standard, score, panel, own)
    trace += [Trace("最低要求", sentence, "不合格") for sentence in shortfalls]
    grade = None if score is None else _graded(definition, standard, score, gates, (panel, own), trace)
    return Outcome(ineligible, gates, own, panel, score, parts, shortfalls, grade, tuple(trace))


def _weighted(
    definition: Definition, case: CaseInput, own: Totals, panel: PanelScore | None, trace: list[Trace]
) -> Fraction | None:
    """The sources joined by weight; ``None`` while one that counts is missing."""
    weights = definition.scoring.weights
    values: dict[str, Fraction | None] = {
        "self": own.exact if case.self_scores and own.complete else None,
        "superior": None if case.superior is None else Fraction(case.superior),
        "panel": panel.exact if panel else None,
        "survey": None if case.survey is None else Fraction(case.survey),
    }
    joined = Fraction(0)
    pieces = []
    for source, value in values.items():
        weight: Decimal = getattr(weights, source)
        if not weight:
            continue
        if value is None:
            return None
        joined += value if weight == 100 else value * Fraction(weight) / 100
        pieces.append(f"{SOURCES[source]} {show(rounded(value, definition.scoring.rounding))} × {show(weight)}%")
    trace.append(Trace("合成总分", " + ".join(pieces), f"{show(rounded(joined, definition.scoring.rounding))} 分"))
    return joined


def _capped(exact: Fraction, gates: tuple[GateOutcome, ...], trace: list[Trace]) -> Fraction:
    for gate in gates:
        cap = gate.cap
        if cap is not None and cap.points is not None and exact > cap.points:
            trace.append(Trace(f"封顶“{gate.title}”", gate.sentence, f"总分按 {show(cap.points)} 分计"))
            exact = Fraction(cap.points)
    return exact


def _shortfalls(
    definition: Definition, standard: Standard, score: Decimal | None, panel: PanelScore | None, own: Totals
) -> tuple[str, ...]:
    if score is None:
        return ()
    return tuple(missed(definition.scoring.floors, standard, score, *_detail(panel, own)))


Detail = tuple[Mapping[str, Fraction], Mapping[tuple[str, str], Fraction] | Mapping[tuple[str, str], Decimal]]


def _detail(panel: PanelScore | None, own: Totals) -> Detail:
    """Parts and dimensions as the panel saw them, or the nominee's own while no panel scores."""
    return (panel.exact_parts, panel.exact_dimensions) if panel else (own.parts, own.dimensions)


def missed(
    floors: Floors,
    standard: Standard,
    score: Decimal,
    parts: Mapping[str, Fraction],
    dimensions: Mapping[tuple[str, str], Fraction] | Mapping[tuple[str, str], Decimal],
) -> list[str]:
    """Chinese sentences on every floor that is not reached."""
    faults = []
    if score < floors.total:
        faults.append(f"总分 {show(score)}，低于 {show(floors.total)} 分")
    for part in standard.parts:
        share = floors.parts.get(part.code, floors.each_part)
        if parts[part.code] < Fraction(share * part.points):
            faults.append(f"{part.title}得分低于该部分分值的 {show(share * 100)}%")
        for dimension in part.dimensions if floors.each_dimension else ():
            if Fraction(dimensions[part.code, dimension.code]) < floors.each_dimension * dimension.points:
                faults.append(f"“{dimension.title}”得分低于该维度分值的 {show(floors.each_dimension * 100)}%")
    return faults


def _graded(
    definition: Definition,
    standard: Standard,
    score: Decimal,
    gates: tuple[GateOutcome, ...],
    detail: tuple[PanelScore | None, Totals],
    trace: list[Trace],
) -> str | None:
    """The highest band whose start and own floors are reached, no higher than a cap allows."""
    if not isinstance(definition.result, GradesResult):
        return None
    for band in _allowed(definition.result.bands, gates, trace):
        if score >= band.at_least and not missed(band.floors, standard, score, *_detail(*detail)):
            trace.append(Trace("评定等次", f"{show(score)} 分", band.title))
            return band.code
    return None


def _allowed(bands: tuple[Band, ...], gates: tuple[GateOutcome, ...], trace: list[Trace]) -> tuple[Band, ...]:
    codes = [band.code for band in bands]
    start = 0
    for gate in gates:
        if gate.cap is not None and gate.cap.grade is not None:
            start = max(start, codes.index(gate.cap.grade))
            trace.append(
                Trace(
                    f"封顶“{gate.title}”",
                    gate.sentence,
                    f"最高评为{bands[codes.index(gate.cap.grade)].title}",
                )
            )
    return bands[start:]
