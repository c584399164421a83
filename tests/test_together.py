"""Two people at once: one of them wins, the other is told so, and nothing is counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.factories.base import World, world
from tests.factories.designations import MEETING, case_at, moment, nominees
from tests.factories.nominations import at, open_step, started, submitted
from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.designations import services as titles
from xianfeng.journal import queries as journal_queries
from xianfeng.kernel.errors import Conflict, UserError
from xianfeng.nominations import services

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[UserError | None]:
    """Run the acts at the same moment, each with a connection of its own; what each was refused with, if it was."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> UserError | None:
        barrier.wait(timeout=30)
        try:
            with journal.unit_of_work():
                act()
        except UserError as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refusals(results: list[UserError | None]) -> list[UserError]:
    """Those that were refused."""
    return [one for one in results if one is not None]


@pytest.fixture
def made() -> World:
    return world()


def test_of_two_who_endorse_at_once_one_is_told_who_was_faster(made: World) -> None:
    case = submitted(made)
    step = open_step(case)
    made.user("second", "st-committee", "staff")

    def endorse(username: str) -> Callable[[], Any]:
        actor = made.actor(username)
        return lambda: services.step_endorse(step_id=step.pk, opinion="同意", actor=actor, now=at())

    refused = refusals(together(endorse("st_superior"), endorse("second")))
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict)
    assert "已由" in refused[0].message
    assert Step.objects.filter(case=case, kind="screen").count() == 1
    assert journal_queries.verify().ok


def test_a_double_click_submits_once(made: World) -> None:
    step = open_step(submitted(made))
    actor = made.actor("st_superior")

    def click() -> Any:
        return services.step_endorse(step_id=step.pk, opinion="同意", actor=actor, now=at())

    assert len(refusals(together(click, click, click))) == 2


def test_a_nominee_is_started_once(made: World) -> None:
    def start() -> Any:
        return services.nomination_start(
            round_id=made.round.pk,
            nominee_id=made.nominees["st-branch"].pk,
            category="organisation",
            actor=made.actor("st_staff"),
            now=at(),
        )

    assert len(refusals(together(start, start))) == 1
    assert Case.objects.count() == 1


def test_two_meetings_at_once_do_not_give_away_more_places_than_there_are(made: World) -> None:
    cases = [case_at(made, one, "decide") for one in nominees(made, 6)]
    places = made.version.definition.quota("tier1", "post", 2019)
    assert places == 5

    def decide(chosen: list[Case], number: int) -> Callable[[], Any]:
        actor = made.actor("leader")
        return lambda: titles.decision_record(
            round_id=made.round.pk,
            tier="tier1",
            items=[(one.pk, "approved", 8, 1, "") for one in chosen],
            meeting_on=MEETING,
            document_no=f"示例〔2019〕{number}号",
            present=9,
            actor=actor,
            now=moment(),
        )

    refused = refusals(together(decide(cases[:3], 1), decide(cases[3:], 2)))
    assert len(refused) == 1
    assert "名额" in refused[0].message
    assert Step.objects.filter(kind="decide", state="done", outcome="approved").count() == 3


def test_withdrawal_and_endorsement_at_once_leave_one_outcome(made: World) -> None:
    from xianfeng.cases.services import case_withdraw

    case = submitted(made)
    step = open_step(case)
    staff, superior = made.actor("st_staff"), made.actor("st_superior")
    together(
        lambda: case_withdraw(case_id=case.pk, actor=staff, now=at()),
        lambda: services.step_endorse(step_id=step.pk, opinion="同意", actor=superior, now=at()),
    )
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "withdrawn")
    assert not Step.objects.open().filter(case=case).exists()


def test_started_cases_of_two_units_do_not_wait_for_each_other(made: World) -> None:
    """A control: acts on different cases all go through."""
    assert refusals(together(lambda: None, lambda: None)) == []
    assert started(made).pk != started(made, "co-branch", "co_staff").pk
