"""Bad input in a browser: told clearly, with the right status, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import FilePayload, Page, Response, expect
from tests.e2e import roles
from tests.e2e.roles import PNG, Town
from tests.factories import creation as plans
from tests.factories import designations as titles
from tests.factories import nominations
from tests.factories.base import World, world

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.creation import services as creation
from xianfeng.designations.models import Decision
from xianfeng.kernel import clock
from xianfeng.nominations import services
from xianfeng.nominations.models import Evidence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made() -> World:
    clock.set_day(nominations.APPLY_DAY)
    return world()


@pytest.fixture
def town(new_context, live_server, made: World) -> Town:
    return Town(new_context, live_server.url)


def answer_to(page: Page, act) -> Response:
    """The answer to the form an act posts."""
    with page.expect_response(lambda one: one.request.method == "POST") as posted:
        act()
    return posted.value


def test_a_double_click_is_one_act(made: World, town: Town) -> None:
    case = nominations.submitted(made)
    superior = town["st_superior"]
    superior.work("上级认定", case.name)
    superior.write({"认定意见": "同意推荐。"})
    superior.button("认定同意").dblclick()
    superior.told("已认定同意")
    assert Step.objects.filter(case=case, kind="endorse", state="done").count() == 1
    assert Step.objects.filter(case=case, kind="screen", state="open").count() == 1


def test_two_who_start_the_same_nomination_get_one(made: World, town: Town) -> None:
    first, second = town["st_staff"], roles.Person(town.new_context, town.base, "st_staff")
    nominee = made.nominees["st-window"]
    for one in (first, second):
        one.open(f"/nominations/start/service_point/{nominee.public_id}/")
    first.press("开始自评")
    expect(first.page.get_by_role("heading", level=1)).to_contain_text("自评自荐")
    refusal = answer_to(second.page, lambda: second.press("开始自评"))
    assert refusal.status == 409
    second.refused("已有办理中的自荐")
    assert Case.objects.filter(nominee=nominee).count() == 1


def test_who_comes_too_late_is_told_who_was_faster_and_keeps_the_opinion(made: World, town: Town) -> None:
    case = nominations.submitted(made)
    superior = town["st_superior"]
    superior.work("上级认定", case.name)
    superior.write({"认定意见": "请补充三季度的检查记录，再行认定。"})
    made.user("second", "st-committee")
    with journal.unit_of_work():
        services.step_endorse(
            step_id=nominations.open_step(case).pk, opinion="同意。", actor=made.actor("second"), now=nominations.at()
        )
    refusal = answer_to(superior.page, lambda: superior.press("退回完善"))
    assert refusal.status == 409
    superior.refused("已由示例区水务局党委", "您填写的内容没有提交")
    expect(superior.page.get_by_label("认定意见")).to_have_value("请补充三季度的检查记录，再行认定。")
    assert superior.open(superior.page.url) == 200  # read again, it leads to the case
    superior.sees("示例区水务局党委")


def test_a_plan_answered_by_a_colleague_keeps_what_was_written(made: World, town: Town) -> None:
    clock.set_day(date(2019, 3, 12))
    plan = plans.submitted_plan(made)
    worker = town["worker"]
    worker.open(f"/creation/plans/{plan.public_id}/")
    worker.write({"推进组意见": "里程碑过于笼统，请细化到月。"})
    with journal.unit_of_work():
        creation.plan_accept(plan_id=plan.pk, actor=made.actor("worker2"), now=plans.SPRING)
    refusal = answer_to(worker.page, lambda: worker.press("退回完善"))
    assert refusal.status == 409
    worker.sees("已备案", "您刚才填写的内容", "里程碑过于笼统，请细化到月。")
    worker.follow("返回上一页")
    worker.sees("已备案")


def test_a_meeting_recorded_twice_is_recorded_once(made: World, town: Town) -> None:
    case = titles.case_at(made, made.nominees["st-window"], "decide")
    clock.set_day(titles.MEETING)
    leader = town["leader"]
    leader.work("审定", case.name)
    leader.choose("结果", "审定同意")
    leader.write({"文号": "示例〔2019〕9号", "应到人数": "9", "到会人数": "9", "赞成票": "8", "反对票": "1"})
    leader.press("核对")
    titles.decided(made, [case])
    refusal = answer_to(leader.page, lambda: leader.press("提交审定"))
    assert refusal.status in (409, 422)
    expect(leader.page.get_by_role("heading", level=1)).not_to_have_text("服务器出错")
    assert Decision.objects.count() == 1


def test_a_quota_overrun_is_refused_with_the_votes_kept(made: World, town: Town) -> None:
    clock.set_day(titles.MEETING)
    for one in titles.nominees(made, 6):
        titles.case_at(made, one, "decide")
    leader = town["leader"]
    leader.work("审定")
    leader.write({"文号": "示例〔2019〕9号", "应到人数": "9", "到会人数": "9"})
    page = leader.page
    for row in page.locator("tr[id^=case-]").all():
        row.get_by_label("结果").select_option("approved")
        row.get_by_label("赞成票").fill("8")
        row.get_by_label("反对票").fill("1")
    refusal = answer_to(page, lambda: leader.press("核对"))  # told before the page that asks for a last look
    assert refusal.status in (409, 422)
    leader.refused("名额")
    expect(leader.page.get_by_label("文号")).to_have_value("示例〔2019〕9号")
    expect(page.locator("tr[id^=case-]").last.get_by_label("赞成票")).to_have_value("8")
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("address", ["/review/", "/review/experts/", "/creation/meetings/new/", "/audit/"])
def test_out_of_role_is_a_chinese_page(town: Town, address: str) -> None:
    staff = town["st_staff"]
    assert staff.open(address) in (403, 404)
    expect(staff.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    staff.sees("无权办理")
    staff.follow("回到首页")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("工作台")


def test_anothers_nomination_is_not_there(made: World, town: Town) -> None:
    case = nominations.submitted(made)
    stranger = town["co_staff"]
    assert stranger.open(f"/cases/{case.public_id}/") == 404
    stranger.sees("没有找到")
    assert stranger.open(f"/nominations/endorse/{nominations.open_step(case).public_id}/") in (403, 404)
    assert stranger.page.get_by_role("button", name="认定同意").count() == 0


def test_a_stranger_signs_in_and_is_back_where_they_wanted_to_be(made: World, town: Town) -> None:
    case = nominations.submitted(made)
    person = town.citizen()
    person.open(f"/cases/{case.public_id}/")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("登录")
    person.write({"用户名": "st_staff", "密码": "wrong"})
    person.press("登录")
    person.refused("不正确")
    expect(person.page.get_by_label("用户名")).to_have_value("st_staff")
    person.write({"密码": roles.PASSWORD})
    person.press("登录")
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(case.name)


def test_a_wrong_file_is_refused_and_the_form_kept(made: World, town: Town) -> None:
    case = nominations.filled(made)
    kept = Evidence.objects.count()
    staff = town["st_staff"]
    staff.work("自评", case.name)
    row = staff.page.locator(".nm-indicator[id]").first
    row.get_by_role("link", name="添加材料").click()
    row.get_by_label("材料名称").fill("检查记录")
    program: FilePayload = {"name": "记录.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 not a document"}
    row.get_by_label("选择文件").set_input_files(program)
    refusal = answer_to(staff.page, lambda: row.get_by_role("button", name="添加材料").click())
    assert refusal.status == 422
    expect(row.get_by_role("alert")).to_contain_text("不是可以上传的文件类型")
    expect(row.get_by_label("材料名称")).to_have_value("检查记录")
    assert Evidence.objects.count() == kept
    row.get_by_label("选择文件").set_input_files({"name": "记录.png", "mimeType": "image/png", "buffer": PNG})
    row.get_by_role("button", name="添加材料").click()
    expect(row.get_by_role("link", name="检查记录")).to_be_visible()


def test_points_beyond_the_standard_are_told_beside_the_field(made: World, town: Town) -> None:
    case = nominations.filled(made)
    staff = town["st_staff"]
    staff.work("自评", case.name)
    row = staff.page.locator(".nm-indicator[id]").first
    row.get_by_label("自评得分").fill("99")
    expect(row.locator(".xf-error").first).to_contain_text("分")
    expect(staff.page.locator("[data-saved]").first).to_contain_text("尚未保存")
    expect(row.get_by_label("自评得分")).to_have_value("99")


def test_an_unsigned_objection_keeps_what_was_written(made: World, town: Town) -> None:
    clock.set_day(titles.MEETING)
    case = titles.case_at(made, made.nominees["st-window"], "decide")
    titles.decided(made, [case])
    notice = titles.announced(made, [case])
    citizen = town.citizen()
    citizen.open(f"/notices/{notice.public_id}/objections/new/?item=1")
    citizen.write({"异议内容": "窗口曾在工作日中午停办业务。"})
    refusal = answer_to(citizen.page, lambda: citizen.press("提交异议"))
    assert refusal.status == 422
    citizen.refused("您的姓名或单位名称", "证据")
    expect(citizen.page.get_by_label("异议内容")).to_have_value("窗口曾在工作日中午停办业务。")


def test_the_address_of_a_button_is_a_page_too(town: Town) -> None:
    """Where signing in again leads after a press that came too late for its session."""
    auditor = town["audit_admin"]
    assert auditor.open("/audit/verify/") == 405
    auditor.sees("这一步要在页面上办理")
