"""Panels for tests: nominations that passed screening, experts from outside, sheets filled evenly."""

from decimal import Decimal
from typing import Any

from tests.factories.base import World, day_in_stage
from xianfeng import journal
from xianfeng.cases import services as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import SYSTEM
from xianfeng.nominations.models import SelfAssessment
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
        SelfAssessment.objects.update_or_create(
            case=case, defaults={"total": Decimal(self_total), "saved_at": at, "submitted_at": at}
        )
    return case


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
