"""People at the pages: each signs in through the door, with a browser of their own, and uses what they see.

A helper is named after what its person does; it begins at the workbench or the navigation, as the person would, finds
controls by their words, and ends when the page has answered. Waiting is always for something on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

PASSWORD = "pass-word-1"  # what tests.factories.base gives everybody
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
NewContext = Callable[..., BrowserContext]  # the fixture of pytest-playwright, which closes what it made
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True}
# Refusals that a test provokes; a save that the next one replaces, which htmx reports as aborted.
EXPECTED = re.compile(r"the server responded with a status of (403|404|405|409|422)|htmx:(afterRequest|sendAbort)")


class Person:
    """Somebody at a browser; ``complaints`` collects what its console had to say."""

    def __init__(self, new_context: NewContext, base: str, username: str = "", **more: Any) -> None:
        self.username = username
        self.context = new_context(base_url=base, **more)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        if more.get("is_mobile"):
            self.page.set_viewport_size({"width": 390, "height": 844})
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if username:
            self.sign_in()

    def _listen(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    # -- what anybody does ------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Through the sign-in page."""
        self.open("/accounts/login/")
        self.page.get_by_label("用户名").fill(self.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("工作台")

    def open(self, address: str) -> int:
        """Go to an address; its status."""
        answer = self.page.goto(address)
        return answer.status if answer else 0

    def work(self, title: str, about: str = "") -> None:
        """Begin a task from the workbench, as its row says."""
        self.open("/work/")
        rows = self.page.locator(".xf-tasks li").filter(has=self.page.get_by_role("link", name=title))
        (rows.filter(has_text=about) if about else rows).first.get_by_role("link", name=title).click()

    def nothing_to_do(self) -> None:
        """The workbench is empty."""
        self.open("/work/")
        expect(self.page.get_by_text("没有等您办理的事项")).to_be_visible()

    def menu(self, title: str) -> None:
        """An entry of the main navigation; on a phone most of them are under 更多."""
        bar = self.page.get_by_role("navigation", name="主导航")
        entry = bar.get_by_role("link", name=title, exact=True)
        if entry.count() == 0:
            bar.get_by_text("更多").click()
        entry.click()

    def follow(self, name: str) -> None:
        """A link by its words."""
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).first.click()

    def press_and_confirm(self, name: str, verb: str = "") -> None:
        """Press a button that asks, and say yes."""
        self.press(name)
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name=verb or name, exact=True).click()

    def write(self, answers: Mapping[str, str]) -> None:
        """Fill fields by their labels."""
        for label, value in answers.items():
            self.page.get_by_label(label).first.fill(value)

    def choose(self, label: str, words: str) -> None:
        """An option of a select, by part of its words."""
        field = self.page.get_by_label(label).first
        wanted = field.locator("option", has_text=words).first.get_attribute("value")
        field.select_option(wanted)

    def tick(self, label: str) -> None:
        """A checkbox or radio by its label."""
        self.page.get_by_label(label).first.check()

    def sees(self, *words: str) -> None:
        """All of these stand on the page."""
        for one in words:
            expect(self.page.locator("main").get_by_text(one).first).to_be_visible()

    def told(self, words: str) -> None:
        """The page's own message."""
        expect(self.page.locator("#messages")).to_contain_text(words)

    def refused(self, *words: str) -> None:
        """The summary of errors on top of a form."""
        for one in words:
            expect(self.page.get_by_role("alert").first).to_contain_text(one)


class Town:
    """Everybody who takes part; each opens a browser the first time they are called, some of them on a phone."""

    def __init__(self, new_context: NewContext, base: str, on_phone: Collection[str] = ()) -> None:
        self.new_context, self.base, self.on_phone = new_context, base, on_phone
        self.people: dict[str, Person] = {}

    def __getitem__(self, username: str) -> Person:
        if username not in self.people:
            device = PHONE if username in self.on_phone else {}
            self.people[username] = Person(self.new_context, self.base, username, **device)
        return self.people[username]

    def citizen(self) -> Person:
        """Somebody from the street, without an account, on their phone."""
        return Person(self.new_context, self.base, **PHONE)

    def complaints(self) -> list[str]:
        """What all their consoles had to say."""
        return [text for one in self.people.values() for text in one.complaints]


# --- 自主创建、指导推进 ----------------------------------------------------------------------


def hands_in_plan(staff: Person, target: str) -> None:
    """The unit writes its creation plan and hands it in."""
    staff.work("编制创建计划")
    staff.write(
        {"创建目标": "窗口服务全年零投诉。", "工作措施": "一、延时服务；二、送教上门。", "第一责任人": "示例书记"}
    )
    staff.write({"第 1 项里程碑的事项": "完成对标检查", "第 1 项里程碑的计划完成日期": "2019-04-30"})
    staff.write({"第 2 项里程碑的事项": "窗口延时服务", "第 2 项里程碑的计划完成日期": "2019-06-30"})
    staff.tick(target)
    staff.press("保存")
    staff.told("创建计划已保存")
    staff.sees("窗口延时服务", target)
    staff.press("报送创建计划")
    staff.told("创建计划已报送推进组")


def accepts_plan(worker: Person, unit: str) -> None:
    """The working group takes it on record."""
    worker.open("/work/")
    worker.menu("创建计划")
    worker.follow(unit)
    worker.sees("窗口服务全年零投诉。")
    worker.write({"推进组意见": "目标明确，予以备案。"})
    worker.press("备案")
    worker.told("创建计划已备案")


def guides(worker: Person, unit: str) -> None:
    """A joint meeting, a bulletin for the public, an inspection that finds a problem."""
    worker.open("/creation/problems/")
    worker.follow("联席会议")
    worker.follow("召集会议")
    worker.write({"议题": "第一季度创建推进", "地点": "示例会议室"})
    worker.press("召集并通知")
    worker.told("已召集会议")
    worker.open("/creation/bulletins/")
    worker.follow("编写通报简报")
    worker.write({"标题": "首期创建简报", "正文": "各单位创建计划已报送完毕。"})
    worker.tick("同时在公众网站公开")
    worker.press_and_confirm("印发")
    worker.told("第1期已印发")
    worker.open("/creation/inspections/")
    worker.follow("记录督查")
    worker.choose("单位", unit)
    worker.write({"督查情况": "查看窗口台账。", "发现的问题": "台账不全：三月缺少签到记录"})
    worker.press("保存督查")
    worker.told("督查已记录")
    worker.sees("台账不全")


def answers_problem(staff: Person) -> None:
    """The unit reports what it has put right."""
    staff.work("台账不全") if _on_bench(staff, "台账不全") else staff.work("整改")
    staff.write({"整改情况": "已补齐签到并建立月查制度。"})
    staff.press("报送整改情况")
    staff.told("整改情况已报送")


def _on_bench(person: Person, words: str) -> bool:
    person.open("/work/")
    return person.page.locator(".xf-tasks").get_by_role("link", name=words).count() > 0


def closes_problem(worker: Person) -> None:
    """The working group strikes the problem off its list."""
    worker.open("/creation/problems/")
    worker.follow("台账不全")
    worker.sees("已补齐签到并建立月查制度。")
    worker.write({"核查意见": "复核属实。"})
    worker.press("销号")
    worker.told("问题已销号")


# --- 自荐验收 ----------------------------------------------------------------------


def starts_nomination(staff: Person, category: str, nominee: str) -> None:
    """The three steps of 开始自荐."""
    staff.open("/work/")
    staff.menu("自荐")
    staff.follow("开始自荐")
    staff.follow(category)
    staff.follow(nominee)
    staff.press("开始自评")
    expect(staff.page.get_by_role("heading", level=1)).to_contain_text("自评自荐")


def assesses(staff: Person) -> None:
    """Every indicator in full, one proven by a file, one by a link, the others by what is already there."""
    page = staff.page
    rows = page.locator(".nm-indicator[id]")
    for number in range(rows.count()):
        row = rows.nth(number)
        score = row.get_by_label("自评得分")
        score.fill(score.get_attribute("max") or "")
        row.get_by_label("说明").fill("全年按标准完成，有记录可查。")
        if row.locator(".nm-files li").count() == 0:  # a reassessment begins with what was proven before
            _prove(row, number)
        expect(row.get_by_text("已完成")).to_be_visible()
    staff.write({"围绕标准写明做法、成效和群众评价": "窗口全年办理业务一千二百件，群众满意。"})
    expect(page.locator("[data-saved]").first).to_contain_text("已保存")
    expect(page.get_by_text("可以提交")).to_be_visible()


def _prove(row: Locator, number: int) -> None:
    row.get_by_role("link", name="添加材料").click()
    if number == 0:
        row.get_by_label("选择文件").set_input_files({"name": "签到表.png", "mimeType": "image/png", "buffer": PNG})
    elif number == 1:
        row.get_by_label("或填写链接").fill("https://example.org/minutes")
        row.get_by_label("材料名称").fill("会议纪要")
    else:
        row.get_by_text("从已有材料中选用").first.click()
        row.get_by_label("会议纪要").check()
    row.get_by_role("button", name="添加材料").click()
    expect(row.locator(".nm-files li")).to_have_count(1)


def submits_assessment(staff: Person) -> None:
    """核对并提交."""
    staff.press("核对并提交")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("核对并提交")
    staff.tick("以上内容真实准确")
    staff.press("提交自荐")
    staff.told("已提交，等待")


def resubmits(staff: Person, nominee: str, wanted: str) -> None:
    """Improve what the superior asked for, and submit again."""
    staff.work("自评", nominee)
    staff.sees(wanted)
    staff.write({"围绕标准写明做法、成效和群众评价": "窗口全年办理业务一千二百件，延时服务六十次，群众满意。"})
    submits_assessment(staff)


def endorses(superior: Person, nominee: str, opinion: str, *, consent: bool) -> None:
    """上级认定."""
    superior.work("上级认定", nominee)
    superior.sees("全年按标准完成，有记录可查。")
    superior.write({"认定意见": opinion})
    superior.press("认定同意" if consent else "退回完善")
    superior.told("已认定同意" if consent else "已退回完善")


def returns_for_correction(officer: Person, nominee: str) -> None:
    """初审: the first indicator lacks something."""
    officer.work("初审", nominee)
    first = officer.page.locator(".nm-pair").first
    first.get_by_label("有问题").check()
    first.get_by_placeholder("写明问题").fill("缺少第四季度记录")
    officer.write({"初审意见": "请补正一项材料。"})
    officer.press("退回补正")
    officer.told("退回补正")


def corrects(staff: Person, nominee: str) -> None:
    """补正: only the indicator returned."""
    staff.work("补正", nominee)
    staff.sees("缺少第四季度记录")
    row = staff.page.locator(".nm-indicator[id]").first
    row.get_by_role("link", name="添加材料").click()
    row.get_by_label("或填写链接").fill("https://example.org/q4")
    row.get_by_label("材料名称").fill("第四季度记录")
    row.get_by_role("button", name="添加材料").click()
    expect(row.get_by_text("第四季度记录", exact=True)).to_be_visible()
    staff.press("核对并提交")
    staff.write({"补正说明": "已补充第四季度记录。"})
    staff.tick("以上内容真实准确")
    staff.press("提交补正")
    staff.told("已提交")


def passes(officer: Person, nominee: str) -> None:
    """初审: accept the gates the ledger cannot prove, with a reason each, and pass."""
    officer.work("初审", nominee)
    for field in officer.page.get_by_label("认可理由").all():
        field.fill("已核证书原件")
    officer.press("通过")
    officer.told("初审通过")


# --- 评定推广 ----------------------------------------------------------------------


def opens_panel(worker: Person, category: str) -> None:
    """组建评审组 and draw experts."""
    worker.open("/work/")
    worker.menu("评审组")
    card = worker.page.locator(".rv-board section").filter(has_text=category)
    card.get_by_label("每件专家数").fill("3")
    card.get_by_role("button", name="组建评审组").click()
    worker.told("评审组已组建")
    worker.press("随机抽取专家")
    worker.told("分派 3 件次")


def recuses(expert: Person, nominee: str) -> None:
    """An expert declares a tie."""
    expert.work("评分", nominee)
    expert.follow("申报回避")
    expert.write({"事由": "曾在该单位任职。"})
    expert.press("申报回避")
    expert.told("已申报回避")


def scores(expert: Person, nominee: str) -> None:
    """The sheet by keyboard alone, then the signature."""
    expert.work("评分", nominee)
    page = expert.page
    fields = page.locator(".rv-points")
    fields.first.focus()
    for number in range(fields.count()):
        expect(fields.nth(number)).to_be_focused()
        page.keyboard.type(fields.nth(number).get_attribute("max") or "0")
        page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_text("100")
    expert.write({"综合评语": "材料齐全，群众评价好。"})
    expert.press("去签名")
    expert.write({"登录密码": "wrong"})
    expert.press("签名提交")
    expert.sees("密码不正确")
    expert.write({"登录密码": PASSWORD})
    expert.press("签名提交")
    expert.told("评分表已签名提交")


def ranks(worker: Person, category: str) -> None:
    """汇总排名."""
    worker.open("/review/")
    card = worker.page.locator(".rv-board section").filter(has_text=category)
    card.get_by_role("link", name="打开评审组").click()
    worker.press_and_confirm("汇总排名")
    worker.told("已汇总排名")
    worker.sees("名额 5 个", "入围")


def decides(member: Person, document: str, votes: str = "8") -> None:
    """审定: one meeting, checked before it is submitted."""
    member.work("审定")
    member.write({"文号": document, "应到人数": "9", "到会人数": "9", "赞成票": votes, "反对票": "1"})
    member.choose("结果", "审定同意")
    member.press("核对")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("核对审定结果")
    member.press("提交审定")
    member.told("审定已经记录")
    member.sees(document)


def publishes_notice(worker: Person) -> None:
    """公示: seen as the public will see it, then published."""
    worker.work("公示")
    worker.write({"受理异议的联系方式": "示例联系电话 000-0000"})
    worker.press("预览")
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("预览公示")
    worker.press("发布公示")
    worker.told("公示已经发布")


def objects(citizen: Person, nominee: str) -> None:
    """Somebody reads the notice and objects under their own name."""
    citizen.open("/notices/")
    citizen.page.locator("main").get_by_role("link", name=re.compile("拟命名名单的公示")).first.click()
    citizen.sees(nominee)
    citizen.page.locator("main").get_by_role("link", name=re.compile(f"提出异议.*{re.escape(nominee)}")).first.click()
    citizen.write(
        {
            "您的姓名或单位名称": "示例市民",
            "联系方式": "citizen@example.org",
            "异议内容": "四月三日上午，窗口曾无人值守约一小时。",
        }
    )
    citizen.write({"证据说明": "四月三日排队记录。"})
    citizen.press("提交异议")
    expect(citizen.page.get_by_role("heading", level=1)).to_have_text("异议已提交")


def dismisses_objection(worker: Person) -> None:
    """受理, then 不成立."""
    worker.open("/work/")
    worker.menu("异议")
    worker.page.locator("main table").get_by_role("link").first.click()
    worker.sees("窗口曾无人值守约一小时")
    worker.press("受理")
    worker.told("已受理")
    worker.write({"处理意见": "经核查，当日为停电检修，已提前公告。"})
    worker.press("异议不成立")
    worker.told("已答复异议不成立")


def closes_notice(worker: Person) -> None:
    """办结, once the days are over."""
    worker.work("公示")
    worker.press_and_confirm("办结公示")
    worker.told("公示已办结")


def names(member: Person, number: str) -> None:
    """命名: the number is shown before it is given."""
    member.work("命名")
    member.sees(number)
    member.press_and_confirm("命名")
    member.told("已命名 1 个")


def hands_out_plaque(worker: Person, nominee: str) -> None:
    """颁发铭牌 from the title's page."""
    worker.open("/work/")
    worker.menu("命名名录")
    worker.page.locator("main").get_by_role("link", name=nominee).first.click()
    worker.follow("颁发铭牌")
    worker.press("记录颁发")
    worker.told("已记录颁发铭牌 1 块")


def recommends(worker: Person, nominee: str) -> None:
    """择优推荐 to the tier above."""
    worker.open("/designations/titles/")
    worker.page.locator("main").get_by_role("link", name=nominee).first.click()
    worker.follow("推荐申报高一层级")
    worker.write({"推荐理由": "服务成效突出。"})
    worker.press("启动推荐")
    worker.told("已启动择优推荐")
    worker.work("推荐", nominee)
    worker.write({"意见": "同意推荐。"})
    worker.press("推荐申报")
    worker.told("已推荐申报")


# --- 复评确认 ----------------------------------------------------------------------


def starts_reassessment(worker: Person, nominee: str) -> None:
    """启动复评 from the title."""
    worker.open("/designations/titles/?tier=tier1")
    worker.page.locator("main").get_by_role("link", name=nominee).first.click()
    worker.follow("启动复评")
    worker.press("启动复评")
    worker.told("复评已启动")


def checks_itself(staff: Person, nominee: str) -> None:
    """自查: the same page and rules."""
    staff.work("自评", nominee) if _on_bench(staff, "自评") else staff.work("自查", nominee)
    assesses(staff)
    staff.press("核对并提交")
    staff.tick("以上内容真实准确")
    staff.press("提交自查")
    staff.told("已提交")


def opines(worker: Person, nominee: str) -> None:
    """The working group's opinion."""
    worker.work("复评意见", nominee)
    worker.tick("限期整改")
    worker.write({"意见": "台账仍有缺漏，建议限期整改。"})
    worker.press("提交复评意见")
    worker.told("已提交复评意见")


def orders_rectification(officer: Person, nominee: str) -> None:
    """The office decides."""
    officer.work("复评审定", nominee)
    officer.tick("限期整改")
    officer.write({"意见": "限期整改台账。", "文号": "示例〔2021〕3号"})
    officer.press("审定")
    officer.told("已审定")


def reports_rectification(staff: Person, nominee: str) -> None:
    """The holder reports."""
    staff.work("整改", nominee)
    staff.sees("限期整改台账。")
    staff.write({"整改情况": "已逐条补齐台账。"})
    staff.press("报送整改情况")
    staff.told("已报送")


def rechecks(officer: Person, nominee: str) -> None:
    """The office looks again."""
    officer.work("验收", nominee)
    officer.sees("已逐条补齐台账。")
    officer.tick("合格，保留命名")
    officer.write({"意见": "整改到位。"})
    officer.press("提交验收意见")
    officer.told("已提交验收意见")
