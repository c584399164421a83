"""Every key of the language has its place in the designer, a Chinese name, and a page that leads there."""

import re

import pytest
from django.test import Client
from tests.factories.base import world

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.programmes.definitions import SHIPPED
from xianfeng.programmes.designer import services, shape, words
from xianfeng.programmes.designer.paths import look, parse
from xianfeng.programmes.designer.placed import placed
from xianfeng.programmes.designer.sections import SECTIONS
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.text import read

CHINESE = re.compile("[\u4e00-\u9fff]")
# What is written as text on the page 示例 or in 原文; the try-out panel writes all three by itself (存为示例).
AS_TEXT = {"Example.panel", "Example.answers", "Example.self_answers"}


def test_every_key_stands_in_a_section():
    """A key the language gains fails here until it is given a section."""
    homed = {key for one in SECTIONS for key in one.keys} | {"schema_version"}
    assert homed == set(Definition.model_fields)
    assert len({key for one in SECTIONS for key in one.keys}) == sum(len(one.keys) for one in SECTIONS)


def test_every_key_has_a_control_but_for_those_named_here():
    assert {one.name for one in placed() if one.how == "text"} == AS_TEXT
    assert {one.slot.name for one in placed() if one.how == "fixed"} == {"schema_version", "kind"}
    assert len(placed()) > 250


def test_every_key_and_every_fixed_value_has_its_chinese_word():
    for one in placed():
        assert CHINESE.search(words.label(one.slot)), one.name
        item = one.slot.shape.item
        codes = one.slot.shape.values or (item.values if item else ())
        if one.how == "fixed" or words.references(one.slot, {}) is not None:
            continue
        for code, word in words.values(one.slot, codes):
            assert CHINESE.search(word), (one.name, code)


def test_every_code_is_chosen_from_a_list_and_never_typed():
    """Whatever refers to another piece is a drop-down or boxes to tick."""
    typed = {"code", "number_code", "at"}
    for one in placed():
        field = one.slot.owner.model_fields[one.slot.name]
        refers = "^[a-z][a-z0-9_]{0,39}$" in repr(field.metadata) or "body:" in repr(field.metadata)
        if refers and one.slot.name not in typed:
            assert words.references(one.slot, {}) is not None, one.name


def models_of(schema: shape.Shape) -> set[type]:
    found = {schema.model} if schema.model else set()
    found |= {model for _, model in schema.options}
    return found | (models_of(schema.item) if schema.item else set())


@pytest.mark.django_db
def test_links_lead_to_every_kind_of_piece_there_is():
    """From the overview of a draft every kind of piece of the language is reached by links alone."""
    made = world()
    client = Client()
    client.force_login(made.users["officer"])
    reached: set[type] = set()
    for code in SHIPPED:
        with journal.unit_of_work():
            draft = services.programme_draft(
                origin=f"shipped:{code}", code=f"copy-{code}", title="示例", short_title="示例", keep_bodies=False,
                actor=made.actor("officer"), now=clock.now(),
            )  # fmt: skip
        reached |= crawl(client, draft.public_id, read(draft.source).value, reached)
    reached |= {BY_NAME["Vote"], BY_NAME["Choice"]}  # in none of the five: a drop-down away from any other indicator
    keys = {one.slot.owner for one in placed()}
    assert {one.__name__ for one in keys - reached} == set()


def crawl(client: Client, public_id: str, document: dict, known: set[type]) -> set[type]:
    """The models whose keys stand on some page."""
    base = f"/programmes/definitions/{public_id}/"
    waiting, seen, done = [base], {base}, set(known)
    found: set[type] = {Definition}
    while waiting:
        page = client.get(waiting.pop(), follow=True)
        assert page.status_code == 200
        text = page.content.decode()
        found |= on_page(text)
        for link in re.findall(rf'href="({re.escape(base)}[^"#?]*)', text):
            if link in seen or link.endswith((".xlsx", "/import/", "/source/", "/publish/", "/try/", "/undo/")):
                continue
            seen.add(link)
            if "/at/" in link:
                path = parse(link.split("/at/")[1].strip("/"))
                model = shape.narrowed(shape.at(document, path), look(document, path)).model
                if model in done or model is None:
                    continue
                done.add(model)
                found.add(model)
            waiting.append(link)
    return found


BY_NAME = {one.slot.owner.__name__: one.slot.owner for one in placed()}


def on_page(text: str) -> set[type]:
    """Models edited inside a page of another: groups, rows and the tables that have pages of their own."""
    found = set()
    for name in re.findall(r'name="([\w.]+)"', text):
        for one in placed():
            inner = models_of(one.slot.shape)
            if inner and re.search(rf"(^|\.){one.slot.name}(\.|$)", name):
                found |= inner
    tables = {'name="title.': "Round", 'name="d.': "DatePeriod", 'name="s.': "Stage", 'name="p:': "Part"}
    return found | {BY_NAME[name] for mark, name in tables.items() if mark in text}
