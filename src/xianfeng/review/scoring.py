"""What an expert's pages show: the queue, and one sheet beside what the nominee put in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.nominations.queries import AssessmentView, IndicatorRow, assessment_view
from xianfeng.programmes.rules.schema.standards import Dimension
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.totals import totals
from xianfeng.review import queries
from xianfeng.review.models import Assignment, Mark, Scorecard


@dataclass(frozen=True)
class Task:
    """One sheet in the queue."""

    step: Step
    case: Case
    card: Scorecard | None
    marked: int
    asked: int

    @property
    def state(self) -> str:
        """signed, draft or waiting: chips ``sheet``."""
        if self.card is None or not self.marked:
            return "signed" if self.card and self.card.state == "signed" else "waiting"
        return self.card.state


def queue(actor: Actor) -> tuple[list[Task], list[Task]]:
    """Sheets to write, most urgent first, and sheets already signed, newest first; two queries."""
    rows = (
        Assignment.objects.filter(step__user_id=actor.user_id or 0, state="active")
        .select_related(
            "step__case__version", "step__case__round", "step__case__unit", "scorecard", "panel__round__version"
        )
        .prefetch_related("scorecard__marks")
        .order_by(F("step__due_at").asc(nulls_last=True), "step_id")
    )
    tasks = [_task(row) for row in rows]
    open_ones = [one for one in tasks if one.step.state == "open"]
    closed = sorted((one for one in tasks if one.step.state == "done"), key=lambda one: -one.step.pk)
    return open_ones, closed


def _task(row: Assignment) -> Task:
    case = row.step.case
    row.case = case  # the same row: what the expert's pages call it needs no query of its own
    standard = queries.standard_of(case)
    card = getattr(row, "scorecard", None)
    marked = len(queries.scores_of(card.marks.all())) if card else 0
    return Task(row.step, case, card, marked, len(standard.required))


def next_step(actor: Actor, after: Step | None = None) -> Step | None:
    """“下一份”: the next sheet to write, after this one and round again."""
    rows = Step.objects.filter(user_id=actor.user_id or 0, kind="score", state="open", assignment__state="active")
    found = list(rows.order_by(F("due_at").asc(nulls_last=True), "id"))
    if after is None:
        return found[0] if found else None
    later = [one for one in found if one.pk > after.pk] + [one for one in found if one.pk < after.pk]
    return later[0] if later else None


def assignment_for_expert(step_public_id: str, actor: Actor) -> Assignment:
    """The expert's own assignment; 404 for everybody else, so that addresses tell nothing."""
    row = (
        Assignment.objects.filter(step__public_id=step_public_id, step__user_id=actor.user_id or 0, state="active")
        .select_related(
            "step", "expert__user", "scorecard", "panel__round__version", "case__version", "case__unit",
            "case__party", "case__round__version", "case__nominee__organisation",
            "case__nominee__service_point", "case__nominee__member",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise NotFoundHere("没有找到这项评分任务，或者已经回避、撤回。", "请从评分任务进入。")
    row.step.case = row.case
    return row


@dataclass(frozen=True)
class SheetRow:
    """One indicator: what the nominee put in, and the expert's mark."""

    number: int
    own: IndicatorRow
    mark: Mark | None

    @property
    def points(self) -> Decimal | None:
        """The expert's points so far."""
        return self.mark.points if self.mark else None

    @property
    def done(self) -> bool:
        """Scored, or marked as not applicable."""
        return self.mark is not None and (not self.mark.applies or self.mark.points is not None)


@dataclass(frozen=True)
class SheetGroup:
    """A dimension with its rows."""

    dimension: Dimension
    rows: list[SheetRow]


@dataclass(frozen=True)
class SheetPart:
    """A part of the standard with the expert's points in it."""

    code: str
    title: str
    points: Decimal
    earned: Decimal
    groups: list[SheetGroup]


@dataclass(frozen=True)
class Sheet:
    """A sheet as its pages show it."""

    assignment: Assignment
    standard: Standard
    own: AssessmentView
    card: Scorecard | None
    parts: list[SheetPart]
    total: Decimal
    missing: tuple[str, ...]

    @property
    def rows(self) -> list[SheetRow]:
        """All indicators, in order."""
        return [row for part in self.parts for group in part.groups for row in group.rows]

    @property
    def done(self) -> int:
        """How many are scored."""
        return sum(row.done for row in self.rows)


def sheet(assignment: Assignment) -> Sheet:
    """The standard, the nominee's material and the marks side by side; a fixed number of queries."""
    case = assignment.case
    own = assessment_view(case)
    card = getattr(assignment, "scorecard", None)
    marks: Mapping[str, Mark] = {one.indicator: one for one in card.marks.all()} if card else {}
    standard = queries.standard_of(case)
    cap = case.version.definition.scoring.bonus_cap
    added = totals(standard, queries.scores_of(marks.values()), bonus_cap=cap)
    number = 0
    parts = []
    for part in own.parts:
        groups = []
        for view in part.dimensions:
            rows = []
            for one in view.rows:
                number += 1
                rows.append(SheetRow(number, one, marks.get(one.code)))
            groups.append(SheetGroup(view.dimension, rows))
        parts.append(SheetPart(part.code, part.title, part.points, added.part(part.code), groups))
    return Sheet(assignment, standard, own, card, parts, added.total, added.missing)
