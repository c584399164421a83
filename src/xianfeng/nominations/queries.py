"""Reads of self-assessments, evidence and gates; lists are in ``listing`` and ``starting``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from xianfeng.cases import policies as case_policies
from xianfeng.cases import queries as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.nominations import answering, facts, rules
from xianfeng.nominations.models import Evidence, EvidenceLink, GateCheck, SelfAssessment, SelfScore
from xianfeng.programmes.rules.gates import GateOutcome, evaluate_gates
from xianfeng.programmes.rules.procedures import procedure
from xianfeng.programmes.rules.schema.standards import Dimension, Indicator
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.totals import Totals, totals


def standard_of(case: Case) -> Standard:
    """The standard the case is measured by, under its pinned definition."""
    return case.version.definition.standard(case.category, case.group)


def superior_scores(case: Case) -> bool:
    """Whether consenting superiors score the nominee: their points count, and somebody puts the points together."""
    weighs = case.version.definition.scoring.weights.superior > 0
    return weighs and any(one.kind == "panel" for one in procedure(case.version.definition, case.kind, case.tier))


def superior_ranks(case: Case) -> bool:
    """Whether superiors put their nominees in order: it breaks ties."""
    breaks = case.version.definition.scoring.tie_breaks
    return case.kind == "nomination" and any(one.by == "superior_rank" for one in breaks)


def assessment_of(case: Case) -> SelfAssessment | None:
    """The case's self-assessment, if one was begun."""
    return SelfAssessment.objects.filter(case=case).first()


def scores_of(rows: Iterable[SelfScore]) -> dict[str, Decimal | None]:
    """Points by indicator as the engine reads them: ``None`` does not apply, absent is not scored yet."""
    return {
        row.indicator: None if row.not_applicable else row.points
        for row in rows
        if row.not_applicable or row.points is not None
    }


def totals_of(case: Case, scores: Mapping[str, Decimal | None]) -> Totals:
    """Dimensions, parts and total of a set of scores."""
    return totals(standard_of(case), scores, bonus_cap=case.version.definition.scoring.bonus_cap)


def evidence_by_indicator(case: Case) -> dict[str, list[Evidence]]:
    """What supports each indicator, in the order it was linked; one query."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for link in EvidenceLink.objects.filter(case=case).select_related("evidence__file").order_by("id"):
        found[link.indicator].append(link.evidence)
    return dict(found)


def gate_outcomes(case: Case, on: date) -> list[GateOutcome]:
    """Every gate that applies, judged on the ledger as it stands; three queries at most."""
    year = case.round.year if case.kind == "nomination" else on.year
    return evaluate_gates(
        case.version.definition,
        category=case.category,
        group=case.group,
        facts=facts.ledger_facts(case.nominee, case.unit, on),
        nominee_facts=facts.particulars(case.nominee),
        on=on,
        year=year,
    )


# --- what a page shows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GateRow:
    """One gate as shown: how it stands, why, and whether the office accepted other proof."""

    code: str
    title: str
    state: str
    effect: str
    sentence: str
    hint: str = ""
    facts: tuple[str, ...] = ()
    accepted_note: str = ""
    may_be_accepted: bool = False

    @property
    def drawn(self) -> str:
        """The state as ``ui/gates.html`` knows it."""
        if self.state == "met":
            return "pass"
        if self.accepted_note:
            return "proof"
        if self.effect != "veto":
            return "flag"
        return "fail" if self.state == "failed" else "unknown"

    @property
    def effect_word(self) -> str:
        """What follows where it does not hold."""
        return {"veto": "一票否决", "cap": "封顶", "flag": "提示"}.get(self.effect, "")

    @property
    def line(self) -> dict[str, str]:
        """The gate as ``ui/gates.html`` draws it."""
        fact = f"{self.sentence}。" + (f"初审认可：{self.accepted_note}" if self.accepted_note else "")
        return {"sentence": self.title, "state": self.drawn, "fact": fact, "effect": self.effect_word}


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator with what the nominee put under it."""

    indicator: Indicator
    points: Decimal | None = None
    not_applicable: bool = False
    note: str = ""
    answer: answering.Stored = None
    evidence: list[Evidence] = field(default_factory=list)
    problem: str = ""  # why the last screening returned it

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code

    @property
    def said(self) -> str:
        """What was entered, in words, where points are worked out from it."""
        return answering.said(self.indicator, self.answer)

    @property
    def answered(self) -> bool:
        """Whether it is scored or marked as not applicable."""
        return self.not_applicable or self.points is not None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing here."""
        if not self.answered:
            return self.indicator.kind == "bonus"
        return bool(self.evidence) or not rules.asks_evidence(self.indicator, self.points)


@dataclass(frozen=True)
class DimensionView:
    """A dimension with its rows and the points earned in it."""

    dimension: Dimension
    rows: list[IndicatorRow]

    @property
    def earned(self) -> Decimal:
        """Points as given, bonuses aside."""
        given = (row.points for row in self.rows if row.points is not None and row.indicator.kind != "bonus")
        return sum(given, Decimal(0))

    @property
    def complete(self) -> int:
        """How many of its indicators need nothing more."""
        return sum(row.complete for row in self.rows)


@dataclass(frozen=True)
class PartView:
    """A part of the standard."""

    code: str
    title: str
    points: Decimal
    earned: Decimal
    dimensions: list[DimensionView]


@dataclass(frozen=True)
class AssessmentView:
    """A self-assessment as pages show it: read-only here, with inputs on the work pages."""

    case: Case
    statement: str
    saved_at: datetime | None
    submitted_at: datetime | None
    total: Decimal
    maximum: Decimal
    parts: list[PartView]
    gates: list[GateRow]
    gaps: list[rules.Gap]
    bonus: Decimal = Decimal(0)

    @property
    def standard(self) -> Standard:
        """What it is measured by."""
        return standard_of(self.case)

    @property
    def rows(self) -> list[IndicatorRow]:
        """All indicators, in order."""
        return [row for part in self.parts for dimension in part.dimensions for row in dimension.rows]

    @property
    def category_title(self) -> str:
        """示范党组织 …"""
        return self.case.version.definition.category(self.case.category).title

    @property
    def tier_title(self) -> str:
        """The tier's full title, as certificates will bear it."""
        return self.case.version.definition.tier(self.case.tier).full_title

    @property
    def answered(self) -> int:
        """How many indicators are complete."""
        return sum(row.complete for row in self.rows)

    @property
    def gate_lines(self) -> list[dict[str, str]]:
        """For ``ui/gates.html``."""
        return [gate.line for gate in self.gates]

    @property
    def failing(self) -> list[GateRow]:
        """Gates that stand in the way of screening."""
        return [gate for gate in self.gates if gate.drawn in ("fail", "unknown")]


def assessment_view(case: Case, *, live_gates: bool | None = None) -> AssessmentView:
    """Scores, evidence and gates of a case in a fixed number of queries.

    ``live_gates``: judge the gates on today's ledger; by default only while nothing has been submitted, afterwards the
    recorded checks are shown.
    """
    assessment = assessment_of(case)
    rows = {row.indicator: row for row in assessment.scores.all()} if assessment else {}
    scores = scores_of(rows.values())
    result = totals_of(case, scores)
    evidence = evidence_by_indicator(case)
    problems = problems_of(case)
    standard = standard_of(case)
    live = live_gates if live_gates is not None else not (assessment and assessment.submitted_at)

    def shown(indicator: Indicator) -> IndicatorRow:
        row, given = rows.get(indicator.code), evidence.get(indicator.code, [])
        problem = problems.get(indicator.code, "")
        if row is None:
            return IndicatorRow(indicator, evidence=given, problem=problem)
        return IndicatorRow(indicator, row.points, row.not_applicable, row.note, row.answer, given, problem)

    parts = [
        PartView(
            code=part.code,
            title=part.title,
            points=part.points,
            earned=result.part(part.code),
            dimensions=[
                DimensionView(one, [shown(indicator) for indicator in one.indicators]) for one in part.dimensions
            ],
        )
        for part in standard.parts
    ]
    return AssessmentView(
        case=case,
        statement=assessment.statement if assessment else "",
        saved_at=assessment.saved_at if assessment else None,
        submitted_at=assessment.submitted_at if assessment else None,
        total=result.total,
        maximum=standard.total,
        parts=parts,
        gates=gate_rows(case, live=live),
        gaps=rules.gaps(standard, scores, {code: len(items) for code, items in evidence.items()}),
        bonus=result.bonus,
    )


def gate_rows(case: Case, *, live: bool) -> list[GateRow]:
    """How the gates stand: judged now, or as recorded at submission or screening."""
    recorded = {row.gate: row for row in GateCheck.objects.filter(case=case)}
    if live or not recorded:
        return [judged(one, recorded.get(one.code)) for one in gate_outcomes(case, clock.today())]
    titles = {gate.code: gate for gate in case.version.definition.gates}
    return [
        GateRow(
            code=row.gate,
            title=titles[row.gate].title if row.gate in titles else row.gate,
            state=row.state,
            effect=row.effect,
            sentence=row.sentence,
            hint=titles[row.gate].message if row.gate in titles else "",
            facts=tuple(row.facts),
            accepted_note=row.accepted_note,
        )
        for row in recorded.values()
    ]


def judged(one: GateOutcome, recorded: GateCheck | None) -> GateRow:
    """A gate as just judged; an accepted proof is shown only where proof is still owed."""
    return GateRow(
        code=one.code,
        title=one.title,
        state="met" if one.holds else "failed" if one.vetoes else one.state,
        effect=one.gate.effect,
        sentence=one.sentence,
        hint=one.gate.message if not one.holds else "",
        facts=one.fact_ids,
        accepted_note=recorded.accepted_note if recorded and one.pending else "",
        may_be_accepted=one.pending,
    )


def problems_of(case: Case) -> dict[str, str]:
    """Indicator → reason, as the last screening that returned the case gave them; empty once it passed."""
    last = (
        case.steps.filter(kind="screen", state="done").order_by("-closed_at", "-id").values("outcome", "detail").first()
    )
    if last is None or last["outcome"] != "returned":
        return {}
    return {item["indicator"]: item["reason"] for item in last["detail"].get("items", [])}


# --- access -----------------------------------------------------------------------------------------------------


def step_for_page(public_id: str, actor: Actor, *kinds: str) -> Step:
    """A step the actor may work on (or look back at once closed): 404 when unknown, 403 when not asked."""
    row = (
        Step.objects.select_related(
            "case__nominee__organisation",
            "case__nominee__service_point",
            "case__nominee__member",
            "case__round__version",
            "case__round__programme",
            "case__version",
            "case__party",
            "case__unit",
            "organisation",
        )
        .filter(public_id=public_id, kind__in=kinds)
        .first()
    )
    if row is None:
        raise NotFoundHere(_("没有找到这个环节。"), _("请从工作台进入。"))
    require(case_policies.is_addressee, actor, row)
    return row


def evidence_for_download(public_id: str, actor: Actor) -> Evidence:
    """Evidence of a case the actor may read, or of a nominee it speaks for; 404 otherwise."""
    row = Evidence.objects.select_related("file", "nominee").filter(public_id=public_id).first()
    if row is not None:
        if row.nominee.party.pk in cases.acting_ids(actor):
            return row
        used_in = Case.objects.filter(evidence_links__evidence=row)
        if cases.visible_to(actor, used_in).exists():
            return row
    raise NotFoundHere(_("没有找到这份材料，或者您无权查看。"), _("请从事项页面打开。"))


def library(case: Case) -> list[Evidence]:
    """What the nominee already keeps and may use for another indicator."""
    rows = Evidence.objects.filter(nominee=case.nominee).select_related("file")
    return list(rows.order_by("-id")[:200])


def next_screening(actor: Actor, after: Step) -> Step | None:
    """“下一份”: the most urgent other screening asked of this actor."""
    return cases.open_steps(actor).filter(kind="screen").exclude(pk=after.pk).first()
