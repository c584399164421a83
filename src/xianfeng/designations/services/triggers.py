"""A fact confirmed in the conduct ledger opens a reassessment where the definition says so, in the same transaction."""

from django.db.models import Q

from xianfeng import journal
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.designations.queries.life import newest_version
from xianfeng.designations.services import access
from xianfeng.designations.services.reassessing import open_reassessment
from xianfeng.directory.models import Organisation, holds_on
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.sheets import chinese_date
from xianfeng.programmes.models import DefinitionVersion
from xianfeng.programmes.rules.facts import Fact
from xianfeng.programmes.rules.gates import triggered_by
from xianfeng.registry.models import ConductRecord, ProjectParty

PROJECT_ROLES = {"supervises": "project_supervised", "takes_part": "project_taking_part"}


def on_conduct_confirmed(happened: journal.Occurrence) -> None:
    """Subscriber to the ledger: look through the held titles the fact concerns."""
    record = happened.subject
    if not isinstance(record, ConductRecord):
        return
    today = clock.local_day(happened.at)
    for designation_id, abouts in concerned(record).items():
        designation = access.designation_for_update(designation_id)
        definition = newest_version(designation.programme).definition
        if designation.state not in rules.LIVE or designation.tier not in definition.title_life.applies_to:
            continue
        codes = (triggered_by(definition, fact_of(record, about), on=today) for about in sorted(abouts))
        code = next((one for one in codes if one), None)
        if code is None:
            continue
        if rules.moved(designation.state, "reassess") is None:
            journal.record(
                Event.TRIGGER_NOTED,
                subject=designation,
                actor=SYSTEM,
                at=happened.at,
                data={"record": record.public_id, "trigger": code},
            )
            continue
        title = next(one.title for one in definition.title_life.triggers if one.code == code)
        reason = f"{title}：{record.title}（{chinese_date(record.happened_on)}）"
        open_reassessment(designation=designation, trigger="triggered", reason=reason, actor=SYSTEM, now=happened.at)


def on_renamed(happened: journal.Occurrence) -> None:
    """Subscriber to the directory: a titled organisation's new name is a line in the title's history."""
    row = happened.subject
    if not isinstance(row, Organisation):
        return
    old, new = happened.data.get("old", ""), happened.data.get("name", row.name)
    for title in Designation.objects.filter(nominee__organisation=row, state__in=rules.LIVE):
        access.history_add(
            designation=title,
            kind="renamed",
            on=clock.local_day(happened.at),
            now=happened.at,
            text=f"“{old}”更名为“{new}”",
        )


def on_published(happened: journal.Occurrence) -> None:
    """Subscriber to programmes: a new definition may set other dates, so the timer looks at every held title again."""
    row = happened.subject
    if isinstance(row, DefinitionVersion):
        held = Designation.objects.filter(programme=row.programme_id, state__in=rules.LIVE)
        held.update(attend_on=clock.local_day(happened.at))


def concerned(record: ConductRecord) -> dict[int, set[str]]:
    """Held titles a record speaks of, and through what: the unit, the nominee itself, its service point, a project."""
    live = Designation.objects.filter(state__in=rules.LIVE)
    found: dict[int, set[str]] = {}

    def note(where: Q, *abouts: str) -> None:
        for pk in live.filter(where).values_list("pk", flat=True):
            found.setdefault(pk, set()).update(abouts)

    if record.organisation_id:
        note(Q(unit_id=record.organisation_id), "unit")
        note(Q(nominee__organisation_id=record.organisation_id), "nominee")
    elif record.service_point_id:
        note(Q(nominee__service_point_id=record.service_point_id), "nominee", "service_point")
    else:
        note(Q(nominee__member_id=record.member_id), "nominee")
    if record.project_id:
        parties = ProjectParty.objects.filter(holds_on(record.happened_on), project_id=record.project_id)
        for party in parties:
            note(_through(party), PROJECT_ROLES[party.role])
    return dict(sorted(found.items()))


def _through(party: ProjectParty) -> Q:
    """A project concerns the unit's party organisations, and the service point or member named in its part."""
    where = Q(unit_id=party.unit_id, nominee__kind="organisation")
    if party.service_point_id:
        where |= Q(nominee__service_point_id=party.service_point_id)
    if party.member_id:
        where |= Q(nominee__member_id=party.member_id)
    return where


def fact_of(record: ConductRecord, about: str) -> Fact:
    """The record as the definition's rules see it."""
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
        rectified=record.rectified_on is not None,
    )
