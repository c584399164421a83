"""Two experts, the office and a recusal at once: no sheet is lost, no case is left short unnoticed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories import review as made
from tests.factories.base import world
from xianfeng import journal
from xianfeng.journal.queries import verify
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict
from xianfeng.messaging.models import Message
from xianfeng.review import board, queries, services
from xianfeng.review.models import Mark

pytestmark = pytest.mark.django_db(transaction=True)


def test_signing_reopening_recusing_and_reminding_at_once_lose_nothing():
    place = world()
    made.organisations_at_panel(place, 3)
    made.experts(place, 6)
    panel = made.panel(place)
    at = made.now_of(place)
    rows = list(panel.assignments.filter(state="active").select_related("case__version", "expert__user").order_by("id"))
    made.sign(place, rows[0])
    rows[0].refresh_from_db()
    worker = place.actor("worker")
    actors = [place.actor(row.expert.user.username) for row in rows]
    marks = [made.even_marks(row.case) for row in rows]
    together = Barrier(6)

    def sign(number: int) -> None:
        step = rows[number].step_id
        services.scorecard_save(step_id=step, marks=marks[number], actor=actors[number], now=at)
        services.scorecard_sign(step_id=step, actor=actors[number], now=at)

    acts: list[Callable[[], object]] = [
        lambda: sign(1),
        lambda: sign(2),
        lambda: sign(3),
        lambda: services.expert_recuse(step_id=rows[4].step_id, reason="亲属关系", actor=actors[4], now=at),
        lambda: services.scorecard_reopen(assignment_id=rows[0].pk, reason="误填", actor=worker, now=at),
        lambda: services.panel_remind(panel_id=panel.pk, actor=worker, now=at),
    ]

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait()
            with clock.frozen(at), journal.unit_of_work():
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result()
    active = list(queries.active_assignments(panel))
    assert len(active) == 9
    assert {row.pk for row in active if queries.is_signed(row)} == {row.pk for row in rows[1:4]}
    asked = {row.pk: len(queries.standard_of(row.case).indicators) for row in rows}
    for row in rows[:4]:  # no sheet is lost: the signed ones whole, the one given back still with all its marks
        assert Mark.objects.filter(scorecard__assignment=row, points__isnull=False).count() == asked[row.pk]
    assert board.matrix(panel).lacking == 0
    assert sorted(row.origin for row in active)[-1] == "top_up"
    assert verify().ok


def test_two_recusals_a_hand_assignment_and_a_signature_on_one_case_leave_no_unnoticed_gap():
    place = world()
    (case,) = made.organisations_at_panel(place, 1)
    pool = made.experts(place, 6)
    panel = made.panel(place)
    at, worker = made.now_of(place), place.actor("worker")
    rows = list(panel.assignments.filter(state="active").select_related("case__version", "expert__user").order_by("id"))
    actors = [place.actor(row.expert.user.username) for row in rows]
    free = next(one for one in pool if one.pk not in {row.expert_id for row in rows})
    marks = made.even_marks(rows[2].case)
    together = Barrier(4)

    def sign() -> None:
        services.scorecard_save(step_id=rows[2].step_id, marks=marks, actor=actors[2], now=at)
        services.scorecard_sign(step_id=rows[2].step_id, actor=actors[2], now=at)

    acts: list[Callable[[], object]] = [
        sign,
        lambda: services.expert_recuse(step_id=rows[0].step_id, reason="亲属关系", actor=actors[0], now=at),
        lambda: services.expert_recuse(step_id=rows[1].step_id, reason="师生关系", actor=actors[1], now=at),
        lambda: services.assignment_add(panel_id=panel.pk, case_id=case.pk, expert_id=free.pk, actor=worker, now=at),
    ]

    def run(act: Callable[[], object]) -> str:
        try:
            together.wait()
            with clock.frozen(at), journal.unit_of_work():
                act()
        except Conflict as error:  # the top-up may have seated the same expert first: then the office is told
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as workers:
        said = [one.result() for one in [workers.submit(run, act) for act in acts]]
    assert said[:3] == ["", "", ""]
    assert said[3] == "" or "已在评审" in said[3]
    active = list(queries.active_assignments(panel))
    assert len({row.expert_id for row in active}) == len(active) >= panel.per_case
    assert [row.pk for row in active if queries.is_signed(row)] == [rows[2].pk]
    assert verify().ok


def test_two_recusals_at_once_that_one_free_expert_cannot_fill_are_noticed_on_the_board_and_by_message(client):
    place = world()
    (case,) = made.organisations_at_panel(place, 1)
    made.experts(place, 4)
    panel = made.panel(place)
    at = made.now_of(place)
    rows = list(panel.assignments.filter(state="active").select_related("case__version", "expert__user").order_by("id"))
    actors = [place.actor(row.expert.user.username) for row in rows]
    marks = made.even_marks(rows[2].case)
    together = Barrier(3)

    def sign() -> None:
        services.scorecard_save(step_id=rows[2].step_id, marks=marks, actor=actors[2], now=at)
        services.scorecard_sign(step_id=rows[2].step_id, actor=actors[2], now=at)

    acts: list[Callable[[], object]] = [
        sign,
        lambda: services.expert_recuse(step_id=rows[0].step_id, reason="亲属关系", actor=actors[0], now=at),
        lambda: services.expert_recuse(step_id=rows[1].step_id, reason="师生关系", actor=actors[1], now=at),
    ]

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait()
            with clock.frozen(at), journal.unit_of_work():
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(run, act) for act in acts]:
            done.result()
    with clock.frozen(at):
        found = board.matrix(panel)
        assert (found.lacking, found.few, found.may_rank) == (1, [case.name], False)
        client.force_login(place.users["worker"])
        assert "还缺 1 位专家" in client.get(f"/review/panels/{panel.public_id}/").content.decode()
    told = Message.objects.filter(title=f"专家回避后无人补派：{case.name}")
    assert set(told.values_list("recipient__username", flat=True)) == {"worker", "worker2"}
    assert told.count() == 2
    assert [row.pk for row in queries.active_assignments(panel) if queries.is_signed(row)] == [rows[2].pk]
    assert verify().ok
