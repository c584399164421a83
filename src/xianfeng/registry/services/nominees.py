"""Service points, members, and the nominee rows that give each its one identity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory.models import Organisation, User
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally, sort_out
from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.policies import require
from xianfeng.registry import policies, words
from xianfeng.registry.events import Event
from xianfeng.registry.models import Member, Nominee, ServicePoint
from xianfeng.registry.services.lookups import known, organisations_by_code, unit_and_party


@dataclass(frozen=True)
class ServicePointData:
    """A service point; unit and party organisation by code."""

    code: str
    name: str
    kind: str
    unit: str
    party_organisation: str
    staff_count: int = 0
    member_count: int = 0
    leader_is_member: bool = False
    closed_on: date | None = None


@dataclass(frozen=True)
class MemberData:
    """A member; unit and party organisation by code, the sign-in by username where there is one."""

    code: str
    name: str
    post: str
    unit: str
    party_organisation: str
    status: str = "full"
    in_post: bool = True
    username: str = ""
    publication_consent_on: date | None = None


def service_point_save(*, data: ServicePointData, actor: Actor, now: datetime) -> ServicePoint:
    """Register or correct one service point, by code."""
    require(policies.may_keep, actor, None)
    service_points_save(rows=[data], actor=actor, now=now)
    return ServicePoint.objects.get(code=data.code)


def service_points_save(*, rows: Sequence[ServicePointData], actor: Actor, now: datetime) -> Tally:
    """Register or correct many service points by code; each becomes a nominee."""
    organisations = organisations_by_code([one.unit for one in rows] + [one.party_organisation for one in rows])
    found = ServicePoint.objects.select_for_update().order_by("id").filter(code__in=[one.code for one in rows])
    existing = {one.code: one for one in found}
    wanted = [(one.code, _service_point_values(one, organisations)) for one in rows]
    batch = sort_out(existing, wanted, ServicePoint)
    if batch.touches:
        require(policies.may_keep, actor, None)
        batch.write(ServicePoint.objects)
    Nominee.objects.bulk_create(Nominee(kind="service_point", service_point=row) for row in batch.created)
    for row in batch.created:
        journal.record(Event.SERVICE_POINT_ADDED, subject=row, actor=actor, at=now, data={"name": row.name})
    for row, names in batch.changed:
        data = {"name": row.name, "fields": ",".join(names)}
        journal.record(Event.SERVICE_POINT_CHANGED, subject=row, actor=actor, at=now, data=data)
    return batch.tally


def _service_point_values(data: ServicePointData, organisations: dict[str, Organisation]) -> dict[str, object]:
    if data.kind not in words.SERVICE_POINTS:
        raise Invalid(_("没有“%(kind)s”这种服务点。") % {"kind": data.kind})
    if data.member_count > data.staff_count:
        raise Invalid(
            _("“%(name)s”的党员数 %(members)s 多于固定工作人员数 %(staff)s。")
            % {"name": data.name, "members": data.member_count, "staff": data.staff_count},
            _("请核对人数。"),
        )
    unit, party = unit_and_party(organisations, data.unit, data.party_organisation)
    values = {key: value for key, value in vars(data).items() if key not in {"unit", "party_organisation"}}
    return {**values, "unit_id": unit.pk, "party_organisation_id": party.pk}


def member_save(*, data: MemberData, actor: Actor, now: datetime) -> Member:
    """Register or correct one member, by code."""
    require(policies.may_keep, actor, None)
    members_save(rows=[data], actor=actor, now=now)
    return Member.objects.get(code=data.code)


def members_save(*, rows: Sequence[MemberData], actor: Actor, now: datetime) -> Tally:
    """Register or correct many members by code; each becomes a nominee (who may apply is the definition's word)."""
    organisations = organisations_by_code([one.unit for one in rows] + [one.party_organisation for one in rows])
    usernames = {one.username for one in rows if one.username}
    users = {one.username: one for one in User.objects.filter(username__in=usernames)}
    found = Member.objects.select_for_update().order_by("id").filter(code__in=[one.code for one in rows])
    existing = {one.code: one for one in found}
    wanted = [(one.code, _member_values(one, organisations, users)) for one in rows]
    batch = sort_out(existing, wanted, Member)
    if batch.touches:
        require(policies.may_keep, actor, None)
        batch.write(Member.objects)
    Nominee.objects.bulk_create(Nominee(kind="member", member=row) for row in batch.created)
    units = {one.pk: one.name for one in organisations.values()}
    for row in batch.created:
        _record_member(Event.MEMBER_ADDED, row, units[row.unit_id], (), actor, now)
    for row, names in batch.changed:
        _record_member(Event.MEMBER_CHANGED, row, units[row.unit_id], names, actor, now)
    return batch.tally


def _member_values(
    data: MemberData, organisations: dict[str, Organisation], users: dict[str, User]
) -> dict[str, object]:
    if data.status not in words.STATUSES:
        raise Invalid(_("没有“%(status)s”这种党员身份。") % {"status": data.status})
    unit, party = unit_and_party(organisations, data.unit, data.party_organisation)
    left_out = {"unit", "party_organisation", "username"}
    values = {key: value for key, value in vars(data).items() if key not in left_out}
    user_id = known(users, data.username, "用户").pk if data.username else None
    return {**values, "unit_id": unit.pk, "party_organisation_id": party.pk, "user_id": user_id}


def _record_member(event: Event, row: Member, unit: str, names: Iterable[str], actor: Actor, now: datetime) -> None:
    data = {"unit": unit, "fields": ",".join(names)}
    journal.record(event, subject=row, actor=actor, at=now, data=data, personal={"name": row.name, "post": row.post})


def nominee_ensure(
    *,
    organisation_id: int | None = None,
    service_point_id: int | None = None,
    member_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Nominee:
    """The nominee row of a party organisation, service point or member: made once, kept for life.

    No permission is asked: the row gives nobody anything, it only is the thing's identity in cases.
    """
    given = {"organisation": organisation_id, "service_point": service_point_id, "member": member_id}
    chosen = {kind: pk for kind, pk in given.items() if pk is not None}
    if len(chosen) != 1:
        raise Invalid(_("创建对象只能是一个党组织、一个服务点或一名党员。"))
    [(kind, pk)] = chosen.items()
    if kind == "organisation" and not Organisation.objects.parties().filter(pk=pk).exists():
        raise Invalid(_("只有党组织可以作为创建对象，单位不能。"), _("请选择该单位的党组织。"))
    found: dict[str, Any] = {f"{kind}_id": pk}
    row, created = Nominee.objects.get_or_create(kind=kind, **found)
    if created:
        _record_nominee(row, actor, now)
    return row


def nominees_ensure(*, actor: Actor, now: datetime) -> int:
    """Give every party organisation that has none its nominee row; returns how many were made."""
    lacking = Organisation.objects.parties().filter(nominee__isnull=True, closed_on__isnull=True)
    rows = Nominee.objects.bulk_create(Nominee(kind="organisation", organisation=one) for one in lacking)
    for row in rows:
        _record_nominee(row, actor, now)
    return len(rows)


def _record_nominee(row: Nominee, actor: Actor, now: datetime) -> None:
    name = "" if row.kind == "member" else row.name
    journal.record(Event.NOMINEE_ADDED, subject=row, actor=actor, at=now, data={"kind": row.kind, "name": name})
