"""A ranking taken back before the decision: late cases join, the old one stays to be read, nothing signed is lost."""

import json

import pytest

from tests.factories import review as made
from tests.factories.base import World
from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.designations import services as titles
from xianfeng.journal.models import Entry
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.review import packet, services
from xianfeng.review.models import Panel, Ranking, RankingRow, Scorecard
from xianfeng.review.rules.again import first_difference

pytestmark = pytest.mark.django_db
REASON = "第3水利公司补正材料后通过初审，依规定一并评审"


@pytest.fixture
def panel(place: World) -> Panel:
    """Two cases ranked by three experts."""
    made.organisations_at_panel(place, 2)
    made.experts(place, 4)
    found = made.panel(place)
    made.sign_all(place, found)
    return rank(place, found).panel


def rank(place: World, panel: Panel) -> Ranking:
    with journal.unit_of_work():
        return services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))


def reopen(place: World, panel: Panel, who: str = "worker", reason: str = REASON) -> Ranking:
    with journal.unit_of_work():
        return services.ranking_reopen(panel_id=panel.pk, reason=reason, actor=place.actor(who), now=made.now_of(place))


def late(place: World) -> Case:
    """A third nominee that passes screening after the ranking."""
    place.organisation("unit3", "company", "示例第3水利公司")
    place.organisation("party3", "party_branch", "示例第3水利公司党支部", superior="top", unit="unit3")
    return made.at_panel(place, place.party_nominee("party3"), "organisation")


def login(client, place: World, name: str) -> None:
    client.force_login(place.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")


def test_a_late_case_joins_and_the_old_ranking_stays_to_be_read(place, panel):
    old = panel.rankings.get()
    third = late(place)
    signed = set(Scorecard.objects.filter(state="signed").values_list("public_id", flat=True))
    reopen(place, panel)
    panel.refresh_from_db()
    assert (panel.state, panel.ranked_at) == ("scoring", None)
    assert Step.objects.filter(kind="panel", state="open").count() == 3
    assert not Step.objects.filter(kind="decide", state="open").exists()
    assert Message.objects.filter(title__contains="审定事项暂时收回", recipient=place.users["leader"]).exists()
    with journal.unit_of_work():
        drawn = services.panel_draw(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    assert {one.case_id for one in drawn} == {third.pk}  # nobody who scored is moved
    for one in drawn:
        made.sign(place, one, "1")
    new = rank(place, panel)
    assert set(Scorecard.objects.filter(state="signed").values_list("public_id", flat=True)) >= signed
    assert new.rows.count() == 3
    assert old.rows.count() == 2
    assert set(RankingRow.objects.in_force().values_list("ranking_id", flat=True)) == {new.pk}
    content = json.loads(packet.packet_bytes(new, office=True))
    assert first_difference(content) == ""
    assert content["inputs"]["earlier"][0]["id"] == old.public_id
    assert REASON in packet.packet_bytes(new, office=True).decode()
    assert REASON not in packet.packet_bytes(new, office=False).decode()
    old.refresh_from_db()
    assert first_difference(json.loads(packet.packet_bytes(old, office=True))) == ""
    assert Entry.objects.filter(event="review:panel:reopened").count() == 1
    assert Entry.objects.filter(event="review:case:recalled").count() == 2


def test_a_ranking_is_taken_back_only_with_a_reason_by_who_runs_it_and_once(place, panel):
    with pytest.raises(Invalid, match="原因"):
        reopen(place, panel, reason=" ")
    with pytest.raises(NotPermitted):
        reopen(place, panel, who="leader")
    reopen(place, panel)
    with pytest.raises(Conflict, match="正在重新汇总"):
        reopen(place, panel)
    assert rank(place, panel).panel.rankings.count() == 2


def test_a_ranking_on_which_somebody_decided_stays(place, panel, client):
    ids = list(RankingRow.objects.values_list("case_id", flat=True))
    at = made.now_of(place)
    with journal.unit_of_work():
        titles.decision_record(
            round_id=place.round.pk, tier="tier1", items=[(ids[0], "approved", 9, 0, "")], meeting_on=at.date(),
            document_no="示例〔2019〕1号", present=9, actor=place.actor("leader"), now=at,
        )  # fmt: skip
    with pytest.raises(Conflict, match="已进入后续环节"):
        reopen(place, panel)
    panel.refresh_from_db()
    assert panel.state == "ranked"
    login(client, place, "worker")
    page = client.get(f"/review/panels/{panel.public_id}/ranking/reopen/").content.decode()
    assert "已经开始审定，不能重新汇总" in page


def test_the_pages_offer_it_and_show_what_was(client, place, panel):
    third = late(place)
    login(client, place, "worker")
    address = f"/review/panels/{panel.public_id}/ranking/"
    assert "又有 1 个申报通过初审" in client.get(address).content.decode()
    assert "又有 1 个申报通过初审" in client.get(f"/review/panels/{panel.public_id}/").content.decode()
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"reason": REASON}).status_code == 302
    assert client.get(address).status_code == 404
    page = client.get(f"/review/panels/{panel.public_id}/").content.decode()
    assert "历次汇总" in page
    old = f"?no={panel.rankings.get().public_id}"
    assert "名次不再有效" in client.get(f"{address}{old}").content.decode()
    assert "名次不再有效" in client.get(f"{address}packet/{old}").content.decode()
    login(client, place, "leader")
    assert REASON not in client.get(f"{address}{old}").content.decode()
    assert third.steps.filter(kind="panel", state="open").exists()
