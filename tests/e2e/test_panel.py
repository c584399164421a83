"""The panel in a browser: assign, recuse, top up, score by keyboard, offline sheet, sign, a tie, packet, recompute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.e2e.roles import PASSWORD, Person, Town
from tests.factories import review
from tests.factories.base import World, world

from xianfeng.config.cli import main
from xianfeng.journal import queries as journal
from xianfeng.kernel import clock
from xianfeng.review.models import Assignment, Panel

pytestmark = pytest.mark.django_db(transaction=True)
CASES = 7  # two more than there are places, all alike: a tie across the line


@pytest.fixture
def place():
    yield world()
    clock.set_day(None)


def test_a_panel_from_the_draw_to_a_recomputed_packet(new_context, live_server, place: World, tmp_path: Path) -> None:
    review.organisations_at_panel(place, CASES)
    review.experts(place, 5)
    clock.set_day(date(2019, 11, 20))
    town = Town(new_context, live_server.url)
    worker = town["worker"]
    panel = opens_with_limits(worker)
    someone_recuses_and_is_replaced(town, panel)
    left = scores_by_keyboard_and_offline(town, panel, tmp_path)
    for row in Assignment.objects.filter(pk__in=left).select_related("case__version", "expert__user"):
        review.sign(place, row)
    a_case_is_discussed(worker, panel)
    ranks_with_a_tie_and_lots(worker, panel)
    takes_the_packet_away(worker, panel, tmp_path)
    assert town.complaints() == []
    assert journal.verify().ok


def opens_with_limits(worker: Person) -> Panel:
    worker.open("/review/")
    card = worker.page.locator(".rv-board section").filter(has_text="示范党组织")
    card.get_by_role("button", name="组建评审组").click()
    worker.told("评审组已组建")
    worker.follow("评审组设置")
    worker.write({"每位专家至少": "1"})
    worker.press("保存设置")
    worker.told("设置已保存")
    worker.press("随机抽取专家")
    worker.told(f"分派 {3 * CASES} 件次")
    worker.press("重演抽取")
    worker.told("结果逐对一致")
    return Panel.objects.get()


def someone_recuses_and_is_replaced(town: Town, panel: Panel) -> None:
    row = panel.assignments.select_related("expert__user", "case", "step").order_by("id").first()
    assert row
    expert = town[row.expert.user.username]
    expert.open(f"/review/score/{row.step.public_id}/")
    expert.follow("申报回避")
    expert.write({"事由": "曾在该单位任职。"})
    expert.press("申报回避")
    expert.told("已申报回避")
    assert panel.assignments.filter(case=row.case, state="active").count() == 3
    worker = town["worker"]
    worker.open(f"/review/panels/{panel.public_id}/")
    worker.sees("回避", "补派 1 件次")


def scores_by_keyboard_and_offline(town: Town, panel: Panel, folder: Path) -> list[int]:
    """One expert writes a first sheet by keyboard and a second one in Excel; what is left is returned."""
    rows = list(panel.assignments.filter(state="active").select_related("expert__user", "case", "step").order_by("id"))
    mine = [row for row in rows if row.expert_id == rows[-1].expert_id]
    expert = town[mine[0].expert.user.username]
    expert.open(f"/review/score/{mine[0].step.public_id}/")
    types_full_marks(expert)
    expert.open(f"/review/score/{mine[1].step.public_id}/")
    expert.follow("离线评分")
    with expert.page.expect_download() as waiting:
        expert.follow("下载评分表")
    file = folder / "sheet.xlsx"
    waiting.value.save_as(file)
    hands_in(expert, file, wrong=True)
    expert.sees("需要改正的地方", "应在 0 与")
    hands_in(expert, file, wrong=False)
    expert.told("请核对后签名")
    expert.press("去签名")
    expert.write({"登录密码": PASSWORD})
    expert.press("签名提交")
    expert.told("评分表已签名提交")
    return [row.pk for row in rows if row not in mine[:2]]


def types_full_marks(expert: Person) -> None:
    """The sheet by keyboard alone, then the signature."""
    page = expert.page
    fields = page.locator(".rv-points")
    fields.first.focus()
    for number in range(fields.count()):
        expect(fields.nth(number)).to_be_focused()
        page.keyboard.type(fields.nth(number).get_attribute("max") or "0")
        page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_text("100")
    expert.press("去签名")
    expert.write({"登录密码": PASSWORD})
    expert.press("签名提交")
    expert.told("评分表已签名提交")


def hands_in(expert: Person, file: Path, *, wrong: bool) -> None:
    book = load_workbook(file)
    for line in book["评分表"].iter_rows(min_row=2):
        if line[5].value is not None:
            line[7].value = str(line[5].value)
    if wrong:
        book["评分表"].cell(2, 8).value = "99"
    out = file.with_name("filled.xlsx")
    book.save(out)
    expert.page.get_by_label("填好的评分表").set_input_files(out)
    expert.press("上传并检查")


def a_case_is_discussed(worker: Person, panel: Panel) -> None:
    worker.open(f"/review/panels/{panel.public_id}/")
    worker.page.locator(".rv-matrix tbody tr").first.locator("td").nth(1).get_by_role("link").click()
    worker.write({"事由": "请专家合议第一项。"})
    worker.press("提请并通知专家")
    worker.told("已提请合议")
    worker.write({"参加人员": "示例专家三人", "纪要": "一致认为评分适当。"})
    worker.press("记录纪要并结束")
    worker.told("纪要已记录")


def ranks_with_a_tie_and_lots(worker: Person, panel: Panel) -> None:
    worker.open(f"/review/panels/{panel.public_id}/")
    worker.press_and_confirm("汇总排名")
    worker.told("已汇总排名")
    worker.sees("各项比较均相同", "同分待定")
    worker.press_and_confirm("抽签")
    worker.told("已抽签并记录种子")
    expect(worker.page.locator(".rv-cut")).to_contain_text("名额 5 个")


def takes_the_packet_away(worker: Person, panel: Panel, folder: Path) -> None:
    worker.follow("决策包")
    worker.sees("与汇总结果逐位一致")
    with worker.page.expect_download() as waiting:
        worker.follow("下载决策包（JSON）")
    file = folder / "packet.json"
    waiting.value.save_as(file)
    assert main(["review", "recompute", str(file)]) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("一致认为", "一致").replace('"quota":5', '"quota":6'))
    assert main(["review", "recompute", str(file)]) == 1
