"""A small world for tests: the shipped programme with a 2019 round, its bodies, two units and the people in them.

Nothing random, nothing hidden: every row a test may rely on is an attribute of ``World``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.factories.kept import kept
from xianfeng.directory.models import Appointment, Organisation, Relation, User
from xianfeng.directory.queries import actor_for
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes import rules
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.models import Body, DefinitionVersion, Programme, Round, RoundStage
from xianfeng.registry.models import ConductRecord, Member, Nominee, ServicePoint

SINCE = date(2018, 1, 1)
BODIES = ("working_group", "office", "leading_group", "comprehensive_group", "secretariat")


def day_in_stage(row: Round, code: str) -> datetime:
    """Ten o'clock on the third day of a stage of a round."""
    stage = row.stages.get(code=code)
    first = stage.starts_on
    return clock.instant(date(first.year, first.month, first.day), 10)


@dataclass
class World:
    """What stands in the small world."""

    programme: Programme
    version: DefinitionVersion
    round: Round
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    service_points: dict[str, ServicePoint] = field(default_factory=dict)
    nominees: dict[str, Nominee] = field(default_factory=dict)

    def actor(self, username: str, on: date = date(2019, 10, 8)) -> Actor:
        """The actor a user is on a day."""
        return actor_for(self.users[username], on)

    def organisation(self, code: str, kind: str, name: str, **relations: str) -> Organisation:
        """An organisation; ``superior=``, ``unit=``, ``membership=`` name the codes it is tied to."""
        row = Organisation.objects.create(code=code, kind=kind, name=name)
        self.organisations[code] = row
        for relation, target in relations.items():
            Relation.objects.create(kind=relation, organisation=row, target=self.organisations[target], since=SINCE)
        return row

    def user(self, username: str, organisation: str = "", duty: str = "staff", name: str = "") -> User:
        """A user (password ``pass-word-1``) with one appointment."""
        row = User.objects.create_user(username, "pass-word-1", name=name or f"示例{username}")
        self.users[username] = row
        if organisation:
            self.appoint(username, organisation, duty)
        return row

    def appoint(self, username: str, organisation: str, duty: str = "staff") -> Appointment:
        """One more appointment for a user."""
        return Appointment.objects.create(
            user=self.users[username], organisation=self.organisations[organisation], duty=duty, since=SINCE
        )

    def member(self, code: str, party: str, unit: str, **more: object) -> Member:
        """A full member in post, with the nominee row."""
        row = Member.objects.create(
            code=code,
            name=f"示例{code}",
            post="质量监督员",
            unit=self.organisations[unit],
            party_organisation=self.organisations[party],
            **{"publication_consent_on": date(2019, 1, 2), **more},
        )
        self.members[code] = row
        self.nominees[code] = Nominee.objects.create(kind="member", member=row)
        return row

    def service_point(self, code: str, party: str, unit: str) -> ServicePoint:
        """A window with five people, two of them members, led by one."""
        row = ServicePoint.objects.create(
            code=code,
            name=f"{code}报监窗口（示例）",
            kind="window",
            unit=self.organisations[unit],
            party_organisation=self.organisations[party],
            staff_count=5,
            member_count=2,
            leader_is_member=True,
        )
        self.service_points[code] = row
        self.nominees[code] = Nominee.objects.create(kind="service_point", service_point=row)
        return row

    def party_nominee(self, code: str) -> Nominee:
        """The nominee row of a party organisation."""
        self.nominees[code] = Nominee.objects.create(kind="organisation", organisation=self.organisations[code])
        return self.nominees[code]

    def fact(self, kind: str, title: str, happened_on: date, **more: object) -> ConductRecord:
        """A confirmed conduct record."""
        return ConductRecord.objects.create(kind=kind, title=title, happened_on=happened_on, state="confirmed", **more)


@kept
def world(year: int = 2019, source: str = "") -> World:
    """Build it: superiors, one station, one company, five bodies, a user in each, three nominees a side."""
    source = source or shipped_source("zhishui-guanhai-2019")
    definition = rules.load(source)
    programme = Programme.objects.create(code=definition.code, title=definition.title)
    version = DefinitionVersion.objects.create(
        programme=programme,
        number=1,
        source=source,
        content_hash=rules.content_hash(definition),
        state="published",
        published_at=clock.instant(date(2019, 1, 2)),
    )
    made = World(programme=programme, version=version, round=open_round(version, year))
    _organisations(made)
    _people(made)
    for side in ("st", "co"):
        made.party_nominee(f"{side}-branch")
        made.service_point(f"{side}-window", f"{side}-branch", f"{side}-unit")
        made.member(f"{side}-member", f"{side}-branch", f"{side}-unit")
    return made


def open_round(version: DefinitionVersion, year: int) -> Round:
    """A running round with the definition's stage dates."""
    plan = version.definition.round(year)
    row = Round.objects.create(
        programme=version.programme,
        version=version,
        year=year,
        title=f"{year}年度创建",
        opened_at=clock.instant(date(year, 1, 5)),
    )
    RoundStage.objects.bulk_create(
        RoundStage(
            round=row,
            code=stage.code,
            title=stage.title,
            position=position,
            starts_on=plan.stages[stage.code].since,
            ends_on=plan.stages[stage.code].until,
        )
        for position, stage in enumerate(version.definition.stages)
        if stage.code in plan.stages
    )
    return row


def _organisations(made: World) -> None:
    made.organisation("top", "party_committee", "示例市水务系统机关党委")
    made.organisation("assoc", "association", "示例水利工程协会")
    made.organisation("st-unit", "station", "示例区安质监站")
    made.organisation("st-committee", "party_committee", "示例区水务局党委", superior="top")
    made.organisation("st-branch", "party_branch", "示例区安质监站党支部", superior="st-committee", unit="st-unit")
    made.organisation("co-unit", "company", "示例水利建设公司", membership="assoc")
    made.organisation("co-committee", "party_committee", "示例水利建设公司党委", superior="top", unit="co-unit")
    made.organisation(
        "co-branch", "party_branch", "示例水利建设公司第一党支部", superior="co-committee", unit="co-unit"
    )
    for kind in BODIES:
        if kind == "secretariat":
            organisation = made.organisations["assoc"]
        else:
            organisation = made.organisation(kind, "body", made.version.definition.body(kind).title)
        made.bodies[kind] = Body.objects.create(
            programme=made.programme, kind=kind, title=organisation.name, organisation=organisation
        )


def _people(made: World) -> None:
    made.user("st_staff", "st-branch")
    made.user("co_staff", "co-branch")
    made.user("st_superior", "st-committee", "secretary")
    made.user("co_superior", "co-committee", "secretary")
    made.user("top_user", "top", "secretary")
    for username, body in (
        ("worker", "working_group"),
        ("worker2", "working_group"),
        ("officer", "office"),
        ("officer2", "office"),
        ("leader", "leading_group"),
        ("city", "comprehensive_group"),
    ):
        made.user(username, body, "member")
    made.user("secretariat", "assoc", "staff")
    made.organisation("ops", "body", "示例平台运维")
    for duty in ("system_admin", "security_admin", "audit_admin"):
        made.user(duty, "ops", duty)
    for number in range(1, 6):
        made.user(f"expert{number}")
