"""The designer's pages: drafts begun, edited, refused, published; everything without JavaScript."""

import html
import io
import re
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.base import World, world

from xianfeng import journal
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.programmes import rules
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.designer import services
from xianfeng.programmes.designer.sections import SECTIONS
from xianfeng.programmes.models import DefinitionVersion, Programme, Round
from xianfeng.programmes.rules.text import read
from xianfeng.programmes.services import definition_publish
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
PLAN = "zhishui-guanhai-2019"
BASE = "/programmes/definitions/"


@pytest.fixture
def made():
    with clock.frozen(clock.instant(date(2019, 10, 20), 10)):
        yield world()


@pytest.fixture
def client(made) -> Client:
    return enter(made, "worker")


@pytest.fixture
def draft(made, client) -> DefinitionVersion:
    client.post(f"{BASE}{made.version.public_id}/draft/")
    return DefinitionVersion.objects.get(state="draft")


def enter(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def seen(draft: DefinitionVersion) -> str:
    draft.refresh_from_db()
    return draft.content_hash


def value(draft: DefinitionVersion) -> dict:
    draft.refresh_from_db()
    found: dict = read(draft.source).value
    return found


def fields(page: str) -> dict[str, Any]:
    """Every field of the page's editor as a browser would send it."""
    form = page[page.index('id="editor"') :]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w.:-]+)="([^"]*)"', tag))
        ticked = attributes.get("type") not in ("checkbox", "radio") or " checked" in tag
        if ticked and "name" in attributes:
            found.setdefault(attributes["name"], []).append(attributes.get("value", "on" if " checked" in tag else ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(r'<option value="([^"]*)"', inner)
        found[name] = [chosen[1]] if chosen else [""]
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = [inner]
    return found


def text(answer) -> str:
    return str(answer.content.decode())


# --- who, and what there is ------------------------------------------------------------------------------------------


def test_only_those_who_run_programmes_design(made, draft):
    assert Client().get(BASE).headers["Location"].startswith("/accounts/login/")
    for username in ("st_staff", "secretariat", "expert1", "audit_admin"):
        other = enter(made, username)
        assert other.get(BASE).status_code == 403
        assert other.get(f"{BASE}{draft.public_id}/").status_code == 403
        assert other.post(f"{BASE}{draft.public_id}/publish/", {"confirmed": "1"}).status_code == 403
    for username in ("officer", "system_admin"):
        assert enter(made, username).get(f"{BASE}{draft.public_id}/").status_code == 200


def test_a_new_programme_begins_as_a_copy_under_its_own_name(made, client):
    given = {"origin": f"shipped:{PLAN}", "title": "示例活动", "short_title": "示例", "code": "Example!"}
    refused = client.post(f"{BASE}new/", given)
    assert (refused.status_code, "小写字母" in text(refused), "示例活动" in text(refused)) == (422, True, True)
    taken = client.post(f"{BASE}new/", {**given, "code": PLAN})
    assert (taken.status_code, "已有创建活动使用" in text(taken)) == (409, True)
    answer = client.post(f"{BASE}new/", {**given, "code": "example-2027"})
    made_draft = DefinitionVersion.objects.get(programme__code="example-2027")
    assert answer.headers["Location"] == f"{BASE}{made_draft.public_id}/"
    assert value(made_draft) == {
        **read(shipped_source(PLAN)).value, "code": "example-2027", "title": "示例活动", "short_title": "示例"
    }  # fmt: skip
    assert not made_draft.programme.bodies.exists()
    from_version = {**given, "code": "example-2028", "origin": f"version:{made.version.public_id}", "keep_bodies": "on"}
    client.post(f"{BASE}new/", from_version)
    assert Programme.objects.get(code="example-2028").bodies.count() == made.programme.bodies.count()


def test_a_new_programme_may_begin_from_nothing_and_runs_at_once(made, client):
    page = text(client.get(f"{BASE}new/"))
    assert "空白" in page
    given = {"origin": "shipped:blank", "title": "示例先锋", "short_title": "示例", "code": "example-2030"}
    client.post(f"{BASE}new/", given)
    row = DefinitionVersion.objects.get(programme__code="example-2030")
    year = clock.today().year
    assert (value(row)["rounds"][0]["year"], value(row)["tiers"][0]["full_title"]) == (year, "示例先锋")
    assert rules.validate(row.source)[1] == []
    assert "检查全部通过" in text(client.get(f"{BASE}{row.public_id}/"))
    assert "空白" in text(client.get(f"{BASE}{row.public_id}/publish/"))
    client.post(f"{BASE}{row.public_id}/publish/", {"seen": seen(row), "confirmed": "1"})
    row.refresh_from_db()
    assert row.state == "published"


def test_one_draft_at_a_time_and_it_can_be_given_up(made, client, draft):
    again = client.post(f"{BASE}{made.version.public_id}/draft/")
    assert (again.status_code, "已有一份草案" in text(again)) == (409, True)
    address = f"{BASE}{draft.public_id}/discard/"
    assert "确认放弃" in text(client.post(address, {"seen": seen(draft)}))
    client.post(address, {"seen": seen(draft), "confirmed": "1"})
    assert not DefinitionVersion.objects.filter(state="draft").exists()
    assert Programme.objects.filter(pk=made.programme.pk).exists()


def test_every_section_opens_and_saves(made, client, draft):
    before = value(draft)
    for one in SECTIONS:
        if one.page != "section":
            continue
        address = f"{BASE}{draft.public_id}/edit/{one.code}/"
        page = client.get(address)
        assert page.status_code == 200, one.code
        assert one.title in text(page)
        saved = client.post(address, {**_unescaped(fields(text(page))), "seen": seen(draft)})
        assert saved.status_code == 302, (one.code, text(saved))
    assert value(draft) == before


def _unescaped(found: dict[str, Any]) -> dict[str, Any]:
    return {name: [html.unescape(one) for one in values] for name, values in found.items()}


# --- editing ---------------------------------------------------------------------------------------------------------


def test_a_gate_is_changed_on_its_page_and_the_journal_knows(made, client, draft):
    address = f"{BASE}{draft.public_id}/at/gates.2/"
    sent = _unescaped(fields(text(client.get(address))))
    sent |= {"test.facts.window.kind": ["months"], "test.facts.window.months": ["24"], "effect": ["cap"]}
    refused = client.post(address, sent)
    page = text(refused)
    assert (refused.status_code, "封顶" in page, "不合要求" in page or "要写封顶办法" in page) == (422, True, True)
    assert fields(page)["test.facts.window.months"] == ["24"]
    sent |= {"cap.on": ["on"], "cap.points": ["85.5"]}
    assert client.post(address, sent).status_code == 302
    gate = value(draft)["gates"][2]
    assert (gate["effect"], str(gate["cap"]["points"])) == ("cap", "85.5")
    assert gate["test"]["facts"]["window"] == {"kind": "months", "months": 24}
    entry = Entry.objects.order_by("-pk").first()
    assert "programme:draft:edited" in str(entry.__dict__)


def test_a_gate_of_which_any_condition_will_do_begins_with_two_and_each_has_its_page(made, client, draft):
    address = f"{BASE}{draft.public_id}/at/gates.2/"
    sent = _unescaped(fields(text(client.get(address))))
    assert client.post(address, {**sent, "test.kind": ["any_of"]}).status_code == 302
    test = value(draft)["gates"][2]["test"]
    assert (test["kind"], [one["kind"] for one in test["tests"]]) == ("any_of", ["none_of", "none_of"])
    inner = f"{address[:-1]}.test.tests.1/"
    sent = _unescaped(fields(text(client.get(inner))))
    assert client.post(inner, {**sent, "kind": ["at_least"], "count": ["2"]}).status_code == 302
    assert value(draft)["gates"][2]["test"]["tests"][1]["kind"] == "at_least"
    assert "；或至少有 2 项" in text(client.get(f"{BASE}{draft.public_id}/edit/gates/"))


def test_two_people_editing_the_same_draft(made, client, draft):
    address = f"{BASE}{draft.public_id}/edit/basics/"
    sent = _unescaped(fields(text(client.get(address))))
    other = enter(made, "officer")
    other.post(address, {**sent, "theme": "别人写的主题"})
    refused = client.post(address, {**sent, "theme": "我写的主题"})
    page = text(refused)
    assert (refused.status_code, "示例officer改过" in page, "我写的主题" in page) == (409, True, True)
    assert value(draft)["theme"] == "别人写的主题"


def test_items_are_added_moved_and_removed_without_losing_what_was_typed(made, client, draft):
    address = f"{BASE}{draft.public_id}/at/procedures.0/"
    sent = _unescaped(fields(text(client.get(address))))
    answer = client.post(address, {**sent, "title": "自荐", "list": "add:procedures.0.steps"})
    assert answer.headers["Location"].endswith("/at/procedures.0.steps.7/")
    now = value(draft)["procedures"][0]
    assert (now["title"], len(now["steps"])) == ("自荐", 8)
    sent["seen"] = [seen(draft)]
    client.post(address, {**sent, "list": "up:procedures.0.steps.7"})
    sent["seen"] = [seen(draft)]
    client.post(address, {**sent, "list": "remove:procedures.0.steps.6"})
    assert [one["code"] for one in value(draft)["procedures"][0]["steps"]][-1] == "name"
    assert client.get(f"{BASE}{draft.public_id}/at/procedures.9/").status_code == 404
    assert client.get(f"{BASE}{draft.public_id}/at/title/").status_code == 404


def tree_address(draft: DefinitionVersion) -> str:
    return f"{BASE}{draft.public_id}/standards/organisation/"


GOVERNANCE = "standards.0.parts.0.versions.0.dimensions.0"


def test_the_tree_says_plainly_what_does_not_add_up(made, client, draft):
    page = text(client.get(tree_address(draft)))
    assert "合计 100" in page
    assert "is-off" not in page
    sent = _unescaped(fields(page)) | {f"p:{GOVERNANCE}.indicators.0": ["5"], f"t:{GOVERNANCE}": ["管党治党"]}
    assert client.post(tree_address(draft), sent).status_code == 302
    page = text(client.get(tree_address(draft)))
    assert "合计 13，多 0.5 分" in page
    assert "“管党治党”各指标分值合计 13" in page
    overview = text(client.get(f"{BASE}{draft.public_id}/"))
    assert f'href="{tree_address(draft)}#{GOVERNANCE}"' in overview
    assert "1 处待改" in overview
    publish = client.post(f"{BASE}{draft.public_id}/publish/", {"seen": seen(draft), "confirmed": "1"})
    assert (publish.status_code, "定义有 1 处错误" in text(publish)) == (422, True)


def test_the_tree_keeps_what_was_typed_when_it_is_no_number(made, client, draft):
    before = value(draft)
    sent = _unescaped(fields(text(client.get(tree_address(draft)))))
    sent |= {f"p:{GOVERNANCE}.indicators.0": ["四分半"], f"t:{GOVERNANCE}.indicators.1": [""]}
    refused = client.post(tree_address(draft), sent)
    page = text(refused)
    assert (refused.status_code, 'value="四分半"' in page, "名称不能为空" in page) == (422, True, True)
    assert "“政治责任落实”的分值应为" in page
    assert value(draft) == before


def test_the_trees_buttons_save_on_their_way(made, client, draft):
    sent = _unescaped(fields(text(client.get(tree_address(draft)))))
    sent |= {f"t:{GOVERNANCE}.indicators.0": ["改过的名称"], "list": [f"down:{GOVERNANCE}.indicators.0"]}
    client.post(tree_address(draft), sent)
    indicators = value(draft)["standards"][0]["parts"][0]["versions"][0]["dimensions"][0]["indicators"]
    assert [one["title"] for one in indicators][:2] == ["班子团结、风气清正", "改过的名称"]
    for act in ("add:standards.0.parts", "add:standards.0.parts.0.versions", f"add:{GOVERNANCE}.indicators"):
        sent = _unescaped(fields(text(client.get(tree_address(draft)))))
        assert client.post(tree_address(draft), {**sent, "list": act}).status_code == 302
    assert len(value(draft)["standards"][0]["parts"]) == 3
    with_htmx = client.get(tree_address(draft), headers={"HX-Request": "true"})
    assert "<html" not in text(with_htmx)
    assert 'id="editor"' in text(with_htmx)


def test_the_table_goes_out_is_changed_and_comes_in(made, client, draft):
    address = f"{tree_address(draft)}import/"
    content = client.get(f"{tree_address(draft)}export.xlsx").content
    same = client.post(address, {"file": SimpleUploadedFile("标准.xlsx", content), "seen": seen(draft)})
    assert "完全相同" in text(same)
    changed = _sheet([["基本标准", "一", "甲", 50], ["行业标准", "二", "乙", 50]])
    preview = text(client.post(address, {"file": SimpleUploadedFile("标准.xlsx", changed), "seen": seen(draft)}))
    assert "共 2 项指标" in preview
    parts = re.search(r'<textarea name="parts" hidden>(.*?)</textarea>', preview, re.DOTALL)
    assert parts is not None
    client.post(address, {"parts": _unescaped({"x": [parts[1]]})["x"][0], "seen": seen(draft)})
    source = value(draft)["standards"][0]
    assert [part["code"] for part in source["parts"]] == ["basic", "industry"]
    bad = client.post(address, {"file": SimpleUploadedFile("标准.xlsx", _sheet([["甲", "乙", "丙", "无"]]))})
    assert (bad.status_code, "第 2 行" in text(bad), "“无”不是数字" in text(bad)) == (422, True, True)
    for wrong in (b"hello", b"x" * (3 << 20)):
        refused = client.post(address, {"file": SimpleUploadedFile("标准.xlsx", wrong)})
        assert refused.status_code == 422


def _sheet(rows) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["部分", "维度", "指标", "分值"], *rows]):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def test_places_and_years(made, client, draft):
    address = f"{BASE}{draft.public_id}/quotas/"
    sent = _unescaped(fields(text(client.get(address))))
    assert len([name for name in sent if name.startswith("q.")]) == 18
    refused = client.post(address, {**sent, "q.2019.tier1.post": "1000000000"})
    assert (refused.status_code, "0 至 100,000" in text(refused), 'value="1000000000"' in text(refused)) == (
        422,
        True,
        True,
    )
    client.post(address, {**sent, "q.2019.tier1.post": "6", "add": "1", "new_year": "2022"})
    rounds = value(draft)["rounds"]
    assert (rounds[0]["quotas"]["tier1"]["post"], rounds[3]["year"]) == (6, 2022)
    assert rounds[3]["stages"]["create"]["since"] == date(2022, 3, 1)
    sent = _unescaped(fields(text(client.get(address))))
    client.post(address, {**sent, "q.2019.tier2.post": "9", "remove": "2022", "confirmed": "1"})
    assert "累计 9 个，多于来源层级" in text(client.get(address))
    again = client.post(address, {**_unescaped(fields(text(client.get(address)))), "add": "1", "new_year": "20x"})
    assert "请填写要增加的年度" in text(again)


def test_places_may_be_split_by_applicant_group(made, client, draft):
    address = f"{BASE}{draft.public_id}/quotas/"
    sent = _unescaped(fields(text(client.get(address))))
    split = {"g.2019.tier1.post.stations": "3", "g.2019.tier1.post.members": "1"}
    client.post(address, {**sent, **split})
    page = text(client.get(address))
    assert "党员示范岗分给各类申报单位的名额合计 4 个，应为 5 个" in page
    refused = client.post(address, {**_unescaped(fields(page)), "g.2019.tier1.post.members": "两"})
    assert (refused.status_code, "分给各类申报单位的名额应为 0 至 100,000" in text(refused)) == (422, True)
    client.post(address, {**_unescaped(fields(page)), "g.2019.tier1.post.members": "2"})
    assert value(draft)["rounds"][0]["group_quotas"] == {"tier1": {"post": {"stations": 3, "members": 2}}}
    client.post(address, {**_unescaped(fields(text(client.get(address)))), "add": "1", "new_year": "2022"})
    assert "group_quotas" not in value(draft)["rounds"][3]  # 2021, which it follows, splits nothing
    empty = dict.fromkeys(split, "")
    client.post(address, {**_unescaped(fields(text(client.get(address)))), **empty})
    assert "group_quotas" not in value(draft)["rounds"][0]


def test_stages_and_their_dates(made, client, draft):
    address = f"{BASE}{draft.public_id}/stages/"
    page = text(client.get(address))
    assert page.count("<rect") >= 15
    sent = _unescaped(fields(page))
    refused = client.post(address, {**sent, "d.2019.create.until": ""})
    assert (refused.status_code, "都要填" in text(refused)) == (422, True)
    client.post(address, {**sent, "d.2019.create.until": "2019-11-01", "list": "down:create"})
    assert [one["code"] for one in value(draft)["stages"]][:2] == ["guide", "create"]
    assert value(draft)["rounds"][0]["stages"]["create"]["until"] == date(2019, 11, 1)


def test_the_text_itself_with_numbered_errors(made, client, draft):
    address = f"{BASE}{draft.public_id}/source/"
    good = value(draft)
    source = draft.source
    refused = client.post(address, {"source": source.replace("points: 12.5", "points: -1", 1), "seen": seen(draft)})
    line = source[: source.index("points: 12.5")].count("\n") + 1
    assert (refused.status_code, f"第 {line} 行" in text(refused), "不能小于 0" in text(refused)) == (422, True, True)
    for wrong, said in (("a: [", "YAML 语法有误"), ("a: &x 1", "锚点"), ("", "空的"), ("x" * 1_200_000, "过大")):
        answer = client.post(address, {"source": wrong, "seen": seen(draft)})
        assert (answer.status_code, said in text(answer)) == (422, True), wrong[:10]
    moved = client.post(address, {"source": source.replace(f"code: {PLAN}", "code: another", 1), "seen": seen(draft)})
    assert "活动代码不能改动" in text(moved)
    assert value(draft) == good
    kept = "# 说明\n" + source.replace("points: 4.5", "points: 5", 1)
    client.post(address, {"source": kept.replace("\n", "\r\n"), "seen": seen(draft)})
    assert "# 说明" in text(client.get(address))
    assert "各指标分值合计" in text(client.get(address))
    fetched = client.get(f"{address}?download=1")
    assert fetched.content.decode() == DefinitionVersion.objects.get(pk=draft.pk).source


def test_a_file_of_five_megabytes_is_refused(made, client, draft):
    big = SimpleUploadedFile("a.yaml", b"a: 1\n" * 1_000_000)
    answer = client.post(f"{BASE}{draft.public_id}/source/", {"file": big, "seen": seen(draft)})
    assert (answer.status_code, "文件过大" in text(answer)) == (422, True)
    pasted = client.post(f"{BASE}{draft.public_id}/source/", {"source": "a: 1\n" * 1_000_000, "seen": seen(draft)})
    assert pasted.status_code in (400, 413, 422)
    assert any("\u4e00" <= char <= "\u9fff" for char in text(pasted))


# --- try-out ---------------------------------------------------------------------------------------------------------


def test_a_case_is_tried_out_and_kept_as_an_example(made, client, draft):
    address = f"{BASE}{draft.public_id}/try/?category=post&group=stations&sheets=3"
    sent = _unescaped(fields(text(client.get(address))))
    sent |= {"rate.e1": "1", "rate.e2": "1", "rate.e3": "0.5", "year": "2019", "on": "2019-11-20"}
    sent |= {"nominee.member_status": "probationary", "nominee.in_post": "true"}
    sent |= {"facts.rows": "1", "facts.0.was": "", "facts.0.kind": "accident", "facts.0.about": "nominee",
             "facts.0.happened_on": "2019-05-01", "facts.0.grade": "larger", "facts.0.title": "示例事故"}  # fmt: skip
    page = text(client.post(address, sent))
    for said in ("被否决", "党员身份应为正式党员", "示例事故", "怎样得出的", "专家评审", "待证明"):
        assert said in page, said
    assert not value(draft)["examples"][4:]
    client.post(address, {**sent, "keep": "1", "title": "预备党员"})
    kept = value(draft)["examples"][4]
    assert (kept["title"], kept["expect"]["vetoed"]) == ("预备党员", True)
    overview = text(client.get(f"{BASE}{draft.public_id}/"))
    assert "检查全部通过" in overview
    wrong = client.post(address, {**sent, "rate.e1": "两成"})
    assert (wrong.status_code, "应填数字" in text(wrong)) == (422, True)
    assert client.get(f"{BASE}{made.version.public_id}/try/").status_code == 200


# --- publication -----------------------------------------------------------------------------------------------------


def test_a_draft_is_published_once_and_never_changes_again(made, client, draft):
    address = f"{BASE}{draft.public_id}/publish/"
    same = client.post(address, {"seen": seen(draft), "confirmed": "1"})
    assert (same.status_code, "内容与第 1 版相同" in text(same)) == (409, True)
    tree = _unescaped(fields(text(client.get(tree_address(draft)))))
    tree |= {f"p:{GOVERNANCE}.indicators.0": ["5"], f"p:{GOVERNANCE}.indicators.1": ["3.5"]}
    client.post(tree_address(draft), tree)
    page = text(client.get(address))
    assert "共 2 处变化" in page
    assert re.search(r"4\.5</td>\s*<td[^>]*>5<", page)
    assert "确认发布第 2 版" in text(client.post(address, {"seen": seen(draft)}))
    client.post(address, {"seen": seen(draft), "confirmed": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.number, len(draft.content_hash)) == ("published", 2, 64)
    assert draft.definition.standard("organisation", "stations").indicators[0].points == 5
    for attempt in ("edit/basics/", "quotas/", "stages/", "standards/organisation/", "at/gates.0/"):
        assert client.get(f"{BASE}{draft.public_id}/{attempt}").status_code == 409
    late = client.post(f"{BASE}{draft.public_id}/source/", {"source": "x: 1", "seen": draft.content_hash})
    assert (late.status_code, "已经发布" in text(late)) == (409, True)
    compared = text(client.get(f"{BASE}compare/?after=version:{draft.public_id}"))
    assert "政治责任落实" in compared
    assert made.version.public_id in compared


def test_a_new_programme_gets_its_bodies_and_a_round(made, client):
    given = {"origin": f"shipped:{PLAN}", "title": "示例活动", "short_title": "示例", "code": "aaa-2027"}
    client.post(f"{BASE}new/", given)
    row = DefinitionVersion.objects.get(programme__code="aaa-2027")
    client.post(f"{BASE}{row.public_id}/publish/", {"seen": seen(row), "confirmed": "1"})
    opened = f"{BASE}{row.public_id}/round/"
    assert client.post(opened, {"year": "2020"}).status_code == 403
    for kind, body in made.bodies.items():
        seat = f"/programmes/bodies/{row.programme.public_id}/{kind}/"
        assert client.post(seat, {"organisation": body.organisation_id}).status_code == 302
    assert client.post(opened, {"year": "2031"}).status_code == 422
    client.post(opened, {"year": "2020"})
    assert Round.objects.get(programme=row.programme).version_id == row.pk
    assert client.get("/programmes/rounds/new/").status_code == 200
    assert enter(made, "st_staff").get("/programmes/rounds/").status_code == 200


def test_what_happened_meanwhile_on_the_command_line_keeps_its_number(made, client, draft):
    with journal.unit_of_work():
        source = shipped_source(PLAN).replace("theme: ", "theme: 新的", 1)
        other = definition_publish(source=source, actor=SYSTEM, now=clock.now())
    assert other.number == 3
    tree = _unescaped(fields(text(client.get(tree_address(draft)))))
    tree |= {f"p:{GOVERNANCE}.indicators.0": ["5"], f"p:{GOVERNANCE}.indicators.1": ["3.5"]}
    client.post(tree_address(draft), tree)
    client.post(f"{BASE}{draft.public_id}/publish/", {"seen": seen(draft), "confirmed": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("published", 4)


# --- how much it asks of the database --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long(made, client, monkeypatch, django_assert_num_queries, rows):
    monkeypatch.setattr(navigation, "_entries", {})
    for number in range(1, rows):
        given = {
            "origin": f"shipped:{PLAN}",
            "title": f"示例{number}",
            "short_title": "示例",
            "code": f"example-{number}",
        }
        client.post(f"{BASE}new/", given)
    client.get(BASE)
    with django_assert_num_queries(7):
        client.get(BASE)


@pytest.mark.parametrize(
    ("where", "queries"),
    [("", 7), ("standards/organisation/", 6), ("edit/gates/", 6), ("quotas/", 6), ("at/gates.0/", 6), ("try/", 6)],
)
def test_a_page_asks_little(made, client, draft, monkeypatch, django_assert_num_queries, where, queries):
    monkeypatch.setattr(navigation, "_entries", {})
    client.get(f"{BASE}{draft.public_id}/{where}")
    with django_assert_num_queries(queries):
        client.get(f"{BASE}{draft.public_id}/{where}")


def test_services_refuse_on_their_own(made, draft):
    stranger = made.actor("st_staff")
    with pytest.raises(NotPermitted), journal.unit_of_work():
        services.draft_publish(draft_id=draft.pk, seen=seen(draft), actor=stranger, now=clock.now())
    with pytest.raises(Conflict), journal.unit_of_work():
        services.draft_edit(draft_id=draft.pk, seen="x", edits=[], what="", actor=made.actor("worker"), now=clock.now())
