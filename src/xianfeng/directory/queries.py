"""Reads of the directory: who a user may act for, who is above whom, on a day."""

from datetime import date

from django.db.models import QuerySet

from xianfeng.directory import rules
from xianfeng.directory.models import (
    Appointment,
    CalendarDay,
    Organisation,
    Relation,
    User,
    holds_on,
)
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Acting, Actor, ActorKind
from xianfeng.kernel.workdays import Calendar

# A superior chain deeper than this is a loop entered by mistake.
MAX_DEPTH = 12


def actor_for(user: User, on: date) -> Actor:
    """The actor a signed-in user is on a day: one query for all appointments, deputised ones included."""
    rows = (
        Appointment.objects.filter(holds_on(on), user=user, organisation__closed_on__isnull=True)
        .order_by("id")
        .values_list(
            "pk", "organisation_id", "organisation__public_id", "organisation__name", "organisation__kind", "duty",
            "deputy_for__user__public_id",
        )
    )  # fmt: skip
    acting = tuple(
        Acting(
            appointment_id=appointment,
            organisation_id=organisation,
            organisation_public_id=public_id,
            organisation_name=name,
            organisation_kind=kind,
            duty=duty,
            deputy_for=deputised or "",
        )
        for appointment, organisation, public_id, name, kind, duty, deputised in rows
    )
    return Actor(kind=ActorKind.USER, user_id=user.pk, public_id=user.public_id, name=user.name, appointments=acting)


def related(organisation_id: int, kind: str, on: date) -> Organisation | None:
    """The organisation's superior, unit or association on a day."""
    row = (
        Relation.objects.filter(holds_on(on), organisation_id=organisation_id, kind=kind)
        .select_related("target")
        .order_by("-since")
        .first()
    )
    return row.target if row else None


def superior_of(organisation_id: int, on: date) -> Organisation | None:
    """The party superior on a day."""
    return related(organisation_id, "superior", on)


def superior_chain(organisation_id: int, on: date) -> list[Organisation]:
    """All party superiors from the nearest up, on a day."""
    chain: list[Organisation] = []
    current = superior_of(organisation_id, on)
    while current is not None and len(chain) < MAX_DEPTH:
        chain.append(current)
        current = superior_of(current.pk, on)
    return chain


def unit_of(organisation: Organisation, on: date) -> Organisation:
    """The unit a party organisation belongs to on a day; a unit is its own."""
    if not organisation.is_party:
        return organisation
    return related(organisation.pk, "unit", on) or organisation


def party_ids_of_unit(unit_id: int, on: date) -> set[int]:
    """Party organisations that belong to a unit on a day."""
    return set(
        Relation.objects.filter(holds_on(on), kind="unit", target_id=unit_id).values_list("organisation_id", flat=True)
    )


def below(organisation_id: int, on: date) -> set[int]:
    """Ids of all party organisations below one, itself excluded; a query per level, not per node."""
    found: set[int] = set()
    frontier = {organisation_id}
    for _ in range(MAX_DEPTH):
        rows = Relation.objects.filter(holds_on(on), kind="superior", target_id__in=frontier)
        frontier = set(rows.values_list("organisation_id", flat=True)) - found
        if not frontier:
            break
        found |= frontier
    return found


def stands_above(actor: Actor) -> bool:
    """Whether the actor acts for a party organisation that is somebody's superior; asked once per request."""
    if "stands_above" not in actor.memo:
        mine = [one.organisation_id for one in actor.appointments if one.duty in rules.ACTING_DUTIES]
        rows = Relation.objects.filter(holds_on(clock.today()), kind="superior", target_id__in=mine)
        actor.memo["stands_above"] = bool(mine) and rows.exists()
    return bool(actor.memo["stands_above"])


def answers_for(organisation: Organisation, on: date) -> Organisation:
    """Who answers for an organisation on a day: itself; merged, its successor; dissolved, the superior it had."""
    for _ in range(MAX_DEPTH):
        if organisation.closed_on is None or organisation.closed_on > on:
            return organisation
        heir = organisation.successor or superior_of(organisation.pk, organisation.closed_on)
        if heir is None:
            return organisation
        organisation = heir
    return organisation


def members_of_association(association_id: int, on: date) -> set[int]:
    """Units that are members of an association on a day."""
    return set(
        Relation.objects.filter(holds_on(on), kind="membership", target_id=association_id).values_list(
            "organisation_id", flat=True
        )
    )


def people_acting_for(organisation_id: int, on: date) -> QuerySet[User]:
    """Active users who may act for an organisation on a day."""
    return User.objects.filter(
        holds_on(on, "appointments__"),
        is_active=True,
        appointments__organisation_id=organisation_id,
        appointments__duty__in=rules.ACTING_DUTIES,
    ).distinct()


def outsider_acts_for(organisation_id: int, *, side: set[int], but: int | None, on: date) -> bool:
    """Whether somebody other than ``but`` acts for an organisation and holds no post on that ``side`` of the table."""
    tied = Appointment.objects.filter(holds_on(on), organisation_id__in=side - {organisation_id})
    others = people_acting_for(organisation_id, on).exclude(pk=but or 0)
    return others.exclude(pk__in=tied.values("user_id")).exists()


def side_of(unit_id: int, party_id: int, on: date) -> set[int]:
    """A unit, all its party organisations, and this one: one's own side of the table."""
    return {unit_id, party_id} | party_ids_of_unit(unit_id, on)


def office_calendar() -> Calendar:
    """The published calendar with the office's own days laid over it."""
    return Calendar(dict(CalendarDay.objects.values_list("day", "working")))
