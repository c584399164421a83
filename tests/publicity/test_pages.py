"""The public site as its readers see it."""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import creation as created
from tests.factories import designations as made
from tests.factories import publicity as show
from tests.factories.base import World, world
from xianfeng.creation.models import SurveyAnswer
from xianfeng.designations.models import Designation, NoticeItem, Objection
from xianfeng.kernel import clock
from xianfeng.kernel.sheets import read_workbook
from xianfeng.publicity import throttle
from xianfeng.publicity.models import Story

pytestmark = pytest.mark.django_db
DURING = made.moment(date(2019, 12, 11))
AFTER = made.moment(date(2020, 1, 6))
OBJECTION = {
    "item": "1",
    "name": "示例区群众甲",
    "contact": "000-0000 0000",
    "content": "该窗口在2019年6月3日无故停办业务半天，有登记可查。",
    "evidence_note": "当日窗口的取号单。",
}


@pytest.fixture
def w() -> World:
    return world()


def get(client: Client, address: str, when=AFTER, **more):
    with clock.frozen(when):
        return client.get(address, **more)


def text(response) -> str:
    return str(response.content.decode())


def on_notice(w: World, *codes: str):
    cases = [made.case_at(w, w.nominees[one], "decide") for one in codes]
    made.decided(w, cases)
    return made.announced(w, cases)


def queries_of(client: Client, address: str, when=AFTER) -> int:
    get(client, address, when)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert get(client, address, when).status_code == 200
    return len(captured)


# --- every page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["home", "notices", "register", "verify", "stories", "bulletins", "objections", "feed", "robots"]
)
def test_pages_stand_before_anything_has_happened(client, name):
    assert get(client, reverse(f"publicity:{name}")).status_code == 200


def test_the_standard_waits_for_a_round_and_then_shows_every_category(client):
    assert get(client, "/standards/").status_code == 404
    world()
    for category in ("organisation", "service_point", "post"):
        for group in ("stations", "members"):
            page = text(get(client, f"/standards/?category={category}&group={group}"))
            assert "基本标准" in page
            assert "行业标准" in page


def test_home_says_where_the_round_stands(client, w):
    notice = on_notice(w, "st-window")
    page = text(get(client, "/", DURING))
    assert notice.title in page
    assert "还有 4 个工作日" in page
    assert "正在进行：评定推广" in page


def addresses(w: World, titles: list[Designation]) -> list[str]:
    found = ["/", "/notices/", "/notices/feed/", "/register/", "/register/?view=plaques", "/register/?export=csv",
             "/register/?q=" + show.SILENT, "/stories/", "/bulletins/", "/standards/"]  # fmt: skip
    found += [f"/register/{one.public_id}/" for one in titles] + [f"/verify/{one.number}/" for one in titles]
    found += [f"/notices/{one}/" for one in NoticeItem.objects.values_list("notice__public_id", flat=True).distinct()]
    return found + [f"/stories/{one}/" for one in Story.objects.values_list("public_id", flat=True)]


def test_a_member_without_consent_is_named_nowhere_in_public(client, w):
    silent = show.silent_member(w)
    titles = made.titled(w, silent, w.nominees["st-member"])
    titles[0].history.create(
        kind="confirm", happened_on=date(2020, 1, 3), recorded_at=AFTER, text=f"{show.SILENT}复评合格"
    )
    show.published_story(w, titles[0], heading="岗位上的一年")
    named = w.members["st-member"].name
    pages = {one: text(get(client, one)) for one in addresses(w, titles)}
    assert [one for one, page in pages.items() if show.SILENT in page and "q=" not in one] == []
    # the search box repeats what was typed, and finds nothing
    assert "没有符合条件的称号" in pages["/register/?q=" + show.SILENT]
    wanted = {"HTTP_ACCEPT": "application/json"}
    assert show.SILENT not in text(get(client, f"/verify/{titles[0].number}/", **wanted))
    # the control: who consented is named, so the scan can find a name
    assert named in pages["/register/"]
    assert named in pages[f"/verify/{titles[1].number}/"]
    assert "质量监督员岗位" in pages["/register/"]


# --- notices and objections ---------------------------------------------------------------------------------------


def test_names_come_down_when_the_time_of_the_list_is_over(client, w):
    notice = on_notice(w, "st-member", "st-window")
    address = f"/notices/{notice.public_id}/"
    name = w.members["st-member"].name
    assert name in text(get(client, address, DURING))
    made.cleared(w, notice)
    assert name in text(get(client, address, AFTER))
    later = text(get(client, address, made.moment(date(2020, 6, 1))))
    assert name not in later
    assert "质量监督员岗位" in later
    assert w.service_points["st-window"].name in later


def test_an_objection_from_the_list_to_the_reply(client, w):
    notice = on_notice(w, "st-window")
    address = f"/notices/{notice.public_id}/objections/new/"
    assert address + "?item=1" in text(get(client, f"/notices/{notice.public_id}/", DURING))
    evidence = SimpleUploadedFile("照片.pdf", b"%PDF-1.4 example", content_type="application/pdf")
    with clock.frozen(DURING):
        answer = client.post(address, OBJECTION | {"evidence_note": "", "file": evidence})
    row = Objection.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/objections/{row.receipt}/?done=1"
    done = text(get(client, answer["Location"], DURING))
    assert "异议已提交" in done
    assert row.receipt in done.replace(" ", "")
    Objection.objects.update(state="dismissed", reply="经查登记，当日系停电。", handled_at=DURING)
    later = text(get(client, f"/objections/{row.receipt}/"))
    assert "异议不成立" in later
    assert "当日系停电" in later
    spaced = f"{row.receipt[:4]}%20{row.receipt[4:].upper()}"
    assert get(client, f"/objections/?receipt={spaced}")["Location"].lower() == f"/objections/{row.receipt}/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"item": ""}, "请选择"),
        ({"name": ""}, "请填写此项"),
        ({"name": "匿名"}, "真实姓名或单位名称"),
        ({"content": "不行"}, "具体事实"),
        ({"evidence_note": ""}, "请提供证据"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ program")}, "不是可以上传的文件类型"),
    ],
)
def test_a_refused_objection_comes_back_as_typed(client, w, given, said):
    notice = on_notice(w, "st-window")
    with clock.frozen(DURING):
        answer = client.post(f"/notices/{notice.public_id}/objections/new/", OBJECTION | given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert OBJECTION["contact"] in text(answer)
    assert not Objection.objects.exists()


def test_a_program_that_objects_without_end_is_told_to_wait(client, w, monkeypatch):
    cache.clear()
    monkeypatch.setitem(throttle.MOST, "objection", 2)
    address = f"/notices/{on_notice(w, 'st-window').public_id}/objections/new/"
    with clock.frozen(DURING):
        answers = [client.post(address, OBJECTION) for _ in range(3)]
        elsewhere = client.post(address, OBJECTION, REMOTE_ADDR="10.0.0.9")
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "提交的次数过多，请稍后再试" in text(answers[2])
    assert OBJECTION["contact"] in text(answers[2])
    assert elsewhere.status_code == 302
    assert Objection.objects.count() == 3
    cache.clear()


def test_after_the_last_day_the_form_is_closed(client, w):
    notice = on_notice(w, "st-window")
    answer = get(client, f"/notices/{notice.public_id}/objections/new/", notice.ends_at)
    assert answer.status_code == 409
    assert "公示期已满" in text(answer)


def test_a_wrong_receipt_says_so(client):
    assert get(client, "/objections/nothing/").status_code == 404


def test_the_feed_holds_titles_and_no_list(client, w):
    notice = on_notice(w, "st-member")
    answer = get(client, "/notices/feed/", DURING)
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert notice.title in text(answer)
    assert w.members["st-member"].name not in text(answer)


# --- register and verification ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kind", "word", "held"),
    [
        ("active", "", "有效", True),
        ("reassessing", "reassess", "复评中", True),
        ("rectifying", "rectify", "限期整改", True),
        ("warned", "warn", "警告", True),
        ("suspended", "suspend", "暂停", True),
        ("revoked", "revoke", "已撤销", False),
        ("annulled", "annul", "已作废", False),
    ],
)
def test_the_verdict_is_the_first_line_with_since_when(client, w, state, kind, word, held):
    title = made.titled(w, w.nominees["st-window"])[0]
    day = date(2021, 9, 6) if kind else title.named_on
    if kind:
        title.history.create(kind=kind, happened_on=day, recorded_at=AFTER, text="示例")
    Designation.objects.filter(pk=title.pk).update(state=state, ended_on=None if held else day)
    when = made.moment(date(2021, 10, 8))
    page = text(get(client, f"/verify/{title.public_id}/", when))
    heading = page[page.index("<h1>") : page.index("</h1>")]
    assert word in heading
    assert f"自{day.year}年{day.month}月{day.day}日起" in heading
    assert "已存证" in page
    found = get(client, f"/verify/{title.number}/", when, HTTP_ACCEPT="application/json").json()
    assert (found["word"], found["held"], found["since"]) == (word, held, day.isoformat())
    assert found["journal"]["seq"] > 0
    assert (title.number in text(get(client, "/register/", when))) is held


def test_an_unknown_number_may_be_forged(client):
    answer = get(client, "/verify/SZ-ZXF-2019-DZZ-999/")
    assert answer.status_code == 404
    assert "没有查到" in text(answer)
    assert "伪造" in text(answer)
    assert get(client, "/verify/x/", HTTP_ACCEPT="application/json").json()["found"] is False
    assert get(client, "/verify/?number=AB-1")["Location"] == "/verify/AB-1/"


def test_a_number_is_found_however_it_was_typed(client, w):
    title = made.titled(w, w.nominees["st-window"])[0]
    for typed in (
        title.number.lower(),
        f" {title.number} ",
        title.number.replace("-", "－"),
        "ＳＺ" + title.number[2:],
    ):
        answer = client.get("/verify/", {"number": typed}, follow=True)
        assert "有效" in text(answer), typed


def test_a_verification_is_kept_briefly_and_asked_again(client, w):
    title = made.titled(w, w.nominees["st-window"])[0]
    answer = get(client, f"/verify/{title.number}/")
    assert "max-age=0" in answer["Cache-Control"]
    assert "Accept" in answer["Vary"]
    again = get(client, f"/verify/{title.number}/", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304
    client.force_login(w.users["worker"])
    assert "public" not in get(client, f"/verify/{title.number}/")["Cache-Control"]


def test_the_register_is_narrowed_sorted_and_taken_away(client, w):
    titles = made.titled(w, w.nominees["st-window"], w.nominees["co-window"], w.nominees["st-branch"])
    page = text(get(client, "/register/?category=organisation&year=2019&tier=tier1&state=active&sort=-number"))
    assert titles[2].number in page
    assert titles[0].number not in page
    assert titles[1].number in text(get(client, "/register/?q=co-window"))
    book = get(client, "/register/?export=xlsx&category=service_point").content
    rows = list(read_workbook(BytesIO(book))[0].rows)
    assert len(rows) == 3
    plain = get(client, "/register/?export=csv").content.decode("utf-8-sig")
    assert plain.splitlines()[0].startswith("编号,命名对象")
    assert len(plain.splitlines()) == 4


@pytest.mark.parametrize(
    ("address", "expected"), [("/", 9), ("/register/", 3), ("/notices/", 2), ("/stories/", 2), ("/bulletins/", 2)]
)
def test_lists_ask_the_same_few_queries_for_one_row_and_for_three(client, w, address, expected):
    titles = made.titled(w, w.nominees["st-window"])
    show.published_story(w, titles[0])
    show.bulletin(w)
    assert queries_of(client, address) == expected
    for title in made.titled(w, w.nominees["co-window"], w.nominees["st-branch"]):
        show.published_story(w, title, username="worker")
    show.bulletin(w, 2)
    show.bulletin(w, 3)
    assert queries_of(client, address) == expected


def test_a_notice_asks_the_same_few_queries_for_one_row_and_for_three(client, w):
    one, three = on_notice(w, "st-window"), on_notice(w, "co-window", "st-branch", "st-member")
    assert queries_of(client, f"/notices/{one.public_id}/", DURING) == 4
    assert queries_of(client, f"/notices/{three.public_id}/", DURING) == 4


def test_a_title_page_tells_its_history_and_stories(client, w):
    title = made.titled(w, w.nominees["st-window"])[0]
    story = show.published_story(w, title)
    page = text(get(client, f"/register/{title.public_id}/"))
    assert "xf-plaque" in page
    assert story.title in page
    assert story.title in text(get(client, f"/stories/{story.public_id}/"))
    assert queries_of(client, f"/register/{title.public_id}/") == 5
    assert get(client, f"/register/{title.number}/").status_code == 404


# --- bulletins, surveys -------------------------------------------------------------------------------------------


def test_only_public_bulletins_are_shown(client, w):
    hidden, open_ = show.bulletin(w, 1, public=False), show.bulletin(w, 2)
    page = text(get(client, "/bulletins/"))
    assert open_.title in page
    assert hidden.title not in page
    assert get(client, f"/bulletins/{open_.public_id}/").status_code == 200
    assert get(client, f"/bulletins/{hidden.public_id}/").status_code == 404


def test_one_answer_a_browser(client, w):
    survey = created.opened_survey(w)
    address = f"/surveys/{survey.public_id}/"
    now = created.SPRING
    assert "非常满意" in text(get(client, address, now))
    with clock.frozen(now):
        assert client.post(address, {"satisfaction": ""}).status_code == 422
        answer = client.post(address, {"satisfaction": "5", "remark": "很好"})
        assert answer["Location"] == f"{address}thanks/"
        assert client.post(address, {"satisfaction": "4"}).status_code == 409
    assert "谢谢" in text(get(client, answer["Location"], now))
    assert "已经参与过" in text(get(client, address, now))
    assert "已经结束" in text(get(Client(), address, survey.closes_at))
    assert SurveyAnswer.objects.get().satisfaction == 5


def test_a_survey_about_somebody_who_took_consent_back_is_gone(client, w):
    survey = created.opened_survey(w, "st-member")
    w.members["st-member"].publication_consent_on = None
    w.members["st-member"].save()
    assert get(client, f"/surveys/{survey.public_id}/", created.SPRING).status_code == 404


# --- the office's pages -------------------------------------------------------------------------------------------


def test_stories_are_written_published_and_taken_down_on_their_pages(client, w):
    title = made.titled(w, w.nominees["st-window"])[0]
    assert get(client, "/stories/manage/").status_code == 302
    client.force_login(w.users["st_staff"])
    with clock.frozen(AFTER):
        fresh = text(client.get("/stories/manage/new/"))
        assert title.number in fresh
        short = client.post("/stories/manage/new/", {"designation": title.public_id, "title": "事迹", "body": "短"})
        assert short.status_code == 422
        assert "正文不足" in text(short)
        given = {"designation": title.public_id, "title": "小窗口里的大服务", "body": show.BODY}
        saved = client.post("/stories/manage/new/", given)
        row = Story.objects.get()
        assert saved["Location"] == f"/stories/manage/{row.public_id}/"
        refused = client.post(saved["Location"], given | {"act": "publish"})
        assert refused.status_code == 403
        client.force_login(w.users["worker"])
        assert client.post(saved["Location"], given | {"act": "publish"}).status_code == 302
        assert Client().get(f"/stories/{row.public_id}/").status_code == 200
        assert client.post(saved["Location"], given | {"act": "withdraw"}).status_code == 302
        assert Client().get(f"/stories/{row.public_id}/").status_code == 404


def test_another_unit_sees_no_draft(client, w):
    row = show.story(w, made.titled(w, w.nominees["st-window"])[0])
    client.force_login(w.users["co_staff"])
    assert row.title not in text(get(client, "/stories/manage/"))
    assert get(client, f"/stories/manage/{row.public_id}/").status_code == 404
    assert get(client, "/stories/manage/new/").status_code == 403


def test_the_office_list_asks_the_same_queries_for_one_and_for_three(client, w):
    client.force_login(w.users["worker"])
    titles = made.titled(w, w.nominees["st-window"], w.nominees["co-window"])
    show.story(w, titles[0])
    once = queries_of(client, "/stories/manage/")
    show.story(w, titles[1], "co_staff")
    show.story(w, titles[1], "co_staff")
    assert queries_of(client, "/stories/manage/") == once


def test_the_verdict_takes_few_queries_and_links_its_proofs(w, django_assert_max_num_queries):
    title = made.titled(w, *made.nominees(w, 1, "service_point"))[0]
    with django_assert_max_num_queries(6):
        page = Client().get(f"/verify/{title.public_id}/")
    text = page.content.decode()
    assert f"/credentials/{title.public_id}" in text
    assert ".tlog-proof" in text
    assert "max-age=0" in page["Cache-Control"]
    told = Client().get(f"/verify/{title.number}/", headers={"accept": "application/json"}).json()
    assert told["credential"]["sha256"] == title.credential.sha256
    assert told["journal"]["proof"].endswith(".tlog-proof")
