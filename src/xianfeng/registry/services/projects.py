"""Works projects and the units' parts in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Batch, Tally, differing, sort_out
from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.policies import require
from xianfeng.registry import policies, rules
from xianfeng.registry.events import Event
from xianfeng.registry.models import Member, Project, ProjectParty, ServicePoint
from xianfeng.registry.services.lookups import known, organisations_by_code


@dataclass(frozen=True)
class ProjectData:
    """A works project."""

    code: str
    name: str
    started_on: date | None = None
    finished_on: date | None = None


@dataclass(frozen=True)
class ProjectPartyData:
    """A unit's part in a project by codes, perhaps through one service point or member."""

    project: str
    unit: str
    role: str
    service_point: str = ""
    member: str = ""
    since: date = date(2000, 1, 1)
    until: date | None = None


def project_save(
    *,
    code: str,
    name: str,
    started_on: date | None = None,
    finished_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Project:
    """Register or correct one project, by code."""
    require(policies.may_keep, actor, None)
    projects_save(rows=[ProjectData(code, name, started_on, finished_on)], actor=actor, now=now)
    return Project.objects.get(code=code)


def projects_save(*, rows: Sequence[ProjectData], actor: Actor, now: datetime) -> Tally:
    """Register or correct many projects by code."""
    for data in rows:
        if data.started_on and data.finished_on and data.finished_on < data.started_on:
            raise Invalid(_("“%(name)s”的完工日期早于开工日期。") % {"name": data.name}, _("请核对日期。"))
    found = Project.objects.select_for_update().order_by("id").filter(code__in=[one.code for one in rows])
    batch = sort_out({one.code: one for one in found}, ((one.code, vars(one)) for one in rows), Project)
    if batch.touches:
        require(policies.may_keep, actor, None)
        batch.write(Project.objects)
    for row in batch.created:
        journal.record(Event.PROJECT_ADDED, subject=row, actor=actor, at=now, data={"name": row.name})
    for row, names in batch.changed:
        data_part = {"name": row.name, "fields": ",".join(names)}
        journal.record(Event.PROJECT_CHANGED, subject=row, actor=actor, at=now, data=data_part)
    return batch.tally


def project_party_set(*, data: ProjectPartyData, actor: Actor, now: datetime) -> ProjectParty:
    """Write down a unit's part in a project, or correct its days."""
    require(policies.may_keep, actor, None)
    project_parties_set(rows=[data], actor=actor, now=now)
    rows = ProjectParty.objects.filter(project__code=data.project, unit__code=data.unit, role=data.role)
    return rows.latest("id")


def project_parties_set(*, rows: Sequence[ProjectPartyData], actor: Actor, now: datetime) -> Tally:
    """Write down many parts; the same project, unit, role, service point and member are one part."""
    projects = {one.code: one for one in Project.objects.filter(code__in={one.project for one in rows})}
    units = organisations_by_code(one.unit for one in rows)
    points = {one.code: one for one in ServicePoint.objects.filter(code__in={one.service_point for one in rows})}
    members = {one.code: one for one in Member.objects.filter(code__in={one.member for one in rows})}
    held = {
        (one.project_id, one.unit_id, one.role, one.service_point_id, one.member_id): one
        for one in ProjectParty.objects.select_for_update(of=("self",))
        .filter(project__in=list(projects.values()))
        .select_related("project", "unit")
        .order_by("id")
    }
    batch: Batch[ProjectParty] = Batch()
    for data in rows:
        if data.role not in rules.PROJECT_ROLES:
            raise Invalid(_("没有“%(role)s”这种参与方式。") % {"role": data.role})
        project, unit = known(projects, data.project, "工程项目"), known(units, data.unit, "单位")
        point = known(points, data.service_point, "服务点") if data.service_point else None
        member = known(members, data.member, "党员") if data.member else None
        key = (project.pk, unit.pk, data.role, point.pk if point else None, member.pk if member else None)
        values = {"since": data.since, "until": data.until}
        row = held.get(key)
        if row is None:
            row = ProjectParty(project=project, unit=unit, role=data.role, service_point=point, member=member, **values)
            batch.created.append(row)
        elif names := differing(row, values):
            batch.changed.append((row, names))
        else:
            batch.unchanged += 1
    if batch.touches:
        require(policies.may_keep, actor, None)
        batch.write(ProjectParty.objects)
    for row in [*batch.created, *(one for one, _names in batch.changed)]:
        data_part = {"unit": row.unit.name, "unit_id": row.unit.public_id, "role": rules.PROJECT_ROLES[row.role]}
        journal.record(Event.PROJECT_PARTY_SET, subject=row.project, actor=actor, at=now, data=data_part)
    return batch.tally
