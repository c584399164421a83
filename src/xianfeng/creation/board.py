"""创建进度: the heat table of organisations × months, the late ones first; and what stands above it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from xianfeng.creation import rules
from xianfeng.creation.models import CreationPlan, Milestone
from xianfeng.creation.queries import Scope, participants
from xianfeng.creation.queries import plans as plans_of
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.programmes.models import Round

MOST_MONTHS = 18
Month = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """One organisation in one month: how far its milestones of that month are."""

    text: str
    heat: str  # 0 … 5 or late; empty without a milestone
    told: str  # for the pointer and the screen reader


@dataclass
class Line:
    """One organisation that owes a plan."""

    organisation: Organisation
    plan: CreationPlan | None
    state: str  # of the plan; "none" without one
    overdue: bool  # owes a plan whose time has passed
    milestones: list[Milestone] = field(default_factory=list)
    late: int = 0
    cells: list[Cell] = field(default_factory=list)
    mine: bool = False

    @property
    def percent(self) -> int:
        """Progress of the plan."""
        return self.plan.progress if self.plan else 0


@dataclass(frozen=True)
class Board:
    """The table and its months."""

    lines: list[Line]
    months: list[Month]

    def count(self, *states: str) -> int:
        """How many organisations stand in one of these states."""
        return sum(line.state in states for line in self.lines)

    @property
    def late(self) -> int:
        """How many organisations have a late milestone or owe a plan."""
        return sum(bool(line.late or line.overdue) for line in self.lines)


def board(row: Round, seen: Scope, due: datetime | None, now: datetime) -> Board:
    """Everything the page shows, in three queries: organisations, plans, milestones."""
    today = clock.local_day(now)
    rows = participants(row, now)
    owing = {one.pk: one for one in (rows if seen.everything else rows.filter(pk__in=seen.ids))}
    plans = {one.organisation_id: one for one in plans_of(row, seen)}
    owing |= {pk: plan.organisation for pk, plan in plans.items()}
    by_plan: dict[int, list[Milestone]] = defaultdict(list)
    for one in Milestone.objects.filter(plan__in=[plan.pk for plan in plans.values()]):
        by_plan[one.plan_id].append(one)
    months = month_range(row, [one for rows in by_plan.values() for one in rows])
    lines = []
    for pk, organisation in owing.items():
        plan = plans.get(pk)
        state = plan.state if plan else "none"
        overdue = bool(due and due <= now) and state in ("none", "draft")
        line = Line(organisation, plan, state, overdue, by_plan[plan.pk] if plan else [], mine=pk in seen.own)
        # a draft owes its submission, not yet its milestones; one that is being amended runs on
        running = plan is not None and state not in ("draft", "returned")
        line.cells = cells(line.milestones, months, today if running else None)
        line.late = sum(late(one, today) for one in line.milestones) if running else 0
        lines.append(line)
    lines.sort(key=lambda one: (not one.overdue, -one.late, one.organisation.code))
    return Board(lines, months)


def month_range(row: Round, milestones: Iterable[Milestone]) -> list[Month]:
    """From the month the stage 自主创建 begins to its end, or to the last milestone beyond."""
    days = [one.due_on for one in milestones]
    for stage in row.stages.all():
        if stage.code == "create":
            days += [stage.starts_on, stage.ends_on]
    if not days:
        return []
    first, last = min(days), max(days)
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1) for i in range(span)]
    return months[:MOST_MONTHS]


def late(milestone: Milestone, today: date | None) -> bool:
    """Whether its day has passed; nothing is late without a day to compare with."""
    return today is not None and rules.milestone_state(milestone.percent, milestone.due_on, today) == "late"


def cells(milestones: list[Milestone], months: list[Month], today: date | None) -> list[Cell]:
    """One organisation's row."""
    by_month: dict[Month, list[Milestone]] = defaultdict(list)
    for one in milestones:
        by_month[one.due_on.year, one.due_on.month].append(one)
    return [cell(by_month.get(month, []), today) for month in months]


def cell(milestones: list[Milestone], today: date | None) -> Cell:
    """Late when one is late, else the mean of the month."""
    if not milestones:
        return Cell("", "", "")
    told = "；".join(f"{one.title} {one.percent}%" for one in milestones)
    if behind := sum(late(one, today) for one in milestones):
        return Cell(f"滞后 {behind}", "late", told)
    mean = rules.progress([one.percent for one in milestones])
    return Cell(f"{mean}%", str(heat(mean)), told)


def heat(percent: int) -> int:
    """0 not begun, 1–4 quarters, 5 done."""
    return 5 if percent >= 100 else 0 if percent <= 0 else percent // 25 + 1
