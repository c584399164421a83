"""The conduct ledger: report, confirm, refute; many at once for the import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally, sort_out
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.registry import policies, rules, words
from xianfeng.registry.events import Event
from xianfeng.registry.models import ConductRecord, Member, Project, ServicePoint
from xianfeng.registry.services.lookups import known, organisations_by_code

Subject = Organisation | ServicePoint | Member
SUBJECTS = {"organisation": "单位或党组织", "service_point": "服务点", "member": "党员"}


@dataclass(frozen=True)
class ConductData:
    """One fact: about an organisation, service point or member (``subject_kind``, by code), perhaps on a project."""

    kind: str
    title: str
    subject_kind: str
    subject: str
    happened_on: date
    project: str = ""
    valid_until: date | None = None
    level: str = ""
    grade: str = ""
    result: str = ""
    stars: int | None = None
    tags: tuple[str, ...] = ()
    issuer: str = ""
    document_no: str = ""
    rectified_on: date | None = None
    state: str = "confirmed"


def conduct_record_add(*, data: ConductData, actor: Actor, now: datetime) -> ConductRecord:
    """Write down a fact: those who keep the ledger may enter it as confirmed, a unit may report its own."""
    rows = _Rows([data])
    require(policies.may_report, actor, rows.tied_to(data, clock.local_day(now)))
    if data.state == "confirmed":
        require(policies.may_keep, actor, None)
    if rows.key(data) in rows.existing:
        raise Conflict(_("同一对象同一天的这件事已经在台账上。"), _("请直接打开已有的记录。"))
    values = rows.values(data)
    row = ConductRecord.objects.create(**values)
    _record_new(row, rows.subject(data), actor, now)
    return row


def conduct_records_save(*, rows: Sequence[ConductData], actor: Actor, now: datetime) -> Tally:
    """Enter many facts; the same fact (kind, title, subject, day, project) is corrected, not entered twice."""
    found = _Rows(rows)
    wanted = [(found.key(one), found.values(one)) for one in rows]
    for key, values in wanted:
        if key in found.existing:
            del values["state"]  # confirming is an act of its own, and an import never undoes one
    batch = sort_out(found.existing, wanted, ConductRecord)
    if not batch.touches:
        return batch.tally
    require(policies.may_keep, actor, None)
    batch.write(ConductRecord.objects)
    for row in batch.created:
        _record_new(row, found.subject_of(row), actor, now)
    for row, names in batch.changed:
        _record(Event.CONDUCT_CHANGED, row, found.subject_of(row), actor, now, fields=",".join(names))
    return batch.tally


def conduct_confirm(*, record_id: int, actor: Actor, now: datetime) -> ConductRecord:
    """Say that a reported fact is true; floors above may open a reassessment for it."""
    row = _reported(record_id, actor)
    row.state = "confirmed"
    row.save(update_fields=["state"])
    _record(Event.CONDUCT_CONFIRMED, row, row.subject, actor, now)
    return row


def conduct_refute(*, record_id: int, reason: str, actor: Actor, now: datetime) -> ConductRecord:
    """Say that a reported fact is not true; it stays on the ledger as refuted."""
    if not reason.strip():
        raise Invalid(_("请说明不属实的理由。"))
    row = _reported(record_id, actor)
    row.state = "refuted"
    row.save(update_fields=["state"])
    _record(Event.CONDUCT_REFUTED, row, row.subject, actor, now, reason=reason)
    return row


def conduct_withdraw(*, record_id: int, reason: str, actor: Actor, now: datetime) -> ConductRecord:
    """Take back a fact confirmed by mistake: it stays on the ledger as refuted and proves nothing any more.

    What it set going meanwhile (a reassessment) is ended by the body that decides it, not by this act.
    """
    if not reason.strip():
        raise Invalid(_("请说明撤销核实的理由。"), _("理由记入留痕。"))
    row = _for_update(record_id, actor)
    if row.state != "confirmed":
        raise Conflict(
            _("这条记录不是已核实的，现为“%(state)s”。") % {"state": row.get_state_display()}, _("请刷新页面查看。")
        )
    row.state = "refuted"
    row.save(update_fields=["state"])
    _record(Event.CONDUCT_WITHDRAWN, row, row.subject, actor, now, reason=reason)
    return row


def _for_update(record_id: int, actor: Actor) -> ConductRecord:
    require(policies.may_keep, actor, None)
    row = ConductRecord.objects.select_for_update().filter(pk=record_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这条台账记录。"), _("请从诚信台账进入。"))
    return row


def _reported(record_id: int, actor: Actor) -> ConductRecord:
    row = _for_update(record_id, actor)
    if row.state != "reported":
        raise Conflict(
            _("这条记录已经核实过了，结果是“%(state)s”。") % {"state": row.get_state_display()}, _("请刷新页面查看。")
        )
    return row


def _record_new(row: ConductRecord, subject: Subject, actor: Actor, now: datetime) -> None:
    # Entered as confirmed is confirmed: whoever subscribes to the one must hear of the other.
    event = Event.CONDUCT_CONFIRMED if row.state == "confirmed" else Event.CONDUCT_REPORTED
    _record(event, row, subject, actor, now)


def _record(
    event: Event, row: ConductRecord, subject: Subject, actor: Actor, now: datetime, reason: str = "", **more: Any
) -> None:
    data = {
        "kind": row.get_kind_display(),
        "subject_id": subject.public_id,
        "happened_on": row.happened_on,
        **more,
    }
    # What happened may name somebody, and often does where the fact is about a member.
    personal = {"title": row.title, "reason": reason.strip()}
    journal.record(event, subject=row, actor=actor, at=now, data=data, personal=personal)


class _Rows:
    """Everything the given facts refer to, loaded in a fixed number of queries."""

    def __init__(self, rows: Sequence[ConductData]) -> None:
        self.organisations = organisations_by_code(_codes(rows, "organisation"))
        points = ServicePoint.objects.filter(code__in=_codes(rows, "service_point"))
        self.points = {one.code: one for one in points}
        self.members = {one.code: one for one in Member.objects.filter(code__in=_codes(rows, "member"))}
        self.projects = {one.code: one for one in Project.objects.filter(code__in={one.project for one in rows})}
        self._ids: dict[str, dict[int, Subject]] = {}
        days = {one.happened_on for one in rows}
        # Locked without joins; the day narrows it enough, and the key decides.
        found = ConductRecord.objects.select_for_update().filter(happened_on__in=days).order_by("id")
        self.existing = {
            (
                one.kind,
                one.title,
                one.organisation_id,
                one.service_point_id,
                one.member_id,
                one.project_id,
                one.happened_on,
            ): one
            for one in found
        }

    def subject(self, data: ConductData) -> Subject:
        """Whom a fact is about."""
        if data.subject_kind == "organisation":
            return known(self.organisations, data.subject, SUBJECTS["organisation"])
        if data.subject_kind == "service_point":
            return known(self.points, data.subject, SUBJECTS["service_point"])
        if data.subject_kind == "member":
            return known(self.members, data.subject, SUBJECTS["member"])
        raise Invalid(_("没有“%(kind)s”这种对象。") % {"kind": data.subject_kind})

    def project(self, data: ConductData) -> Project | None:
        """The project a fact is about, if any."""
        return known(self.projects, data.project, "工程项目") if data.project else None

    def key(self, data: ConductData) -> tuple[Any, ...]:
        """What makes two facts the same."""
        subject, project = self.subject(data), self.project(data)
        places = [subject.pk if data.subject_kind == kind else None for kind in SUBJECTS]
        return (data.kind, data.title, *places, project.pk if project else None, data.happened_on)

    def values(self, data: ConductData) -> dict[str, Any]:
        """The row's fields; refuses what the gates could not use."""
        if data.kind not in words.FACTS:
            raise Invalid(_("没有“%(kind)s”这种事实。") % {"kind": data.kind})
        if strange := [one for one in data.tags if one not in words.TAGS]:
            raise Invalid(_("没有“%(tag)s”这种标签。") % {"tag": strange[0]})
        fault = rules.conduct_fault(data.kind, level=data.level, grade=data.grade, result=data.result, stars=data.stars)
        if fault:
            raise Invalid(f"“{data.title}”：{fault}。")
        left_out = {"subject_kind", "subject", "project"}
        values = {key: value for key, value in vars(data).items() if key not in left_out}
        return {
            **values,
            "tags": list(data.tags),
            f"{data.subject_kind}_id": self.subject(data).pk,
            "project_id": project.pk if (project := self.project(data)) else None,
        }

    def subject_of(self, row: ConductRecord) -> Subject:
        """Whom a stored row is about, without asking the database again."""
        for kind, subjects in (
            ("organisation", self.organisations),
            ("service_point", self.points),
            ("member", self.members),
        ):
            if (pk := getattr(row, f"{kind}_id")) is not None:
                return self._by_id(kind, subjects)[pk]
        raise LookupError(row.pk)  # the check constraint's word

    def _by_id(self, kind: str, subjects: Mapping[str, Subject]) -> dict[int, Subject]:
        if kind not in self._ids:
            self._ids[kind] = {one.pk: one for one in subjects.values()}
        return self._ids[kind]

    def tied_to(self, data: ConductData, on: date) -> set[int]:
        """Organisations whose own affair a fact is: the unit and its party organisations."""
        subject = self.subject(data)
        if isinstance(subject, Organisation):
            unit = directory.unit_of(subject, on).pk
            return {subject.pk, unit} | directory.party_ids_of_unit(unit, on)
        own = {subject.unit_id, subject.party_organisation_id}
        return own | directory.party_ids_of_unit(subject.unit_id, on)


def _codes(rows: Sequence[ConductData], kind: str) -> set[str]:
    return {one.subject for one in rows if one.subject_kind == kind}
