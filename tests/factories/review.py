"""Panels for tests: nominations that passed screening, experts from outside, sheets filled evenly."""

from decimal import Decimal
from typing import Any

from tests.factories.base import World, day_in_stage
from xianfeng import journal
from xianfeng.cases import services as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import SYSTEM
from xianfeng.nominations.models import SelfAssessment, SelfScore
from xianfeng.programmes.definitions import shipped_source
from xianfeng.registry.models import Nominee
from xianfeng.review import queries, services
from xianfeng.review.models import Assignment, Discussion, Expert, Panel


def ruled(*lines: str) -> str:
    """The shipped programme with these lines among its panel's rules; ``recusal:`` replaces what stands there."""
    text = shipped_source("zhishui-guanhai-2019")
    standing = "    recusal: { same_unit: true, same_party_line: true, declared: true }\n"
    assert standing in text
    own = "".join(f"    {line}\n" for line in lines)
    return text.replace(standing, own if "recusal:" in own else own + standing)


KINDS = {
    "ob1_1": "kind: graded, levels: [{code: a, title: 优, points: 4.5}, {code: b, title: 良, points: 3}, "
    "{code: c, title: 一般, points: 0}]",
    "ob1_2": "kind: yes_no",
    "ob2_1": "kind: measured, unit: 次, table: [{at_least: 4, points: 4.5}, {at_least: 2, points: 3}]",
    "ob2_2": "kind: deduction, faults: [{code: late, title: 迟报, each: 0.5}, "
    "{code: lack, title: 缺台账, each: 1, most: 2}]",
    "ob3_1": "kind: vote, least_votes: 2, choices: [{code: good, title: 满意, share: 1}, "
    "{code: fair, title: 基本满意, share: 0.6}, {code: bad, title: 不满意, share: 0}]",
    "ob3_2": "may_not_apply: true",
}
BONUS = "{code: plus, title: 示例加分, points: 2, step: 0.5, kind: bonus, criteria: 示例}"


def all_kinds() -> str:
    """The shipped programme whose standard of organisations has an indicator of each kind, and one not always asked."""
    text = shipped_source("zhishui-guanhai-2019").partition("\nexamples:")[0] + "\n"
    for code, more in KINDS.items():
        before, mark, after = text.partition(f"- code: {code}\n")
        assert mark
        pieces, depth = "", 0
        lines: list[str] = []
        for character in more:  # at the outermost commas
            depth += (character in "[{") - (character in "]}")
            if character == "," and not depth:
                lines, pieces = [*lines, pieces], ""
            else:
                pieces += character
        extra = "".join(f"                    {line.strip()}\n" for line in [*lines, pieces])
        text = f"{before}{mark}{extra}{after}"
    before, mark, after = text.partition("                  - code: ob1_2\n")
    return f"{before}                  - {BONUS}\n{mark}{after}"


def now_of(world: World) -> Any:
    """Ten in the morning on the third day of the stage of judging."""
    return day_in_stage(world.round, "evaluate")


def at_panel(world: World, nominee: Nominee, category: str, self_total: str = "90") -> Case:
    """A nomination that passed screening and waits for the panel."""
    at = now_of(world)
    with journal.unit_of_work():
        case = cases.case_open(
            kind="nomination", nominee=nominee, round=world.round, version=world.version,
            tier="tier1", category=category, actor=SYSTEM, now=at,
        )  # fmt: skip
        for kind, outcome in (("assess", "submitted"), ("endorse", "consented"), ("screen", "passed")):
            step = Step.objects.get(case=case, kind=kind, state="open")
            step.case = case
            cases.step_close(step=step, outcome=outcome, actor=SYSTEM, now=at)
        case.submitted_at = at
        case.save()
        assessed(case, self_total)
    return case


def assessed(case: Case, total: str) -> SelfAssessment:
    """A submitted self-assessment: full points but for what is missing from the first indicators."""
    short = queries.standard_of(case).total - Decimal(total)
    scores = []
    for one in queries.standard_of(case).required:
        off = min(one.points, max(short, Decimal(0)))
        short -= off
        scores.append(SelfScore(indicator=one.code, points=one.points - off))
    row, _ = SelfAssessment.objects.update_or_create(
        case=case, defaults={"total": Decimal(total), "saved_at": case.opened_at, "submitted_at": case.opened_at}
    )
    row.scores.all().delete()
    for score in scores:
        score.assessment = row
    SelfScore.objects.bulk_create(scores)
    return row


def organisations_at_panel(world: World, count: int) -> list[Case]:
    """So many party organisations of as many companies, each waiting for the panel."""
    found = []
    for number in range(1, count + 1):
        world.organisation(f"unit{number}", "company", f"示例第{number}水利公司")
        world.organisation(
            f"party{number}", "party_branch", f"示例第{number}水利公司党支部", superior="top", unit=f"unit{number}"
        )
        found.append(at_panel(world, world.party_nominee(f"party{number}"), "organisation"))
    return found


def experts(world: World, count: int = 5, max_load: int = 20) -> list[Expert]:
    """Experts 1 to ``count`` from a university that has nothing to do with anybody."""
    found = []
    for number in range(1, count + 1):
        name = f"expert{number}"
        if name not in world.users:
            world.user(name)
        found.append(
            Expert.objects.create(
                user=world.users[name], employer_name="示例水利大学", fields=["工程质量"], max_load=max_load
            )
        )
    return found


def panel(world: World, category: str = "organisation", per_case: int = 3, *, drawn: bool = True) -> Panel:
    """A panel opened by the working group, and drawn."""
    at = now_of(world)
    with journal.unit_of_work():
        made = services.panel_open(
            round_id=world.round.pk, category=category, tier="tier1", per_case=per_case, seed="a1" * 16,
            actor=world.actor("worker"), now=at,
        )  # fmt: skip
        if drawn:
            services.panel_draw(panel_id=made.pk, actor=world.actor("worker"), now=at)
    return made


def even_marks(case: Case, off: str = "0") -> dict[str, tuple[Decimal, str]]:
    """Full points on every indicator, ``off`` less on the first."""
    marks = {one.code: (one.points, "") for one in queries.standard_of(case).indicators}
    first = next(iter(marks))
    marks[first] = (marks[first][0] - Decimal(off), "示例评语")
    return marks


def sign(world: World, row: Assignment, off: str = "0") -> None:
    """Fill and sign one sheet as its expert."""
    row.refresh_from_db()
    actor, at = world.actor(row.expert.user.username), now_of(world)
    with journal.unit_of_work():
        services.scorecard_save(step_id=row.step_id, marks=even_marks(row.case, off), actor=actor, now=at)
        services.scorecard_sign(step_id=row.step_id, actor=actor, now=at)


def discuss(world: World, made: Panel, case: Case, kind: str = "discussion") -> Discussion:
    """A discussion or site visit opened and ended with minutes."""
    actor, at = world.actor("worker"), now_of(world)
    code = queries.standard_of(case).indicators[0].code
    with journal.unit_of_work():
        row = services.discussion_open(
            panel_id=made.pk, case_id=case.pk, kind=kind, reason="分歧较大", actor=actor, now=at
        )
    with journal.unit_of_work():
        return services.discussion_close(
            discussion_id=row.pk, held_on=at.date(), present="示例工作人员", minutes="示例纪要",
            findings=[(code, "true", "")] if kind == "visit" else [], actor=actor, now=at,
        )  # fmt: skip


def sign_all(world: World, made: Panel, offs: dict[int, str] | None = None) -> None:
    """Sign every sheet; ``offs`` gives by case id what each of its sheets is short of full points."""
    for row in Assignment.objects.filter(panel=made, state="active").select_related("case__version", "expert__user"):
        sign(world, row, (offs or {}).get(row.case_id, "0"))
