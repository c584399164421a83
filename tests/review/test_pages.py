"""The panel's pages: who gets in, what they show, how many queries, and that scoring works from form to signature."""

import pytest

from tests.factories import review as made
from tests.factories.base import World
from xianfeng import journal
from xianfeng.cases import pages
from xianfeng.cases.models import Step
from xianfeng.messaging.models import Message
from xianfeng.review import queries, services
from xianfeng.review.models import Assignment, Expert, Panel, Recusal
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(place: World) -> Panel:
    """Three cases ranked by three experts."""
    cases = made.organisations_at_panel(place, 3)
    made.experts(place, 3)
    panel = made.panel(place)
    made.sign_all(place, panel, {one.pk: str(number) for number, one in enumerate(cases)})
    made.discuss(place, panel, cases[0])
    with journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=place.actor("worker"), now=made.now_of(place))
    return panel


def login(client, place: World, name: str) -> None:
    client.force_login(place.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")


def first_task(panel: Panel) -> Assignment:
    row = panel.assignments.filter(state="active").select_related("expert__user", "step", "case__version").first()
    assert row
    return row


def test_strangers_are_sent_to_sign_in_and_others_refused(client, place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    row = first_task(panel)
    office = [
        "/review/",
        f"/review/panels/{panel.public_id}/",
        "/review/experts/",
        f"/review/assignments/{row.step.public_id}/",
    ]
    expert = ["/review/queue/", f"/review/score/{row.step.public_id}/"]
    for address in office + expert:
        assert client.get(address).status_code == 302
    place.user("nominee", "party1")
    for name in ("nominee", "leader", "officer", row.expert.user.username):
        login(client, place, name)
        assert {client.get(address).status_code for address in office} == {403}, name
    login(client, place, "worker")
    assert [client.get(address).status_code for address in office] == [200] * 4
    assert client.get(expert[1]).status_code == 404
    login(client, place, row.expert.user.username)
    assert [client.get(address).status_code for address in expert] == [200] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_one_and_three_rows(client, place, django_assert_num_queries, monkeypatch, count):
    monkeypatch.setattr(navigation, "links", lambda *given: [])  # other apps' entries ask their own questions
    made.organisations_at_panel(place, count)
    made.experts(place, 3)
    panel = made.panel(place)
    login(client, place, "worker")
    for address, queries_asked in (
        ("/review/", 10),
        (f"/review/panels/{panel.public_id}/", 22),
        ("/review/experts/", 8),
    ):
        with django_assert_num_queries(queries_asked):
            client.get(address)
    login(client, place, "expert1")
    with django_assert_num_queries(5):
        client.get("/review/queue/")


def test_the_working_group_opens_draws_and_reminds_by_the_pages(client, place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 2)
    login(client, place, "worker")
    assert "组建评审组" in client.get("/review/").content.decode()
    answer = client.post("/review/", {"tier": "tier1", "category": "organisation", "per_case": "2"})
    assert answer.status_code == 422
    assert "专家数不能少于 3" in answer.content.decode()
    client.post("/review/", {"tier": "tier1", "category": "organisation", "per_case": "3"})
    panel = Panel.objects.get()
    answer = client.post(f"/review/panels/{panel.public_id}/draw/")
    assert answer.status_code == 409
    assert "请至少再增加 1 位" in answer.content.decode()
    place.user("expert9")
    client.post(
        "/review/experts/add/", {"user": place.users["expert9"].pk, "employer_name": "示例大学", "max_load": "5"}
    )
    assert client.post(f"/review/panels/{panel.public_id}/draw/").status_code == 302
    shown = client.get(f"/review/panels/{panel.public_id}/").content.decode()
    assert shown.count("待评") == 6
    assert "催办 3 位专家" in shown
    address = f"/review/panels/{panel.public_id}/remind/"
    one = Expert.objects.get(user__username="expert1")
    assert client.post(address, {"expert": "nobody"}).status_code == 404
    assert client.post(address, {"expert": one.public_id}).status_code == 302
    assert [row.recipient for row in Message.objects.filter(title__startswith="请完成评分")] == [one.user]
    shown = client.get(f"/review/panels/{panel.public_id}/").content.decode()
    assert "“请完成评分：还有 2 份评分表未签名”" in shown
    assert shown.count("今天已催办") == 1
    assert client.post(address).status_code == 302
    assert Message.objects.filter(title__startswith="请完成评分").count() == 3


def test_the_board_shows_how_a_step_is_reached(client, place):
    (case,) = made.organisations_at_panel(place, 1)
    step = Step.objects.get(case=case, kind="panel")
    login(client, place, "worker")
    assert client.get(pages.url_for(step)).url.startswith("/review/?round=")
    made.experts(place, 3)
    panel = made.panel(place)
    assert client.get(pages.url_for(step)).url == f"/review/panels/{panel.public_id}/"


def test_an_expert_scores_by_form_and_signs_with_the_password(client, place):
    made.organisations_at_panel(place, 2)
    made.experts(place, 3)
    panel = made.panel(place)
    row = first_task(panel)
    login(client, place, row.expert.user.username)
    address = f"/review/score/{row.step.public_id}/"
    page = client.get(address).content.decode()
    assert "去签名" in page
    assert "下一份" in page
    codes = [one.code for one in queries.standard_of(row.case).indicators]
    wrong = {f"p_{codes[0]}": "999", f"p_{codes[1]}": "1.5", f"r_{codes[1]}": "台账齐全"}
    assert client.post(address, wrong, headers={"X-Autosave": "1"}).status_code == 422
    card = Assignment.objects.get(pk=row.pk).scorecard
    assert {one.indicator: one.points for one in card.marks.filter(points__isnull=False)} == {codes[1]: 1.5}
    full = {f"p_{one.code}": str(one.points) for one in queries.standard_of(row.case).indicators}
    assert client.post(address, full, headers={"X-Autosave": "1"}).status_code == 204
    assert client.post(address, {**full, "remark": "好"}).url == f"{address}sign/"
    assert "密码不正确" in client.post(f"{address}sign/", {"password": "wrong"}).content.decode()
    answer = client.post(f"{address}sign/", {"password": "pass-word-1"})
    assert answer.status_code == 302
    assert answer.url.startswith("/review/score/")
    assert "已签名" in client.get(address).content.decode()
    card.refresh_from_db()
    assert (card.state, card.total, card.remark) == ("signed", 100, "好")


def test_an_expert_declares_a_recusal(client, place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 4)
    row = first_task(made.panel(place))
    login(client, place, row.expert.user.username)
    address = f"/review/score/{row.step.public_id}/recuse/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "师生关系"}).url == "/review/queue/"
    assert Recusal.objects.get().reason == "师生关系"
    assert client.get(f"/review/score/{row.step.public_id}/").status_code == 404


def test_the_ranking_explains_itself_and_goes_to_a_workbook(client, judged, place):
    login(client, place, "leader")
    page = client.get(f"/review/panels/{judged.public_id}/ranking/").content.decode()
    assert page.index("第1水利公司") < page.index("第2水利公司") < page.index("第3水利公司")
    assert "专家 A的评分表" in page
    assert "平均（不足 5 份，不去高低分）" in page
    answer = client.get(f"/review/panels/{judged.public_id}/ranking/export/")
    from xianfeng.kernel.sheets.reading import read_workbook

    sheets = read_workbook(answer.content)
    assert [sheet.name for sheet in sheets] == ["汇总排名", "计算过程"]
    assert len(sheets[0].rows) == 4


def test_the_working_group_reopens_a_signed_sheet_with_a_reason(client, place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 3)
    panel = made.panel(place)
    row = first_task(panel)
    made.sign(place, row)
    login(client, place, "worker")
    address = f"/review/assignments/{row.step.public_id}/"
    assert "退回重评" in client.get(address).content.decode()
    assert client.post(address, {"reason": "第三项与材料不符"}).status_code == 302
    row.refresh_from_db()
    login(client, place, row.expert.user.username)
    assert "推进组退回重评：第三项与材料不符" in client.get(f"/review/score/{row.step.public_id}/").content.decode()


def test_a_stale_page_does_not_give_back_a_sheet_signed_meanwhile(client, place):
    made.organisations_at_panel(place, 1)
    made.experts(place, 4)
    row = first_task(made.panel(place))
    login(client, place, "worker")
    address = f"/review/assignments/{row.step.public_id}/"
    assert 'value="remove"' in client.get(address).content.decode()
    made.sign(place, row)
    answer = client.post(address, {"reason": "另有安排", "act": "remove"})
    assert answer.status_code == 409
    assert "已签名提交" in answer.content.decode()
    row.scorecard.refresh_from_db()
    assert row.scorecard.state == "signed"


def test_an_expert_taken_out_of_the_pool_is_not_drawn(client, place):
    made.organisations_at_panel(place, 1)
    found = made.experts(place, 4)
    login(client, place, "worker")
    address = f"/review/experts/{found[0].public_id}/"
    client.post(address, {"employer_name": "示例水利大学", "max_load": "20"})
    assert not Expert.objects.get(pk=found[0].pk).active
    assert not made.panel(place).assignments.filter(expert=found[0]).exists()
