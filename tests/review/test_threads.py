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
from xianfeng.review import queries, services

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
    assert sorted(row.origin for row in active)[-1] == "top_up"
    assert verify().ok
