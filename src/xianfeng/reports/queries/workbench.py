"""工作台: what waits for this actor, most urgent first, and how their rounds stand. A fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Min, Q

from xianfeng.cases import pages
from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Case, Step
from xianfeng.cases.queries import acting_ids
from xianfeng.creation import queries as creation
from xianfeng.designations.models import Objection
from xianfeng.designations.queries import life as designations
from xianfeng.designations.rules import OBJECTION_STATES, OPEN_OBJECTIONS
from xianfeng.directory import queries as directory
from xianfeng.directory.rules import ADMIN_DUTIES
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.programmes.policies import seats
from xianfeng.programmes.queries import rounds
from xianfeng.registry.models import ConductRecord
from xianfeng.reports import links, rules
from xianfeng.reports.queries import admin
from xianfeng.ui import formats
from xianfeng.ui.parts import Stage, Task

MOST = 300  # single steps drawn; beyond that the list pages serve better
MOST_CASES = 8
MOST_ROUNDS = 5
# Pages where a whole batch is worked through; without one the batch opens at its nearest step.
BATCH_PAGES = {
    "panel": ("review:board",),
    "score": ("review:queue",),
    "decide": ("designations:decide_round", "designations:decisions"),
    "announce": ("designations:notices",),
    "name": ("designations:naming",),
}


@dataclass(frozen=True)
class Group:
    """Tasks of one urgency."""

    code: str
    title: str
    tasks: list[Task]


@dataclass(frozen=True)
class OwnCase:
    """A case of my organisations: where it stands, in public words."""

    case: Case
    category: str
    word: str
    colour: str
    due: datetime | None
    waits_for: str


@dataclass(frozen=True)
class OwnRound:
    """A running round with its stage line."""

    row: Round
    stages: list[Stage]
    programme: str = ""  # where several run


@dataclass(frozen=True)
class Bench:
    """The whole page."""

    groups: list[Group]
    rounds: list[OwnRound] = field(default_factory=list)
    cases: list[OwnCase] = field(default_factory=list)
    more_cases: int = 0
    has_line: bool = False  # some of the cases are of party organisations below
    seated: bool = False  # in a body that has the overview
    waiting: list[Task] = field(default_factory=list)  # nothing to do yet: a notice that runs, a reserve that stands by

    @property
    def count(self) -> int:
        """How many lines wait."""
        return sum(len(one.tasks) for one in self.groups)


def bench(actor: Actor, now: datetime) -> Bench:
    """Everything the workbench shows this actor."""
    mine = acting_ids(actor)
    kinds = {one.kind for one in seats(actor)}
    steps, waiting = _steps(actor, now)
    tasks = [*steps, *_creation(actor, now), *_titles(actor, now)]
    if kinds & {"working_group", "office"}:
        tasks += [*_objections(actor), *_conduct()]
    if actor.has_duty(*ADMIN_DUTIES):
        tasks += admin.tasks(actor, now)
    cases, more = _cases(actor, mine, overseer=bool(kinds & {"working_group", "office"}))
    line = any(not mine & {one.case.party_id, one.case.unit_id} for one in cases)
    return Bench(grouped(tasks, now), _rounds(), cases, more, line, bool(kinds), waiting)


def grouped(tasks: Iterable[Task], now: datetime) -> list[Group]:
    """Tasks by urgency, the nearest deadline first, those without one last; empty groups are left out."""
    far = now + timedelta(days=36500)
    ordered = sorted(tasks, key=lambda one: one.due or far)
    found: dict[str, list[Task]] = {code: [] for code in rules.BUCKETS}
    for task in ordered:
        found[rules.bucket(task.due, now)].append(task)
    return [Group(code, rules.BUCKETS[code], rows) for code, rows in found.items() if rows]


# --- steps --------------------------------------------------------------------------------------------------------


def _steps(actor: Actor, now: datetime) -> tuple[list[Task], list[Task]]:
    """Open steps to work on and those that only wait: batch kinds as one line each, opening at their nearest.

    Three queries.
    """
    asked = Step.objects.open().addressed_to(user_id=actor.user_id, organisation_ids=acting_ids(actor))
    batches: dict[tuple[str, str, int, str, str], list[tuple[int, datetime | None]]] = {}
    lean = asked.filter(kind__in=rules.BATCH_KINDS).order_by(F("due_at").asc(nulls_last=True), "id")
    columns = ("kind", "case__tier", "case__round_id", "title", "pk", "due_at", "detail")
    for kind, tier, round_id, title, pk, due, detail in lean.values_list(*columns):
        key = (kind, tier, round_id, title, case_rules.waits(detail, now))
        batches.setdefault(key, []).append((pk, due))
    firsts = {rows[0][0] for rows in batches.values()}
    singles = (
        asked.filter(Q(pk__in=firsts) | ~Q(kind__in=rules.BATCH_KINDS))
        .select_related("case__round")
        .order_by(F("due_at").asc(nulls_last=True), "id")[: MOST + len(firsts)]
    )
    by_id = {one.pk: one for one in singles}
    titles = category_titles(one.case for one in by_id.values())
    tasks: list[Task] = []
    waiting: list[Task] = []
    for (*_same, waits), rows in batches.items():
        task = _batch(by_id[rows[0][0]], [due for _pk, due in rows], titles, now)
        if waits:
            waiting.append(replace(task, note=" · ".join(filter(None, (task.note, waits))), due=None))
        else:
            tasks.append(task)
    return tasks + [_single(one, titles) for one in by_id.values() if one.pk not in firsts], waiting


def category_titles(cases: Iterable[Case]) -> dict[tuple[int, str], str]:
    """Titles of categories by (version, code) for these cases; one query, whatever their number."""
    versions = DefinitionVersion.objects.in_bulk({one.version_id for one in cases})
    return {(pk, each.code): each.title for pk, row in versions.items() for each in row.definition.categories}


def _single(step: Step, titles: dict[tuple[int, str], str]) -> Task:
    case = step.case
    return Task(
        title=step.title,
        url=pages.url_for(step),
        subject=step.called,
        note=f"{case.round.title} · {titles.get((case.version_id, case.category), '')}",
        due=step.due_at,
    )


def _batch(step: Step, dues: Sequence[datetime | None], titles: dict[tuple[int, str], str], now: datetime) -> Task:
    """One line for many steps of a kind; ``step`` is the nearest of them."""
    if len(dues) == 1:
        return _single(step, titles)
    query = f"round={step.case.round.public_id}&tier={step.case.tier}"
    late = sum(1 for due in dues if due is not None and due <= now)
    words = f"其中 {late} 件已逾期" if late else ""
    return Task(
        title=f"{step.title} {len(dues)} 件",
        url=links.first(*BATCH_PAGES.get(step.kind, ()), query=query) or pages.url_for(step),
        note=" · ".join(part for part in (step.case.round.title, words) if part),
        due=step.due_at,
    )


# --- what is not a step -------------------------------------------------------------------------------------------

CREATION_PAGES = {
    "plan": ("creation:plans",),
    "milestone": ("creation:plans",),
    "problem": ("creation:problems",),
    "meeting": ("creation:meetings",),
}
MANY = 3  # more of one title than this stand as one line


def _creation(actor: Actor, now: datetime) -> list[Task]:
    """Plans, progress, problems and meetings; many of one title as one line."""
    by_title: dict[str, list[creation.Todo]] = {}
    for one in creation.todos(actor, now):
        by_title.setdefault(one.title, []).append(one)
    tasks: list[Task] = []
    for title, rows in by_title.items():
        if len(rows) <= MANY:
            tasks += [Task(title=title, url=one.link, subject=one.what, due=one.due_at) for one in rows]
            continue
        url = links.first(*CREATION_PAGES.get(rows[0].kind, ())) or rows[0].link
        tasks.append(Task(f"{title} {len(rows)} 件", url, due=rules.shortest(one.due_at for one in rows)))
    return tasks


TITLE_PAGES = {"check": "designations:self_check", "renew": "designations:renew"}
TITLE_LISTS = {"due": "due=over", "late": "check=late"}


def _titles(actor: Actor, now: datetime) -> list[Task]:
    """Self-checks and renewals of titles held; for those who run the programme, what is overdue among all."""
    tasks = []
    for one in designations.todos(actor, now):
        page = TITLE_PAGES.get(one.kind, "designations:titles")
        args = (one.designation.public_id,) if one.designation else ()
        url = links.first(page, args=args, query=TITLE_LISTS.get(one.kind, ""))
        tasks.append(Task(title=one.title, url=url, subject=one.subject, note=one.note, due=one.due))
    return tasks


def _objections(actor: Actor) -> list[Task]:
    """Objections to be accepted or answered, by notice."""
    programmes = {one.programme_id for one in seats(actor) if one.kind in ("working_group", "office")}
    rows = (
        Objection.objects.filter(state__in=OPEN_OBJECTIONS, item__notice__round__programme__in=programmes)
        .values("state", "item__notice__title")
        .annotate(number=Count("id"), answer_by=Min("answer_by"), first=Min("public_id"))
        .order_by("answer_by")
    )
    return [
        Task(
            title=f"异议{OBJECTION_STATES[row['state']]} {row['number']} 件",
            url=links.first("designations:objections") or links.first("designations:objection", args=(row["first"],)),
            note=row["item__notice__title"],
            due=workdays.deadline_instant(row["answer_by"]) if row["answer_by"] else None,
        )
        for row in rows
    ]


def _conduct() -> list[Task]:
    """Reported facts that the keepers of the ledger have still to confirm or refute."""
    waiting = ConductRecord.objects.filter(state="reported").count()
    if not waiting:
        return []
    url = links.first("registry:conduct", query="state=reported")
    return [Task(title=f"诚信台账待核实 {waiting} 条", url=url, note="核实后方可作为否决项和前置条件的依据")]


# --- rounds and own cases -----------------------------------------------------------------------------------------


def _rounds() -> list[OwnRound]:
    today = clock.today()
    rows = list(rounds().filter(state="open").defer("version__source").prefetch_related("stages")[:MOST_ROUNDS])
    several = len({row.programme_id for row in rows}) > 1
    return [OwnRound(row, stages_of(row, today), row.programme.title if several else "") for row in rows]


def stages_of(row: Round, today: date) -> list[Stage]:
    """The stage line of a round on a day."""
    return [
        Stage(
            one.title,
            rules.stage_state(one.starts_on, one.ends_on, today),  # type: ignore[arg-type]
            _span(one.starts_on, one.ends_on),
        )
        for one in row.stages.all()
    ]


def _span(since: date, until: date) -> str:
    """3月1日—10月31日; the year only once where it is another one."""
    last = f"{until.month}月{until.day}日" if since.year == until.year else formats.cn_date(until)
    return f"{formats.cn_day(since)}—{last}"


def _cases(actor: Actor, mine: frozenset[int], *, overseer: bool) -> tuple[list[OwnCase], int]:
    """Cases of my party organisations, of those below them and of my units: open ones first, then the newest."""
    if not mine or overseer:
        return [], 0
    lines, today = set(mine), clock.today()
    for one in mine:
        lines |= directory.below(one, today)
    found = Case.objects.filter(Q(party_id__in=lines) | Q(unit_id__in=mine))
    wanted = list(found.select_related("round").order_by("-state", "-opened_at", "-id")[: MOST_CASES + 1])
    more = found.count() - MOST_CASES if len(wanted) > MOST_CASES else 0
    return own_cases(wanted[:MOST_CASES]), more


def own_cases(cases: Sequence[Case]) -> list[OwnCase]:
    """Each case with where it stands and whom it waits for; two queries."""
    waiting = {
        step.case_id: step
        for step in Step.objects.open().filter(case__in=cases).exclude(kind="score").select_related("organisation")
    }
    titles = category_titles(cases)
    return [_own(case, titles.get((case.version_id, case.category), ""), waiting.get(case.pk)) for case in cases]


def _own(case: Case, category: str, step: Step | None) -> OwnCase:
    if case.state == "ended":
        word = case_rules.PUBLIC_OUTCOMES.get(case.outcome, "已办结")
        return OwnCase(case, category, word, rules.OUTCOME_COLOURS.get(case.outcome, "grey"), None, "")
    word = rules.PUBLIC_STAGES.get(step.kind if step else case.stage, "办理中")
    nominee = step is not None and step.kind in case_rules.NOMINEE_KINDS
    waits_for = step.organisation.label if step and step.organisation else ""
    return OwnCase(case, category, word, "amber" if nominee else "blue", step.due_at if step else None, waits_for)
