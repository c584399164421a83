"""The lists' filters, read from the address; nonsense narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xianfeng.directory.models import Relation, holds_on
from xianfeng.registry import rules, words
from xianfeng.registry.listing import KINDS, NomineeFilter
from xianfeng.registry.models import ConductRecord

STATES = {"reported": "待核实", "confirmed": "已核实", "refuted": "不属实"}


def nominee_filter(asked: Mapping[str, str]) -> NomineeFilter:
    """Which nominees are asked for."""
    words = {name: asked.get(name, "").strip() for name in ("q", "unit", "party", "sub", "state")}
    kind = asked.get("kind", "")
    return NomineeFilter(kind=kind if kind in KINDS else "organisation", **words)


@dataclass(frozen=True)
class LedgerFilter:
    """Which facts are asked for."""

    q: str = ""
    kind: str = ""
    state: str = ""
    level: str = ""
    unit: str = ""
    year: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked at all."""
        return any(vars(self).values())

    def apply(self, rows: QuerySet[ConductRecord], on: date) -> QuerySet[ConductRecord]:
        """The facts that fit."""
        for name in ("kind", "state", "level"):
            if value := getattr(self, name):
                rows = rows.filter(**{name: value})
        if self.year:
            rows = rows.filter(happened_on__year=int(self.year))
        if self.unit:
            rows = rows.filter(_of_unit(self.unit, on))
        if self.q:
            rows = rows.filter(
                Q(title__icontains=self.q)
                | Q(organisation__name__icontains=self.q)
                | Q(service_point__name__icontains=self.q)
                | Q(member__name__icontains=self.q)
                | Q(project__name__icontains=self.q)
                | Q(issuer__icontains=self.q)
                | Q(document_no__icontains=self.q)
            )
        return rows


def _of_unit(unit: str, on: date) -> Q:
    parties = Relation.objects.filter(holds_on(on), kind="unit", target__public_id=unit).values("organisation_id")
    return (
        Q(organisation__public_id=unit)
        | Q(organisation_id__in=parties)
        | Q(service_point__unit__public_id=unit)
        | Q(member__unit__public_id=unit)
    )


def ledger_filter(asked: Mapping[str, str]) -> LedgerFilter:
    """Which facts an address asks for."""

    def among(name: str, known: Mapping[str, str]) -> str:
        value = asked.get(name, "")
        return value if value in known else ""

    year = asked.get("year", "")
    return LedgerFilter(
        q=asked.get("q", "").strip(),
        kind=among("kind", words.FACTS),
        state=among("state", STATES),
        level=among("level", rules.LEVELS),
        unit=asked.get("unit", "").strip(),
        year=year if year.isascii() and year.isdigit() and len(year) == 4 and year > "0000" else "",
    )
