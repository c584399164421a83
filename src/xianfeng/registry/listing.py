"""What the registry's pages show, and to whom: who keeps it and the bodies see all, the others their own line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xianfeng.directory import queries as directory
from xianfeng.directory import rules as directory_rules
from xianfeng.directory import words as directory_words
from xianfeng.directory.models import Organisation, Relation, holds_on
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.registry import queries
from xianfeng.registry.models import ConductRecord, Member, Nominee, Project, ProjectParty, ServicePoint
from xianfeng.registry.policies import acts_for_somebody, may_keep


@dataclass(frozen=True)
class Scope:
    """Whose matters somebody sees: everything, or these units and party organisations."""

    everything: bool = False
    keeps: bool = False  # and may change it
    units: frozenset[int] = frozenset()
    parties: frozenset[int] = frozenset()

    @property
    def organisations(self) -> frozenset[int]:
        """Units and party organisations together."""
        return self.units | self.parties


ALL = Scope(everything=True)
KEEPER = Scope(everything=True, keeps=True)


def own_ids(actor: Actor) -> set[int]:
    """Organisations the actor acts for."""
    return {one.organisation_id for one in actor.appointments if one.duty in directory_rules.ACTING_DUTIES}


def scope(actor: Actor, on: date) -> Scope:
    """What an actor sees: keepers and bodies all, a superior its line, an association its members, a unit itself.

    Raises NotPermitted for who acts for nobody.
    """
    require(acts_for_somebody, actor, None)
    if may_keep(actor, None):
        return KEEPER
    own = own_ids(actor)
    kinds = dict(Organisation.objects.filter(pk__in=own).values_list("pk", "kind"))
    if any(kind in directory_words.BODIES for kind in kinds.values()):
        return ALL
    parties = {pk for pk, kind in kinds.items() if directory_words.sort_of(kind) == "party"}
    units = own - parties
    for pk in tuple(parties):
        parties |= directory.below(pk, on)
    for pk, kind in kinds.items():
        if kind == "association":
            units |= directory.members_of_association(pk, on)
    units |= set(_related("organisation_id", parties, "target_id", on))
    parties |= set(_related("target_id", units, "organisation_id", on))
    return Scope(units=frozenset(units), parties=frozenset(parties))


def _related(given: str, ids: Iterable[int], wanted: str, on: date) -> QuerySet[Relation, int]:
    rows = Relation.objects.filter(holds_on(on), kind="unit", **{f"{given}__in": set(ids)})
    return rows.values_list(wanted, flat=True)


# --- nominees -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NomineeFilter:
    """The list's filters, as they stand in the address."""

    kind: str = "organisation"
    q: str = ""
    unit: str = ""
    party: str = ""
    sub: str = ""  # party kind, service point kind or member status
    state: str = ""


KINDS = {"organisation": "党组织", "service_point": "服务点", "member": "党员"}


def nominees_seen(seen: Scope) -> Q:
    """Nominees within a scope."""
    if seen.everything:
        return Q()
    return (
        Q(organisation_id__in=seen.parties)
        | Q(service_point__unit_id__in=seen.units)
        | Q(service_point__party_organisation_id__in=seen.parties)
        | Q(member__unit_id__in=seen.units)
        | Q(member__party_organisation_id__in=seen.parties)
    )


def nominees(asked: NomineeFilter, seen: Scope, on: date) -> QuerySet[Nominee]:
    """Nominees of one kind, narrowed."""
    rows = queries.nominees().filter(nominees_seen(seen), kind=asked.kind).order_by(f"{asked.kind}__code")
    name = asked.kind
    if asked.q:
        words = Q(**{f"{name}__name__icontains": asked.q}) | Q(**{f"{name}__code__icontains": asked.q})
        rows = rows.filter(words | Q(member__post__icontains=asked.q) if name == "member" else words)
    if asked.unit:
        rows = rows.filter(_of_unit(name, asked.unit, on))
    if asked.party:
        path = "organisation" if name == "organisation" else f"{name}__party_organisation"
        rows = rows.filter(**{f"{path}__public_id": asked.party})
    if asked.sub:
        rows = rows.filter(**{f"{name}__{'status' if name == 'member' else 'kind'}": asked.sub})
    return rows if asked.state == "all" else rows.filter(_standing(name, on))


def _of_unit(kind: str, unit: str, on: date) -> Q:
    if kind != "organisation":
        return Q(**{f"{kind}__unit__public_id": unit})
    rows = Relation.objects.filter(holds_on(on), kind="unit", target__public_id=unit)
    return Q(organisation_id__in=rows.values("organisation_id"))


def _standing(kind: str, on: date) -> Q:
    if kind == "member":
        return Q(member__in_post=True)
    return Q(**{f"{kind}__closed_on__isnull": True}) | Q(**{f"{kind}__closed_on__gt": on})


def units_of_parties(party_ids: Iterable[int], on: date) -> dict[int, Organisation]:
    """The unit of each of these party organisations on a day, in one query."""
    rows = Relation.objects.filter(holds_on(on), kind="unit", organisation_id__in=set(party_ids))
    return {one.organisation_id: one.target for one in rows.select_related("target").order_by("since")}


def unit_choices(seen: Scope) -> list[Organisation]:
    """Units to filter by: those in scope."""
    rows = Organisation.objects.units().filter(closed_on__isnull=True)
    return list(rows if seen.everything else rows.filter(pk__in=seen.units))


def party_choices(seen: Scope) -> list[Organisation]:
    """Party organisations to filter by: those in scope."""
    rows = Organisation.objects.parties().filter(closed_on__isnull=True)
    return list(rows if seen.everything else rows.filter(pk__in=seen.parties))


def lacking_nominees() -> int:
    """Party organisations that are not nominees yet."""
    return Organisation.objects.parties().filter(nominee__isnull=True, closed_on__isnull=True).count()


def nominee_for_page(public_id: str, seen: Scope) -> Nominee:
    """A nominee in scope, 404 otherwise."""
    row = queries.nominees().filter(nominees_seen(seen), public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个创建对象。", "请从创建对象列表进入。")
    return row


def conduct_of(nominee: Nominee, unit: Organisation, on: date) -> QuerySet[ConductRecord]:
    """Facts about a nominee, and for a party organisation those about its unit."""
    about = Q(**{f"{nominee.kind}_id": nominee.subject.pk})
    if nominee.kind == "organisation":
        about |= Q(organisation_id=unit.pk)
    return queries.ledger().filter(about)


def parts_of(nominee: Nominee, unit: Organisation) -> QuerySet[ProjectParty]:
    """Projects of a nominee: its own parts, or those of the unit for a party organisation."""
    rows = parts()
    if nominee.service_point_id:
        return rows.filter(service_point_id=nominee.service_point_id)
    if nominee.member_id:
        return rows.filter(member_id=nominee.member_id)
    return rows.filter(unit_id=unit.pk, service_point__isnull=True, member__isnull=True)


# --- the ledger -----------------------------------------------------------------------------------------------


def ledger_seen(seen: Scope) -> Q:
    """Facts within a scope."""
    if seen.everything:
        return Q()
    return (
        Q(organisation_id__in=seen.organisations)
        | Q(service_point__unit_id__in=seen.units)
        | Q(service_point__party_organisation_id__in=seen.parties)
        | Q(member__unit_id__in=seen.units)
        | Q(member__party_organisation_id__in=seen.parties)
    )


def record_for_page(public_id: str, seen: Scope) -> ConductRecord:
    """A fact in scope, 404 otherwise."""
    rows = queries.ledger().select_related("service_point__unit", "member__unit")
    row = rows.filter(ledger_seen(seen), public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这条台账记录。", "请从诚信台账进入。")
    return row


@dataclass(frozen=True)
class Subject:
    """Somebody a fact may be about: the ledger's kind and code, and a name for the drop-down."""

    kind: str
    code: str
    name: str

    @property
    def value(self) -> str:
        """As it stands in the form."""
        return f"{self.kind}:{self.code}"


def home_of(row: Organisation, on: date) -> Organisation:
    """The unit of an organisation, or itself where it has none: what a report is filed under."""
    return directory.unit_of(row, on)


def homes(actor: Actor, on: date) -> list[Organisation]:
    """The units (or party organisations without a unit) the actor may report for as their own."""
    found = {home_of(one, on).pk: home_of(one, on) for one in Organisation.objects.filter(pk__in=own_ids(actor))}
    return [one for one in found.values() if one.kind not in directory_words.BODIES]


def subjects_of(home: Organisation, on: date) -> dict[str, list[Subject]]:
    """Everybody and everything of a unit, grouped for a drop-down."""
    party_ids = directory.party_ids_of_unit(home.pk, on)
    parties = Organisation.objects.filter(pk__in=party_ids, closed_on__isnull=True)
    around = Q(unit=home) | Q(party_organisation_id__in=party_ids | {home.pk})
    points = ServicePoint.objects.filter(around, closed_on__isnull=True)
    members = Member.objects.filter(around, in_post=True)
    own = "单位" if not home.is_party else "党组织"
    groups = {own: [Subject("organisation", home.code, home.name)]}
    groups.setdefault("党组织", []).extend(Subject("organisation", one.code, one.name) for one in parties)
    groups["服务点"] = [Subject("service_point", one.code, one.name) for one in points]
    groups["党员"] = [Subject("member", one.code, f"{one.name}（{one.post}）") for one in members]
    return {name: rows for name, rows in groups.items() if rows}


def years(rows: QuerySet[ConductRecord]) -> list[int]:
    """Years facts fall in, latest first."""
    return [one.year for one in rows.order_by().dates("happened_on", "year", order="DESC")]


# --- projects -------------------------------------------------------------------------------------------------


def parts() -> QuerySet[ProjectParty]:
    """Parts in projects with what their lines show."""
    return ProjectParty.objects.select_related("project", "unit", "service_point", "member")


def projects_seen(seen: Scope) -> Q:
    """Projects a unit in scope has a part in."""
    if seen.everything:
        return Q()
    return Q(pk__in=ProjectParty.objects.filter(unit_id__in=seen.units).values("project_id"))


def projects(q: str, unit: str, role: str, seen: Scope) -> QuerySet[Project]:
    """Projects, narrowed."""
    rows = Project.objects.filter(projects_seen(seen))
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(code__icontains=q))
    if unit or role:
        some = ProjectParty.objects.all()
        some = some.filter(unit__public_id=unit) if unit else some
        some = some.filter(role=role) if role else some
        rows = rows.filter(pk__in=some.values("project_id"))
    return rows


def units_of_projects(ids: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    """For each project the units in each role, in one query."""
    found: dict[int, dict[str, list[str]]] = {}
    for row in ProjectParty.objects.filter(project_id__in=set(ids)).select_related("unit"):
        names = found.setdefault(row.project_id, {}).setdefault(row.role, [])
        if row.unit.label not in names:
            names.append(row.unit.label)
    return found


def facts_of_projects(ids: Iterable[int]) -> dict[int, int]:
    """For each project how many facts of the ledger name it (those found untrue left out)."""
    rows = ConductRecord.objects.filter(project_id__in=set(ids)).exclude(state="refuted")
    return dict(Counter(pk for pk in rows.values_list("project_id", flat=True) if pk is not None))


def project_for_page(public_id: str, seen: Scope) -> Project:
    """A project in scope, 404 otherwise."""
    row = Project.objects.filter(projects_seen(seen), public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个工程项目。", "请从工程项目列表进入。")
    return row
