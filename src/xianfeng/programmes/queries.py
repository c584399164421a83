"""Reads of programmes and rounds."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xianfeng.directory.models import Organisation
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Body, DefinitionVersion, Programme, Round


def current_round(programme: Programme | None = None) -> Round | None:
    """The newest round that is still running, else the newest."""
    rows = Round.objects.select_related("programme", "version")
    if programme is not None:
        rows = rows.filter(programme=programme)
    return rows.filter(state="open").order_by("-year").first() or rows.order_by("-year").first()


def round_for_page(public_id: str) -> Round:
    """A round by its public id, 404 without."""
    row = Round.objects.select_related("programme", "version").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从批次列表进入。")
    return row


def rounds() -> QuerySet[Round]:
    """All rounds, newest first."""
    return Round.objects.select_related("programme", "version").order_by("-year")


def body_organisation(programme: Programme, kind: str) -> Organisation | None:
    """The organisation that plays a part."""
    row = Body.objects.filter(programme=programme, kind=kind).select_related("organisation").first()
    return row.organisation if row else None


def choose_round(asked: str) -> Round | None:
    """The round named in an address (``?round=<public id>``), else the current one."""
    if asked:
        row = Round.objects.select_related("programme", "version").filter(public_id=asked).first()
        if row is not None:
            return row
    return current_round()


def bodies(programme: Programme) -> list[tuple[str, Body | None]]:
    """Every body the newest definition names and who plays it, None where nobody does."""
    version = programme.versions.filter(state="published").order_by("-number").first()
    played = {one.kind: one for one in programme.bodies.select_related("organisation")}
    if version is None:
        return list(played.items())
    return [(one.title, played.get(one.code)) for one in version.definition.bodies]


def years_to_open(programme: Programme) -> tuple[DefinitionVersion | None, list[int]]:
    """The newest published version, and the years it knows that have no round yet."""
    version = programme.versions.filter(state="published").order_by("-number").first()
    if version is None:
        return None, []
    taken = set(Round.objects.filter(programme=programme).values_list("year", flat=True))
    return version, [one.year for one in version.definition.rounds if one.year not in taken]


@dataclass(frozen=True)
class Places:
    """One tier's places by category, as the definition gives them for a year."""

    tier: str
    counts: list[int]

    @property
    def total(self) -> int:
        """Over all categories."""
        return sum(self.counts)


def quota_table(row: Round) -> tuple[list[str], list[Places]]:
    """Category titles, and the places of each tier."""
    definition = row.version.definition
    lines = [
        Places(tier.title, [definition.quota(tier.code, one.code, row.year) for one in definition.categories])
        for tier in definition.tiers
    ]
    return [one.title for one in definition.categories], lines
