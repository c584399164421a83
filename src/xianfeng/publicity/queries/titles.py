"""名录 and 验证: titles as the public sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from xianfeng.designations import queries as designations
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationEvent
from xianfeng.designations.queries.credentials import Published, published
from xianfeng.designations.rules import HISTORY_KINDS, LIVE
from xianfeng.journal.models import Entry
from xianfeng.journal.queries import short_code
from xianfeng.programmes.models import Programme
from xianfeng.programmes.queries import rounds
from xianfeng.publicity import rules
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries.stories import stories_about
from xianfeng.ui.formats import cn_date

ORDERS = {
    "number": ("number", "id"),
    "-number": ("-number", "id"),
    "year": ("round__year", "number"),
    "-year": ("-round__year", "number"),
    "unit": ("unit_name", "number"),
    "-unit": ("-unit_name", "number"),
}
# Lines whose words were written by an office for a person's case may speak of that person.
SAFE_TEXT = frozenset({"named", "raised"})


@dataclass(frozen=True)
class Plaque:
    """A title as it looks on its plaque."""

    designation: Designation
    name: designations.PublicName
    category: str
    tier: str
    full_title: str
    verdict: rules.Verdict
    grade: str = ""

    @property
    def kind(self) -> str:
        """The category, with the grade where the programme gives one."""
        return "·".join(part for part in (self.category, self.grade) if part)


@dataclass(frozen=True)
class Line:
    """One dated line of a title's public history."""

    on: date
    title: str
    text: str
    kind: str


@dataclass(frozen=True)
class TitlePage:
    """A title with everything the public may know of it."""

    plaque: Plaque
    since: date
    history: list[Line]
    entry: Entry | None
    credential: Published | None = None
    stories: list[Story] = field(default_factory=list)

    @property
    def short_code(self) -> str:
        """The naming's journal entry as certificates print it."""
        return short_code(self.entry) if self.entry else ""

    @property
    def designation(self) -> Designation:
        """The title itself."""
        return self.plaque.designation


@dataclass(frozen=True)
class Choices:
    """What the register can be narrowed by: tiers and categories of one programme, where there are several."""

    programmes: dict[str, str]
    tiers: dict[str, str]
    categories: dict[str, str]
    years: list[int]
    states: dict[str, str]


def plaque(row: Designation) -> Plaque:
    """Draw a title; expects what ``public_register`` joins."""
    definition = row.round.version.definition
    tier = definition.tier(row.tier)
    return Plaque(
        designation=row,
        name=designations.public_name(row),
        category=definition.category(row.category).title,
        tier=tier.title,
        full_title=tier.full_title,
        verdict=rules.VERDICTS[row.state],
        grade=row.grade_title,
    )


def register(filters: Mapping[str, str]) -> QuerySet[Designation]:
    """The public register: ``q tier category year`` as designations filters them, ``state``, ``sort``."""
    rows = designations.public_register(filters)
    if filters.get("state") in LIVE | {"expired"}:
        rows = rows.filter(state=filters["state"])
    return rows.order_by(*ORDERS.get(filters.get("sort", ""), ORDERS["number"]))


def choices(programme: str = "") -> Choices:
    """Of the programmes that have run, or of the one asked for; one query."""
    tiers: dict[str, str] = {}
    categories: dict[str, str] = {}
    years: set[int] = set()
    listed = list(rounds())
    programmes = {one.programme.public_id: one.programme.title for one in listed}
    for one in listed:
        if len(programmes) > 1 and one.programme.public_id != programme:
            if not programme:
                years.add(one.year)
            continue  # codes of several programmes may be the same and mean something else
        definition = one.version.definition
        tiers |= {tier.code: tier.title for tier in definition.tiers}
        categories |= {category.code: category.title for category in definition.categories}
        years.add(one.year)
    states = {code: verdict.word for code, verdict in rules.VERDICTS.items() if verdict.held or code == "expired"}
    return Choices(programmes if len(programmes) > 1 else {}, tiers, categories, sorted(years, reverse=True), states)


def newest(programme: Programme, count: int = 6) -> list[Plaque]:
    """The latest named, of the higher tier first within a day."""
    rows = designations.public_register({}).filter(programme=programme).order_by("-named_on", "-tier", "number")
    return [plaque(one) for one in rows[:count]]


def title_page(code: str, *, with_stories: bool = True) -> TitlePage | None:
    """The title behind a number or public id; None where there is none. Four queries, without stories."""
    found = designations.verification(code) or designations.verification(rules.as_printed(code))
    if found is None:
        return None
    row = found.designation
    return TitlePage(
        plaque=plaque(row),
        since=_since(row, found.history),
        history=[_line(one, row, found.name.withheld) for one in found.history],
        entry=_naming_entry(row),
        credential=published(row),
        stories=stories_about(row) if with_stories else [],
    )


def _line(event: DesignationEvent, row: Designation, withheld: bool) -> Line:
    text = event.text
    if withheld and (event.kind not in SAFE_TEXT or row.holder in text):
        text = ""
    if event.until:
        text = "，".join(part for part in (text, f"影响期至{cn_date(event.until)}") if part)
    return Line(event.happened_on, HISTORY_KINDS[event.kind], text, event.kind)


def _since(row: Designation, shown: list[DesignationEvent]) -> date:
    """Since when the verdict's word holds."""
    if row.ended_on is not None:
        return row.ended_on
    kinds = rules.SINCE.get(row.state)
    if kinds is None:
        return row.named_on
    days = [one.happened_on for one in shown if one.kind in kinds]
    if not days:  # the office's own suspension is no public line of the history
        days = list(row.history.filter(kind__in=kinds).values_list("happened_on", flat=True))
    return days[-1] if days else row.named_on


def _naming_entry(row: Designation) -> Entry | None:
    """The journal entry of the naming: recorded about the case the title came from."""
    found = Entry.objects.filter(subject_type="cases.case", subject_id=row.case.public_id, event=Event.NAMED.value)
    return next(iter(found.order_by()[:1]), None)
