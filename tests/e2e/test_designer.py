"""The designer from start to finish in a browser: a new programme from the plan's, run without a line of code."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from playwright.sync_api import FilePayload, expect
from tests.e2e.roles import PHONE, Person
from tests.factories.base import world

from xianfeng.kernel import clock
from xianfeng.programmes.models import DefinitionVersion, Round

pytestmark = pytest.mark.django_db(transaction=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = ("部分", "维度", "指标", "分值", "评分细则", "佐证材料")


def test_a_new_programme_from_the_plans_is_designed_published_and_run(new_context, live_server) -> None:
    clock.set_day(date(2019, 10, 20))
    world()
    worker = Person(new_context, live_server.url, "worker")
    begins(worker)
    changes_two_indicators(worker)
    imports_a_standard(worker)
    changes_a_gate(worker)
    gives_places(worker)
    tries_it_out(worker)
    publishes(worker)
    opens_a_round(worker)
    assert worker.complaints == []


def begins(worker: Person) -> None:
    worker.open("/work/")
    worker.menu("活动定义")
    worker.follow("新建创建活动")
    worker.choose("从哪份定义开始", "（第 1 版）")
    worker.write({"活动名称": "示例岗位先锋创建活动", "简称": "岗位先锋", "代码": "gangwei-2020"})
    worker.press("建立草案")
    worker.told("草案已建立")
    worker.sees("检查全部通过", "市水利工程协会秘书处")


def section(worker: Person, title: str) -> None:
    """A section of the side list."""
    worker.page.get_by_role("navigation", name="定义的各部分").get_by_role("link", name=title).click()


def changes_two_indicators(worker: Person) -> None:
    """Totals run along while typing; what does not add up stands on the check list until it does."""
    section(worker, "创建标准")
    page = worker.page
    page.get_by_label("“政治责任落实”分值").fill("5")
    expect(page.get_by_text("合计 13，多 0.5 分").first).to_be_visible()
    worker.press("保存")
    worker.told("创建标准已保存")
    worker.sees("“管党治党有力”各指标分值合计 13，应为 12.5")
    page.get_by_label("“班子团结、风气清正”分值").fill("3.5")
    expect(page.get_by_text("多 0.5 分")).to_have_count(0)
    worker.press("保存")
    expect(page.get_by_text("应为 12.5")).to_have_count(0)
    page.get_by_role("button", name="下移“政治责任落实”").click()
    expect(page.locator(".dg-leaves li input").first).to_have_value("班子团结、风气清正")
    page.get_by_role("link", name="酌情给分").first.click()
    worker.choose("计分方式", "是否项")  # redraws by itself
    expect(page.get_by_label("步长")).to_have_count(0)
    worker.write({"评分细则": "组织生活会质量高，职工评价好。"})
    worker.press("保存")
    worker.told("已保存")
    worker.sees("是否项")


def table(rows: list[list[object]], merges: list[tuple[str, str]]) -> FilePayload:
    """A workbook as the office keeps it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("示范服务点")
        for at, row in enumerate([HEAD, *rows]):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, column, cell)
        for area, words in merges:
            sheet.merge_range(area, words)
    return {"name": "标准.xlsx", "mimeType": XLSX, "buffer": target.getvalue()}


def imports_a_standard(worker: Person) -> None:
    rows: list[list[object]] = [
        [None, None, "部署落实", 20, "传达及时、落实到位", "任务分解表"],
        [None, None, "窗口延时服务", "三十", "每周延时不少于两次", "签到表、照片"],
        ["行业标准（50分）", "业务能力强", "比武与竞赛", 50, "成绩领先", "名次"],
    ]
    merges = [("A2:A3", "基本标准（50分）"), ("B2:B3", "执行力强（50分）")]
    section(worker, "创建标准")
    worker.page.get_by_role("navigation", name="类别").get_by_role("link", name="示范服务点").click()
    worker.follow("导入标准表")
    worker.page.get_by_label("标准表").set_input_files(table(rows, merges))
    worker.press("检查这份表格")
    worker.sees("第 3 行", "“三十”不是数字")
    rows[1][3] = 30
    worker.page.get_by_label("标准表").set_input_files(table(rows, merges))
    worker.press("检查这份表格")
    worker.sees("共 3 项指标")
    worker.press("替换为这份标准")
    worker.told("示范服务点创建标准已按表格更新")
    expect(worker.page.get_by_label("“窗口延时服务”分值")).to_have_value("30")


def changes_a_gate(worker: Person) -> None:
    section(worker, "否决项与前置条件")
    worker.sees("不得有质量安全事故（所在单位、受监项目；较大及以上；申报年度）")
    worker.follow("受监项目当年未发生较大及以上责任事故")
    worker.choose("时间范围", "若干个月内")
    worker.page.get_by_label("月数").fill("")
    worker.press("保存")
    worker.refused("要写月数")
    worker.write({"月数": "24"})
    worker.press("保存")
    worker.told("已保存")
    worker.sees("24 个月内")


def gives_places(worker: Person) -> None:
    section(worker, "年度名额")
    worker.page.get_by_label("2020 年治水管海（水务工程建设）先锋示范党组织名额").fill("6")
    worker.press("增加")
    worker.told("年度名额已保存")
    worker.sees("2022 年度")
    section(worker, "阶段与日期")
    worker.sees("2022 年度时间轴")


def tries_it_out(worker: Person) -> None:
    section(worker, "试算")
    worker.page.get_by_role("combobox", name="类别", exact=True).select_option("service_point")
    worker.press("换一种")
    for expert in (1, 2):
        worker.page.get_by_label(f"专家{expert}得分率").fill("1")
    worker.page.get_by_label("专家3：窗口延时服务").fill("15")
    worker.page.get_by_label("专家3：部署落实").fill("20")
    worker.page.get_by_label("专家3：比武与竞赛").fill("50")
    worker.write({"年度": "2020", "判断日期": "2020-11-20", "固定人员数": "2"})
    worker.page.get_by_role("button", name="增加一行").click()
    worker.choose("事实类别", "质量安全事故")
    worker.choose("关于", "受监项目")
    worker.write({"发生日期": "2020-05-06"})
    worker.choose("事故等级", "较大")
    worker.page.locator(".xf-actionbar").get_by_role("button", name="试算").click()
    worker.sees("被否决", "固定工作人员 2 人，少于 3 人", "怎样得出的", "95")


def publishes(worker: Person) -> None:
    section(worker, "发布")
    worker.sees("检查全部通过", "与", "窗口延时服务")
    worker.press_and_confirm("发布第 1 版", "发布")
    worker.told("第 1 版已发布")
    row = DefinitionVersion.objects.get(programme__code="gangwei-2020")
    assert row.state == "published"
    worker.sees(row.content_hash)
    assert row.definition.quota("tier1", "organisation", 2020) == 6


def opens_a_round(worker: Person) -> None:
    worker.follow("启动年度批次")
    worker.choose("年度", "2020")
    worker.press("启动批次")
    worker.told("已启动")
    expect(worker.page.get_by_role("heading", level=1)).to_contain_text("2020 年度创建")
    assert Round.objects.filter(programme__code="gangwei-2020", year=2020).exists()


def test_the_designer_works_without_a_script_on_a_phone(new_context, live_server) -> None:
    clock.set_day(date(2019, 10, 20))
    world()
    worker = Person(new_context, live_server.url, "worker", java_script_enabled=False, **PHONE)
    worker.open("/programmes/definitions/")
    worker.page.get_by_role("button", name="起草新版").click()
    worker.told("第 2 版草案已建立")
    section(worker, "创建标准")
    worker.page.get_by_label("“政治责任落实”分值").fill("5")
    worker.page.get_by_role("button", name="删除“党建基础与创新”").click()
    worker.sees("确认删除“党建基础与创新”？")
    worker.press("删除")
    expect(worker.page.get_by_label("“党建基础与创新”分值")).to_have_count(0)
    worker.sees("合计 9，少 3.5 分")
    worker.press("撤销上一步")
    worker.told("已撤销")
    section(worker, "创建标准")
    expect(worker.page.get_by_label("“党建基础与创新”分值")).to_have_value("4")
    section(worker, "计分与结果")
    worker.choose("产生办法", "按分定等")
    worker.press("按所选种类填写")
    worker.sees("等次")
    worker.page.get_by_role("button", name="增加一项").first.click()
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("新等次")
    worker.write({"名称": "优秀", "起点分（含）": "90"})
    worker.press("保存")
    worker.told("“新等次”已保存")
    worker.sees("优秀", "90 分及以上")
    section(worker, "发布")
    worker.sees("处变化", "优秀")


def test_a_shipped_scheme_with_words_of_its_own_is_run_by_pages_alone(new_context, live_server) -> None:
    """邹城: begun, changed, published, its bodies assigned, a round opened, a village and its branch registered."""
    clock.set_day(date(2022, 3, 20))
    made = world()
    officer = Person(new_context, live_server.url, "officer")
    officer.open("/programmes/definitions/new/")
    officer.choose("从哪份定义开始", "邹城市党支部星级管理")
    officer.write({"活动名称": "示例星级党支部创建", "简称": "星级", "代码": "star-2022"})
    officer.press("建立草案")
    section(officer, "另用的词")
    expect(officer.page.get_by_label("单位类型")).to_have_value(
        "village：村\ncommunity：社区\nagency：机关事业单位\nother_unit：其他单位"
    )
    officer.page.get_by_label("事实类别").fill("安全检查")
    officer.press("保存")
    officer.told("已保存")
    section(officer, "公示与异议")
    officer.write({"公示工作日数": "7"})
    officer.press("保存")
    officer.told("已保存")
    section(officer, "发布")
    officer.sees("处变化", "安全检查")
    officer.press_and_confirm("发布第 1 版", "发布")
    officer.told("第 1 版已发布")
    for body in ("市委组织部", "基层党委"):
        officer.menu("工作机构")
        officer.follow(f"指定“{body}”由谁承担")
        officer.choose("由哪个组织承担", made.bodies["office"].organisation.name)
        officer.write({"依据文号": "示例〔2022〕1号"})
        officer.press("保存安排")
        officer.told(f"“{body}”由")
    officer.open(f"/programmes/definitions/{DefinitionVersion.objects.get(programme__code='star-2022').public_id}/")
    officer.follow("启动年度批次")
    officer.choose("年度", "2022")
    officer.press("启动批次")
    officer.told("已启动")
    admin = Person(new_context, live_server.url, "system_admin")
    admin.open("/directory/organisations/add/")
    admin.choose("类型", "村")
    admin.write({"编码": "V1", "名称": "示例王家村"})
    admin.press("登记")
    admin.told("已登记")
    officer.open("/registry/conduct/add/")
    officer.choose("单位", "示例王家村")
    officer.press("下一步")
    officer.choose("事实类别", "安全检查")
    officer.write({"事由": "示例安全检查", "发生日期": "2022-02-01"})
    officer.choose("对象", "示例王家村")
    officer.press("登记")
    officer.told("已")
    officer.sees("安全检查")
    assert officer.complaints == []
    assert admin.complaints == []
