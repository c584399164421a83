"""All that a deciding body has before it: places, ranks, reserve, proposed grades; and its results judged by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xianfeng.cases import places
from xianfeng.cases.models import Case
from xianfeng.designations import rules
from xianfeng.designations.models import DecisionItem
from xianfeng.designations.rules import meeting as meetings
from xianfeng.designations.rules.meeting import Fault, Judged, Line, Meeting, Room, Voted
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Definition, Election, RankedRow, Row, contested
from xianfeng.review.models import RankingRow


@dataclass(frozen=True)
class Proposal:
    """The best grade one may be given ("" for none), and how it came about, line by line."""

    grade: str
    title: str
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A meeting's results judged: by case id, with the first thing that is wrong."""

    sentences: Mapping[int, str]
    reserve: Mapping[int, int]
    elections: Mapping[str, Election]
    proposals: Mapping[int, Proposal]
    ranks: Mapping[int, int]
    over: bool
    fault: Fault | None = None


@dataclass(frozen=True)
class Table:
    """What lies on the table of a tier's meeting; ``waiting`` are all cases that await its decision."""

    definition: Definition
    waiting: Mapping[int, Case]
    rooms: Mapping[str, Room]
    rows: Mapping[int, RankingRow]
    reserve: Mapping[int, int]
    pools: Mapping[int, str]  # what each case competes for, by the key of ``rooms``
    proposals: Mapping[int, Proposal] = field(default_factory=dict)

    def contested(self, pool: str) -> str:
        """A sentence when fewer stand than the margin asks for; nothing more once places have been given."""
        if pool not in self.rooms or self.rooms[pool].taken:
            return ""
        shown = [_placed(self.rows[pk]) for pk, key in self.pools.items() if pk in self.rows and key == pool]
        return contested(self.definition, shown, self.rooms[pool].total) if shown else ""

    def judge(self, meeting: Meeting, lines: Mapping[int, Line]) -> Result:
        """Judge every field the meeting dealt with, each within its own places."""
        found: dict[str, Judged] = {}
        faults: list[Fault] = []
        ranks = {pk: row.rank for pk, row in self.rows.items()}
        for pool in dict.fromkeys(self.pools[pk] for pk in lines):
            voted = [self._voted(line, ranks.get(pk)) for pk, line in lines.items() if self.pools[pk] == pool]
            judged = meetings.judge(self.definition, meeting, voted, self._room(pool, lines))
            found[pool] = judged
            faults += judged.faults
            if not judged.faults and judged.election is None:
                known = {str(pk): ranks[pk] for pk, key in self.pools.items() if pk in ranks and key == pool}
                passed = meetings.passed_over(self.definition, voted, known)
                faults += [passed] if passed else []
        return Result(
            sentences={int(key): one.sentence for judged in found.values() for key, one in judged.verdicts.items()},
            reserve={int(key): number for judged in found.values() for key, number in judged.reserve.items()},
            elections={code: one.election for code, one in found.items() if one.election},
            proposals=self.proposals,
            ranks=ranks,
            over=any(self._over(pool, lines) for pool in found),
            fault=faults[0] if faults else None,
        )

    def _room(self, pool: str, lines: Mapping[int, Line]) -> Room | None:
        """The places, the reserve counted without those decided on anew."""
        if pool not in self.rooms:
            return None
        kept = sum(self.pools[pk] == pool and pk not in lines for pk in self.reserve)
        return replace(self.rooms[pool], reserved=kept)

    def _over(self, pool: str, lines: Mapping[int, Line]) -> bool:
        approved = sum(one.result == "approved" and self.pools[pk] == pool for pk, one in lines.items())
        return pool in self.rooms and approved > self.rooms[pool].left

    def _voted(self, line: Line, place: int | None) -> Voted:
        row = self.rows.get(line.case_id)
        proposal = self.proposals.get(line.case_id)
        return Voted(
            key=str(line.case_id),
            name=self.waiting[line.case_id].name,
            result=line.result,
            votes_for=line.votes_for,
            votes_against=line.votes_against,
            reason=line.reason,
            rank=place,
            qualified=row is None or row.standing != "unqualified",
            shortlisted=row is None or bool(row.basis.get("shortlisted", True)),
            grade=line.grade,
            proposed=proposal.grade if proposal else None,
        )


def _placed(row: RankingRow) -> RankedRow:
    shortlisted = bool(row.basis.get("shortlisted", row.inside))
    return RankedRow(Row(str(row.case_id), row.score), row.rank, inside=row.inside, shortlisted=shortlisted)


def table(row: Round, tier: str) -> Table:
    """The table of a tier's meeting as it stands now; a fixed number of queries but for the share of grades."""
    definition = row.version.definition
    cases = Case.objects.filter(round=row, tier=tier, state="open", steps__kind="decide", steps__state="open")
    waiting = {case.pk: case for case in cases.order_by("id")}
    kept = reserve_of(waiting)
    pools = {pk: places.pool_of(case, row).key for pk, case in waiting.items()}
    rooms: dict[str, Room] = {}
    if places.has_places(row):
        found, used = places.places(row, tier), places.taken(row)
        left = places.left(found, used, tier)
        for key, one in found.items():
            reserved = sum(pools[pk] == key for pk in kept)
            rooms[key] = Room(one, used.get((tier, key), 0), left[key], reserved)
    rows = {one.case_id: one for one in RankingRow.objects.in_force().filter(case__in=waiting)}
    return Table(definition, waiting, rooms, rows, kept, pools, proposals(definition, rows))


def reserve_of(cases: Mapping[int, Case]) -> dict[int, int]:
    """Places in the reserve by case id, the latest decision counting; queue order as it stands (1, 2 …)."""
    latest: dict[int, int | None] = {}
    for case_id, number in DecisionItem.objects.filter(case__in=cases).order_by("id").values_list("case_id", "reserve"):
        latest[case_id] = number
    return {pk: number for pk, number in sorted(latest.items(), key=lambda one: (one[1] or 0, one[0])) if number}


def proposals(definition: Definition, rows: Mapping[int, RankingRow]) -> dict[int, Proposal]:
    """Grades as the rankings gave them, share caps and all; none in a programme without grades."""
    if not rules.bands_of(definition):
        return {}
    return {
        pk: Proposal(row.grade, rules.grade_title(definition, row.grade), tuple(_line(one) for one in row.trace))
        for pk, row in rows.items()
    }


def _line(one: Mapping[str, str]) -> str:
    return f"{one['rule']}：{one['inputs']} → {one['effect']}"
