"""The pages: who sees what, what a refusal leaves standing, and how many queries a list costs."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng.designations import services
from xianfeng.designations.models import Decision, Designation, PublicNotice
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return world()


def as_user(w: World, username: str) -> Client:
    client = Client()
    client.force_login(w.users[username])
    return client


def url(name: str, *args: str, **query: str) -> str:
    path = reverse(f"designations:{name}", args=args)
    return f"{path}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else path


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


LISTS = ["decisions", "notices", "naming", "titles"]


@pytest.mark.parametrize("name", [*LISTS, "objections", "decide_round", "notice_new", "annul"])
def test_strangers_sign_in_and_others_are_refused(w, name):
    assert Client().get(url(name)).status_code == 302
    refused = as_user(w, "st_staff").get(url(name))
    assert refused.status_code == (200 if name == "titles" else 403)


def meeting(cases, result="approved", votes="8", **more):
    data = {"meeting_on": "2019-12-09", "document_no": "示例〔2019〕12号", "members": "9", "present": "9", "note": ""}
    for one in cases:
        data |= {f"result_{one.public_id}": result, f"for_{one.public_id}": votes, f"against_{one.public_id}": "1"}
        data[f"reason_{one.public_id}"] = ""
    return data | more


def test_the_leading_group_checks_and_submits_a_meeting(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 2)]
    made.ranked(w, cases)
    client = as_user(w, "leader")
    with clock.frozen(made.moment()):
        step = cases[0].steps.get(state="open")
        page = client.get(url("decide", step.public_id), follow=True)
        assert "名额 5" in page.content.decode()
        check = client.post(url("decide_round"), meeting(cases, act="check"))
        assert "核对审定结果" in check.content.decode()
        assert not Decision.objects.exists()
        back = client.post(url("decide_round"), meeting(cases, act="edit"))
        assert 'value="示例〔2019〕12号"' in back.content.decode()
        done = client.post(url("decide_round"), meeting(cases, act="submit"))
    assert done.status_code == 302
    assert Decision.objects.get().items.count() == 2
    shown = client.get(done["Location"]).content.decode()
    assert "关于2019年度“治水管海（水务工程建设）先锋”审定结果的决定" in shown
    document = client.get(url("decision_document", Decision.objects.get().public_id))
    assert document.content[:2] == b"PK"


def test_a_refused_meeting_keeps_what_was_typed(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 2)]
    made.ranked(w, cases)
    with clock.frozen(made.moment()):
        data = meeting(cases[1:], act="submit", note="会议意见文字")
        answer = as_user(w, "leader").post(url("decide_round"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "前面还有 1 个没有同意" in text
    assert "会议意见文字" in text
    assert not Decision.objects.exists()


def test_a_notice_is_previewed_as_the_public_will_see_it(w):
    silent = w.member("st-silent", "st-branch", "st-unit", publication_consent_on=None)
    case = made.case_at(w, w.nominees["st-silent"], "decide")
    made.decided(w, [case])
    client = as_user(w, "worker")
    data = {
        "title": "示例公示",
        "body": "正文",
        "contact": "示例联系",
        "days": "5",
        "chosen": case.public_id,
        "document_no": "",
    }
    with clock.frozen(made.moment(hour=15)):
        assert "2019年12月16日" in client.get(url("notice_new")).content.decode()
        assert "2019年12月18日" in client.get(url("period", days="7")).content.decode()
        preview = client.post(url("notice_new"), data | {"act": "preview"}).content.decode()
        assert silent.name not in preview
        assert "示例区安质监站质量监督员岗位" in preview
        sent = client.post(url("notice_new"), data | {"act": "publish"})
        assert sent.status_code == 302
        notice = PublicNotice.objects.get()
        early = client.post(url("notice", notice.public_id), {"act": "close", "confirmed": "1"})
        assert early.status_code == 409
        assert "才结束" in early.content.decode()
    with clock.frozen(made.after_notice(notice)):
        step = case.steps.get(state="open")
        assert client.get(url("announce", step.public_id))["Location"] == url("notice", notice.public_id)
        client.post(url("notice", notice.public_id), {"act": "close", "confirmed": "1"})
    notice.refresh_from_db()
    assert notice.state == "closed"
    assert client.get(url("notice_document", notice.public_id)).content[:2] == b"PK"


def test_objections_are_handled_out_of_the_nominees_sight(w):
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    made.decided(w, [case])
    notice = made.announced(w, [case])
    with made.at(made.moment(made.MEETING + timedelta(days=1))) as now:
        one = services.objection_file(
            item_id=notice.items.get().pk, name="示例异议人", contact="000-12345678", content="情况不属实，请核查。",
            evidence_note="有书面记录", actor=public_actor(), now=now,
        )  # fmt: skip
    page = url("objection", one.public_id)
    assert as_user(w, "st_staff").get(page).status_code == 403
    assert "示例异议人" not in as_user(w, "leader").get(url("notice", notice.public_id)).content.decode()
    client = as_user(w, "worker")
    assert "示例异议人" in client.get(page).content.decode()
    with clock.frozen(made.moment(made.MEETING + timedelta(days=2))):
        refused = client.post(page, {"act": "refuse", "refusal": "", "reply": "待补充"})
        assert refused.status_code == 422
        assert "待补充" in refused.content.decode()
        client.post(page, {"act": "accept", "reply": ""})
        asked = client.post(page, {"act": "uphold", "reply": "属实"})
        assert "认定异议成立？" in asked.content.decode()
        client.post(page, {"act": "uphold", "reply": "属实", "confirmed": "1"})
    case.refresh_from_db()
    assert case.outcome == "objection_upheld"


def test_naming_shows_the_numbers_it_will_give(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 2)]
    made.decided(w, cases)
    notice = made.announced(w, cases)
    made.cleared(w, notice)
    client = as_user(w, "worker")
    with clock.frozen(made.after_notice(notice)):
        assert "SZ-ZXF-2019-SFG-002" in client.get(url("naming")).content.decode()
        data = {"named_on": "2019-12-17", "chosen": [one.public_id for one in cases]}
        assert "编号一经使用" in client.post(url("naming"), data).content.decode()
        client.post(url("naming"), data | {"confirmed": "1"})
    assert Designation.objects.count() == 2


@pytest.fixture
def title(w) -> Designation:
    return made.titled(w, w.nominees["st-window"])[0]


def test_a_title_shows_its_plaque_history_and_actions_by_role(w, title):
    with clock.frozen(made.moment(date(2019, 12, 20))):
        worker = as_user(w, "worker").get(url("title", title.public_id)).content.decode()
        holder = as_user(w, "st_staff").get(url("title", title.public_id)).content.decode()
        assert as_user(w, "co_staff").get(url("title", title.public_id)).status_code == 404
        certificate = as_user(w, "st_staff").get(url("certificate", title.public_id)).content.decode()
    assert "启动复评" in worker
    assert "颁发铭牌</a>" in worker
    assert "启动复评" not in holder
    assert "xf-plaque" in holder
    assert f"/verify/{title.public_id}/" in certificate
    assert f"/designations/titles/{title.public_id}/certificate.svg" in certificate
    assert 'style="' not in certificate


def test_the_list_is_filtered_and_exported(w, title):
    client = as_user(w, "worker")
    assert title.number in client.get(url("titles", q=title.number)).content.decode()
    assert "没有符合条件的命名" in client.get(url("titles", state="revoked")).content.decode()
    for kind in ("xlsx", "merit"):
        assert client.get(url("titles", export=kind)).content[:2] == b"PK"


def test_plaques_are_recorded_from_the_list(w, title):
    client = as_user(w, "worker")
    with clock.frozen(made.moment(date(2019, 12, 20))):
        assert title.number in client.get(url("plaques", chosen=title.public_id)).content.decode()
        client.post(url("plaques"), {"chosen": title.public_id, "issued_on": "2019-12-20"})
    title.refresh_from_db()
    assert title.plaque_issued_on == date(2019, 12, 20)


def test_titles_that_fall_due_are_reassessed_together(w):
    titles = made.titled(w, w.nominees["st-window"], w.nominees["st-branch"])
    client = as_user(w, "worker")
    with clock.frozen(made.moment(date(2021, 10, 8))):
        assert "2 个命名</a>将在 3 个月内到复评期限" in client.get(url("titles")).content.decode()
        chosen = [one.public_id for one in titles]
        client.post(url("reassess_many"), {"chosen": chosen, "trigger": "periodic", "reason": ""})
        assert "没有符合条件的命名" in client.get(url("titles", due="1")).content.decode()
    assert set(Designation.objects.values_list("state", flat=True)) == {"reassessing"}
    assert as_user(w, "st_staff").get(url("reassess_many", chosen=chosen[0])).status_code == 403


def test_a_title_is_recommended_from_its_page_and_the_step_worked(w, title):
    client = as_user(w, "worker")
    with clock.frozen(made.moment(date(2019, 12, 20))):
        client.post(url("recommend_open", title.public_id), {"reason": "成绩突出"})
        step = title.later_cases.get().case.steps.get(state="open")
        assert client.get(url("recommend", step.public_id)).status_code == 200
        assert client.post(url("recommend", step.public_id), {"opinion": ""}).status_code == 422
        client.post(url("recommend", step.public_id), {"opinion": "同意推荐。"})
        assert as_user(w, "leader").get(url("decide_round", tier="tier2")).status_code == 403
        assert title.number in as_user(w, "city").get(url("decide_round", tier="tier2")).content.decode()


def test_a_reassessment_is_opined_concluded_rectified_and_rechecked(w, title):
    when = made.moment(date(2021, 9, 6))
    with clock.frozen(when):
        as_user(w, "worker").post(url("reassess_open", title.public_id), {"trigger": "periodic", "reason": ""})
    case = title.later_cases.get().case
    with made.at(when) as now:
        made.advance(case, "opine", now)

    def work(username: str, kind: str, data: dict[str, str]) -> int:
        address = url(kind, case.steps.get(state="open").public_id)
        client = as_user(w, username)
        assert client.get(address).status_code == 200
        return client.post(address, data).status_code

    with clock.frozen(when):
        assert work("worker", "opine", {"suggestion": "rectify", "opinion": "有差距。"}) == 302
        paper = {"opinion": "限期整改。", "meeting_on": "2021-09-06", "document_no": "示例〔2021〕3号"}
        address = url("conclude", case.steps.get(state="open").public_id)
        assert as_user(w, "worker").get(address).status_code == 403
        assert "撤销命名？" in as_user(w, "officer").post(address, paper | {"result": "revoked"}).content.decode()
        assert work("officer", "conclude", paper | {"result": "rectify"}) == 302
        assert work("st_staff", "rectify", {"text": "已整改。"}) == 302
        assert work("officer", "recheck", {"passed": "yes", "opinion": "合格。"}) == 302
    title.refresh_from_db()
    assert title.state == "active"


def test_suspension_from_the_page_is_the_offices(w, title):
    with clock.frozen(made.moment(date(2020, 3, 2))):
        assert as_user(w, "worker").post(url("suspend", title.public_id), {"reason": "核查"}).status_code == 403
        assert as_user(w, "officer").post(url("suspend", title.public_id), {"reason": "核查"}).status_code == 302
        assert as_user(w, "officer").post(url("restore", title.public_id), {"reason": "查清"}).status_code == 302


def test_annulling_asks_for_the_rounds_name(w, title):
    client = as_user(w, "officer")
    data = {"document_no": "示例〔2020〕1号", "reason": "程序违规（示例）", "typed": "2020年度创建"}
    with clock.frozen(made.moment(date(2020, 3, 2))):
        assert "1 个命名作废" in client.get(url("annul")).content.decode()
        assert client.post(url("annul"), data).status_code == 422
        assert client.post(url("annul"), data | {"typed": w.round.title}).status_code == 302
    title.refresh_from_db()
    assert title.state == "annulled"
    assert as_user(w, "officer").get(url("certificate", title.public_id)).content.decode().count("证书无效") == 1


@pytest.mark.parametrize("name", [*LISTS, "decide_round", "notice_new"])
def test_lists_cost_the_same_at_one_and_at_three_rows(w, name):
    """One nominee at every stage, then three."""
    costs = []
    chosen = made.nominees(w, 3)
    username = "leader" if name == "decide_round" else "worker"
    for group in (chosen[:1], chosen[1:]):
        fill(w, name, group)
        with clock.frozen(made.moment(date(2019, 12, 24))):
            costs.append(queries_of(as_user(w, username), url(name)))
    assert costs[0] == costs[1]


def fill(w: World, name: str, group) -> None:
    if name == "titles":
        made.titled(w, *group)
        return
    cases = [made.case_at(w, one, "decide") for one in group]
    if name == "decide_round":
        return
    for one in cases:
        made.decided(w, [one])
        if name in ("notices", "naming"):
            notice = made.announced(w, [one])
            if name == "naming":
                made.cleared(w, notice)


def test_no_page_writes_style_into_its_tags(w, title):
    client = as_user(w, "worker")
    for name in ("decisions", "notices", "titles", "naming", "objections"):
        assert not re.search(r"<[^>]+ style=", client.get(url(name)).content.decode())
