"""Who sees which board, in a number of queries that does not grow with the rows."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.base import World, world
from tests.factories.journal import ExampleEvent
from tests.factories.reports import NOW, case_at, close, late, unit
from xianfeng import journal
from xianfeng.journal import checkpoints
from xianfeng.journal import queries as log
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.reports.queries.audit import STAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Iterator[World]:
    with clock.frozen(NOW):
        yield world()


def signed_in(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def queries(client: Client, path: str) -> int:
    client.get(path)  # sessions and caches warm
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


# --- visibility ---------------------------------------------------------------------------------------------------

BOARDS = ["/work/", "/overview/", "/overview/export/", "/reports/merit/", "/audit/", "/audit/sign-ins/"]
EVERYBODY = [
    "st_staff", "st_superior", "worker", "officer", "leader", "city", "secretariat", "expert1", "system_admin",
    "security_admin", "audit_admin",
]  # fmt: skip
OVERVIEW = {"st_superior", "worker", "officer", "leader", "city", "secretariat"}


@pytest.mark.parametrize("path", [*BOARDS, "/cases/nosuchcase/", "/audit/1/"])
def test_a_stranger_is_asked_to_sign_in(path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("username", EVERYBODY)
def test_who_opens_which_board(made, username):
    client = signed_in(made, username)
    found = {path: client.get(path).status_code for path in BOARDS}
    overview = 200 if username in OVERVIEW else 403
    audit = 200 if username == "audit_admin" else 403
    assert found == dict(zip(BOARDS, [200, overview, overview, overview, audit, audit], strict=True))


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("st_staff", 200), ("st_superior", 200), ("top_user", 200), ("worker", 200), ("officer", 200), ("leader", 200),
        ("city", 200), ("co_staff", 404), ("co_superior", 404), ("secretariat", 404), ("expert1", 404),
        ("system_admin", 404), ("security_admin", 404), ("audit_admin", 404),
    ],
)  # fmt: skip
def test_who_reads_a_stations_case(made, username, status):
    case = case_at(made, made.nominees["st-branch"], "screen")
    assert signed_in(made, username).get(f"/cases/{case.public_id}/").status_code == status


# --- the workbench ------------------------------------------------------------------------------------------------


def test_the_workbench_sorts_by_urgency_and_counts_batches(made):
    for number in range(3):
        late(case_at(made, unit(made, number), "screen"), days=number) if number else case_at(
            made, unit(made, number), "screen"
        )
    page = signed_in(made, "officer").get("/work/").content.decode()
    assert "初审 3 件" in page
    assert "其中 2 件已逾期" in page
    assert "逾期" in page


def test_the_workbench_of_the_nominee_leads_to_the_step_and_lists_its_cases(made):
    case = case_at(made, made.nominees["st-branch"], "assess")
    page = signed_in(made, "st_staff").get("/work/").content.decode()
    assert "自评自荐" in page
    assert f"/cases/{case.public_id}/" in page
    assert "示例区安质监站党支部" in page


def test_nothing_to_do_says_so(made):
    assert "没有等您办理的事项" in signed_in(made, "expert1").get("/work/").content.decode()


@pytest.mark.parametrize("username", ["officer", "co_superior", "co_staff"])
def test_the_workbench_costs_the_same_for_one_row_and_for_three(made, username):
    client = signed_in(made, username)
    counts = []
    for rows in (range(1), range(1, 3)):
        for number in rows:
            nominee = unit(made, number)
            case_at(made, nominee, "screen")
        if username == "co_staff":
            codes = ("co-branch",) if rows[0] == 0 else ("co-window", "co-member")
            kinds = {"co-branch": "organisation", "co-window": "service_point", "co-member": "post"}
            for code in codes:
                case_at(made, made.nominees[code], "assess", kinds[code])
        elif username == "co_superior":
            for number in rows:
                case_at(made, unit(made, number + 10), "endorse")
        counts.append(queries(client, "/work/"))
    assert counts[0] == counts[1]


# --- the case page ------------------------------------------------------------------------------------------------


def test_the_case_page_says_where_it_stands_and_what_comes(made):
    case = case_at(made, made.nominees["st-branch"], "endorse")
    page = signed_in(made, "st_superior").get(f"/cases/{case.public_id}/").content.decode()
    for words in ("上级认定", "组织评审", "命名颁牌", "示例区水务局党委", "待存证", "启动自荐申报"):
        assert words in page


def test_the_nominees_side_reads_public_words(made):
    case = case_at(made, made.nominees["st-branch"], "decide")
    close(case, "decide", "rejected", "名额有限")
    own = signed_in(made, "st_staff").get(f"/cases/{case.public_id}/").content.decode()
    assert "未命名" in own
    assert "未入选" not in own
    assert "名额有限" not in own
    assert "未入选" in signed_in(made, "officer").get(f"/cases/{case.public_id}/").content.decode()


def test_the_nominee_is_offered_to_withdraw_until_the_notice(made):
    case = case_at(made, made.nominees["st-branch"], "decide")
    path, offer = f"/cases/{case.public_id}/", f"/nominations/withdraw/{case.public_id}/"
    assert offer in signed_in(made, "st_staff").get(path).content.decode()
    assert offer not in signed_in(made, "st_superior").get(path).content.decode()
    close(case, "decide", "approved")
    assert offer not in signed_in(made, "st_staff").get(path).content.decode()


def test_the_case_page_costs_the_same_after_more_steps(made):
    short = case_at(made, made.nominees["st-branch"], "endorse")
    client = signed_in(made, "officer")
    before = queries(client, f"/cases/{short.public_id}/")
    for _ in range(2):
        close(short, "endorse", "returned", "请完善")
        close(short, "assess", "submitted")
    assert queries(client, f"/cases/{short.public_id}/") == before


def test_an_entry_of_the_case_opens_as_a_sentence_for_its_readers_and_as_a_hash_for_others(made):
    case = case_at(made, made.nominees["st-branch"], "assess")
    case_at(made, made.nominees["co-branch"], "assess")
    checkpoints.make(clock.real_now())
    client = signed_in(made, "st_staff")
    assert f'href="/journal/entries/{first_entry(case)}/"' in client.get(f"/cases/{case.public_id}/").content.decode()
    own = client.get(f"/journal/entries/{first_entry(case)}/").content.decode()
    assert "启动自荐申报" in own
    assert "写入以来未被改动" in own
    assert "条目原文" in own
    other = client.get(f"/journal/entries/{first_entry(case) + 1}/").content.decode()
    assert "已存证" in other
    assert "启动自荐申报" not in other


def first_entry(case):
    return Entry.objects.filter(subject_id=case.public_id).order_by("seq")[0].seq


# --- the record -----------------------------------------------------------------------------------------------------


def test_erasing_shows_what_goes_and_what_stays_asks_and_is_recorded(made):
    case = case_at(made, made.nominees["st-branch"], "endorse")
    close(case, "endorse", "returned", "请张三丰完善")
    with journal.unit_of_work():
        journal.record(
            ExampleEvent.HAPPENED, subject=case, actor=SYSTEM, at=NOW, personal={"opinion": "张三丰", "reply": "别人"}
        )
    kept = PersonalDetail.objects.get(value="张三丰")
    client = signed_in(made, "security_admin")
    assert "请至少输入两个字" in client.get("/audit/erase/?q=张").content.decode()
    shown = client.get("/audit/erase/?q=张三丰").content.decode()
    assert "仍保留" in shown
    assert "别人" not in shown
    asked = {"chosen": [kept.pk], "ground": "asked"}
    assert client.post("/audit/erase/?q=张三丰", {"chosen": [kept.pk]}).status_code == 422
    assert "永久删除" in client.post("/audit/erase/?q=张三丰", asked).content.decode()
    assert client.post("/audit/erase/?q=别人", asked | {"confirmed": "1"}).status_code == 422, "not one of those shown"
    assert client.post("/audit/erase/?q=张三丰", asked | {"confirmed": "1"}).status_code == 302
    assert list(PersonalDetail.objects.filter(entry_seq=kept.entry_seq).values_list("value", flat=True)) == ["别人"]
    assert "依法删除 1 项个人信息，依据：本人请求删除" in log.sentence(log.latest(1)[0])
    assert "已依法删除" in signed_in(made, "audit_admin").get(f"/audit/{kept.entry_seq}/").content.decode()
    assert log.verify().ok


def test_every_stage_of_the_record_has_a_word():
    assert {one.value.split(":")[0] for one in journal.kinds()} - set(STAGES) - {"test"} == set()


# --- overview -----------------------------------------------------------------------------------------------------


def test_the_overview_counts_what_its_reader_may_see(made):
    case_at(made, made.nominees["st-branch"], "screen")
    case_at(made, made.nominees["co-branch"], "assess")
    whole = signed_in(made, "worker").get("/overview/").content.decode()
    members = signed_in(made, "secretariat").get("/overview/").content.decode()
    assert "示例区安质监站" in whole
    assert "示例区安质监站" not in members
    assert "示例水利建设公司" in members
    assert "名额 5" in whole


def test_the_overview_costs_the_same_for_one_unit_and_for_three(made):
    client = signed_in(made, "worker")
    counts = []
    for rows in (range(1), range(1, 3)):
        for number in rows:
            late(case_at(made, unit(made, number), "assess"))
        counts.append(queries(client, "/overview/"))
    assert counts[0] == counts[1]


def test_urging_is_for_those_who_run_the_round(made):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    path = f"/overview/{made.round.public_id}/urge/"
    data = {"addressee": made.organisations["co-branch"].public_id, "kind": "assess"}
    assert "今天已经催办过" not in signed_in(made, "worker").post(path, data, follow=True).content.decode()
    assert "今天已经催办过" in signed_in(made, "worker").post(path, data, follow=True).content.decode()
    assert "您不在其中" in signed_in(made, "co_superior").post(path, data, follow=True).content.decode()
    assert signed_in(made, "co_staff").post(path, data).status_code == 403


# --- audit --------------------------------------------------------------------------------------------------------


def test_the_audit_administrator_finds_opens_and_verifies(made):
    case = case_at(made, made.nominees["st-branch"], "endorse")
    client = signed_in(made, "audit_admin")
    assert "启动自荐申报" in client.get(f"/audit/?subject={case.public_id}").content.decode()
    assert "没有符合条件的留痕" in client.get("/audit/?event=registry").content.decode()
    assert "待存证" in client.get("/audit/1/").content.decode()
    assert client.get("/audit/99/").status_code == 404
    assert "逐条重算" in client.post("/audit/verify/").content.decode()
    assert client.get("/audit/?export=1").headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_audit_list_costs_the_same_for_one_entry_and_for_three(made):
    client = signed_in(made, "audit_admin")
    case_at(made, unit(made, 1), "assess")
    before = queries(client, "/audit/")
    case_at(made, unit(made, 2), "assess")
    case_at(made, unit(made, 3), "assess")
    assert queries(client, "/audit/") == before


def test_sign_ins_are_logged_whether_they_succeed_or_not(made):
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "st_staff", "password": "wrong"})
    stranger.post("/accounts/login/", {"login": "st_staff", "password": "pass-word-1"})
    page = signed_in(made, "audit_admin").get("/audit/sign-ins/?username=st_staff").content.decode()
    assert "失败" in page
    assert "共 2 条" in page


def test_a_step_due_in_a_week_is_for_later(made):
    from xianfeng.reports import rules

    assert rules.bucket(NOW + timedelta(days=7), NOW) == "later"
    assert rules.bucket(NOW + timedelta(days=2), NOW) == "soon"
    assert rules.bucket(NOW, NOW) == "late"
    assert rules.bucket(None, NOW) == "later"
