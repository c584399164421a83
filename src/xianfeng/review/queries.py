"""Reads of the panel. What a page about a case may show of it goes through ``panel_view``: never who reviews whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from xianfeng.cases import places
from xianfeng.cases.models import Case, CaseQuerySet
from xianfeng.directory import queries as directory
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Body
from xianfeng.programmes.rules import Standard
from xianfeng.review.models import Assignment, Discussion, Expert, Mark, Panel, RankingRow
from xianfeng.review.policies import may_run_panels, may_see_ranking

# --- what services and pages share ---------------------------------------------------------------------------------


def cases_at_panel(round_id: int, tier: str, category: str) -> CaseQuerySet:
    """Open cases of a category that stand at the panel's step now."""
    return Case.objects.filter(
        round_id=round_id, tier=tier, category=category, state="open", steps__kind="panel", steps__state="open"
    ).distinct()


def places_of(panel: Panel) -> int | None:
    """The places a panel's ranking would be cut at now; None where the programme knows no quota."""
    row = panel.round
    if not places.has_places(row):
        return None
    return sum(one.total for one in places.places(row, panel.tier).values() if one.category == panel.category)


def late_cases(panel: Panel) -> CaseQuerySet:
    """Cases that came to the panel after it was ranked: they wait until it is ranked again."""
    none = Case.objects.none()
    return cases_at_panel(panel.round_id, panel.tier, panel.category) if panel.state == "ranked" else none


def undecided_on(case: Case) -> bool:
    """Whether a ranked case still stands at the step after the panel, with nothing decided; steps are prefetched."""
    if case.outcome == "withdrawn":
        return True
    after = [step for step in case.steps.all() if step.code == case.stage and step.state == "open"]
    ranked = [step.pk for step in case.steps.all() if step.kind == "panel" and step.state == "done"]
    later = [step for step in case.steps.all() if ranked and step.pk > max(ranked) and step.state == "done"]
    return case.state == "open" and bool(after) and not later


def case_with_version(case_id: int) -> Case:
    """A case with its definition at hand."""
    return Case.objects.select_related("version", "round").get(pk=case_id)


def standard_of(case: Case) -> Standard:
    """The standard a case is scored by, under its own pinned definition."""
    return case.version.definition.standard(case.category, case.group)


def scores_of(marks: Iterable[Mark]) -> dict[str, Decimal | None]:
    """Points by indicator as the rules want them: None says it does not apply, an absent one is not scored yet."""
    scores: dict[str, Decimal | None] = {}
    for mark in marks:
        if not mark.applies:
            scores[mark.indicator] = None
        elif mark.points is not None:
            scores[mark.indicator] = mark.points
    return scores


def active_assignments(panel: Panel) -> QuerySet[Assignment]:
    """The panel's assignments in force, with expert, step, sheet and marks."""
    return (
        panel.assignments.filter(state="active")
        .select_related("expert__user", "step", "scorecard", "case")
        .prefetch_related("scorecard__marks")
        .order_by("case_id", "id")
    )


def at_second(cases: Iterable[Case]) -> set[int]:
    """Cases that a second panel judges: whom they still lack, and who is added, is a matter of that panel."""
    rows = Discussion.objects.filter(case__in=list(cases), kind="second").exclude(state="off")
    return set(rows.values_list("case_id", flat=True))


def is_signed(row: Assignment) -> bool:
    """Whether the assignment's sheet is signed."""
    card = getattr(row, "scorecard", None)
    return card is not None and card.state == "signed"


def seated(cases: Sequence[Case], second: Collection[int]) -> QuerySet[Assignment]:
    """Experts in force on cases, of the panel that judges each now; ``second`` are the cases at a second panel."""
    rows = Assignment.objects.filter(case__in=cases, state="active")
    return rows.filter(Q(second=True, case_id__in=second) | Q(second=False) & ~Q(case_id__in=second)).order_by("id")


def loads(round_id: int) -> Counter[int]:
    """How many cases each expert has in a round, over all its panels; withdrawn cases weigh nothing."""
    rows = Assignment.objects.filter(panel__round_id=round_id, state="active").exclude(step__state="cancelled")
    return Counter(rows.values_list("expert_id", flat=True))


def reminder_key(panel: Panel) -> str:
    """How the keys of a panel's reminders begin; the day and the expert follow."""
    return f"panel:{panel.public_id}:"


def unsigned_by_expert(panel: Panel) -> dict[Expert, int]:
    """Experts with sheets still to sign in this panel, and how many."""
    waiting: dict[Expert, int] = {}
    for row in active_assignments(panel).filter(step__state="open"):
        waiting[row.expert] = waiting.get(row.expert, 0) + 1
    return waiting


def working_group_id(programme_id: int) -> int | None:
    """The organisation that runs the programme's panels."""
    rows = Body.objects.filter(programme_id=programme_id, kind="working_group")
    return rows.values_list("organisation_id", flat=True).first()


def working_group_users(panel: Panel, on: date) -> list[int]:
    """Who is told when a panel needs somebody."""
    body = working_group_id(panel.round.programme_id)
    return list(directory.people_acting_for(body, on).values_list("pk", flat=True)) if body else []


# --- what a page about one case may show ----------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelView:
    """The panel as one reader may see it: ``experts`` and ``panel`` only for the office, the result for who decides."""

    state: str
    sheets: int = 0
    signed: int = 0
    experts: tuple[tuple[str, bool], ...] = ()
    panel: Panel | None = None
    result: RankingRow | None = None


def panel_view(case: Case, actor: Actor) -> PanelView | None:
    """None while no panel has the case. A nominee learns only that experts are scoring, or have finished."""
    rows = list(
        Assignment.objects.filter(case=case, state="active").select_related(
            "expert__user", "scorecard", "panel__round__programme", "panel__round__version"
        )
    )
    if not rows:
        return None
    panel, programme = rows[0].panel, rows[0].panel.round.programme
    state = "ranked" if panel.state == "ranked" else "scoring"
    if not may_see_ranking(actor, programme):
        return PanelView(state)
    result = RankingRow.objects.in_force().filter(case=case).select_related("ranking").first()
    signed = sum(1 for row in rows if is_signed(row))
    if not may_run_panels(actor, programme):
        return PanelView(state, len(rows), signed, result=result)
    named = tuple((row.expert.user.name, is_signed(row)) for row in rows)
    return PanelView(state, len(rows), signed, named, panel, result)
