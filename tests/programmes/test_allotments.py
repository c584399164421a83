"""名额分配表: typed or pasted by the office, kept with the round, on record, read by all who take part."""

from datetime import date

import pytest
from django.test import Client
from tests.factories.base import World, world

from xianfeng import journal
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.programmes import allotting, services
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.events import Event
from xianfeng.programmes.models import Allotment

pytestmark = pytest.mark.django_db
TODAY = date(2019, 10, 20)


def allotting_world() -> World:
    """The small world where party organisations are recommended by a table."""
    source = shipped_source("zhishui-guanhai-2019")
    anchor = "    number_code: DZZ\n"
    assert anchor in source
    return world(source=source.replace(anchor, f"{anchor}    allotted: true\n", 1))


@pytest.fixture
def made():
    with clock.frozen(clock.instant(TODAY, 10)):
        yield allotting_world()


def enter(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def give(made: World, who: str, category: str, number: int | None, actor: str = "worker") -> int:
    body = made.organisations[who].pk
    with journal.unit_of_work():
        return services.allotments_set(
            round_id=made.round.pk, places={(body, category): number}, actor=made.actor(actor), now=clock.now()
        )


def test_every_change_of_the_table_is_on_record_and_nothing_else(made):
    assert [give(made, "st-committee", "organisation", n) for n in (2, 2, 3, None)] == [1, 0, 1, 1]
    leaves = Entry.objects.filter(event=Event.ROUND_ALLOTTED).order_by("seq").values_list("leaf", flat=True)
    told = [f"{made.organisations['st-committee'].name}：示范党组织 {what}" for what in ("2 个", "3 个", "不再单列")]
    assert [what in leaf for what, leaf in zip(told, leaves, strict=True)] == [True, True, True]
    assert not Allotment.objects.exists()


def test_the_table_is_the_offices_and_of_a_running_round_and_of_categories_that_are_allotted(made):
    with pytest.raises(NotPermitted):
        give(made, "st-committee", "organisation", 2, actor="st_superior")
    with pytest.raises(Invalid, match="不按分配表推荐的类别"):
        give(made, "st-committee", "service_point", 2)
    made.round.state = "closed"
    made.round.save()
    with pytest.raises(Conflict, match="不能再调整推荐名额"):
        give(made, "st-committee", "organisation", 2)


def test_rows_copied_from_excel_are_read_and_what_is_wrong_is_told_by_row(made):
    table = allotting.table(made.round, TODAY)
    station, company = made.organisations["st-committee"], made.organisations["co-committee"]
    assert {station, company} <= set(table.bodies)
    text = f"推荐单位\t示范党组织\n{station.name}\t3\n\n{company.code}\t\n没有的党委\t1\n{station.code}\t三个\n"
    cells, faults = allotting.pasted(text, table.bodies, table.categories)
    assert cells == {(station.pk, "organisation"): 3, (company.pk, "organisation"): None}
    assert [one.partition("：")[0] for one in faults] == ["第 5 行", "第 6 行"]


def test_the_table_is_pasted_looked_over_and_saved_from_the_page(made):
    address = f"/programmes/rounds/{made.round.public_id}/allotments/"
    station = made.organisations["st-committee"]
    assert enter(made, "st_superior").get(address).status_code == 403
    client = enter(made, "officer")
    page = client.post(address, {"read": "1", "pasted": f"{station.name}\t4\n没有的党委\t1"}).content.decode()
    assert ('value="4"' in page, "没有名为“没有的党委”" in page, Allotment.objects.count()) == (True, True, 0)
    assert client.post(address, {f"{station.public_id}.organisation": "-1"}).status_code == 422
    assert client.post(address, {f"{station.public_id}.organisation": "4"}).status_code == 302
    assert Allotment.objects.get().places == 4
    shown = enter(made, "st_staff").get(f"/programmes/rounds/{made.round.public_id}/").content.decode()
    assert ("推荐名额" in shown, "填写名额分配表" in shown) == (True, False)


def test_where_nothing_is_allotted_there_is_no_table():
    with clock.frozen(clock.instant(TODAY, 10)):
        plain = world()
        address = f"/programmes/rounds/{plain.round.public_id}/"
        assert "推荐名额" not in enter(plain, "worker").get(address).content.decode()
        assert enter(plain, "worker").get(f"{address}allotments/").status_code == 404
