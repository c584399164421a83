"""Components: the same state looks the same everywhere; nothing needs an inline style; rows stay cheap."""

import re
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from django.template import RequestContext, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.ui import chips, drawing, icons, navigation, samples

TEMPLATES = Path(chips.__file__).parent / "templates"
INLINE = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(?:\bsrc=|application/json))", re.IGNORECASE)
REQUEST = RequestFactory().get("/work/", {"q": "水", "page": "2"})


class State(StrEnum):
    OPEN = "open"


def draw(source, **context):
    return Template("{% load ui %}" + source).render(RequestContext(REQUEST, context))


@pytest.fixture
def registry(monkeypatch):
    """An empty navigation, so that what the apps registered does not show."""
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_counters", {})


def test_a_state_has_one_word_and_colour():
    chips.register("test", {State.OPEN: ("办理中", "blue")})
    assert draw('{% chip "test" s %}', s=State.OPEN) == draw('{% chip "test" "open" %}')
    assert "办理中" in draw('{% chip "test" "open" %}')
    assert chips.word("test", State.OPEN) == "办理中"


def test_an_unknown_state_shows_itself_rather_than_break_the_page():
    assert "nowhere" in draw('{% chip "test" "nowhere" %}')


def test_an_unknown_colour_is_refused_at_once():
    with pytest.raises(ValueError, match="pink"):
        chips.register("test", {"x": ("词", "pink")})


def test_what_users_write_is_escaped():
    assert "<script>" not in draw("{% label word %}", word="<script>")
    assert "<script>" not in draw('{% include "ui/opinions.html" with opinions=o %}', o=[{"text": "<script>"}])


def test_pips_say_in_words_what_they_show():
    drawn = drawing.pips(5, 2, 1)
    assert drawn.count('class="is-filled"') == 2
    assert drawn.count('class="is-notice"') == 1
    assert drawn.count('class="is-open"') == 2
    assert "名额 5 · 已命名 2 · 公示中 1 · 空余 2" in drawn
    assert "超出 1" in drawing.pips(2, 3)


def test_a_score_below_its_floor_says_so():
    assert "未达" in drawing.score_bar(Decimal("29.5"), Decimal(50), Decimal(30), None, None)
    assert "未达" not in drawing.score_bar(Decimal(30), Decimal(50), Decimal(30), None, None)


def test_a_share_of_nothing_is_nothing():
    assert drawing.percent(3, 0) == "0.00"
    assert drawing.percent(7, 5) == "100.00"


def test_pagination_and_sorting_keep_the_filters():
    head = draw('{% sort_head "得分" "score" %}')
    assert "?q=%E6%B0%B4&amp;sort=score" in head
    assert "page=" not in head
    from xianfeng.ui.edge import Page

    pages = draw("{% pagination p %}", p=Page(list(range(50)), 2, 128, 50))
    assert "第 51–100 条，共 128 条" in pages
    assert "?q=%E6%B0%B4&amp;page=3" in pages


def test_navigation_shows_what_the_actor_may_see_and_marks_the_place(registry):
    navigation.register(navigation.Entry("a", "登录", "account_login", order=2))
    navigation.register(navigation.Entry("b", "退出", "account_logout", order=1, visible=lambda actor: False))
    navigation.register(navigation.Entry("c", "无此页", "nowhere:at_all", order=0))
    navigation.register_counter(lambda actor: 3, "a")
    actor = Actor(kind=ActorKind.USER)
    [link] = navigation.links(actor, "/accounts/login/x/")
    assert (link.code, link.current, link.count) == ("a", True, 3)
    from xianfeng.ui.checks import navigation_resolves

    assert [problem.id for problem in navigation_resolves(None)] == ["ui.W001"]


def test_the_phone_bar_has_at_most_five_entries(registry):
    for n in range(8):
        navigation.register(navigation.Entry(f"e{n}", f"第{n}项", "account_login", order=n))
    drawn = draw("{% work_navigation %}")
    bar = drawn.split('class="xf-nav-phone"')[1]
    assert bar.split("<details")[0].count("<a ") == 4
    assert "更多" in bar


def test_no_template_of_the_project_has_inline_script_or_style():
    sources = list(TEMPLATES.parents[1].rglob("templates/**/*.html"))
    assert INLINE.search('<p style="x">')  # the check can find one
    assert INLINE.search("<script>")
    found = [str(path.name) for path in sources if INLINE.search(path.read_text())]
    assert sources
    assert found == []


def test_every_template_of_the_floor_compiles():
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]
    assert len(names) > 40
    for name in names:
        get_template(name)


def test_the_style_page_shows_every_component():
    drawn = get_template("ui/style.html").render(samples.everything(), REQUEST)
    css = (TEMPLATES.parent / "static/ui/parts.css").read_text()
    assert "xf-opinion-sign" in drawn
    assert drawn.count("<h1") == 1
    used = set(
        re.findall(r"xf-(?:chip|pips|bar|stages|opinions|timeline|gates|tiles|tasks|answers|pages|empty)\b", drawn)
    )
    assert len(used) == 12
    assert all(f".{one}" in css for one in used)


def test_icons_the_templates_name_exist():
    source = "".join(path.read_text() for path in TEMPLATES.parents[1].rglob("templates/**/*.html"))
    named = set(re.findall(r'{% icon "([a-z0-9-]+)"', source))
    assert named
    assert named <= set(icons.PATHS)


def test_plain_context_is_enough_for_the_500_page():
    assert "系统出了点问题" in render_to_string("500.html")
