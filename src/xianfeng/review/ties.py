"""Where experts and nominees belong on a day, read in a handful of queries for a whole panel."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from xianfeng.cases.models import Case
from xianfeng.directory.models import Appointment, Organisation, Relation, holds_on
from xianfeng.directory.queries import MAX_DEPTH
from xianfeng.nominations.models import Evidence, SelfScore
from xianfeng.programmes.models import Round
from xianfeng.review.models import Assignment, Expert, ExpertEmployment, Recusal
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


def expert_ties(experts: Iterable[Expert], on: date, found: Tree, round: Round) -> dict[int, ExpertTies]:
    """Employers now and before, appointments, and whom each reviewed; being in the pool itself ties nobody."""
    experts = list(experts)
    posts: dict[int, set[int]] = defaultdict(set)
    rows = Appointment.objects.filter(holds_on(on), user_id__in=[one.user_id for one in experts])
    for user, organisation in rows.exclude(duty="expert").values_list("user_id", "organisation_id"):
        posts[user].add(organisation)
    past = _employments(experts, on)
    reviewed = _reviewed(experts, round)
    ties = {}
    for one in experts:
        worked = past[one.pk]
        own = posts[one.user_id] | worked.now | ({one.employer_id} if one.employer_id else set())
        units = {found.unit.get(organisation, organisation) for organisation in own}
        own |= set().union(*(found.parties.get(unit, set()) for unit in units if unit == one.employer_id), set())
        above = {superior for organisation in own for superior in found.chain(organisation)}
        ties[one.pk] = ExpertTies(
            frozenset(own), frozenset(units), frozenset(above),
            employers=frozenset(worked.now_names | ({one.employer_name} if not one.employer_id else set())),
            left={found.unit.get(unit, unit): day for unit, day in worked.left.items()},
            left_names=worked.left_names, reviewed=reviewed[one.pk], name=one.user.name,
        )  # fmt: skip
    return ties


@dataclass
class Past:
    """Where one expert works by the record of employments, and when they left the others; by id and by name."""

    now: set[int] = field(default_factory=set)
    now_names: set[str] = field(default_factory=set)
    left: dict[int, date] = field(default_factory=dict)
    left_names: dict[str, date] = field(default_factory=dict)


def _employments(experts: Sequence[Expert], on: date) -> defaultdict[int, Past]:
    found: defaultdict[int, Past] = defaultdict(Past)
    for one in ExpertEmployment.objects.filter(expert__in=experts, since__lte=on).order_by("until"):
        past, there = found[one.expert_id], one.until is None or one.until >= on
        if one.organisation_id:
            if there:
                past.now.add(one.organisation_id)
            elif one.until:
                past.left[one.organisation_id] = one.until
        elif there:
            past.now_names.add(one.name)
        elif one.until:
            past.left_names[one.name] = one.until
    return found


def _reviewed(experts: Sequence[Expert], round: Round) -> defaultdict[int, dict[int, int]]:
    """Expert → nominee → how many rounds ago they last signed a sheet on it, annulled rounds not counted."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    earlier = Round.objects.filter(programme_id=round.programme_id, year__lt=round.year).exclude(state="annulled")
    ago = {pk: number for number, pk in enumerate(earlier.order_by("-year").values_list("pk", flat=True), start=1)}
    if ago:
        rows = Assignment.objects.filter(expert__in=experts, panel__round__in=ago, scorecard__state="signed")
        for expert, nominee, one in rows.values_list("expert_id", "case__nominee_id", "panel__round_id"):
            found[expert][nominee] = min(ago[one], found[expert].get(nominee, ago[one]))
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
    rows = Evidence.objects.filter(nominee__in=[case.nominee_id for case in cases])
    for nominee, title in rows.values_list("nominee_id", "title"):
        titles[nominee] += f"\n{title}"
    for one in cases:
        texts[one.pk] += titles[one.nominee_id]
    return texts


def ties(cases: Collection[Case], experts: Collection[Expert], on: date) -> tuple[Reasons, Reasons]:
    """(case, expert) → why they are kept apart, and why they had better be; cases of one round, queries fixed."""
    if not cases:
        return {}, {}
    found = tree(on)
    of_experts, of_nominees = expert_ties(experts, on, found, next(iter(cases)).round), nominee_ties(cases, found)
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
            if reason := conflict(rule, of_expert, of_nominee, on, declared.get(pair, "")):
                apart[pair] = reason
            elif reason := caution(rule, of_expert, of_nominee):
                avoid[pair] = reason
    return apart, avoid


def conflicts(cases: Collection[Case], experts: Collection[Expert], on: date) -> Reasons:
    """(case, expert) → why they are kept apart."""
    return ties(cases, experts, on)[0]
