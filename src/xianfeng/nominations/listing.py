"""Lists of 自荐验收: a party organisation's own nominees and cases, and the offices' list of all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q, QuerySet

from xianfeng.cases import pages, rules
from xianfeng.cases import queries as cases
from xianfeng.cases.models import Case, CaseQuerySet, Step
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.directory.words import PARTIES
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.nominations import eligibility, facts
from xianfeng.nominations.queries import GateRow, judged
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import seats
from xianfeng.programmes.rules.gates import evaluate_gates
from xianfeng.programmes.rules.procedures import procedure
from xianfeng.programmes.rules.schema.definition import Category
from xianfeng.registry.models import Nominee


def speaks_for_a_party(actor: Actor) -> bool:
    """Whether the actor acts for a party organisation: who nominates."""
    return any(one.organisation_kind in PARTIES and one.duty in ACTING_DUTIES for one in actor.appointments)


def looks_after_others(actor: Actor) -> bool:
    """Whether the actor acts for a body of a programme or for a superior: who reads many nominations."""
    return bool(seats(actor)) or directory.stands_above(actor)


# --- my organisation --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnCase:
    """A case of one's own side: where it stands, and the page to work on when it is one's turn."""

    case: Case
    step: Step | None
    work_url: str

    @property
    def waits_for(self) -> str:
        """Who has it now."""
        if self.step is None:
            return ""
        return self.step.organisation.label if self.step.organisation else "评审专家"


def own_cases(actor: Actor) -> list[OwnCase]:
    """Cases of the party organisations one acts for, open ones first; two queries."""
    mine = cases.acting_ids(actor)
    found = Case.objects.filter(party_id__in=mine).prefetch_related("round")
    rows = list(found.order_by("-state", "-opened_at", "-id")[:200])
    steps: dict[int, Step] = {}
    for step in Step.objects.filter(case__in=rows, state="open").select_related("organisation").order_by("id"):
        steps[step.case_id] = step
    return [_own(row, steps.get(row.pk), mine) for row in rows]


def _own(case: Case, step: Step | None, mine: frozenset[int]) -> OwnCase:
    if step is None:
        return OwnCase(case, None, "")
    step.case = case
    turn = step.kind in rules.NOMINEE_KINDS and step.organisation_id in mine
    return OwnCase(case, step, pages.url_for(step) if turn else "")


def own_nominees(actor: Actor) -> QuerySet[Nominee]:
    """Nominees that one's party organisations speak for."""
    mine = cases.acting_ids(actor)
    return Nominee.objects.filter(
        Q(organisation_id__in=mine)
        | Q(service_point__party_organisation_id__in=mine)
        | Q(member__party_organisation_id__in=mine)
    ).select_related("organisation", "service_point__party_organisation", "member__party_organisation")


@dataclass(frozen=True)
class CategoryChoice:
    """A category one may nominate in, with how many of one's nominees it is for."""

    category: Category
    nominees: int
    quota: int


def category_choices(actor: Actor, row: Round) -> list[CategoryChoice]:
    """The round's categories, for the first page of 开始自荐; one query."""
    definition = row.version.definition
    kinds = Counter(own_nominees(actor).values_list("kind", flat=True))
    tier = eligibility.nominated_tier(definition)
    return [
        CategoryChoice(one, kinds[one.nominee], definition.quota(tier, one.code, row.year))
        for one in definition.categories
    ]


@dataclass(frozen=True)
class NomineeChoice:
    """One nominee: why it cannot be nominated, or its open case."""

    nominee: Nominee
    name: str
    about: str
    faults: list[str]
    open_case: str = ""


def nominee_choices(actor: Actor, row: Round, category: Category) -> list[NomineeChoice]:
    """One's nominees of a category with what stands against each; a fixed number of queries per party organisation."""
    definition, today = row.version.definition, clock.today()
    found = list(own_nominees(actor).filter(kind=category.nominee))
    running = dict(
        Case.objects.filter(nominee__in=found, kind="nomination", state="open").values_list("nominee_id", "public_id")
    )
    groups: dict[int, str | None] = {}
    chosen = []
    for one in found:
        party = one.party
        if party.pk not in groups:
            groups[party.pk] = eligibility.group_of(definition, party, today)
        faults = eligibility.ineligible(definition, row.year, category, one, groups[party.pk], today)
        chosen.append(NomineeChoice(one, one.name, _about(one), faults, running.get(one.pk, "")))
    return sorted(chosen, key=lambda one: (bool(one.open_case), bool(one.faults), one.name))


def _about(nominee: Nominee) -> str:
    if nominee.member is not None:
        return f"{nominee.member.post} · {nominee.member.party_organisation.label}"
    if nominee.service_point is not None:
        return f"{nominee.service_point.get_kind_display()} · {nominee.service_point.party_organisation.label}"
    assert nominee.organisation is not None
    return nominee.organisation.get_kind_display()


@dataclass(frozen=True)
class Preview:
    """What awaits a nomination: who endorses it, and how its gates stand today."""

    choice: NomineeChoice
    group: str
    superior: Organisation | None
    gates: list[GateRow]

    @property
    def gate_lines(self) -> list[dict[str, str]]:
        """For ``ui/gates.html``."""
        return [one.line for one in self.gates]

    @property
    def failing(self) -> int:
        """Gates that would not pass today."""
        return sum(one.drawn in ("fail", "unknown") for one in self.gates)


def preview(actor: Actor, row: Round, category: Category, public_id: str) -> Preview | None:
    """The last page before a nomination starts; None when the nominee is not one's own."""
    choice = next((one for one in nominee_choices(actor, row, category) if one.nominee.public_id == public_id), None)
    if choice is None:
        return None
    definition, today = row.version.definition, clock.today()
    unit = directory.unit_of(choice.nominee.party, today)
    group = definition.group_of(unit.kind)
    outcomes = evaluate_gates(
        definition,
        category=category.code,
        group=group.code if group else "",
        facts=facts.ledger_facts(choice.nominee, unit, today),
        nominee_facts=facts.particulars(choice.nominee),
        on=today,
        year=row.year,
    )
    return Preview(
        choice,
        group.title if group else "",
        directory.superior_of(choice.nominee.party.pk, today),
        [judged(one, None) for one in outcomes],
    )


# --- the offices' list ------------------------------------------------------------------------------------------

SORTS = {"name": "name", "total": "assessment__total", "submitted": "submitted_at", "due": "due_at"}


@dataclass(frozen=True)
class Filters:
    """What the list is cut by, as it stands in the address."""

    kind: str = ""
    category: str = ""
    state: str = ""
    stage: str = ""
    unit: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """From the address; anything unknown is simply not found."""
        return cls(**{name: given.get(name, "").strip()[:80] for name in cls.__dataclass_fields__})


def case_list(actor: Actor, row: Round | None, filters: Filters) -> CaseQuerySet:
    """Cases of a round the actor may read, cut by the filters, with total and the open step's due time."""
    # A version carries its whole text: fetched once beside the rows, not once in each of them.
    rows = cases.visible_to(actor).select_related("unit", "party", "assessment").prefetch_related("version")
    rows = rows.filter(round=row) if row else rows
    rows = _cut(rows, filters)
    rows = rows.annotate(due_at=Min("steps__due_at", filter=Q(steps__state="open")))
    field = SORTS.get(filters.sort.lstrip("-"))
    if field is None:
        return rows.order_by("category", "-state", "unit__code", "id")
    return rows.order_by(f"-{field}" if filters.sort.startswith("-") else field, "id")


def _cut(rows: CaseQuerySet, filters: Filters) -> CaseQuerySet:
    for name in ("kind", "category", "stage"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.state in ("open", "ended"):
        rows = rows.filter(state=filters.state)
    elif filters.state:
        rows = rows.filter(outcome=filters.state)
    if filters.stage:
        rows = rows.filter(state="open")
    if filters.unit:
        rows = rows.filter(unit__public_id=filters.unit)
    if filters.q:
        rows = rows.filter(
            Q(name__icontains=filters.q) | Q(unit__name__icontains=filters.q) | Q(party__name__icontains=filters.q)
        )
    return rows


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    categories: list[tuple[str, str]]
    stages: list[tuple[str, str]]
    states: list[tuple[str, str]]
    units: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


def filter_choices(actor: Actor, row: Round | None) -> Choices:
    """Categories and stages of the definition, units that have a case; one query."""
    rows = cases.visible_to(actor)
    rows = rows.filter(round=row) if row else rows
    units = list(rows.order_by("unit__code").values_list("unit__public_id", "unit__name").distinct())
    states = [("open", "办理中"), ("ended", "已办结"), *rules.CASE_OUTCOMES.items()]
    if row is None:
        return Choices([], [], states, units, list(rules.CASE_KINDS.items()))
    definition = row.version.definition
    stages = {
        spec.code: spec.title for one in definition.procedures for spec in procedure(definition, one.code, one.tier)
    }
    categories = [(one.code, one.title) for one in definition.categories]
    return Choices(categories, list(stages.items()), states, units, list(rules.CASE_KINDS.items()))


def stage_word(case: Case) -> str:
    """Where a case stands: its procedure's step, or its outcome."""
    if case.state == "ended":
        return rules.CASE_OUTCOMES.get(case.outcome, "已办结")
    specs = procedure(case.version.definition, case.kind, case.tier)
    return next((spec.title for spec in specs if spec.code == case.stage), "办理中")


def stage_colour(case: Case) -> str:
    """The chip's colour for ``stage_word``."""
    if case.state == "open":
        return "blue"
    return {"named": "brass", "confirmed": "green", "rectified": "green", "withdrawn": "grey"}.get(case.outcome, "ink")


def day_of(moment: datetime | None) -> date | None:
    """The Shanghai day of an instant, for exports."""
    return clock.local_day(moment) if moment else None
