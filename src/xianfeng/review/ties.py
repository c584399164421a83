"""Where experts and nominees belong on a day, read in a handful of queries for a whole panel."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from xianfeng.cases.models import Case
from xianfeng.directory.models import Appointment, Organisation, Relation, holds_on
from xianfeng.directory.queries import MAX_DEPTH
from xianfeng.review.models import Expert, Recusal
from xianfeng.review.rules.conflicts import ExpertTies, NomineeTies, conflict

Reasons = dict[tuple[int, int], str]


@dataclass(frozen=True)
class Tree:
    """Party superiors and belonging units of all organisations on a day."""

    superior: dict[int, int]
    unit: dict[int, int]
    parties: dict[int, set[int]]

    def chain(self, organisation: int) -> tuple[int, ...]:
        """Superiors from the nearest up."""
        found: list[int] = []
        current = self.superior.get(organisation)
        while current is not None and len(found) < MAX_DEPTH:
            found.append(current)
            current = self.superior.get(current)
        return tuple(found)


def tree(on: date) -> Tree:
    """One query for all relations that hold on a day."""
    superior: dict[int, int] = {}
    unit: dict[int, int] = {}
    parties: dict[int, set[int]] = defaultdict(set)
    rows = Relation.objects.filter(holds_on(on), kind__in=("superior", "unit")).order_by("since")
    for kind, organisation, target in rows.values_list("kind", "organisation_id", "target_id"):
        if kind == "superior":
            superior[organisation] = target
        else:
            unit[organisation] = target
            parties[target].add(organisation)
    return Tree(superior, unit, parties)


def expert_ties(experts: Iterable[Expert], on: date, found: Tree) -> dict[int, ExpertTies]:
    """Employer and appointments of each expert; sitting in the pool itself ties nobody."""
    experts = list(experts)
    posts: dict[int, set[int]] = defaultdict(set)
    rows = Appointment.objects.filter(holds_on(on), user_id__in=[one.user_id for one in experts])
    for user, organisation in rows.exclude(duty="expert").values_list("user_id", "organisation_id"):
        posts[user].add(organisation)
    ties = {}
    for one in experts:
        own = posts[one.user_id] | ({one.employer_id} if one.employer_id else set())
        units = {found.unit.get(organisation, organisation) for organisation in own}
        own |= set().union(*(found.parties.get(unit, set()) for unit in units if unit == one.employer_id), set())
        above = {superior for organisation in own for superior in found.chain(organisation)}
        ties[one.pk] = ExpertTies(frozenset(own), frozenset(units), frozenset(above))
    return ties


def nominee_ties(cases: Iterable[Case], found: Tree) -> dict[int, NomineeTies]:
    """Unit, party organisation and chain of each case, with the names a reason needs."""
    cases = list(cases)
    chains = {case.pk: found.chain(case.party_id) for case in cases}
    wanted = {one for chain in chains.values() for one in chain}
    wanted |= {case.unit_id for case in cases} | {case.party_id for case in cases}
    names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {
        case.pk: NomineeTies(
            unit=case.unit_id,
            party=case.party_id,
            unit_parties=frozenset(found.parties.get(case.unit_id, set())),
            chain=chains[case.pk],
            names=names,
        )
        for case in cases
    }


def conflicts(cases: Collection[Case], experts: Collection[Expert], on: date) -> Reasons:
    """(case, expert) → why they are kept apart; four queries whatever the size of the panel."""
    found = tree(on)
    of_experts, of_nominees = expert_ties(experts, on, found), nominee_ties(cases, found)
    declared = {
        (case, expert): reason
        for case, expert, reason in Recusal.objects.filter(case_id__in=[one.pk for one in cases]).values_list(
            "case_id", "expert_id", "reason"
        )
    }
    reasons: Reasons = {}
    for case in cases:
        rule = case.version.definition.scoring.panel.recusal
        for expert in experts:
            pair = (case.pk, expert.pk)
            said = declared.get(pair, "")
            if reason := conflict(rule, of_experts[expert.pk], of_nominees[case.pk], said):
                reasons[pair] = reason
    return reasons
