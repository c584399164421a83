"""The contract of the edge: errors come back kindly, with their status, and nothing typed is lost."""

import json

import pytest
from django import forms
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.ui import edge, samples
from xianfeng.ui.middleware import ContentSecurityPolicyMiddleware, PrivatePagesMiddleware, UserErrorMiddleware


class OpinionForm(forms.Form):
    opinion = forms.CharField(label="意见")


@pytest.fixture
def rf():
    return RequestFactory()


def test_a_refused_service_puts_its_reason_on_the_form_and_keeps_the_input(rf):
    form = OpinionForm({"opinion": "同意"})
    assert form.is_valid()
    with edge.attempt(form) as attempt:
        raise Conflict("这份申报刚刚已由他人办理。", "请刷新后查看最新情况。")
    assert not attempt.ok
    assert edge.form_status(form) == 409
    drawn = str(form)
    assert "这份申报刚刚已由他人办理。请刷新后查看最新情况。" in drawn
    assert "未能办理" in drawn
    assert 'value="同意"' in drawn


def test_a_service_that_went_through_leaves_the_form_alone():
    form = OpinionForm({"opinion": "同意"})
    with edge.attempt(form) as attempt:
        pass
    assert attempt.ok
    assert edge.form_status(form) == 200


def test_only_user_errors_are_caught():
    with pytest.raises(ZeroDivisionError), edge.attempt(OpinionForm({})):
        _ = 1 // 0


def test_statuses_of_fresh_and_wrong_forms():
    assert edge.form_status(None) == 200
    assert edge.form_status(OpinionForm()) == 200
    assert edge.form_status(OpinionForm({})) == 422


def test_a_missing_answer_is_asked_for_politely_and_linked_from_the_summary():
    drawn = str(OpinionForm({}))
    assert '<a href="#id_opinion">意见：请填写此项。</a>' in drawn
    assert 'id="id_opinion_error"' in drawn
    assert "这个字段" not in drawn


@pytest.mark.parametrize(
    ("asked", "number", "first", "last"),
    [("1", 1, 1, 50), ("3", 3, 101, 120), ("99", 3, 101, 120), ("0", 1, 1, 50), ("x", 1, 1, 50), ("²", 1, 1, 50)],
)
def test_a_page_number_from_the_address_is_always_answered(rf, asked, number, first, last):
    page = edge.paginate(rf.get("/", {"page": asked}), list(range(120)))
    assert (page.number, page.first, page.last, page.total) == (number, first, last, 120)
    assert len(page) == last - first + 1


def test_an_empty_list_has_one_empty_page(rf):
    page = edge.paginate(rf.get("/"), [])
    assert (page.pages, page.first, page.last, list(page)) == (1, 0, 0, [])


def test_the_page_window_names_ends_neighbours_and_gaps():
    assert edge.Page([], 7, 1000, 50).window == [1, None, 5, 6, 7, 8, 9, None, 20]
    assert edge.Page([], 1, 120, 50).window == [1, 2, 3]


def test_a_download_keeps_its_chinese_name():
    header = edge.download(b"x", "申报汇总表.xlsx", "application/octet-stream").headers["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''%E7%94%B3")


def test_htmx_gets_the_part_but_a_boosted_link_the_whole(rf):
    assert edge.is_partial(rf.get("/", headers={"HX-Request": "true"}))
    assert not edge.is_partial(rf.get("/", headers={"HX-Request": "true", "HX-Boosted": "true"}))
    assert not edge.is_partial(rf.get("/"))


def test_a_dangerous_act_is_asked_about_once_and_carries_what_was_posted(rf):
    request = rf.post("/x/", {"opinion": "退回<b>", "csrfmiddlewaretoken": "t"})
    asked = edge.confirm(request, title="确认退回？", text="将退回创建单位。", verb="退回")
    assert asked is not None
    body = asked.content.decode()
    assert 'name="opinion" value="退回&lt;b&gt;"' in body
    assert 'name="confirmed" value="1"' in body
    again = rf.post("/x/", {"opinion": "退回", "confirmed": "1"})
    assert edge.confirm(again, title="", text="", verb="") is None


def answer(request, error):
    response = UserErrorMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    assert response is not None
    return response


def test_an_uncaught_user_error_is_a_page_with_its_status_and_next_step(rf):
    response = answer(rf.get("/cases/x/"), NotPermitted("只有上级党组织可以认定。", "请转交上级。"))
    assert response.status_code == 403
    assert "只有上级党组织可以认定。" in response.content.decode()
    assert "请转交上级。" in response.content.decode()


def test_under_the_api_it_is_json(rf):
    response = answer(rf.get("/api/cases/x"), Conflict("已办理。"))
    assert json.loads(response.content) == {"status": 409, "message": "已办理。", "hint": ""}


def test_for_htmx_it_is_a_strip_in_the_messages(rf):
    response = answer(rf.post("/x/", headers={"HX-Request": "true"}), Conflict("已办理。"))
    assert response.headers["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()


class Deadlock(Exception):
    """As psycopg raises it."""

    sqlstate = "40P01"


@pytest.mark.parametrize("cause", [Deadlock("deadlock detected"), None])
def test_two_who_waited_for_each_other_are_asked_to_try_again(rf, cause):
    error = OperationalError("deadlock detected" if cause else "database is locked")
    error.__cause__ = cause
    response = answer(rf.post("/x/"), error)
    assert response.status_code == 409
    assert "请再试一次" in response.content.decode()


def test_other_exceptions_stay_djangos(rf):
    assert UserErrorMiddleware(lambda _: HttpResponse()).process_exception(rf.get("/"), ValueError()) is None


def test_every_response_has_the_policy_and_a_stricter_one_is_kept(rf):
    plain = ContentSecurityPolicyMiddleware(lambda _: HttpResponse())(rf.get("/"))
    policy = plain.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    own = ContentSecurityPolicyMiddleware(lambda _: HttpResponse(headers={"Content-Security-Policy": "sandbox"}))
    assert own(rf.get("/")).headers["Content-Security-Policy"] == "sandbox"


def test_pages_of_a_session_are_not_stored(rf, settings):
    keep = PrivatePagesMiddleware(lambda _: HttpResponse())
    assert "Cache-Control" not in keep(rf.get("/")).headers
    signed_in = rf.get("/")
    signed_in.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    assert keep(signed_in).headers["Cache-Control"] == "private, no-store"


def test_a_list_answers_htmx_with_its_rows_alone(rf):
    part = edge.page(rf.get("/", headers={"HX-Request": "true"}), "ui/style.html", samples.everything(), partial="rows")
    whole = edge.page(rf.get("/"), "ui/style.html", samples.everything(), partial="rows")
    assert 'id="rows"' in part.content.decode()
    assert "<h1" not in part.content.decode()
    assert "<h1" in whole.content.decode()
    assert "HX-Request" in part.headers["Vary"]
