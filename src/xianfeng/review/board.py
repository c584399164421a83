"""What the working group's pages show: the three categories of a round, one panel with who reviews what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Count, QuerySet

from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.messaging.models import Message
from xianfeng.programmes.models import Round
from xianfeng.review import queries
from xianfeng.review.models import Assignment, Discussion, Expert, Panel
from xianfeng.review.policies import may_run_panels
from xianfeng.review.ties import Reasons, ties

# A matrix wider than this is not read any more; beyond it only experts who have something here get a column.
WIDEST = 10


@dataclass(frozen=True)
class Card:
    """One category of a tier on the board."""

    tier: str
    tier_title: str
    category: str
    title: str
    places: int
    waiting: int
    upstream: int
    panel: Panel | None
    sheets: int
    signed: int

    @property
    def share(self) -> str:
        """Progress in words."""
        return f"{self.signed} / {self.sheets} 份"


def board(row: Round) -> list[Card]:
    """Every category that goes before a panel in this round; four queries."""
    definition = row.version.definition
    panels = {(one.tier, one.category): one for one in row.panels.select_related("round__version")}
    waiting = _cases_by_category(row, ("panel",))
    upstream = _cases_by_category(row, ("endorse", "screen", "correct"))
    counts: Counter[tuple[int, bool]] = Counter()
    sheets = (
        Assignment.objects.filter(panel__round=row, state="active")
        .exclude(step__state="cancelled")
        .values_list("panel_id", "scorecard__state")
    )
    for panel_id, state in sheets:
        counts[panel_id, state == "signed"] += 1
    cards = []
    for tier in definition.tiers:
        if not any(_judged(one, tier.code) for one in definition.procedures):
            continue
        for category in definition.categories:
            key = (tier.code, category.code)
            panel = panels.get(key)
            signed = counts[panel.pk, True] if panel else 0
            cards.append(
                Card(
                    tier.code, tier.title, category.code, category.title,
                    definition.quota(tier.code, category.code, row.year), waiting[key], upstream[key],
                    panel, signed + (counts[panel.pk, False] if panel else 0), signed,
                )
            )  # fmt: skip
    return cards


def _judged(procedure: object, tier: str) -> bool:
    steps = getattr(procedure, "steps", ())
    return getattr(procedure, "tier", None) in (None, tier) and any(step.kind == "panel" for step in steps)


def _cases_by_category(row: Round, kinds: Sequence[str]) -> Counter[tuple[str, str]]:
    rows = Case.objects.filter(round=row, state="open", steps__state="open", steps__kind__in=kinds).exclude(
        kind="reassessment"
    )
    return Counter(
        {
            (tier, category): count
            for tier, category, count in rows.values_list("tier", "category").annotate(n=Count("id", distinct=True))
        }
    )


# --- one panel ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One expert on one case: signed, draft, waiting, recused, removed, barred, or free."""

    state: str = "free"
    total: Decimal | None = None
    reason: str = ""
    step: str = ""
    who: str = ""
    caution: str = ""
    second: bool = False  # a seat on the second panel


@dataclass(frozen=True)
class Line:
    """A case of the panel with its cells, in the order of the columns; figures are of the panel that judges it now."""

    case: Case
    cells: list[Cell]
    have: int
    signed: int
    need: int
    spread: Decimal | None = None  # highest minus lowest signed sheet
    wide: bool = False
    discussion: Discussion | None = None  # the latest
    second: Discussion | None = None  # that it was sent to a second panel
    first: tuple[Decimal, ...] = ()  # then: what the first panel gave

    @property
    def lacking(self) -> int:
        """Experts still missing."""
        return max(0, self.need - self.have)

    @property
    def talking(self) -> bool:
        """Whether its discussion or visit has not ended."""
        return self.discussion is not None and self.discussion.state == "open"

    @property
    def may_go_on(self) -> bool:
        """Whether the case may be sent to a second panel: the first has signed, and nothing else is under way."""
        return not self.second and not self.talking and not self.lacking and self.signed == self.have


@dataclass(frozen=True)
class Column:
    """An expert of the panel."""

    expert: Expert
    load: int
    signed: int


@dataclass(frozen=True)
class Barred:
    """One conflict, for the list under the matrix."""

    case: str
    expert: str
    reason: str


@dataclass(frozen=True)
class Late:
    """An expert with sheets still to sign, and the last reminder: what it said, when, and whether it was read."""

    expert: Expert
    count: int
    reminder: Message | None

    @property
    def name(self) -> str:
        """Who it is."""
        return self.expert.user.name

    @property
    def today(self) -> bool:
        """Whether today's reminder has gone out: one a day."""
        return self.reminder is not None and clock.local_day(self.reminder.sent_at) == clock.today()


@dataclass(frozen=True)
class Matrix:
    """The panel at a glance."""

    panel: Panel
    lines: list[Line]
    columns: list[Column]
    barred: list[Barred]
    pool: list[tuple[int, str]]  # experts in the pool with where they work and what they have
    missing: list[Late] = field(default_factory=list)
    few: list[str] = field(default_factory=list)
    avoid: list[Barred] = field(default_factory=list)
    upstream: int = 0  # cases of the category that may still come: once ranked, the panel takes no more

    @property
    def sheets(self) -> int:
        """Sheets asked for, a first panel's included."""
        return sum(line.have + len(line.first) for line in self.lines)

    @property
    def signed(self) -> int:
        """Sheets signed, a first panel's included."""
        return sum(line.signed + len(line.first) for line in self.lines)

    @property
    def lacking(self) -> int:
        """Experts still to be found, over all cases."""
        return sum(line.lacking for line in self.lines)

    @property
    def wide(self) -> list[Line]:
        """Cases on which experts differ widely and about which nothing has been done yet."""
        return [line for line in self.lines if line.wide and line.discussion is None and line.second is None]

    @property
    def second(self) -> list[Line]:
        """Cases at a second panel."""
        return [line for line in self.lines if line.second]

    @property
    def may_go_on(self) -> list[Line]:
        """Cases that may be sent to a second panel."""
        return [line for line in self.lines if line.may_go_on]

    @property
    def talking(self) -> list[Line]:
        """Cases whose discussion or visit has not ended."""
        return [line for line in self.lines if line.talking]

    @property
    def may_rank(self) -> bool:
        """Whether nothing stands in the way of the ranking."""
        return bool(self.lines) and not self.missing and not self.few and not self.talking


def panel_for_page(public_id: str, actor: Actor) -> Panel:
    """A panel for those who run it; 404 without, 403 for anybody else."""
    panel = _panel(public_id)
    require(may_run_panels, actor, panel.round.programme)
    return panel


def _panel(public_id: str) -> Panel:
    rows = Panel.objects.select_related("round__programme", "round__version")
    panel = rows.filter(public_id=public_id).first()
    if panel is None:
        raise NotFoundHere("没有找到这个评审组。", "请从评审组列表进入。")
    return panel


def panel_cases(panel: Panel) -> QuerySet[Case]:
    """Cases before the panel, or those it has ranked."""
    rows = Case.objects.filter(ranking_rows__ranking__panel=panel, ranking_rows__ranking__superseded_at__isnull=True)
    if panel.state == "scoring":
        rows = queries.cases_at_panel(panel.round_id, panel.tier, panel.category)
    return rows.select_related("version", "round", "party", "unit", "nominee").order_by("id")


def matrix(panel: Panel) -> Matrix:
    """Who reviews what, who may not and why; the number of queries does not grow with the panel."""
    cases = list(panel_cases(panel))
    rows = list(
        panel.assignments.filter(case__in=cases).select_related("expert__user", "step", "scorecard").order_by("id")
    )
    pool = list(Expert.objects.filter(active=True).select_related("user", "employer"))
    reasons, avoid = ties(cases, pool, clock.today())
    done = list(panel.discussions.exclude(state="off").order_by("id"))
    talks = {one.case_id: one for one in done if one.kind != "second"}
    seconds = {one.case_id: one for one in done if one.kind == "second"}
    by_pair = {(row.case_id, row.expert_id): row for row in rows}
    loads = queries.loads(panel.round_id)
    columns = _columns(pool, rows, loads)
    lines = [
        replace(
            _line(panel, case, _cells(case, columns, by_pair, reasons, avoid), rows, seconds.get(case.pk)),
            discussion=talks.get(case.pk),
        )
        for case in cases
    ]
    names = {case.pk: case.name for case in cases}
    people = {one.pk: one.user.name for one in pool}
    least = panel.rules.least_sheets
    return Matrix(
        panel=panel,
        lines=lines,
        columns=columns,
        barred=[Barred(names[case], people[expert], reason) for (case, expert), reason in reasons.items()],
        avoid=[Barred(names[case], people[expert], reason) for (case, expert), reason in avoid.items()],
        pool=[(one.pk, f"{one.user.name}（{one.employer_label}，已有 {loads.get(one.pk, 0)} 件）") for one in pool],
        missing=_late(panel, [row for row in rows if row.state == "active" and not queries.is_signed(row)]),
        few=[line.case.name for line in lines if line.have < least],
        upstream=_cases_by_category(panel.round, ("endorse", "screen", "correct"))[panel.tier, panel.category],
    )


def _late(panel: Panel, rows: Sequence[Assignment]) -> list[Late]:
    """Who still has to sign, most sheets first, with the last reminder of this panel to each."""
    counts = Counter(row.expert_id for row in rows)
    experts = {row.expert_id: row.expert for row in rows}
    sent = {
        one.recipient_id: one
        for one in Message.objects.filter(once_key__startswith=queries.reminder_key(panel)).order_by("sent_at")
    }
    found = [Late(experts[pk], count, sent.get(experts[pk].user_id)) for pk, count in counts.items()]
    return sorted(found, key=lambda one: (-one.count, one.name))


def _columns(pool: Sequence[Expert], rows: Sequence[Assignment], loads: Counter[int]) -> list[Column]:
    asked = {row.expert_id: row.expert for row in rows}
    signed = Counter(row.expert_id for row in rows if row.state == "active" and queries.is_signed(row))
    shown = {one.pk: one for one in pool} if len(pool) <= WIDEST else {}
    shown |= asked
    ordered = sorted(shown.values(), key=lambda one: one.user.username)
    return [Column(one, loads.get(one.pk, 0), signed[one.pk]) for one in ordered]


def _cells(
    case: Case,
    columns: Sequence[Column],
    by_pair: Mapping[tuple[int, int], Assignment],
    reasons: Reasons,
    avoid: Reasons,
) -> list[Cell]:
    pairs = [(one.expert.user.name, (case.pk, one.expert.pk)) for one in columns]
    return [
        replace(_cell(by_pair.get(pair), reasons.get(pair, "")), who=who, caution=avoid.get(pair, ""))
        for who, pair in pairs
    ]


def _line(panel: Panel, case: Case, cells: list[Cell], rows: Sequence[Assignment], second: Discussion | None) -> Line:
    active = [row for row in rows if row.case_id == case.pk and row.state == "active"]
    now = [row for row in active if row.second == (second is not None)]
    totals = [row.scorecard.total for row in now if queries.is_signed(row)]
    spread = max(totals) - min(totals) if len(totals) > 1 else None
    wide = spread is not None and spread >= panel.spread_limit
    first = tuple(row.scorecard.total for row in active if second and not row.second and queries.is_signed(row))
    return Line(case, cells, len(now), len(totals), panel.per_case, spread, wide, second=second, first=first)


def _cell(row: Assignment | None, reason: str) -> Cell:
    if row is None:
        return Cell("barred", reason=reason) if reason else Cell()
    if row.state != "active":
        return Cell(row.state, reason=reason or row.note)
    card = getattr(row, "scorecard", None)
    if card is not None and card.state == "signed":
        return Cell("signed", card.total, step=row.step.public_id, second=row.second)
    return Cell("draft" if card else "waiting", step=row.step.public_id, second=row.second)


def assignment_for_page(step_public_id: str, actor: Actor) -> Assignment:
    """One assignment for those who run its panel, by the public id of its step."""
    row = (
        Assignment.objects.filter(step__public_id=step_public_id)
        .select_related(
            "panel__round__programme", "panel__round__version", "case__version", "case__unit", "case__party",
            "case__round", "case__nominee", "expert__user", "expert__employer", "step", "scorecard",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise NotFoundHere("没有找到这项分派。", "请从评审组进入。")
    require(may_run_panels, actor, row.panel.round.programme)
    return row
