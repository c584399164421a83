"""Reads of stages 1 and 2: who takes part, what an actor may see, lists for pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from xianfeng.cases.queries import OVERSEERS, acting_ids
from xianfeng.creation import rules
from xianfeng.creation.models import CreationPlan, Inspection, JointMeeting, Problem, Survey, SurveyAnswer
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation, OrganisationQuerySet, Relation, holds_on
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Programme, Round
from xianfeng.programmes.policies import seats


def participants(row: Round, now: datetime) -> OrganisationQuerySet:
    """Party organisations of units in the round's scope: those a plan is expected of."""
    kinds = {kind for group in row.version.definition.applicant_groups for kind in group.organisation_kinds}
    day = clock.local_day(now)
    of_units = Relation.objects.filter(holds_on(day), kind="unit", target__kind__in=kinds)
    rows = Organisation.objects.parties()
    return rows.filter(closed_on__isnull=True, pk__in=of_units.values("organisation_id"))


@dataclass(frozen=True)
class Scope:
    """What of a programme an actor sees: everything, or these organisations; and what they may do there."""

    everything: bool
    ids: frozenset[int]
    own: frozenset[int]  # organisations they act for
    bodies: frozenset[str]  # kinds of bodies they sit in
    members: frozenset[int]  # the secretariat's member units and their party organisations

    def of(self, prefix: str = "organisation") -> Q:
        """Filter on an organisation column."""
        return Q() if self.everything else Q(**{f"{prefix}_id__in": self.ids})

    @property
    def guides(self) -> bool:
        """Whether they sit in the working group."""
        return "working_group" in self.bodies

    @property
    def advises(self) -> bool:
        """Whether they guide anybody: working group or secretariat."""
        return self.guides or "secretariat" in self.bodies


def scope(actor: Actor, programme: Programme | None) -> Scope:
    """The actor's view on one programme (on any of them when None)."""
    none: frozenset[int] = frozenset()
    if actor.kind is ActorKind.SYSTEM:
        return Scope(True, none, none, frozenset({"working_group"}), none)
    mine = acting_ids(actor)
    today = clock.today()
    held = [
        (one.kind, one.organisation_id) for one in seats(actor) if programme is None or one.programme_id == programme.pk
    ]
    kinds = frozenset(kind for kind, _ in held)
    if kinds & set(OVERSEERS):
        return Scope(True, none, mine, kinds, _members(held))
    seen: set[int] = set(mine)
    for one in mine:
        seen |= directory.below(one, today)
    members = _members(held)
    return Scope(False, frozenset(seen) | members, mine, kinds, members)


def _members(held: list[tuple[str, int]]) -> frozenset[int]:
    associations = [organisation_id for kind, organisation_id in held if kind == "secretariat"]
    if not associations:
        return frozenset()
    today = clock.today()
    units = {unit for one in associations for unit in directory.members_of_association(one, today)}
    parties = Relation.objects.filter(holds_on(today), kind="unit", target_id__in=units)
    return frozenset(units | set(parties.values_list("organisation_id", flat=True)))


def plans(row: Round, seen: Scope) -> QuerySet[CreationPlan]:
    """Plans of a round the actor may see."""
    return CreationPlan.objects.filter(seen.of(), round=row).select_related("organisation", "round")


def plan_for_page(public_id: str, actor: Actor) -> tuple[CreationPlan, Scope]:
    """A plan the actor may see; 404 otherwise, so that addresses tell nothing."""
    plan = (
        CreationPlan.objects.select_related("organisation", "round__programme", "round__version")
        .filter(public_id=public_id)
        .first()
    )
    if plan is not None:
        seen = scope(actor, plan.round.programme)
        if seen.everything or plan.organisation_id in seen.ids:
            return plan, seen
    raise NotFoundHere("没有找到这份创建计划，或者您无权查看。", "请从创建计划列表进入。")


def problems(row: Round, seen: Scope) -> QuerySet[Problem]:
    """Problems of a round the actor may see."""
    return Problem.objects.filter(seen.of(), round=row).select_related("organisation", "raised_by", "inspection")


def problem_for_page(public_id: str, actor: Actor) -> tuple[Problem, Scope]:
    """A problem the actor may see."""
    problem = (
        Problem.objects.select_related("organisation", "round__programme", "raised_by", "inspection")
        .filter(public_id=public_id)
        .first()
    )
    if problem is not None:
        seen = scope(actor, problem.round.programme)
        if seen.everything or problem.organisation_id in seen.ids:
            return problem, seen
    raise NotFoundHere("没有找到这个问题，或者您无权查看。", "请从问题清单进入。")


def inspections(row: Round, seen: Scope) -> QuerySet[Inspection]:
    """Inspections of a round the actor may see."""
    return Inspection.objects.filter(seen.of(), round=row).select_related("organisation")


def meetings(row: Round, seen: Scope) -> QuerySet[JointMeeting]:
    """Meetings: all for the bodies, else those one's organisations are invited to."""
    rows = JointMeeting.objects.filter(round=row)
    return rows if seen.everything else rows.filter(invited__in=seen.own).distinct()


def meeting_for_page(public_id: str, actor: Actor) -> tuple[JointMeeting, Scope]:
    """A meeting the actor is invited to or oversees."""
    meeting = JointMeeting.objects.select_related("round__programme").filter(public_id=public_id).first()
    if meeting is not None:
        seen = scope(actor, meeting.round.programme)
        if seen.everything or meeting.invited.filter(pk__in=seen.own).exists():
            return meeting, seen
    raise NotFoundHere("没有找到这次会议，或者您不在参会范围。", "请从联席会议列表进入。")


def surveys(row: Round, seen: Scope) -> QuerySet[Survey]:
    """Surveys about nominees the actor may see."""
    rows = Survey.objects.filter(round=row).select_related(
        "round__programme", "nominee__organisation", "nominee__service_point", "nominee__member"
    )
    if seen.everything:
        return rows
    return rows.filter(
        seen.of("nominee__organisation")
        | seen.of("nominee__service_point__party_organisation")
        | seen.of("nominee__member__party_organisation")
    )


@dataclass(frozen=True)
class Todo:
    """Something that waits for the actor and is no step of a case; ``what`` says about whom or what."""

    title: str
    what: str
    link: str
    due_at: datetime | None
    kind: str  # plan, milestone, problem, meeting


def todos(actor: Actor, now: datetime) -> list[Todo]:
    """工作台: plans to write, revise or accept, progress to report, problems to answer or close, meetings to come.

    Most urgent first, what has no due time last. A fixed number of queries, whatever their number.
    """
    from xianfeng.creation.waiting import collect

    return collect(actor, now)


def inspection_for_page(public_id: str, actor: Actor) -> tuple[Inspection, Scope]:
    """An inspection of an organisation the actor may see."""
    row = Inspection.objects.select_related("organisation", "round__programme").filter(public_id=public_id).first()
    if row is not None:
        seen = scope(actor, row.round.programme)
        if seen.everything or row.organisation_id in seen.ids:
            return row, seen
    raise NotFoundHere("没有找到这次督查，或者您无权查看。", "请从督查列表进入。")


def survey_for_page(public_id: str, actor: Actor) -> tuple[Survey, Scope]:
    """A survey about a nominee the actor may see."""
    found = Survey.objects.select_related("round__programme").filter(public_id=public_id).first()
    if found is not None:
        seen = scope(actor, found.round.programme)
        row = surveys(found.round, seen).filter(pk=found.pk).first()
        if row is not None:
            return row, seen
    raise NotFoundHere("没有找到这项调查，或者您无权查看。", "请从满意度调查列表进入。")


def esteem_of(survey_ids: list[int]) -> dict[int, rules.Esteem]:
    """What the answers to these surveys come to, in one query."""
    counts: dict[int, dict[int, int]] = {pk: {} for pk in survey_ids}
    rows = SurveyAnswer.objects.filter(survey_id__in=survey_ids).order_by().values_list("survey_id", "satisfaction")
    for survey_id, mark, n in rows.annotate(n=Count("pk")):
        counts[survey_id][mark] = n
    return {pk: rules.esteem(found) for pk, found in counts.items()}
