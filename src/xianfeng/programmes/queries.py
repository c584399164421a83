"""Reads of programmes and rounds."""

from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from xianfeng.directory.models import Organisation, Relation, holds_on
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Body, DefinitionVersion, Programme, Round
from xianfeng.programmes.rules import Definition
from xianfeng.programmes.rules.parts import players


def added_words() -> dict[str, dict[str, str]]:
    """Words that published definitions add to the house's own, sort → code → word; a newer version's word counts."""
    found: dict[str, dict[str, str]] = {}
    rows = DefinitionVersion.objects.filter(state="published").order_by("published_at", "pk")
    try:
        read = list(rows.values_list("words", flat=True))
    except DatabaseError:  # the workbook's template can be had before there is a database
        return found
    for added in read:
        for sort, table in added.items():
            found.setdefault(sort, {}).update(table)
    return found


def current_round(programme: Programme | None = None) -> Round | None:
    """The newest round that is still running, else the newest."""
    rows = rounds() if programme is None else rounds().filter(programme=programme)
    return rows.filter(state="open").first() or rows.first()


def round_for_page(public_id: str) -> Round:
    """A round by its public id, 404 without."""
    row = Round.objects.select_related("programme", "version").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从批次列表进入。")
    return row


def rounds() -> QuerySet[Round]:
    """All rounds, newest first."""
    return Round.objects.select_related("programme", "version").order_by("-year", "-opened_at", "-pk")


def body_organisation(programme: Programme, kind: str) -> Organisation | None:
    """The organisation that plays a part."""
    row = Body.objects.filter(programme=programme, kind=kind).select_related("organisation").first()
    return row.organisation if row else None


def round_or_none(public_id: str) -> Round | None:
    """The round named in an address (``?round=<public id>``)."""
    if not public_id:
        return None
    return Round.objects.select_related("programme", "version").filter(public_id=public_id).first()


def open_rounds() -> list[Round]:
    """Rounds that run now, in whatever programme, newest first."""
    return list(rounds().filter(state="open"))


def newest_rounds() -> list[Round]:
    """Of each programme the round that runs, else its newest: what the public chooses between."""
    found: dict[int, Round] = {}
    for row in sorted(rounds(), key=lambda one: one.state != "open"):
        found.setdefault(row.programme_id, row)
    return list(found.values())


def unit_kinds(organisation_ids: set[int], on: date) -> set[str]:
    """Kinds of these organisations and of the units they belong to on a day."""
    tied = Relation.objects.filter(holds_on(on), kind="unit", organisation_id__in=organisation_ids)
    found = Organisation.objects.filter(Q(pk__in=organisation_ids) | Q(pk__in=tied.values("target_id")))
    return set(found.values_list("kind", flat=True))


PART_WORDS = {
    "working_group": "启动批次、组织评审、指导推进、制发牌证",
    "office": "受理异议、复评确认、暂停和撤销、作废批次",
    "leading_group": "查看全部申报和评审排名",
    "comprehensive_group": "查看全部申报和评审排名",
}


@dataclass(frozen=True)
class Seat:
    """A body of a programme: who plays it today, before and from a later day on; what it may do in the system."""

    code: str
    title: str
    duties: str
    powers: str
    terms: list[Body]  # latest first
    today: Body | None

    @property
    def others(self) -> list[Body]:
        """Terms that are over or yet to come."""
        return [one for one in self.terms if one != self.today]


def bodies(programme: Programme, version: DefinitionVersion | None = None) -> list[Seat]:
    """Every body that the version (the newest published, or else the newest) names, and who plays it."""
    version = version or programme.versions.order_by("-state", "-number").first()  # "published" after "draft"
    terms: dict[str, list[Body]] = {}
    for one in Body.terms.filter(programme=programme).select_related("organisation").order_by("-since"):
        terms.setdefault(one.kind, []).append(one)
    if version is None:
        return []
    definition, today = version.definition, clock.today()
    plays: dict[str, list[str]] = {}
    for part, code in players(definition).items():
        plays.setdefault(code, []).append(PART_WORDS[part])
    return [
        Seat(
            code=one.code,
            title=one.title,
            duties="、".join(one.duties),
            powers="；".join(dict.fromkeys(plays.get(one.code, ()))),
            terms=terms.get(one.code, []),
            today=next((row for row in terms.get(one.code, ()) if holds(row, today)), None),
        )
        for one in definition.bodies
    ]


def holds(row: Body, on: date) -> bool:
    """Whether a term holds on a day."""
    return row.since <= on and (row.until is None or row.until >= on)


def possible_players() -> QuerySet[Organisation]:
    """Organisations that may be a body: any that stands, party groups of a few members left out."""
    return Organisation.objects.filter(closed_on__isnull=True).exclude(kind="party_group").order_by("kind", "code")


def programme_for_page(public_id: str) -> Programme:
    """A programme by its public id, 404 without."""
    row = Programme.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这项创建活动。", "请从工作机构页面进入。")
    return row


def years_to_open(programme: Programme) -> tuple[DefinitionVersion | None, list[int]]:
    """The newest published version, and the years it knows that have no round yet."""
    version = programme.versions.filter(state="published").order_by("-number").first()
    if version is None:
        return None, []
    taken = set(Round.objects.filter(programme=programme).values_list("year", flat=True))
    return version, [one.year for one in version.definition.rounds if one.year not in taken]


@dataclass(frozen=True)
class Places:
    """One tier's places by category, as the definition gives them for a year; ``splits`` says whose they are."""

    tier: str
    counts: list[int]
    splits: list[str]

    @property
    def cells(self) -> list[tuple[int, str]]:
        """Places with whose they are ("" where they are not split)."""
        return list(zip(self.counts, self.splits, strict=True))

    @property
    def total(self) -> int:
        """Over all categories."""
        return sum(self.counts)


def quota_table(row: Round) -> tuple[list[str], list[Places]]:
    """Category titles, and the places of each tier."""
    definition = row.version.definition
    lines = [
        Places(
            tier.title,
            [definition.quota(tier.code, one.code, row.year) for one in definition.categories],
            [_split(definition, tier.code, one.code, row.year) for one in definition.categories],
        )
        for tier in definition.tiers
    ]
    return [one.title for one in definition.categories], lines


def _split(definition: Definition, tier: str, category: str, year: int) -> str:
    """``工程站 3，会员 2``; empty where a category's places are not split."""
    pools = [one for one in definition.pools(tier, year) if one.category == category and one.group]
    return "，".join(f"{definition.group(one.group).title} {one.quota}" for one in pools)
