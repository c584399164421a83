"""Pages of 自荐验收: who sees what, what a refusal leaves standing, and how many queries a list costs."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.factories import nominations as make
from tests.factories.base import World, world

from xianfeng.kernel import clock
from xianfeng.kernel.sheets import read_workbook
from xianfeng.nominations import queries
from xianfeng.nominations.models import Evidence, SelfAssessment, SelfScore
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db


@pytest.fixture
def base() -> World:
    return world()


@pytest.fixture(autouse=True)
def _in_the_window():
    with clock.frozen(make.at()):
        yield


@pytest.fixture
def visit(client, base):
    """A client signed in as one of the world's users."""

    def signed_in(username):
        client.force_login(base.users[username])
        return client

    return signed_in


def page_of(case, name=None):
    step = make.open_step(case)
    return reverse(f"nominations:{name or step.kind}", args=[step.public_id])


def codes(case):
    return [one.code for one in queries.standard_of(case).indicators]


@pytest.mark.parametrize("name", ["mine", "start", "list", "export"])
def test_without_signing_in_one_is_sent_to_sign_in(client, base, name):
    answer = client.get(reverse(f"nominations:{name}"))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_from_choosing_to_the_self_assessment(visit, base):
    browser = visit("st_staff")
    assert "示范党组织" in browser.get(reverse("nominations:start")).content.decode()
    url = reverse("nominations:begin", args=["organisation", base.nominees["st-branch"].public_id])
    shown = browser.get(url).content.decode()
    assert "示例区水务局党委" in shown
    assert "待证明" in shown
    answer = browser.post(url)
    assert answer.status_code == 302
    assert "/nominations/assess/" in answer.headers["Location"]
    assert "管党治党有力" in browser.get(answer.headers["Location"]).content.decode()


def test_a_nominee_of_another_organisation_is_not_found(visit, base):
    url = reverse("nominations:begin", args=["organisation", base.nominees["co-branch"].public_id])
    assert visit("st_staff").get(url).status_code == 404


def test_the_work_page_is_for_the_nominees_side_only(visit, base):
    case = make.started(base)
    url = page_of(case)
    assert visit("st_staff").get(url).status_code == 200
    assert visit("co_staff").get(url).status_code == 403
    assert visit("officer").get(url).status_code == 403


def test_autosave_takes_one_indicator_and_answers_with_the_running_score(visit, base):
    case = make.started(base)
    one = codes(case)[0]
    url = page_of(case, "autosave")
    htmx = {"HTTP_HX_REQUEST": "true"}
    answer = visit("st_staff").post(url, {f"score-{one}": "4.5", f"note-{one}": "有记录"}, **htmx)
    assert answer.status_code == 200
    assert 'id="running"' in answer.content.decode()
    assert SelfScore.objects.get().note == "有记录"
    refused = visit("st_staff").post(url, {f"score-{one}": "9", f"note-{one}": ""}, **htmx)
    assert refused.status_code == 422
    assert "应在 0 与 4.5 分之间" in refused.content.decode()
    assert SelfScore.objects.get().points == 4.5


def test_without_a_script_a_refused_form_comes_back_as_typed(visit, base):
    case = make.started(base)
    one, two = codes(case)[:2]
    given = {
        f"score-{one}": "9",
        f"note-{one}": "打字内容",
        f"score-{two}": "2",
        f"note-{two}": "",
        "statement": "事迹",
    }
    answer = visit("st_staff").post(page_of(case), given)
    assert answer.status_code == 422
    assert "打字内容" in answer.content.decode()
    assert not SelfScore.objects.exists()
    given[f"score-{one}"] = "3"
    answer = visit("st_staff").post(page_of(case), {**given, "next": "review"})
    assert answer.headers["Location"] == page_of(case, "review")
    assert SelfAssessment.objects.get(case=case).total == 5


def add(browser, case, code, name="证明.pdf", content=b"%PDF-1.7 x", **more):
    url = reverse("nominations:evidence_add", args=[make.open_step(case).public_id, code])
    return browser.post(url, {"uploads": SimpleUploadedFile(name, content), **more})


def test_evidence_is_uploaded_read_by_those_concerned_and_taken_off(visit, base):
    case = make.started(base)
    one = codes(case)[0]
    assert add(visit("st_staff"), case, one).status_code == 302
    evidence = Evidence.objects.get()
    url = reverse("nominations:evidence", args=[evidence.public_id])
    answer = visit("officer").get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert visit("co_staff").get(url).status_code == 404
    browser = visit("st_staff")
    browser.post(reverse("nominations:evidence_unlink", args=[make.open_step(case).public_id, one, evidence.public_id]))
    assert queries.evidence_by_indicator(case) == {}


def test_a_program_is_not_evidence(visit, base):
    case = make.started(base)
    answer = add(visit("st_staff"), case, codes(case)[0], content=b"MZ program")
    assert answer.status_code == 422
    assert "不是可以上传的文件类型" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_review_names_what_is_missing_and_submits_what_is_complete(visit, base):
    browser = visit("st_staff")
    case = make.started(base, "st-window")
    assert "还不能提交" in browser.get(page_of(case, "review")).content.decode()
    case = make.filled(base)
    url = page_of(case, "review")
    assert "还不能提交" not in browser.get(url).content.decode()
    assert browser.post(url).status_code == 422
    answer = browser.post(url, {"promise": "on"})
    assert answer.headers["Location"] == f"/cases/{case.public_id}/"
    assert make.open_step(case).kind == "endorse"
    assert browser.get(url).headers["Location"] == f"/cases/{case.public_id}/"


def test_the_superior_consents_or_returns_with_a_reason(visit, base):
    case = make.submitted(base)
    url = page_of(case)
    browser = visit("st_superior")
    assert "主要事迹" in browser.get(url).content.decode()
    answer = browser.post(url, {"act": "return", "opinion": ""})
    assert answer.status_code == 422
    assert "请写明退回的原因" in answer.content.decode()
    assert browser.post(url, {"act": "endorse", "opinion": "同意"}).status_code == 302
    assert make.open_step(case).kind == "screen"


def test_the_superior_is_asked_for_points_and_an_order_where_the_programme_uses_them(visit, base):
    case = make.submitted(base)
    url = page_of(case)
    assert "上级评分" not in visit("st_superior").get(url).content.decode()
    source = base.version.source.replace("superior: 0, panel: 100,", "superior: 20, panel: 80,")
    base.version.source = source.replace("{ by: earliest }", "{ by: superior_rank }")
    base.version.content_hash = "b" * 64
    base.version.save()
    browser = visit("st_superior")
    assert "0 至 100 分，占总分的 20%" in browser.get(url).content.decode()
    refused = browser.post(url, {"act": "endorse", "opinion": "同意", "score": "101", "rank": "2"})
    assert refused.status_code == 422
    assert 'value="101"' in refused.content.decode()
    assert browser.post(url, {"act": "endorse", "opinion": "同意", "score": "90.5", "rank": "2"}).status_code == 302
    detail = case.steps.get(kind="endorse").detail
    assert (detail["score"], detail["rank"]) == ("90.5", 2)


def test_screening_keeps_ticks_on_refusal_and_goes_to_the_next(visit, base):
    case, other = make.endorsed(base), make.endorsed(base, "co-branch", "co_staff", "co_superior")
    one = codes(case)[0]
    url = page_of(case)
    browser = visit("officer")
    assert "下一份" in browser.get(url).content.decode()
    given = {"act": "passed", f"bad-{one}": "on", f"why-{one}": "缺记录", "accept-unit_civilised": "已核原件"}
    answer = browser.post(url, given)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "还有勾选的问题，不能通过" in shown
    assert "缺记录" in shown
    assert "已核原件" in shown
    answer = browser.post(url, {**given, "act": "returned"})
    assert answer.headers["Location"] == page_of(other)
    assert make.open_step(case).kind == "correct"


def test_not_accepting_asks_first(visit, base):
    case = make.endorsed(base)
    browser = visit("officer")
    asked = browser.post(page_of(case), {"act": "not_accepted", "opinion": "不在范围"})
    assert "确认不予受理" in asked.content.decode()
    answer = browser.post(page_of(case), {"act": "not_accepted", "opinion": "不在范围", "confirmed": "1"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.outcome == "not_accepted"


def test_a_correction_shows_what_was_returned_and_is_submitted_with_a_note(visit, base):
    case = make.returned(base)
    browser = visit("st_staff")
    shown = browser.get(page_of(case)).content.decode()
    assert "缺少检查记录" in shown
    assert shown.count('class="nm-indicator" id=') == 1
    answer = browser.post(page_of(case, "review"), {"promise": "on", "note": "已补检查记录"})
    assert answer.status_code == 302
    assert make.open_step(case).kind == "screen"


def test_taking_a_nomination_back(visit, base):
    case = make.submitted(base)
    url = reverse("nominations:withdraw", args=[case.public_id])
    assert visit("co_staff").get(url).status_code == 404
    browser = visit("st_staff")
    assert "撤回后本次自荐办结" in browser.get(url).content.decode()
    assert browser.post(url, {"reason": "重新准备"}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_the_list_is_cut_and_exported_as_it_stands(visit, base):
    make.endorsed(base)
    make.started(base, "co-branch", "co_staff")
    browser = visit("officer")
    url = reverse("nominations:list")
    assert "共 2 条" in browser.get(url).content.decode()
    assert "共 1 条" in browser.get(url, {"stage": "screen"}).content.decode()
    assert "没有符合条件的申报" in browser.get(url, {"q": "没有这个"}).content.decode()
    answer = browser.get(reverse("nominations:export"), {"stage": "screen"})
    sheet = read_workbook(io.BytesIO(answer.content))[0]
    assert "示例区安质监站党支部" in str(sheet)
    assert "示例水利建设公司第一党支部" not in str(sheet)


def test_a_superior_sees_only_its_own_line(visit, base):
    make.submitted(base)
    make.submitted(base, "co-branch", "co_staff")
    shown = visit("st_superior").get(reverse("nominations:list")).content.decode()
    assert "共 1 条" in shown


@pytest.fixture
def _no_navigation(monkeypatch):
    """The navigation asks what every app registers: its cost is not this page's."""
    monkeypatch.setattr(navigation, "links", lambda *_given: [])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.usefixtures("_no_navigation")
def test_the_list_costs_the_same_at_one_row_and_at_three(visit, base, rows, django_assert_num_queries):
    for nominee in ("st-branch", "st-window", "st-member")[:rows]:
        make.started(base, nominee)
    browser = visit("officer")
    with django_assert_num_queries(13):
        browser.get(reverse("nominations:list"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.usefixtures("_no_navigation")
def test_my_nominations_cost_the_same_at_one_row_and_at_three(visit, base, rows, django_assert_num_queries):
    for nominee in ("st-branch", "st-window", "st-member")[:rows]:
        make.started(base, nominee)
    browser = visit("st_staff")
    with django_assert_num_queries(10):
        browser.get(reverse("nominations:mine"))


@pytest.mark.parametrize("links", [1, 3])
@pytest.mark.usefixtures("_no_navigation")
def test_the_work_page_costs_the_same_with_one_piece_of_evidence_and_with_three(
    visit, base, links, django_assert_num_queries
):
    case = make.started(base)
    browser = visit("st_staff")
    for code in codes(case)[:links]:
        add(browser, case, code)
    with django_assert_num_queries(13):
        browser.get(page_of(case))
