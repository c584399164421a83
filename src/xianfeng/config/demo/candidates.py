"""Whom the story nominates: those whose ledger proves the gates, and a few whose ledger does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import zip_longest

from xianfeng.designations.models import Designation
from xianfeng.directory.models import Organisation
from xianfeng.directory.queries import people_acting_for, superior_of, unit_of
from xianfeng.nominations.eligibility import ineligible
from xianfeng.nominations.facts import ledger_facts, particulars
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import evaluate_gates
from xianfeng.registry.models import Nominee


@dataclass
class Candidate:
    """A nominee with how its gates stand."""

    nominee: Nominee
    unit: Organisation
    good: bool
    failed: bool


class Pool:
    """Candidates of a round, found once per category; both groups take turns."""

    def __init__(self, row: Round, on: date) -> None:
        self.row, self.on = row, on
        self.taken: set[int] = set()

    @cached_property
    def _titled(self) -> set[int]:
        return set(Designation.objects.values_list("nominee_id", flat=True))

    def find(self, category: str, good: int, failing: int = 0) -> tuple[list[Candidate], list[Candidate]]:
        """So many whose gates all stand, so many with a failed veto; one a unit where it can be."""
        best: list[Candidate] = []
        worst: list[Candidate] = []
        units: set[int] = set()
        for candidate in self._walk(category):
            if candidate.good and len(best) < good and candidate.unit.pk not in units:
                best.append(candidate)
            elif candidate.failed and len(worst) < failing and candidate.unit.pk not in units:
                worst.append(candidate)
            else:
                continue
            units.add(candidate.unit.pk)
            self.taken.add(candidate.nominee.pk)
            if len(best) == good and len(worst) == failing:
                return best, worst
        raise LookupError(
            f"{self.row.year} {category}: found {len(best)}/{good} good and {len(worst)}/{failing} failing candidates"
        )

    def _walk(self, category: str) -> Iterator[Candidate]:
        definition = self.row.version.definition
        wanted = definition.category(category)
        rows = (
            Nominee.objects.filter(kind=wanted.nominee)
            .exclude(pk__in=self._titled | self.taken)
            .select_related("organisation", "service_point__party_organisation", "member__party_organisation")
            .order_by("pk")
        )
        by_group: dict[str, list[tuple[Nominee, Organisation]]] = {}
        for nominee in rows:
            unit = unit_of(nominee.party, self.on)
            group = definition.group_of(unit.kind)
            if group is not None:
                by_group.setdefault(group.code, []).append((nominee, unit))
        for pair in zip_longest(*by_group.values()):
            for entry in pair:
                if entry is not None and (found := self._judge(category, *entry)) is not None:
                    yield found

    def _judge(self, category: str, nominee: Nominee, unit: Organisation) -> Candidate | None:
        definition = self.row.version.definition
        if not people_acting_for(nominee.party.pk, self.on).exists():
            return None
        superior = superior_of(nominee.party.pk, self.on)
        if superior is None or not people_acting_for(superior.pk, self.on).exists():
            return None
        group = definition.group_of(unit.kind)
        assert group is not None
        wanted = definition.category(category)
        if ineligible(definition, self.row.year, wanted, nominee, group.code, self.on):
            return None
        outcomes = evaluate_gates(
            definition,
            category=category,
            group=group.code,
            facts=ledger_facts(nominee, unit, self.on),
            nominee_facts=particulars(nominee),
            on=self.on,
            year=self.row.year,
        )
        return Candidate(
            nominee=nominee,
            unit=unit,
            good=all(one.state == "met" for one in outcomes),
            failed=any(one.state == "failed" for one in outcomes),
        )
