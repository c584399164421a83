"""The life of one title in a browser: every role signs in and does its part, from the plan to the register."""

from __future__ import annotations

import json
from datetime import date

import pytest
from playwright.sync_api import expect
from tests.e2e import roles
from tests.e2e.roles import Person, Town
from tests.factories import review
from tests.factories.base import world
from tests.factories.nominations import prove_gates

from xianfeng.journal import queries as journal
from xianfeng.kernel import clock
from xianfeng.review.models import Assignment

pytestmark = pytest.mark.django_db(transaction=True)

UNIT = "示例区安质监站党支部"
NOMINEE = "st-window报监窗口（示例）"
NUMBER = "SZ-ZXF-2019-FWD-001"
ABOVE = "ZXF-2019-FWD-001"
ON_PHONE = ("st_superior", "leader", "expert1", "expert2", "expert3", "expert4", "expert5")


def test_one_title_from_plan_to_register_and_through_its_reassessment(new_context, live_server) -> None:
    made = world()
    prove_gates(made)
    review.experts(made, 5)
    town = Town(new_context, live_server.url, ON_PHONE)
    create_and_guide(town)
    nominate(town)
    judge(town)
    announce_and_name(town)
    public_reads(town)
    raise_a_tier(town)
    reassess(town)
    assert town.complaints() == []
    assert journal.verify().ok
    assert made.round.cases.filter(state="open").count() == 0


def create_and_guide(town: Town) -> None:
    clock.set_day(date(2019, 3, 20))
    roles.hands_in_plan(town["st_staff"], NOMINEE)
    roles.accepts_plan(town["worker"], UNIT)
    roles.guides(town["worker"], UNIT)
    roles.answers_problem(town["st_staff"])
    roles.closes_problem(town["worker"])


def nominate(town: Town) -> None:
    clock.set_day(date(2019, 10, 15))
    staff, superior, officer = town["st_staff"], town["st_superior"], town["officer"]
    roles.starts_nomination(staff, "示范服务点", NOMINEE)
    roles.assesses(staff)
    roles.submits_assessment(staff)
    roles.endorses(superior, NOMINEE, "请补充延时服务的数据。", consent=False)
    roles.resubmits(staff, NOMINEE, "请补充延时服务的数据。")
    roles.endorses(superior, NOMINEE, "同意推荐。", consent=True)
    roles.returns_for_correction(officer, NOMINEE)
    roles.corrects(staff, NOMINEE)
    roles.passes(officer, NOMINEE)


def judge(town: Town) -> None:
    clock.set_day(date(2019, 11, 20))
    worker = town["worker"]
    roles.opens_panel(worker, "示范服务点")
    drawn = [one.expert.user.username for one in Assignment.objects.order_by("id").select_related("expert__user")]
    roles.recuses(town[drawn[0]], NOMINEE)
    replaced = Assignment.objects.filter(state="active").select_related("expert__user")
    for username in sorted(one.expert.user.username for one in replaced):
        roles.scores(town[username], NOMINEE)
    roles.ranks(worker, "示范服务点")
    clock.set_day(date(2019, 12, 9))
    roles.decides(town["leader"], "示例〔2019〕12号")


def announce_and_name(town: Town) -> None:
    worker, citizen = town["worker"], town.citizen()
    roles.publishes_notice(worker)
    roles.objects(citizen, NOMINEE)
    receipt = citizen.page.url
    roles.dismisses_objection(worker)
    citizen.open(receipt)
    citizen.sees("异议不成立", "当日为停电检修")
    clock.set_day(date(2019, 12, 18))
    roles.closes_notice(worker)
    roles.names(worker, NUMBER)
    roles.hands_out_plaque(worker, NOMINEE)


def public_reads(town: Town) -> None:
    citizen = town.citizen()
    citizen.open("/register/")
    citizen.write({"名称、单位或编号": "报监窗口"})
    citizen.press("筛选")
    citizen.sees(NUMBER)
    citizen.follow(NOMINEE)
    citizen.follow("验证这个称号")
    expect(citizen.page.get_by_role("heading", level=1)).to_contain_text("有效")
    answer = citizen.context.request.get(citizen.page.url, headers={"Accept": "application/json"})
    told = json.loads(answer.text())
    assert (told["verdict"], told["number"], told["named_on"]) == ("active", NUMBER, "2019-12-18")
    citizen.open("/bulletins/")
    citizen.sees("首期创建简报")


def raise_a_tier(town: Town) -> None:
    clock.set_day(date(2019, 12, 20))
    worker, city = town["worker"], town["city"]
    roles.recommends(worker, NOMINEE)
    roles.decides(city, "示例〔2019〕综1号")
    roles.publishes_notice(city)
    clock.set_day(date(2019, 12, 31))
    roles.closes_notice(city)
    roles.names(city, ABOVE)
    citizen = town.citizen()
    citizen.open(f"/verify/{ABOVE}/")
    citizen.sees(ABOVE, NOMINEE)


def reassess(town: Town) -> None:
    clock.set_day(date(2021, 9, 6))
    staff, worker, officer = town["st_staff"], town["worker"], town["officer"]
    roles.starts_reassessment(worker, NOMINEE)
    roles.checks_itself(staff, NOMINEE)
    roles.endorses(town["st_superior"], NOMINEE, "自查属实。", consent=True)
    roles.opines(worker, NOMINEE)
    roles.orders_rectification(officer, NOMINEE)
    verifies(town, "限期整改")
    roles.reports_rectification(staff, NOMINEE)
    roles.rechecks(officer, NOMINEE)
    verifies(town, "有效").sees("整改")


def verifies(town: Town, word: str) -> Person:
    """Somebody new scans the plaque: a browser keeps the answer for half a minute."""
    citizen = town.citizen()
    citizen.open(f"/verify/{NUMBER}/")
    expect(citizen.page.get_by_role("heading", level=1)).to_contain_text(word)
    return citizen
