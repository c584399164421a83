"""The registry's pages: who sees whose matters, what they cost, and that a refusal keeps what was typed."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from tests.factories.base import World, world

from xianfeng.kernel import clock
from xianfeng.kernel.sheets import read_workbook
from xianfeng.registry import listing, rules
from xianfeng.registry.forms import ConductForm
from xianfeng.registry.models import ConductRecord, Member, Nominee, Project, ProjectParty, ServicePoint
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 10, 8), 9)


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch):
    """A working day of 2019, and no navigation: its entries cost queries of other apps."""
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_counters", {})
    with clock.frozen(NOW):
        yield


@pytest.fixture
def made() -> World:
    return world()


def as_user(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def reported(made: World, title: str = "示例噪声投诉", unit: str = "st-unit", kind: str = "complaint") -> ConductRecord:
    row = made.fact(kind, title, date(2019, 9, 1), organisation=made.organisations[unit])
    row.state = "reported"
    row.save()
    return row


def project(made: World, code: str, unit: str = "st-unit", role: str = "supervises") -> Project:
    row = Project.objects.create(code=code, name=f"示例{code}工程")
    ProjectParty.objects.create(project=row, unit=made.organisations[unit], role=role, since=date(2018, 1, 1))
    return row


@pytest.mark.parametrize("address", ["/registry/", "/registry/conduct/", "/registry/projects/"])
def test_whoever_is_not_signed_in_is_asked_to(client, address):
    assert client.get(address).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("username", "nominees"),
    [
        ("worker", {"st-branch", "co-branch"}),
        ("officer", {"st-branch", "co-branch"}),
        ("leader", {"st-branch", "co-branch"}),
        ("city", {"st-branch", "co-branch"}),
        ("top_user", {"st-branch", "co-branch"}),
        ("secretariat", {"co-branch"}),
        ("st_superior", {"st-branch"}),
        ("st_staff", {"st-branch"}),
        ("co_staff", {"co-branch"}),
    ],
)
def test_each_sees_its_own_line(made, username, nominees):
    client = as_user(made, username)
    for kind, suffix in (("organisation", "branch"), ("service_point", "window"), ("member", "member")):
        page = text(client.get(f"/registry/?kind={kind}"))
        codes = {"st-" + suffix, "co-" + suffix}
        for code in codes:
            row = made.nominees[code]
            wanted = code.split("-")[0] + "-branch" in nominees
            assert (row.public_id in page) is wanted, (username, code)
            assert client.get(f"/registry/nominees/{row.public_id}/").status_code == (200 if wanted else 404)


@pytest.mark.parametrize("username", ["system_admin", "security_admin", "audit_admin", "expert1"])
def test_administrators_and_experts_have_no_business_here(made, username):
    client = as_user(made, username)
    for address in ("/registry/", "/registry/conduct/", "/registry/projects/", "/registry/conduct/add/"):
        assert client.get(address).status_code == 403, address


def test_only_who_keeps_the_registry_edits_it(made):
    point, member = made.service_points["st-window"], made.members["st-member"]
    row = project(made, "P1")
    addresses = [
        "/registry/service-points/add/",
        f"/registry/service-points/{point.public_id}/edit/",
        "/registry/members/add/",
        f"/registry/members/{member.public_id}/edit/",
        "/registry/projects/add/",
        f"/registry/projects/{row.public_id}/edit/",
        f"/registry/projects/{row.public_id}/parts/add/",
    ]
    for address in addresses:
        assert as_user(made, "st_staff").get(address).status_code == 403, address
        assert as_user(made, "leader").get(address).status_code == 403, address
        assert as_user(made, "worker").get(address).status_code == 200, address
        assert as_user(made, "officer").get(address).status_code == 200, address
    refused = as_user(made, "st_staff")
    assert refused.post(f"/registry/members/{member.public_id}/consent/", {"on": "2019-10-08"}).status_code == 403
    assert refused.post("/registry/conduct/confirm/", {"chosen": reported(made).public_id}).status_code == 403
    assert refused.post("/registry/nominees/ensure/").status_code == 403


LISTS = [("organisation", 10), ("service_point", 8), ("member", 8)]


@pytest.mark.parametrize(("kind", "expected"), LISTS)
def test_the_lists_of_nominees_cost_the_same_for_one_and_for_three(made, django_assert_num_queries, kind, expected):
    Nominee.objects.filter(kind=kind, pk=made.nominees[f"co-{_suffix(kind)}"].pk).delete()
    client, address = as_user(made, "worker"), f"/registry/?kind={kind}"
    with django_assert_num_queries(expected):
        assert "共 1 " in text(client.get(address))
    for number in (1, 2):
        if kind == "organisation":
            made.organisation(f"b{number}", "party_branch", f"示例{number}支部", superior="top", unit="st-unit")
            made.party_nominee(f"b{number}")
        elif kind == "service_point":
            made.service_point(f"w{number}", "st-branch", "st-unit")
        else:
            made.member(f"m{number}", "st-branch", "st-unit")
    with django_assert_num_queries(expected):
        assert "共 3 " in text(client.get(address))


def _suffix(kind: str) -> str:
    return {"organisation": "branch", "service_point": "window", "member": "member"}[kind]


def test_the_ledger_costs_the_same_for_one_and_for_three(made, django_assert_num_queries):
    client = as_user(made, "worker")
    reported(made)
    with django_assert_num_queries(8):
        client.get("/registry/conduct/")
    made.fact("honour", "示例荣誉", date(2019, 5, 1), level="city", member=made.members["co-member"])
    point = made.service_points["co-window"]
    works = project(made, "P1")
    made.fact("accident", "示例事故", date(2018, 5, 1), grade="general", service_point=point, project=works)
    with django_assert_num_queries(8):
        assert "共 3 条" in text(client.get("/registry/conduct/"))


def test_the_projects_cost_the_same_for_one_and_for_three(made, django_assert_num_queries):
    client = as_user(made, "worker")
    for codes in (("P1",), ("P2", "P3")):
        for code in codes:
            project(made, code)
        with django_assert_num_queries(9):
            client.get("/registry/projects/")


def test_the_ledger_is_filtered_and_exported_as_shown(made):
    made.fact("honour", "示例文明单位", date(2018, 5, 1), level="city", organisation=made.organisations["st-branch"])
    made.fact("honour", "示例工程奖", date(2019, 5, 1), level="national", member=made.members["co-member"])
    reported(made)
    client = as_user(made, "officer")
    unit = made.organisations["st-unit"].public_id
    for query, shown in (
        ("kind=honour", {"示例文明单位", "示例工程奖"}),
        ("kind=honour&year=2018", {"示例文明单位"}),
        ("level=national", {"示例工程奖"}),
        ("state=reported", {"示例噪声投诉"}),
        (f"unit={unit}", {"示例文明单位", "示例噪声投诉"}),
        ("q=文明", {"示例文明单位"}),
        ("kind=nonsense&year=20x9", {"示例文明单位", "示例工程奖", "示例噪声投诉"}),
    ):
        page = text(client.get(f"/registry/conduct/?{query}"))
        found = {one for one in ("示例文明单位", "示例工程奖", "示例噪声投诉") if one in page}
        assert found == shown, query
        response = client.get(f"/registry/conduct/?{query}&export=1")
        rows = read_workbook(BytesIO(response.content))[0].rows
        assert {str(row.cells[1]) for row in rows} - {"事由"} == shown, query


def test_a_unit_reports_its_own_and_the_office_confirms(made):
    staff = as_user(made, "st_staff")
    page = text(staff.get("/registry/conduct/add/"))
    assert "示例区安质监站党支部" in page
    assert "示例水利建设公司" not in page
    assert "直接登记为已核实" not in page
    given = {
        "subject": "organisation:st-unit",
        "kind": "honour",
        "level": "district_bureau",
        "tags": ["civilised_unit"],
        "title": "2019年度区级文明单位（示例）",
        "happened_on": "2019-09-30",
        "issuer": "示例区文明办",
        "document_no": "示文明〔2019〕8号",
        "confirmed": "on",  # not theirs to say
    }
    response = staff.post("/registry/conduct/add/", given)
    row = ConductRecord.objects.get()
    assert response.headers["Location"] == f"/registry/conduct/{row.public_id}/"
    assert row.state == "reported"
    shown = text(staff.get(response.headers["Location"]))
    assert "示文明〔2019〕8号" in shown
    assert "确认属实" not in shown
    officer = as_user(made, "officer")
    assert "确认属实" in text(officer.get(response.headers["Location"]))
    officer.post("/registry/conduct/confirm/", {"chosen": row.public_id, "back": "record"})
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert "核实诚信台账" in text(officer.get(response.headers["Location"]))
    assert officer.post(response.headers["Location"], {"reason": "太迟"}).status_code == 409
    row.refresh_from_db()
    assert row.state == "confirmed", "a page gone stale does not withdraw what was confirmed meanwhile"


def test_a_fact_confirmed_by_mistake_is_taken_back_with_a_reason(made):
    row = made.fact("penalty", "示例处罚", date(2019, 9, 1), organisation=made.organisations["st-unit"])
    page, officer = f"/registry/conduct/{row.public_id}/", as_user(made, "officer")
    assert "撤销核实" in text(officer.get(page))
    assert "撤销核实" not in text(as_user(made, "st_staff").get(page))
    assert as_user(made, "st_staff").post(page, {"act": "withdraw", "reason": "不服"}).status_code == 403
    assert officer.post(page, {"act": "withdraw", "reason": " "}).status_code == 422
    shown = text(officer.post(page, {"act": "withdraw", "reason": "系同名单位"}, follow=True))
    assert "撤销核实：诚信台账（行政处罚）登记有误" in shown
    assert "系同名单位" in shown
    row.refresh_from_db()
    assert row.state == "refuted"
    assert officer.post(page, {"act": "withdraw", "reason": "再来"}).status_code == 409


def test_a_unit_cannot_report_for_another(made):
    other = made.organisations["co-unit"].public_id
    staff = as_user(made, "st_staff")
    assert staff.get(f"/registry/conduct/add/?of={other}").status_code == 403
    given = {"subject": "organisation:co-unit", "kind": "complaint", "title": "示例", "happened_on": "2019-09-30"}
    assert staff.post("/registry/conduct/add/", given).status_code == 422
    assert not ConductRecord.objects.exists()


def test_the_working_group_enters_a_fact_about_anybody_as_confirmed(made):
    worker = as_user(made, "worker")
    assert "哪个单位" in text(worker.get("/registry/conduct/add/"))
    address = f"/registry/conduct/add/?of={made.organisations['co-unit'].public_id}"
    given = {
        "subject": "member:co-member",
        "kind": "appraisal",
        "result": "excellent",
        "title": "民主评议（示例）",
        "happened_on": "2018-12-20",
        "confirmed": "on",
        "stars": "3",  # not for an appraisal: dropped
    }
    worker.post(address, given)
    row = ConductRecord.objects.get()
    assert (row.state, row.member, row.stars) == ("confirmed", made.members["co-member"], None)


def test_what_a_kind_of_fact_needs_is_asked_for_and_the_input_kept(made):
    given = {"subject": "organisation:st-unit", "kind": "accident", "title": "示例坍塌", "happened_on": "2019-10-20"}
    response = as_user(made, "st_staff").post("/registry/conduct/add/", given)
    page = text(response)
    assert response.status_code == 422
    assert "事故应写明事故等级" in page
    assert "发生日期不能晚于今天" in page
    assert 'value="示例坍塌"' in page
    assert 'value="accident" selected' in page


def test_the_same_fact_twice_is_refused_and_the_input_kept(made):
    given = {"subject": "organisation:st-unit", "kind": "complaint", "title": "示例投诉", "happened_on": "2019-09-20"}
    staff = as_user(made, "st_staff")
    staff.post("/registry/conduct/add/", given)
    response = staff.post("/registry/conduct/add/", given)
    assert response.status_code == 409
    assert 'value="示例投诉"' in text(response)
    assert ConductRecord.objects.count() == 1


def test_a_fact_is_refuted_only_with_a_reason(made):
    row, officer = reported(made), as_user(made, "officer")
    address = f"/registry/conduct/{row.public_id}/"
    assert officer.post(address, {"reason": ""}).status_code == 422
    officer.post(address, {"reason": "经查与该单位无关"})
    row.refresh_from_db()
    assert row.state == "refuted"
    assert "经查与该单位无关" in text(officer.get(address))


def test_several_facts_are_confirmed_at_once_and_settled_ones_left_alone(made):
    rows = [reported(made, f"示例荣誉{number}", kind="honour") for number in range(3)]
    rows[2].state = "refuted"
    rows[2].save()
    response = as_user(made, "worker").post(
        "/registry/conduct/confirm/", {"chosen": [one.public_id for one in rows], "back": "kind=honour"}, follow=True
    )
    assert "已核实 2 条" in text(response)
    assert response.redirect_chain[0][0] == "/registry/conduct/?kind=honour"
    assert sorted(ConductRecord.objects.values_list("state", flat=True)) == ["confirmed", "confirmed", "refuted"]


def test_a_rectified_fact_is_written_down_without_touching_what_happened(made):
    row = made.fact("penalty", "示例处罚", date(2019, 5, 1), organisation=made.organisations["co-unit"])
    address = f"/registry/conduct/{row.public_id}/edit/"
    assert as_user(made, "co_staff").get(address).status_code == 403
    worker = as_user(made, "worker")
    assert worker.post(address, {"rectified_on": "2019-04-01"}).status_code == 422
    worker.post(address, {"rectified_on": "2019-06-01", "document_no": "示罚〔2019〕1号", "title": "改掉的事由"})
    row.refresh_from_db()
    assert (row.title, row.state, row.rectified_on) == ("示例处罚", "confirmed", date(2019, 6, 1))
    assert ConductRecord.objects.count() == 1


def test_facts_of_another_line_are_not_there(made):
    row = reported(made)
    assert as_user(made, "co_staff").get(f"/registry/conduct/{row.public_id}/").status_code == 404
    assert row.title not in text(as_user(made, "co_staff").get("/registry/conduct/"))
    assert row.title in text(as_user(made, "st_superior").get("/registry/conduct/"))


def test_service_points_and_members_are_registered_and_corrected(made):
    worker = as_user(made, "worker")
    unit, party = made.organisations["st-unit"].pk, made.organisations["st-branch"].pk
    point = {
        "code": "NW", "name": "示例新窗口", "kind": "window", "unit": unit, "party_organisation": party,
        "staff_count": 4, "member_count": 5,
    }  # fmt: skip
    refused = worker.post("/registry/service-points/add/", point)
    assert refused.status_code == 422
    assert 'value="示例新窗口"' in text(refused)
    worker.post("/registry/service-points/add/", {**point, "member_count": 2})
    made_point = ServicePoint.objects.get(code="NW")
    assert made_point.nominee.kind == "service_point"
    worker.post(f"/registry/service-points/{made_point.public_id}/edit/", {**point, "member_count": 3, "code": "X"})
    made_point.refresh_from_db()
    assert (made_point.code, made_point.member_count) == ("NW", 3)
    home = {"unit": unit, "party_organisation": party}
    member = {"code": "NM", "name": "示例新", "post": "监督员", "status": "full", **home}
    assert worker.post("/registry/members/add/", {**member, "username": "nobody"}).status_code == 422
    worker.post("/registry/members/add/", {**member, "in_post": "on", "username": "st_staff"})
    assert Member.objects.get(code="NM").user == made.users["st_staff"]
    again = worker.post("/registry/members/add/", {**member, "name": "示例别人"})
    assert again.status_code == 422
    assert Member.objects.get(code="NM").name == "示例新"


def test_consent_to_publish_a_name_is_entered_and_taken_back_in_one_click(made):
    worker, member = as_user(made, "worker"), made.members["st-member"]
    address = f"/registry/members/{member.public_id}/consent/"
    worker.post(address, {"act": "withdraw"})
    member.refresh_from_db()
    assert member.publication_consent_on is None
    response = worker.post(address, {"on": "2019-12-01"}, follow=True)  # a day to come
    assert "日期不能晚于今天" in text(response)
    worker.post(address, {"on": "2019-10-08"})
    member.refresh_from_db()
    assert member.publication_consent_on == date(2019, 10, 8)
    assert member.name == "示例st-member"


def test_a_project_and_its_parties_are_kept(made):
    worker = as_user(made, "worker")
    dates = {"started_on": "2019-05-01", "finished_on": "2019-04-01"}
    assert worker.post("/registry/projects/add/", {"code": "G1", "name": "示例河道工程", **dates}).status_code == 422
    worker.post("/registry/projects/add/", {"code": "G1", "name": "示例河道工程"})
    row = Project.objects.get()
    address = f"/registry/projects/{row.public_id}/parts/add/"
    part = {"unit": made.organisations["co-unit"].pk, "role": "takes_part"}
    assert "没有编码为“st-member”的党员" in text(worker.post(address, {**part, "member": "st-member"}))
    worker.post(address, {**part, "member": "co-member", "since": "2019-05-01"})
    assert ProjectParty.objects.get().member == made.members["co-member"]
    assert as_user(made, "co_staff").get(f"/registry/projects/{row.public_id}/").status_code == 200
    assert as_user(made, "st_staff").get(f"/registry/projects/{row.public_id}/").status_code == 404


def test_party_organisations_that_are_no_nominees_yet_are_made_so(made):
    worker = as_user(made, "worker")
    assert "尚未列为创建对象" in text(worker.get("/registry/"))
    worker.post("/registry/nominees/ensure/")
    assert listing.lacking_nominees() == 0
    assert "尚未列为创建对象" not in text(worker.get("/registry/"))


def test_the_form_knows_what_every_kind_of_fact_uses():
    assert set(ConductForm.USED) == set(rules.FACT_KINDS)
