"""Nominations at every point of 自荐验收, made by the services themselves."""

from datetime import date, datetime
from decimal import Decimal

from tests.factories.base import World
from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.nominations import queries, services
from xianfeng.nominations.rules import asks_evidence

APPLY_DAY = date(2019, 10, 15)
CATEGORY = {"organisation": "organisation", "service_point": "service_point", "member": "post"}


def at(day: date = APPLY_DAY, hour: int = 10) -> datetime:
    """An instant within the 2019 round's application window."""
    return clock.instant(day, hour)


def open_step(case: Case) -> Step:
    """The case's newest open step."""
    return case.steps.filter(state="open").latest("id")


def started(world: World, nominee: str = "st-branch", by: str = "st_staff") -> Case:
    """A nomination just begun."""
    row = world.nominees[nominee]
    with journal.unit_of_work():
        return services.nomination_start(
            round_id=world.round.pk,
            nominee_id=row.pk,
            category=CATEGORY[row.kind],
            actor=world.actor(by),
            now=at(),
        )


def filled(world: World, nominee: str = "st-branch", by: str = "st_staff") -> Case:
    """A nomination with every indicator scored in full, proven by one link, and a statement."""
    case = started(world, nominee, by)
    standard = queries.standard_of(case)
    scores = {one.code: (one.points, "") for one in standard.indicators}
    wanted = [one.code for one in standard.indicators if asks_evidence(one, Decimal(1))]
    actor = world.actor(by)
    with journal.unit_of_work():
        services.assessment_save(case_id=case.pk, scores=scores, statement="示例事迹。", actor=actor, now=at())
        services.evidence_add(
            case_id=case.pk,
            indicators=wanted,
            title="示例材料",
            url="https://example.org/a",
            actor=actor,
            now=at(),
        )
    return case


def submitted(world: World, nominee: str = "st-branch", by: str = "st_staff") -> Case:
    """A nomination before its superior."""
    case = filled(world, nominee, by)
    with journal.unit_of_work():
        services.assessment_submit(step_id=open_step(case).pk, actor=world.actor(by), now=at())
    case.refresh_from_db()
    return case


def endorsed(world: World, nominee: str = "st-branch", by: str = "st_staff", superior: str = "st_superior") -> Case:
    """A nomination before the office."""
    case = submitted(world, nominee, by)
    with journal.unit_of_work():
        services.step_endorse(step_id=open_step(case).pk, opinion="同意推荐。", actor=world.actor(superior), now=at())
    case.refresh_from_db()
    return case


def prove_gates(world: World) -> None:
    """What the ledger needs for the station's branch to meet its gates."""
    unit = world.organisations["st-unit"]
    world.fact(
        "honour", "示例文明单位", date(2018, 5, 1), organisation=unit, level="district_bureau", tags=["civilised_unit"]
    )
    world.fact(
        "appraisal", "示例班子考核", date(2018, 12, 20), organisation=unit, result="competent", tags=["leadership"]
    )


def returned(world: World, nominee: str = "st-branch") -> Case:
    """A nomination that the screening returned for correction of one indicator."""
    case = endorsed(world, nominee)
    first = queries.standard_of(case).indicators[0].code
    with journal.unit_of_work():
        services.step_screen(
            step_id=open_step(case).pk,
            result="returned",
            opinion="请补正。",
            items=[(first, "缺少检查记录")],
            actor=world.actor("officer"),
            now=at(),
        )
    case.refresh_from_db()
    return case
