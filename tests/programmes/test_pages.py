"""Rounds: read by all who take part, run by the working group and the office."""

from datetime import date

import pytest
from django.test import Client
from tests.factories.base import World, world

from xianfeng.kernel import clock
from xianfeng.programmes.models import Round
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    with clock.frozen(clock.instant(date(2019, 10, 20), 10)):
        yield world()


def enter(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def test_a_round_shows_stages_places_bodies_and_what_it_is_pinned_to(made):
    page = enter(made, "st_staff").get(f"/programmes/rounds/{made.round.public_id}/").content.decode()
    for shown in ("自荐验收", "2019年10月8日至2019年11月25日", "第三推进组", made.version.content_hash, "15"):
        assert shown in page
    assert "办结批次" not in page
    assert Client().get("/programmes/rounds/").headers["Location"].startswith("/accounts/login/")


def test_a_stage_is_moved_with_a_reason(made):
    address = f"/programmes/rounds/{made.round.public_id}/stages/apply/"
    assert enter(made, "st_staff").get(address).status_code == 403
    client = enter(made, "worker")
    given = {"starts_on": "2019-10-08", "ends_on": "2019-12-02", "reason": ""}
    assert client.post(address, given).status_code == 422
    answer = client.post(address, {**given, "ends_on": "2019-10-01", "reason": "汛期"})
    assert (answer.status_code, "结束日期早于开始日期" in answer.content.decode()) == (422, True)
    client.post(address, {**given, "reason": "防汛任务较重"})
    assert made.round.stages.get(code="apply").ends_on == date(2019, 12, 2)


def test_a_round_is_closed_after_one_question(made):
    address = f"/programmes/rounds/{made.round.public_id}/close/"
    client = enter(made, "worker")
    assert "确认办结" in client.post(address).content.decode()
    client.post(address, {"confirmed": "1"})
    assert Round.objects.get().state == "closed"
    assert client.post(address, {"confirmed": "1"}).status_code == 409
    assert enter(made, "st_staff").post(address, {"confirmed": "1"}).status_code == 403


def test_the_next_year_is_opened_from_the_definition(made):
    client = enter(made, "worker")
    assert client.post("/programmes/rounds/new/", {"year": "2019"}).status_code == 422
    client.post("/programmes/rounds/new/", {"year": "2020"})
    assert Round.objects.get(year=2020).stages.count() == 5
    assert enter(made, "st_staff").get("/programmes/rounds/new/").status_code == 403


@pytest.mark.parametrize("category", ["organisation", "service_point", "post"])
@pytest.mark.parametrize("group", ["stations", "members"])
def test_the_standards_read_as_the_definition_has_them(made, category, group):
    address = f"/programmes/rounds/{made.round.public_id}/standards/?category={category}&group={group}"
    page = enter(made, "st_staff").get(address).content.decode()
    standard = made.version.definition.standard(category, group)
    for one in standard.indicators:
        assert one.title in page
    assert "满分 100 分" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_of_the_database_however_long(made, monkeypatch, django_assert_num_queries, rows):
    monkeypatch.setattr(navigation, "_entries", {})
    client = enter(made, "worker")
    for year in range(2020, 2019 + rows):
        client.post("/programmes/rounds/new/", {"year": str(year)})
    client.get("/programmes/rounds/")
    with django_assert_num_queries(10):
        client.get("/programmes/rounds/")
