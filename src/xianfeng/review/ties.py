"""Where experts and nominees belong on a day, read in a handful of queries for a whole panel."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xianfeng.cases.models import Case
from xianfeng.directory.models import Appointment, Organisation, Relation, holds_on
from xianfeng.directory.queries import MAX_DEPTH
from xianfeng.nominations.models import Evidence, SelfScore
from xianfeng.programmes.models import Round
from xianfeng.review.models import Assignment, Expert, ExpertEmployment, Panel, Recusal
from xianfeng.review.rules.conflicts import ExpertTies, NomineeTies, caution, conflict

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


@dataclass(frozen=True)
class Asked:
    """What a panel asks beyond its definition: years a former employer counts, and what to do about rotation."""

    former_years: int = 3
    rotation: str = "warn"
    previous: int | None = None  # the round before, whose reviewers rotate


def asked_by(panel: Panel | None) -> Asked:
    """A panel's settings; without a panel only what the definition says counts."""
    if panel is None:
        return Asked(0, "off")
    earlier = Round.objects.filter(programme_id=panel.round.programme_id, year__lt=panel.round.year)
    previous = None
    if panel.rotation != "off":
        previous = earlier.exclude(state="annulled").order_by("-year").values_list("pk", flat=True).first()
    return Asked(panel.former_years, panel.rotation, previous)


def expert_ties(experts: Iterable[Expert], on: date, found: Tree, asked: Asked) -> dict[int, ExpertTies]:
    """Employers now and lately, appointments, and whom each reviewed last; being in the pool itself ties nobody."""
    experts = list(experts)
    posts: dict[int, set[int]] = defaultdict(set)
    rows = Appointment.objects.filter(holds_on(on), user_id__in=[one.user_id for one in experts])
    for user, organisation in rows.exclude(duty="expert").values_list("user_id", "organisation_id"):
        posts[user].add(organisation)
    former, names = _former(experts, on, asked.former_years)
    reviewed = _reviewed(experts, asked.previous)
    ties = {}
    for one in experts:
        own = posts[one.user_id] | ({one.employer_id} if one.employer_id else set())
        units = {found.unit.get(organisation, organisation) for organisation in own}
        own |= set().union(*(found.parties.get(unit, set()) for unit in units if unit == one.employer_id), set())
        above = {superior for organisation in own for superior in found.chain(organisation)}
        ties[one.pk] = ExpertTies(
            frozenset(own), frozenset(units), frozenset(above),
            former=frozenset(found.unit.get(left, left) for left in former[one.pk]),
            employers=frozenset(names[one.pk] | ({one.employer_name} if not one.employer_id else set())),
            reviewed=frozenset(reviewed[one.pk]), name=one.user.name,
        )  # fmt: skip
    return ties


def _former(
    experts: Sequence[Expert], on: date, years: int
) -> tuple[defaultdict[int, set[int]], defaultdict[int, set[str]]]:
    """Organisations, and names of employers outside the directory, that each expert left within so many years."""
    left: defaultdict[int, set[int]] = defaultdict(set)
    names: defaultdict[int, set[str]] = defaultdict(set)
    if years:
        since = years_before(on, years)
        rows = ExpertEmployment.objects.filter(expert__in=experts, since__lte=on)
        for one in rows.filter(Q(until__isnull=True) | Q(until__gt=since)):
            if one.organisation_id:
                left[one.expert_id].add(one.organisation_id)
            else:
                names[one.expert_id].add(one.name)
    return left, names


def years_before(on: date, years: int) -> date:
    """The same day some years ago; 29 February becomes the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _reviewed(experts: Sequence[Expert], previous: int | None) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    if previous is not None:
        rows = Assignment.objects.filter(expert__in=experts, panel__round_id=previous, state="active")
        for expert, nominee in rows.filter(scorecard__state="signed").values_list("expert_id", "case__nominee_id"):
            found[expert].add(nominee)
    return found


def nominee_ties(cases: Iterable[Case], found: Tree) -> dict[int, NomineeTies]:
    """Unit, party organisation and chain of each case, what it wrote, and the names a reason needs."""
    cases = list(cases)
    chains = {case.pk: found.chain(case.party_id) for case in cases}
    wanted = {one for chain in chains.values() for one in chain}
    wanted |= {case.unit_id for case in cases} | {case.party_id for case in cases}
    names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    texts = _texts(cases)
    return {
        case.pk: NomineeTies(
            unit=case.unit_id,
            party=case.party_id,
            unit_parties=frozenset(found.parties.get(case.unit_id, set())),
            chain=chains[case.pk],
            names=names,
            nominee=case.nominee_id,
            text=texts[case.pk],
        )
        for case in cases
    }


def _texts(cases: Sequence[Case]) -> defaultdict[int, str]:
    """Statement, notes and titles of evidence of each case; two queries."""
    texts: defaultdict[int, str] = defaultdict(str)
    notes = SelfScore.objects.filter(assessment__case__in=cases)
    for case, statement, note in notes.values_list("assessment__case_id", "assessment__statement", "note"):
        if not texts[case]:
            texts[case] = statement
        texts[case] += f"\n{note}" if note else ""
    titles: defaultdict[int, str] = defaultdict(str)
    rows = Evidence.objects.filter(nominee__in=[case.nominee_id for case in cases], withdrawn_at__isnull=True)
    for nominee, title in rows.values_list("nominee_id", "title"):
        titles[nominee] += f"\n{title}"
    for one in cases:
        texts[one.pk] += titles[one.nominee_id]
    return texts


def ties(
    cases: Collection[Case], experts: Collection[Expert], on: date, panel: Panel | None = None
) -> tuple[Reasons, Reasons]:
    """(case, expert) → why they are kept apart, and why they had better be; a fixed number of queries."""
    found, asked = tree(on), asked_by(panel)
    of_experts, of_nominees = expert_ties(experts, on, found, asked), nominee_ties(cases, found)
    declared = {
        (case, expert): reason
        for case, expert, reason in Recusal.objects.filter(case_id__in=[one.pk for one in cases]).values_list(
            "case_id", "expert_id", "reason"
        )
    }
    apart: Reasons = {}
    avoid: Reasons = {}
    for case in cases:
        rule = case.version.definition.scoring.panel.recusal
        for expert in experts:
            pair, of_expert, of_nominee = (case.pk, expert.pk), of_experts[expert.pk], of_nominees[case.pk]
            if reason := conflict(rule, of_expert, of_nominee, declared.get(pair, ""), rotation=asked.rotation):
                apart[pair] = reason
            elif reason := caution(of_expert, of_nominee, rotation=asked.rotation):
                avoid[pair] = reason
    return apart, avoid


def conflicts(cases: Collection[Case], experts: Collection[Expert], on: date, panel: Panel | None = None) -> Reasons:
    """(case, expert) → why they are kept apart."""
    return ties(cases, experts, on, panel)[0]
