"""From the conduct ledger to the facts a gate is judged on: who each record is about, seen from one nominee.

Only confirmed records count. A record concerns a nominee through the nominee itself, its unit, its service point, or a
works project. A project record counts for an organisation when its unit has a part in the project on the day, for a
service point or a member only when that part was assigned to it by name: a colleague's accident is not its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from xianfeng.directory.models import Organisation
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.registry.models import ConductRecord, Nominee, ProjectParty

_ABOUT_PROJECT = {"supervises": "project_supervised", "takes_part": "project_taking_part"}


def particulars(nominee: Nominee) -> NomineeFacts:
    """The nominee's own particulars that eligibility and staff gates look at."""
    if nominee.organisation is not None:
        return NomineeFacts(organisation_kind=nominee.organisation.kind)
    if nominee.service_point is not None:
        point = nominee.service_point
        return NomineeFacts(
            service_point_kind=point.kind,
            staff=point.staff_count,
            members=point.member_count,
            leader_is_member=point.leader_is_member,
        )
    assert nominee.member is not None
    return NomineeFacts(member_status=nominee.member.status, in_post=nominee.member.in_post)


def ledger_facts(nominee: Nominee, unit: Organisation, until: date) -> tuple[Fact, ...]:
    """Confirmed facts known on a day that concern the nominee; two queries.

    A record that concerns it in two ways (its unit's, and on a project it supervises) appears once for each, under the
    same id; the engine counts an id once.
    """
    parts = list(_parts(nominee, unit))
    records = ConductRecord.objects.filter(
        Q(**_own(nominee))
        | Q(organisation=unit)
        | Q(project_id__in={part.project_id for part in parts})
        | Q(service_point_id__in=_teams(nominee, parts)),
        state="confirmed",
        happened_on__lte=until,
    ).order_by("happened_on", "id")
    return tuple(
        _fact(record, about) for record in records for about in sorted(set(_abouts(record, nominee, unit, parts)))
    )


def _own(nominee: Nominee) -> dict[str, int | None]:
    if nominee.organisation_id is not None:
        return {"organisation_id": nominee.organisation_id}
    if nominee.service_point_id is not None:
        return {"service_point_id": nominee.service_point_id}
    return {"member_id": nominee.member_id}


def _parts(nominee: Nominee, unit: Organisation) -> QuerySet[ProjectParty]:
    rows = ProjectParty.objects.filter(unit=unit)
    if nominee.service_point_id is not None:
        return rows.filter(service_point_id=nominee.service_point_id)
    if nominee.member_id is not None:
        return rows.filter(member_id=nominee.member_id)
    return rows


def _teams(nominee: Nominee, parts: Iterable[ProjectParty]) -> set[int]:
    """A member's team is the service point named beside the member on a project."""
    if nominee.member_id is None:
        return set()
    return {part.service_point_id for part in parts if part.service_point_id is not None}


def _abouts(
    record: ConductRecord, nominee: Nominee, unit: Organisation, parts: Iterable[ProjectParty]
) -> Iterator[str]:
    if all(getattr(record, name) == value for name, value in _own(nominee).items()):
        yield "nominee"
        if nominee.service_point_id is not None:
            yield "service_point"
    if record.service_point_id in _teams(nominee, parts):
        yield "service_point"
    if record.organisation_id == unit.pk:
        yield "unit"
    for part in parts:
        if part.project_id == record.project_id and _holds(part, record.happened_on):
            yield _ABOUT_PROJECT[part.role]


def _holds(part: ProjectParty, day: date) -> bool:
    return part.since <= day and (part.until is None or day <= part.until)


def _fact(record: ConductRecord, about: str) -> Fact:
    return Fact(
        id=record.public_id,
        about=about,
        kind=record.kind,
        happened_on=record.happened_on,
        title=record.title,
        level=record.level,
        grade=record.grade,
        result=record.result,
        stars=record.stars,
        tags=frozenset(record.tags),
        valid_until=record.valid_until,
        rectified=record.rectified_on is not None and record.rectified_on >= record.happened_on,
    )
