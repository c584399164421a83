"""Reads of cases and steps for pages and exports."""

from django.db.models import Q

from xianfeng.cases.models import Case, CaseQuerySet, Step, StepQuerySet
from xianfeng.directory import queries as directory
from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Body

# Bodies that see every case of their programme; the secretariat sees its members' only.
OVERSEERS = ("working_group", "office", "leading_group", "comprehensive_group")


def acting_ids(actor: Actor) -> frozenset[int]:
    """Organisations the actor may act for (書记, 经办人, 成员)."""
    return frozenset(one.organisation_id for one in actor.appointments if one.duty in ACTING_DUTIES)


def oversees(actor: Actor, *kinds: str) -> Q:
    """Filter on ``round__programme``: programmes in which the actor sits in one of these bodies."""
    bodies = Body.objects.filter(organisation_id__in=acting_ids(actor), kind__in=kinds or OVERSEERS)
    return Q(round__programme__in=bodies.values("programme_id"))


def visible_to(actor: Actor, cases: CaseQuerySet | None = None) -> CaseQuerySet:
    """Cases an actor may read: own party line, bodies of the programme, the secretariat's members, and what steps ask.

    Experts read a case only because a step asks them to.
    """
    rows = Case.objects.all() if cases is None else cases
    if actor.kind is ActorKind.SYSTEM:
        return rows
    if actor.user_id is None:
        return rows.none()
    mine = acting_ids(actor)
    today = clock.today()
    lines: set[int] = set(mine)
    for one in mine:
        lines |= directory.below(one, today)
    secretariats = Body.objects.filter(organisation_id__in=mine, kind="secretariat")
    members = Q(pk__in=())
    for programme, association in secretariats.values_list("programme_id", "organisation_id"):
        units = directory.members_of_association(association, today)
        members |= Q(round__programme=programme, unit_id__in=units)
    # Who recused themselves, or was taken off the case, has no more business with it.
    in_person = Q(user_id=actor.user_id) & ~Q(state="cancelled") & ~Q(outcome="recused")
    asked = Step.objects.filter(in_person | Q(user__isnull=True, organisation_id__in=mine))
    return rows.filter(
        Q(party_id__in=lines) | Q(unit_id__in=mine) | members | oversees(actor) | Q(pk__in=asked.values("case_id"))
    )


def case_for_page(public_id: str, actor: Actor) -> Case:
    """One case the actor may read; 404 otherwise, so that addresses tell nothing."""
    row = visible_to(actor).for_page().filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个事项，或者您无权查看。", "请从工作台或列表进入。")
    return row


def step_for_skipping(public_id: str) -> Step:
    """An optional step still open; 404 otherwise."""
    rows = Step.objects.select_related("case__round__programme", "case__version", "case__unit", "case__party")
    row = rows.filter(public_id=public_id, optional=True, state="open").first()
    if row is None:
        raise NotFoundHere("没有找到这个环节，或者它不能略过。", "请从工作台进入。")
    return row


def file_of_step(public_id: str, file_id: str, actor: Actor) -> StoredFile:
    """What was handed in with a step, for whoever may read its case; 404 otherwise."""
    step = Step.objects.filter(public_id=public_id, case__in=visible_to(actor).values("pk")).first()
    row = step.files.filter(public_id=file_id).first() if step else None
    if row is None:
        raise NotFoundHere("没有找到这个附件，或者您无权查看。", "请从事项页面进入。")
    return row


def open_steps(actor: Actor) -> StepQuerySet:
    """工作台: what is asked of this actor now, most urgent first (no due time last)."""
    from django.db.models import F

    rows = Step.objects.open().addressed_to(user_id=actor.user_id, organisation_ids=acting_ids(actor))
    return rows.select_related("case__nominee", "case__round__version", "organisation").order_by(
        F("due_at").asc(nulls_last=True), "id"
    )


def open_step(case: Case, *kinds: str) -> Step | None:
    """The case's open step of one of these kinds."""
    return case.steps.filter(state="open", kind__in=kinds).order_by("-id").first()


def timeline(case: Case) -> StepQuerySet:
    """The list of steps, newest first, with who closed them and what came with them."""
    rows = case.steps.select_related("closed_by", "organisation", "user").prefetch_related("files")
    return rows.order_by("-id")
