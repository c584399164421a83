"""办理进度: how a round stands, as far as its reader sees: all of it, the association's members, or one party line."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min

from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Case, CaseQuerySet, Step
from xianfeng.cases.queries import OVERSEERS, visible_to
from xianfeng.creation.models import CreationPlan
from xianfeng.designations.queries import Places, quota_table
from xianfeng.directory.models import Organisation
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import seats
from xianfeng.programmes.rules.procedures import procedure
from xianfeng.programmes.rules.schema import Definition
from xianfeng.reports import rules

EXPERTS = "experts"  # the addressee of score steps: they are urged together, never by name


# --- quota --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuotaLine:
    """One tier of one round, category by category; several places in one where they are split by applicant group."""

    round: Round
    tier: str
    places: list[list[Places]]
    chosen: bool


def quotas(chosen: Round) -> list[QuotaLine]:
    """All rounds of the programme, newest first; places as decisions count them, two queries a round and more where
    unused places move on.
    """
    rounds = Round.objects.filter(programme_id=chosen.programme_id).select_related("version").order_by("-year")
    lines = []
    for row in rounds:
        found = quota_table(row)
        for tier in row.version.definition.tiers:
            own = [list(same) for _, same in groupby((x for x in found if x.tier == tier.code), _category)]
            lines.append(QuotaLine(row, tier.title, own, row.pk == chosen.pk))
    return lines


def _category(one: Places) -> str:
    return one.category


def summed(cell: list[Places]) -> tuple[int | None, int, int]:
    """Places, named and on the way of one cell, its groups together."""
    totals = [one.total for one in cell if one.total is not None]
    return sum(totals) if totals else None, sum(one.named for one in cell), sum(one.under_way for one in cell)


# --- scope --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What of a round a reader sees, and in which words to say so."""

    cases: CaseQuerySet
    whole: bool
    words: str = ""


def scope(actor: Actor, row: Round) -> Scope:
    """The reader's part of a round."""
    kinds = {one.kind for one in seats(actor) if one.programme_id == row.programme_id}
    cases = Case.objects.filter(round=row)
    if kinds & set(OVERSEERS):
        return Scope(cases, True)
    words = "仅含协会会员单位" if "secretariat" in kinds else "仅含本党组织及所属党组织"
    return Scope(visible_to(actor, cases), False, words)


# --- stages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Funnel:
    """How many cases came how far, by category."""

    stations: list[str]
    lines: list[tuple[str, list[int]]]

    @property
    def head(self) -> list[str]:
        """Titles of the table under the chart."""
        return ["类别", *self.stations]

    @property
    def rows(self) -> list[list[Any]]:
        """Rows of the table under the chart."""
        return [[title, *counts] for title, counts in self.lines]

    @property
    def empty(self) -> bool:
        """Whether nothing has been opened yet."""
        return not any(any(counts) for _title, counts in self.lines)

    @property
    def chart(self) -> dict[str, Any]:
        """The same as an ECharts option."""
        return {
            "grid": {"left": 8, "right": 40, "top": 32, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "right": 0},
            "yAxis": {"type": "category", "data": self.stations, "inverse": True, "axisLabel": {"interval": 0}},
            "xAxis": {"type": "value", "minInterval": 1},
            "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
            "series": [
                {"name": title, "type": "bar", "data": counts, "label": {"show": True, "position": "right"}}
                for title, counts in self.lines
            ],
        }


def funnel(seen: Scope, row: Round, kind: str = "nomination") -> Funnel:
    """Cases of a kind by the station they came to; one query."""
    definition = row.version.definition
    if all(one.code != kind for one in definition.procedures):
        return Funnel([], [])
    specs = procedure(definition, kind)
    codes = [one.code for one in specs if one.kind != "name"]
    stations = [one.title for one in specs if one.kind != "name"]
    standing: dict[str, dict[tuple[str, bool], int]] = defaultdict(dict)
    named_codes = {one.code for one in specs if one.kind == "name"}
    for category, stage, outcome, number in (
        seen.cases.filter(kind=kind)
        .exclude(outcome="withdrawn")
        .order_by()
        .values_list("category", "stage", "outcome")
        .annotate(number=Count("id"))
    ):
        # Standing at the naming means that all before it is done; only the title itself counts as named.
        place = codes[-1] if stage in named_codes else stage
        key = (place, outcome == "named")
        standing[category][key] = standing[category].get(key, 0) + number
    lines = [(one.title, rules.funnel(standing[one.code], codes)) for one in definition.categories]
    return Funnel([*stations, "已命名"], lines)


# --- organisations ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One cell of the heat table."""

    words: str = "—"
    heat: str = "heat-0"


@dataclass
class UnitLine:
    """One unit's progress."""

    unit: str
    group: str
    plan: int | None = None
    furthest: dict[str, tuple[int, str]] = field(default_factory=dict)
    late: int = 0
    cells: list[Cell] = field(default_factory=list)


def units(seen: Scope, row: Round, now: datetime) -> list[UnitLine]:
    """Progress unit by unit: the plan, the furthest case of each category, what is overdue; three queries."""
    definition = row.version.definition
    found: dict[int, UnitLine] = {}
    _plans(found, seen, row, definition)
    _furthest(found, seen, definition)
    late = Step.objects.open().filter(case__in=seen.cases, due_at__lte=now, kind__in=case_rules.NOMINEE_KINDS)
    for unit_id, number in late.order_by().values_list("case__unit_id").annotate(number=Count("id")):
        if unit_id in found:
            found[unit_id].late = number
    for line in found.values():
        line.cells = _cells(line, definition)
    return sorted(found.values(), key=lambda one: (not one.late, one.group, one.unit))


def _line(found: dict[int, UnitLine], unit: Organisation, definition: Definition) -> UnitLine:
    group = definition.group_of(unit.kind)
    return found.setdefault(unit.pk, UnitLine(unit.label, group.title if group else ""))


def _plans(found: dict[int, UnitLine], seen: Scope, row: Round, definition: Definition) -> None:
    """A party organisation's plan stands with its unit; the mean where a unit has several."""
    plans = CreationPlan.objects.filter(round=row).select_related("organisation")
    if not seen.whole:
        plans = plans.filter(organisation_id__in=seen.cases.values("party_id"))
    units_by_party = {
        one["organisation_id"]: one["target"] for one in _unit_relations([plan.organisation_id for plan in plans])
    }
    units = Organisation.objects.in_bulk(set(units_by_party.values()))
    shares: dict[int, list[int]] = defaultdict(list)
    for plan in plans:
        unit = units.get(units_by_party.get(plan.organisation_id, 0)) or plan.organisation
        _line(found, unit, definition)
        shares[unit.pk].append(plan.progress)
    for pk, values in shares.items():
        found[pk].plan = sum(values) // len(values)


def _unit_relations(party_ids: list[int]) -> list[dict[str, int]]:
    from xianfeng.directory.models import Relation, holds_on
    from xianfeng.kernel import clock

    rows = Relation.objects.filter(holds_on(clock.today()), kind="unit", organisation_id__in=party_ids)
    return [{"organisation_id": party, "target": unit} for party, unit in rows.values_list("organisation_id", "target")]


def _furthest(found: dict[int, UnitLine], seen: Scope, definition: Definition) -> None:
    codes = [one.code for one in procedure(definition, "nomination")]
    rows = seen.cases.filter(kind="nomination").exclude(outcome="withdrawn").select_related("unit")
    for case in rows.only("unit__name", "unit__short_name", "unit__kind", "stage", "category", "outcome", "state"):
        line = _line(found, case.unit, definition)
        place = rules.reached(case.stage, case.outcome == "named", codes)
        word = _word(case, definition)
        if place >= line.furthest.get(case.category, (0, ""))[0]:
            line.furthest[case.category] = (place, word)


def _word(case: Case, definition: Definition) -> str:
    if case.state == "ended":
        return case_rules.PUBLIC_OUTCOMES.get(case.outcome, "已办结")
    step = next((one for one in procedure(definition, "nomination") if one.code == case.stage), None)
    return step.title if step else "办理中"


def _cells(line: UnitLine, definition: Definition) -> list[Cell]:
    stations = len(procedure(definition, "nomination")) + 1
    cells = [Cell() if line.plan is None else Cell(f"{line.plan}%", f"heat-{rules.heat(line.plan)}")]
    for category in definition.categories:
        place, word = line.furthest.get(category.code, (0, ""))
        cells.append(Cell(word, f"heat-{rules.heat(place * 100 // stations)}") if place else Cell("未自荐"))
    cells.append(Cell(f"逾期 {line.late} 项", "heat-late") if line.late else Cell("无"))
    return cells


@dataclass(frozen=True)
class GroupLine:
    """Stations against association members."""

    title: str
    units: int
    opened: int
    submitted: int
    named: int


def groups(seen: Scope, row: Round) -> list[GroupLine]:
    """Nominations of each applicant group; one query."""
    rows = seen.cases.filter(kind="nomination").order_by().values_list("group")
    counted = {
        code: (units, opened, submitted)
        for code, units, opened, submitted in rows.annotate(
            units=Count("unit_id", distinct=True), opened=Count("id"), submitted=Count("submitted_at")
        )
    }
    named = dict(
        seen.cases.filter(kind="nomination", outcome="named").order_by().values_list("group").annotate(n=Count("id"))
    )
    return [
        GroupLine(one.title, *counted.get(one.code, (0, 0, 0)), named.get(one.code, 0))
        for one in row.version.definition.applicant_groups
    ]


# --- timeliness ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LateLine:
    """Overdue steps of one kind before one addressee."""

    key: str  # organisation's public id, or EXPERTS
    addressee: str
    kind: str
    title: str
    number: int
    oldest: datetime


def overdue(seen: Scope, now: datetime) -> list[LateLine]:
    """Overdue steps by addressee and kind, the longest overdue first; one query. Experts stand together."""
    rows = (
        Step.objects.open()
        .filter(case__in=seen.cases, due_at__lte=now)
        .order_by()
        .values("kind", "organisation__public_id", "organisation__name", "organisation__short_name")
        .annotate(number=Count("id"), oldest=Min("due_at"), newest=Max("due_at"))
    )
    lines = [
        LateLine(
            key=row["organisation__public_id"] or EXPERTS,
            addressee=row["organisation__short_name"] or row["organisation__name"] or "评审专家",
            kind=row["kind"],
            title=case_rules.STEP_KINDS[row["kind"]],
            number=row["number"],
            oldest=row["oldest"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda one: (one.oldest, one.addressee))
