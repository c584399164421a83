"""Pages of stages 1 and 2: who gets in, what a refusal keeps, how much is asked of the database."""

import io
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.factories.base import World, world
from tests.factories.creation import (
    SPRING,
    accepted_plan,
    called_meeting,
    opened_survey,
    raised_problem,
    saved_plan,
    submitted_plan,
)
from xianfeng import journal
from xianfeng.creation import services
from xianfeng.creation.models import Bulletin, CreationPlan, Inspection, Problem, Survey
from xianfeng.kernel import clock
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
LISTS = ["plans", "problems", "inspections", "meetings", "bulletins", "activities", "surveys"]


@pytest.fixture
def made():
    with clock.frozen(SPRING):
        yield world()


def enter(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def blank_rows(total: int = 3) -> dict[str, str]:
    """The management form of the milestone rows."""
    return {"m-TOTAL_FORMS": str(total), "m-INITIAL_FORMS": "0"}


@pytest.mark.parametrize("place", LISTS)
def test_lists_ask_strangers_to_sign_in_and_open_to_who_takes_part(made, place):
    assert Client().get(f"/creation/{place}/").headers["Location"].startswith("/accounts/login/")
    for username in ("worker", "st_staff", "secretariat", "top_user", "officer", "audit_admin"):
        assert enter(made, username).get(f"/creation/{place}/").status_code == 200


@pytest.mark.parametrize("place", ["problems", "inspections", "meetings", "bulletins", "surveys"])
def test_units_do_not_open_the_forms_of_the_working_group(made, place):
    answer = enter(made, "st_staff").get(f"/creation/{place}/new/")
    assert answer.status_code == 403
    assert "请联系推进组" in answer.content.decode()


@pytest.mark.parametrize("place", ["problems", "inspections", "meetings", "bulletins", "surveys", "activities"])
def test_the_working_groups_forms_open(made, place):
    assert enter(made, "worker").get(f"/creation/{place}/new/").status_code == 200


def test_without_a_round_the_page_says_so(made):
    made.round.stages.all().delete()
    made.round.delete()
    assert "还没有启动年度批次" in enter(made, "worker").get("/creation/plans/").content.decode()


def test_a_unit_writes_hands_in_and_reports(made):
    client = enter(made, "st_staff")
    given = {
        "goals": "建成示范党组织",
        "measures": "逐项整改",
        "first_responsible": "示例书记",
        "targets": [made.nominees["st-window"].pk],
        **blank_rows(),
        "m-0-title": "完成对标",
        "m-0-due_on": "2019-04-30",
    }
    answer = client.post("/creation/plans/new/", given)
    plan = CreationPlan.objects.get()
    assert answer.headers["Location"] == f"/creation/plans/{plan.public_id}/"
    assert plan.targets.get().category == "service_point"
    client.post(f"/creation/plans/{plan.public_id}/", {"act": "submit"})
    plan.refresh_from_db()
    assert plan.state == "submitted"
    one = plan.milestones.get()
    client.post(f"/creation/plans/{plan.public_id}/progress/", {f"{one.public_id}-percent": "60"})
    plan.refresh_from_db()
    assert plan.progress == 60
    # with one plan of its own, the list leads to it
    assert client.get("/creation/plans/").headers["Location"] == f"/creation/plans/{plan.public_id}/"


def test_a_wrong_row_comes_back_as_it_was_typed(made):
    given = {"goals": "写了一半的目标", **blank_rows(), "m-0-title": "没有日期的事项"}
    answer = enter(made, "st_staff").post("/creation/plans/new/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("写了一半的目标", "没有日期的事项", "请填写计划完成的日期"):
        assert kept in page


def test_a_refused_submission_says_what_is_missing(made):
    plan = saved_plan(made, goals="")
    answer = enter(made, "st_staff").post(f"/creation/plans/{plan.public_id}/", {"act": "submit"})
    assert answer.status_code == 422
    assert "创建计划还缺：创建目标" in answer.content.decode()


def test_the_working_group_replies_on_the_plans_page(made):
    plan = submitted_plan(made)
    address = f"/creation/plans/{plan.public_id}/"
    client = enter(made, "worker")
    assert client.post(address, {"act": "return", "reply": ""}).status_code == 422
    client.post(address, {"act": "return", "reply": "目标需量化"})
    assert "目标需量化" in enter(made, "st_staff").get(address).content.decode()


def test_a_stranger_to_the_plan_learns_nothing(made):
    plan = saved_plan(made)
    for username in ("co_staff", "secretariat", "expert1", "audit_admin"):
        assert enter(made, username).get(f"/creation/plans/{plan.public_id}/").status_code == 404
    problem = raised_problem(made)
    assert enter(made, "co_staff").get(f"/creation/problems/{problem.public_id}/").status_code == 404


def test_a_superior_reads_but_finds_no_button(made):
    plan = submitted_plan(made)
    page = enter(made, "st_superior").get(f"/creation/plans/{plan.public_id}/").content.decode()
    assert "发出指导意见" in page
    assert 'value="accept"' not in page
    assert enter(made, "st_superior").get(f"/creation/plans/{plan.public_id}/edit/").status_code == 403


def test_late_ones_stand_first_and_red(made):
    accepted_plan(made)
    accepted_plan(made, "co-branch", "co_staff")
    with journal.unit_of_work():
        for one in CreationPlan.objects.get(organisation__code="co-branch").milestones.all():
            services.milestone_update(milestone_id=one.pk, percent=100, actor=made.actor("co_staff"), now=SPRING)
    with clock.frozen(clock.instant(date(2019, 5, 6), 9)):
        client = enter(made, "worker")
        page = client.get("/creation/plans/").content.decode()
        assert 'class="heat-late"' in page
        assert page.index("示例区安质监站党支部") < page.index("示例水利建设公司第一党支部")
        late = client.get("/creation/plans/?state=late").content.decode()
        assert "示例水利建设公司第一党支部" not in late


def test_a_problem_walks_on_its_page(made):
    problem = raised_problem(made)
    address = f"/creation/problems/{problem.public_id}/"
    enter(made, "st_staff").post(address, {"act": "answer", "text": "已补齐"})
    worker = enter(made, "worker")
    assert worker.post(address, {"act": "reopen", "note": "", "working_days": "5"}).status_code == 422
    worker.post(address, {"act": "close", "note": "属实", "working_days": "5"})
    problem.refresh_from_db()
    assert problem.state == "closed"


def test_an_inspection_takes_its_problems_a_line_each(made):
    enter(made, "worker").post(
        "/creation/inspections/new/",
        {
            "organisation": made.organisations["st-branch"].pk,
            "inspected_on": "2019-03-11",
            "findings": "总体有序",
            "conclusion": "fair",
            "problems": "窗口公示不全：缺少投诉电话\n\n学习记录缺页",
            "working_days": "10",
        },
    )
    problems = Inspection.objects.get().problems
    assert list(problems.order_by("id").values_list("title", "detail")) == [
        ("窗口公示不全", "缺少投诉电话"),
        ("学习记录缺页", ""),
    ]


def test_a_bulletin_is_asked_about_once_before_it_goes_out(made):
    client = enter(made, "worker")
    given = {"title": "第一期", "body": "进展"}
    assert "不能修改" in client.post("/creation/bulletins/new/", given).content.decode()
    assert not Bulletin.objects.exists()
    client.post("/creation/bulletins/new/", {**given, "confirmed": "1"})
    page = enter(made, "st_staff").get(f"/creation/bulletins/{Bulletin.objects.get().public_id}/")
    assert "第 1 期" in page.content.decode()


def test_a_survey_of_today_begins_now(made):
    enter(made, "worker").post(
        "/creation/surveys/new/",
        {
            "nominee": made.nominees["st-window"].pk,
            "title": "窗口",
            "opens_on": "2019-03-12",
            "closes_on": "2019-03-20",
        },
    )
    survey = Survey.objects.get()
    assert (survey.opens_at, survey.closes_at) == (SPRING, clock.instant(date(2019, 3, 21)))
    assert "还没有人参与" in enter(made, "st_staff").get(f"/creation/surveys/{survey.public_id}/").content.decode()
    assert enter(made, "co_staff").get(f"/creation/surveys/{survey.public_id}/").status_code == 404


def test_a_meeting_shows_its_guests(made):
    meeting = called_meeting(made)
    assert (
        "示例区安质监站党支部"
        in enter(made, "st_staff").get(f"/creation/meetings/{meeting.public_id}/").content.decode()
    )
    assert enter(made, "co_staff").get(f"/creation/meetings/{meeting.public_id}/").status_code == 404


def test_the_export_is_what_is_filtered(made):
    raised_problem(made)
    raised_problem(made, title="=1+1")
    answer = enter(made, "worker").get("/creation/problems/export/?q=%3D1")
    sheet = load_workbook(io.BytesIO(answer.content))["问题清单"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["=1+1"]
    plans = load_workbook(io.BytesIO(enter(made, "worker").get("/creation/plans/export/").content))
    assert plans.sheetnames == ["创建进度", "里程碑"]


def fill(made: World, place: str, rows: int) -> None:
    """Rows of a list, however many."""
    for number in range(rows):
        if place == "problems":
            raised_problem(made, title=f"问题{number}")
        elif place == "surveys":
            opened_survey(made)
        elif place == "meetings":
            called_meeting(made)
        elif place == "plans":
            code, user = [("st-branch", "st_staff"), ("co-branch", "co_staff"), ("co-committee", "co_superior")][number]
            saved_plan(made, code, user)
        elif place == "inspections":
            Inspection.objects.create(
                round=made.round,
                organisation=made.organisations["st-branch"],
                inspected_on=SPRING.date(),
                findings="有序",
                conclusion="good",
            )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("place", "queries"), [("plans", 11), ("problems", 10), ("surveys", 9), ("meetings", 8), ("inspections", 8)]
)
def test_lists_ask_the_same_of_the_database_however_long(
    made, monkeypatch, django_assert_num_queries, place, queries, rows
):
    monkeypatch.setattr(navigation, "_entries", {})  # what other apps ask for their entries is theirs to count
    fill(made, place, rows)
    client = enter(made, "worker")
    client.get(f"/creation/{place}/")
    with django_assert_num_queries(queries):
        client.get(f"/creation/{place}/")


def test_a_problem_page_of_another_is_not_written(made):
    problem = raised_problem(made)
    answer = enter(made, "st_superior").post(
        f"/creation/problems/{problem.public_id}/", {"act": "answer", "text": "代答"}
    )
    assert answer.status_code == 403
    assert Problem.objects.get().state == "open"


def test_a_plan_on_record_is_taken_up_again_and_its_old_version_stays_readable(made):
    plan = accepted_plan(made)
    address = f"/creation/plans/{plan.public_id}/"
    staff = enter(made, "st_staff")
    assert "修订计划" in staff.get(address).content.decode()
    assert staff.post(address, {"act": "amend", "text": ""}).status_code == 422
    page = staff.post(address, {"act": "amend", "text": "工程计划调整。"}, follow=True).content.decode()
    for words in ("修订中", "报送创建计划", "第 1 版", "工程计划调整。"):
        assert words in page
    assert "报送修订的创建计划" in staff.get("/work/").content.decode()
    assert staff.get(f"{address}edit/").status_code == 200
    seen = enter(made, "worker").get(address).content.decode()
    assert "第 1 版" in seen
    assert 'value="amend"' not in seen
    assert "修订中" in enter(made, "worker").get("/creation/plans/?state=amending").content.decode()
