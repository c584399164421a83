"""Two meetings at once cannot give out more places than there are."""

import threading

import pytest
from django.db import connection
from tests.factories import designations as made
from tests.factories.base import world

from xianfeng.designations import services
from xianfeng.designations.models import DecisionItem
from xianfeng.kernel.errors import Conflict


@pytest.mark.django_db(transaction=True)
def test_two_meetings_at_once_never_exceed_the_quota():
    w = world()
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 6)]
    made.decided(w, cases[:4])
    refused: list[str] = []
    start = threading.Barrier(2)

    def meet(case_id: int, document_no: str) -> None:
        try:
            start.wait()
            with made.at(made.moment()) as now:
                services.decision_record(
                    round_id=w.round.pk,
                    tier="tier1",
                    items=[(case_id, "approved", 8, 1, "")],
                    meeting_on=made.MEETING,
                    document_no=document_no,
                    present=9,
                    actor=w.actor("leader"),
                    now=now,
                )
        except Conflict as error:
            refused.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=meet, args=(one.pk, f"示例〔2019〕{n}号")) for n, one in enumerate(cases[4:], 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert "还有 0 个空余" in refused[0]
    assert DecisionItem.objects.filter(result="approved").count() == 5
