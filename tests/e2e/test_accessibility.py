"""Main pages of every role: nothing serious for axe, a silent console, no sideways scrolling, plain HTML works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.roles import Person
from tests.factories import creation, designations, nominations, review
from tests.factories.base import World, world

import xianfeng.ui
from xianfeng.cases.models import Case
from xianfeng.designations.models import Designation, PublicNotice
from xianfeng.kernel import clock
from xianfeng.review.models import Assignment

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(xianfeng.ui.__file__).parent / "static" / "vendor" / "axe" / "axe.min.js"
WIDTHS = (1440, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Busy:
    """A world in which every role has something before them."""

    def __init__(self) -> None:
        self.world: World = world()
        w = self.world
        self.plan = creation.submitted_plan(w)
        self.problem = creation.raised_problem(w)
        creation.called_meeting(w)
        self.survey = creation.opened_survey(w)
        self.assessing = nominations.filled(w, "st-branch")
        self.endorsing = nominations.submitted(w, "co-branch", by="co_staff")
        self.screening = nominations.endorsed(w, "co-window", by="co_staff", superior="co_superior")
        self.judged = review.at_panel(w, w.nominees["co-member"], "post")
        review.experts(w, 4)
        self.panel = review.panel(w, "post")
        self.sheet = Assignment.objects.select_related("step", "expert__user").order_by("id")[0]
        (self.title,) = designations.titled(w, w.nominees["st-window"])
        more = designations.nominees(w, 3)
        self.deciding = designations.case_at(w, more[0], "decide")
        designations.concluding(w, self.title, designations.moment(date(2019, 12, 20)))
        (self.noticed,) = (designations.case_at(w, more[1], "announce"),)
        self.notice = designations.announced(w, [self.noticed])

    def step(self, case: Case) -> str:
        """The address part of a case's open step."""
        return nominations.open_step(case).public_id


def staff(busy: Busy) -> list[str]:
    step = busy.step(busy.assessing)
    return [
        "/work/",
        "/messages/",
        "/creation/plans/",
        f"/creation/problems/{busy.problem.public_id}/",
        "/nominations/",
        "/nominations/start/",
        f"/nominations/assess/{step}/",
        f"/nominations/assess/{step}/review/",
        f"/cases/{busy.assessing.public_id}/",
        "/registry/",
        "/account/",
    ]


def superior(busy: Busy) -> list[str]:
    return ["/work/", f"/nominations/endorse/{busy.step(busy.endorsing)}/", "/nominations/cases/", "/overview/"]


def office(busy: Busy) -> list[str]:
    concluding = Case.objects.get(kind="reassessment", state="open")
    return [
        "/work/",
        f"/nominations/screen/{busy.step(busy.screening)}/",
        f"/designations/steps/{busy.step(concluding)}/conclude/",
        "/designations/notices/",
        "/designations/annul/",
        "/overview/",
    ]


def working_group(busy: Busy) -> list[str]:
    return [
        "/work/",
        "/overview/",
        "/creation/plans/",
        f"/creation/plans/{busy.plan.public_id}/",
        "/creation/problems/",
        "/creation/meetings/new/",
        "/creation/inspections/new/",
        f"/creation/surveys/{busy.survey.public_id}/",
        "/programmes/rounds/",
        f"/programmes/rounds/{busy.world.round.public_id}/",
        "/nominations/cases/",
        "/review/",
        f"/review/panels/{busy.panel.public_id}/",
        "/review/experts/",
        f"/designations/notices/{busy.notice.public_id}/",
        "/designations/titles/",
        f"/designations/titles/{busy.title.public_id}/",
        "/stories/manage/",
        "/registry/conduct/",
        "/registry/import/",
        "/directory/organisations/",
    ]


def leading_group(busy: Busy) -> list[str]:
    return ["/work/", "/designations/decisions/", "/designations/decisions/meeting/", "/overview/"]


def expert(busy: Busy) -> list[str]:
    step = busy.sheet.step.public_id
    pages = ("", "sign/", "recuse/")
    return ["/work/", "/review/queue/", *(f"/review/score/{step}/{page}" for page in pages)]


def administrators(busy: Busy) -> list[str]:
    user = busy.world.users["st_staff"]
    return ["/work/", "/directory/users/", f"/directory/users/{user.public_id}/", "/directory/organisations/"]


def auditor(_busy: Busy) -> list[str]:
    return ["/work/", "/audit/", "/audit/sign-ins/"]


def public(busy: Busy) -> list[str]:
    title = Designation.objects.get(pk=busy.title.pk)
    notice = PublicNotice.objects.get(pk=busy.notice.pk)
    return [
        "/",
        "/accounts/login/",
        "/notices/",
        f"/notices/{notice.public_id}/",
        f"/notices/{notice.public_id}/objections/new/?item=1",
        "/objections/",
        "/register/",
        "/register/?view=plaques",
        f"/register/{title.public_id}/",
        "/verify/",
        f"/verify/{title.number}/",
        "/verify/none/",
        "/stories/",
        "/bulletins/",
        "/standards/",
        f"/surveys/{busy.survey.public_id}/",
    ]


def expert_name(busy: Busy) -> str:
    return busy.sheet.expert.user.username


ROLES: dict[str, tuple[str | Callable[[Busy], str], Callable[[Busy], list[str]]]] = {
    "staff": ("st_staff", staff),
    "superior": ("co_superior", superior),
    "office": ("officer", office),
    "working group": ("worker", working_group),
    "leading group": ("leader", leading_group),
    "expert": (expert_name, expert),
    "system administrator": ("system_admin", administrators),
    "security administrator": ("security_admin", administrators),
    "auditor": ("audit_admin", auditor),
    "public": ("", public),
}


@pytest.fixture
def busy() -> Busy:
    made = Busy()
    clock.set_day(date(2019, 12, 10))
    return made


def faults(person: Person, address: str) -> list[str]:
    """What is wrong with one page, at each width."""
    page = person.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    status = person.open(address)
    found = [] if status < 400 or address == "/verify/none/" else [f"{address}: {status}"]
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{address}: {headings} h1")
    page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        where = f"{address} at {width}"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            found.append(f"{where}: scrolls sideways")
        result: dict[str, Any] = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
        for one in result["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append(f"{where}: {one['id']} {[node['target'][0] for node in one['nodes'][:3]]}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_fit_for_everybody(new_context, live_server, busy: Busy, role: str) -> None:
    name, addresses = ROLES[role]
    username = name if isinstance(name, str) else name(busy)
    person = Person(new_context, live_server.url, username)
    found: list[str] = []
    for address in addresses(busy):
        found += faults(person, address)
    assert found + person.complaints == []


def test_the_pages_work_without_a_script(new_context, live_server, busy: Busy) -> None:
    """Sign in, read the workbench, fill an assessment and add evidence, decide on a nomination: plain forms all."""
    person = Person(new_context, live_server.url, "st_staff", java_script_enabled=False)
    person.work("自评", busy.assessing.name)
    row = person.page.locator(".nm-indicator[id]").first
    row.get_by_label("自评得分").fill("1")
    row.get_by_label("说明").fill("没有脚本也能保存。")
    person.press("保存")
    person.told("已保存")
    expect(row.get_by_label("说明")).to_have_value("没有脚本也能保存。")
    row.get_by_role("link", name="添加材料").click()
    row.get_by_label("或填写链接").fill("https://example.org/plain")
    row.get_by_label("材料名称").fill("普通表单添加")
    row.get_by_role("button", name="添加材料").click()
    expect(row.get_by_role("link", name="普通表单添加")).to_be_visible()


def test_a_dangerous_act_asks_without_a_script_too(new_context, live_server, busy: Busy) -> None:
    person = Person(new_context, live_server.url, "officer", java_script_enabled=False)
    person.open(f"/nominations/screen/{busy.step(busy.screening)}/")
    person.write({"初审意见": "不在创建范围内。"})
    person.press("不予受理")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("确认不予受理？")
    person.press("不予受理")
    person.told("不予受理")
    busy.screening.refresh_from_db()
    assert (busy.screening.state, busy.screening.outcome) == ("ended", "not_accepted")


def test_the_public_reads_without_a_script(new_context, live_server, busy: Busy) -> None:
    person = Person(new_context, live_server.url, java_script_enabled=False)
    for address in public(busy):
        assert person.open(address) == (404 if address == "/verify/none/" else 200)
        expect(person.page.get_by_role("heading", level=1)).to_be_visible()
