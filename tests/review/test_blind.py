"""盲审: nowhere an expert looks is the nominee named, from the message to the case page."""

import pytest
from django.test import Client

from tests.factories.base import world
from tests.factories.review import experts, now_of, organisations_at_panel, ruled
from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.review import services
from xianfeng.review.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("blind", [True, False], ids=["blind", "open"])
def test_the_expert_meets_a_number_everywhere(blind: bool) -> None:
    made = world(source=ruled("blind: true") if blind else "")
    organisations_at_panel(made, 2)
    experts(made, 5)
    at = now_of(made)
    with journal.unit_of_work():
        panel = services.panel_open(
            round_id=made.round.pk, category="organisation", tier="tier1", seed="a1" * 16,
            actor=made.actor("worker"), now=at,
        )  # fmt: skip
        services.panel_draw(panel_id=panel.pk, actor=made.actor("worker"), now=at)
    # One with a single case: the workbench tells several of a kind in one line, by their number.
    rows = Assignment.objects.filter(panel=panel).select_related("expert__user", "case")
    row = min(rows, key=lambda one: rows.filter(expert=one.expert).count())
    clock.set_day(clock.local_day(at))
    client = Client()
    client.force_login(row.expert.user)
    pages = [client.get(address).content.decode() for address in ("/work/", "/messages/", "/review/queue/")]
    named = [one for one in pages if any(case.name in one for case in Case.objects.all())]
    assert len(named) == (0 if blind else 3)
    assert client.get(f"/cases/{row.case.public_id}/").status_code == (404 if blind else 200)
