"""A case judged whole: eligibility, gates, scores, floors, grade, with the trace of every rule that acted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import Answer, explain, points_of
from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.gates import (
    GateOutcome,
    Settled,
    check_eligibility,
    evaluate_gates,
    score_gates,
    settled_gates,
)  # fmt: skip
from xianfeng.programmes.rules.panel import PanelScore, Sheets, panel_score
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.gates import ScoreAtLeast
from xianfeng.programmes.rules.schema.scoring import SOURCES, Band, Floors, GradesResult, PassResult
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.surveys import survey_points
from xianfeng.programmes.rules.totals import Scores, Totals, totals, trace_scaled, trace_totals
from xianfeng.programmes.rules.trace import Trace, exactly, show

Entries = Mapping[str, Answer | None]


@dataclass(frozen=True)
class CaseInput:
    """All a judgement rests on. ``superior`` and ``survey`` are totals on the standard's scale; in place of the latter
    ``survey_counts`` gives the number of answers by level (5 best), which become points by ``scoring.survey``.

    What was entered may stand in place of points: ``self_answers`` and ``answers`` (by sheet) hold levels, values,
    counts and votes, which become points by the standard's own tables (``None``: does not apply).
    """

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
    self_answers: Entries = field(default_factory=dict)
    answers: Mapping[str, Entries] = field(default_factory=dict)
    survey_counts: Mapping[int, int] = field(default_factory=dict)
    settled: Mapping[str, Settled] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the rules make of a case. ``total`` is ``None`` while a weighted source is still missing."""

    ineligible: tuple[str, ...]
    gates: tuple[GateOutcome, ...]
    panel: PanelScore | None
    total: Decimal | None
    parts: Mapping[str, Decimal]
    shortfalls: tuple[str, ...]
    grade: str | None
    trace: tuple[Trace, ...]
    sources: Mapping[str, Fraction | None] = field(default_factory=dict)

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
    ineligible, gates = _entrance(definition, case)
    trace = [Trace("申报条件", sentence, "不符合") for sentence in ineligible] + [gate.trace() for gate in gates]
    self_scores = {**case.self_scores, **_converted("自评", standard, case.self_answers, trace)}
    own = totals(standard, self_scores, bonus_cap=definition.scoring.bonus_cap)
    if self_scores:
        trace += trace_scaled("自评", standard, self_scores, own)
        trace.append(trace_totals("自评", standard, own, definition.scoring.bonus_cap))
    sheets = {**case.sheets, **{k: _converted(k, standard, one, trace) for k, one in case.answers.items()}}
    panel = panel_score(definition, standard, sheets) if sheets else None
    trace += panel.trace if panel else ()
    sources = _sources(case, own if self_scores and own.complete else None, panel)
    if case.survey_counts:
        sources["survey"], line = survey_points(definition, standard.total, case.survey_counts)
        trace.append(line)
    late = _score_gates(definition, case, standard, sources, (panel, own))
    trace += [gate.trace() for gate in late]
    every = _in_order(definition, [*gates, *late]) if late else tuple(gates)
    exact = _weighted(definition, sources, trace)
    if exact is not None:
        exact = _capped(exact, every, trace)
    score = None if exact is None else rounded(exact, definition.scoring.rounding)
    parts = dict(panel.parts) if panel else {code: own.part(code) for code in own.sums}
    shortfalls = _shortfalls(definition, standard, score, panel, own)
    if self_scores and score is not None:
        shortfalls += _self_shortfall(definition.scoring.floors, own)
    trace += [Trace("最低要求", sentence, "不合格") for sentence in shortfalls]
    grade = None if score is None else _graded(definition, standard, score, every, (panel, own), trace)
    outcome = Outcome(ineligible, every, panel, score, parts, shortfalls, grade, tuple(trace), sources)
    if isinstance(definition.result, PassResult) and score is not None:
        verdict = Trace("评定结果", f"{show(score)} 分", "合格" if outcome.passed else "不合格")
        return replace(outcome, trace=(*outcome.trace, verdict))
    return outcome


def _entrance(definition: Definition, case: CaseInput) -> tuple[tuple[str, ...], list[GateOutcome]]:
    """Eligibility and the gates on facts: as they were settled, or judged now."""
    if case.settled is not None:
        return (), settled_gates(definition, category=case.category, group=case.group, settled=case.settled)
    statuses = definition.vocabulary.member_statuses
    faults = check_eligibility(definition.category(case.category), case.group, case.nominee, statuses)
    gates = evaluate_gates(
        definition, category=case.category, group=case.group, facts=case.facts,
        nominee_facts=case.nominee, on=case.on, year=case.year,
    )  # fmt: skip
    return tuple(faults), gates


def _converted(name: str, standard: Standard, entries: Entries, trace: list[Trace]) -> dict[str, Decimal | None]:
    """Points for what was entered, each conversion told."""
    points: dict[str, Decimal | None] = {}
    for code, entry in entries.items():
        if not standard.has(code):
            raise Invalid(f"标准中没有指标“{code}”。")
        indicator = standard.indicator(code)
        points[code] = None if entry is None else points_of(indicator, entry)
        if entry is not None:
            line = explain(indicator, entry)
            trace.append(Trace(f"{name}·{line.rule}", line.inputs, line.effect))
    return points


Sources = dict[str, Fraction | None]


def _sources(case: CaseInput, own: Totals | None, panel: PanelScore | None) -> Sources:
    """Each source's total on the standard's scale, ``None`` while it is missing."""
    return {
        "self": own.exact if own else None,
        "superior": None if case.superior is None else Fraction(case.superior),
        "panel": panel.exact if panel else None,
        "survey": None if case.survey is None else Fraction(case.survey),
    }


def _score_gates(
    definition: Definition,
    case: CaseInput,
    standard: Standard,
    sources: Sources,
    detail: tuple[PanelScore | None, Totals],
) -> list[GateOutcome]:
    """Gates on scores, which wait until there are some."""
    if not any(isinstance(gate.test, ScoreAtLeast) for gate in definition.gates_of(case.category, case.group)):
        return []
    shares = {source: None if value is None else value / Fraction(standard.total) for source, value in sources.items()}
    if any(value is not None for value in sources.values()):
        parts = _detail(*detail)[0]
        shares |= {f"part:{p.code}": parts[p.code] / Fraction(p.points) if p.points else None for p in standard.parts}
    return score_gates(definition, category=case.category, group=case.group, shares=shares)


def _in_order(definition: Definition, gates: list[GateOutcome]) -> tuple[GateOutcome, ...]:
    codes = [gate.code for gate in definition.gates]
    return tuple(sorted(gates, key=lambda gate: codes.index(gate.code)))


ROUNDINGS = {"half_up": "（四舍五入）", "half_even": "（四舍六入五成双）", "down": "（舍去尾数）", "up": "（进一）"}


def _weighted(definition: Definition, sources: Sources, trace: list[Trace]) -> Fraction | None:
    """The sources joined by weight; ``None`` while one that counts is missing."""
    weights = definition.scoring.weights
    joined = Fraction(0)
    pieces = []
    for source, value in sources.items():
        weight: Decimal = getattr(weights, source)
        if not weight:
            continue
        if value is None:
            return None
        joined = value if weight == 100 else joined + value * Fraction(weight) / 100
        pieces.append(f"{SOURCES[source]} {exactly(value)} × {show(weight)}%")
    score = rounded(joined, definition.scoring.rounding)
    how = "" if score == joined else ROUNDINGS[definition.scoring.rounding.mode]
    trace.append(Trace("合成总分", " + ".join(pieces), f"{show(score)} 分{how}"))
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
    return (panel.exact_parts, panel.exact_dimensions) if panel else (own.parts, own.measured_dimensions)


def missed(
    floors: Floors,
    standard: Standard,
    score: Decimal,
    parts: Mapping[str, Fraction],
    dimensions: Mapping[tuple[str, str], Fraction] | Mapping[tuple[str, str], Decimal],
) -> list[str]:
    """Chinese sentences on every floor that is not reached (the nominee's own score apart)."""
    faults = []
    word = _short_of(floors)
    if below(floors, score, floors.total):
        faults.append(f"总分 {show(score)}，{word} {show(floors.total)} 分")
    for part in standard.parts:
        share = floors.parts.get(part.code, floors.each_part)
        if share and below(floors, parts[part.code], share * part.points):
            faults.append(f"{part.title}得分{word}该部分分值的 {show(share * 100)}%")
        for dimension in part.dimensions if floors.each_dimension else ():
            line = floors.each_dimension * dimension.points
            if below(floors, dimensions[part.code, dimension.code], line):
                faults.append(f"“{dimension.title}”得分{word}该维度分值的 {show(floors.each_dimension * 100)}%")
    return faults


def _self_shortfall(floors: Floors, own: Totals) -> tuple[str, ...]:
    if not below(floors, own.sum, floors.self_total):
        return ()
    return (f"自评分 {show(own.total)}，{_short_of(floors)} {show(floors.self_total)} 分",)


def below(floors: Floors, value: Decimal | Fraction, line: Decimal) -> bool:
    """Whether a value misses a line: under it, or on it where it has to be exceeded."""
    if not line:
        return False
    above, under = value.as_integer_ratio()
    line_above, line_under = line.as_integer_ratio()
    ahead = above * line_under - line_above * under
    return ahead < 0 or (floors.exceed and ahead == 0)


def _short_of(floors: Floors) -> str:
    return "未超过" if floors.exceed else "低于"


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
