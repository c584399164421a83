"""Deleting asks first with or without JavaScript, and the last change to a draft can be taken back."""

import re

import pytest
from django.test import Client
from tests.factories.base import world

from xianfeng import journal
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.programmes.designer import services
from xianfeng.programmes.rules.text import read

pytestmark = pytest.mark.django_db
BASE = "/programmes/definitions/"


@pytest.fixture
def desk():
    made = world()
    with journal.unit_of_work():
        draft = services.version_draft(version_id=made.version.pk, actor=made.actor("officer"), now=clock.now())
    client = Client()
    client.force_login(made.users["officer"])
    return client, draft


def posted(client, address, **given):
    """What a page's hidden fields carry, and a button."""
    page = client.get(address).content.decode()
    (seen, *_) = re.findall(r'name="seen" value="(\w+)"', page)
    return client.post(address, {"seen": seen, **given})


def carried(page):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))


@pytest.mark.parametrize(
    ("page", "button", "name", "gone"),
    [
        ("edit/gates/", {"list": "remove:gates.0"}, "确认删除", lambda v: len(v["gates"])),
        ("standards/post/", {"list": "remove:standards.2.parts.0.versions.0.dimensions.0.indicators.0"}, "确认删除",
         lambda v: len(v["standards"][2]["parts"][0]["versions"][0]["dimensions"][0]["indicators"])),
        ("stages/", {"list": "remove:create"}, "自主创建", lambda v: len(v["stages"])),
        ("quotas/", {"remove": "2021"}, "2021 年度", lambda v: len(v["rounds"])),
    ],
)  # fmt: skip
def test_deleting_asks_first_and_can_be_taken_back(desk, page, button, name, gone):
    client, draft = desk
    address = f"{BASE}{draft.public_id}/{page}"
    before = gone(read(draft.source).value)
    asked = posted(client, address, **button)
    draft.refresh_from_db()
    assert name in asked.content.decode()
    assert gone(read(draft.source).value) == before  # nothing happened yet
    assert client.post(address, carried(asked)).status_code == 302
    first = draft.source
    draft.refresh_from_db()
    assert gone(read(draft.source).value) == before - 1
    assert "撤销上一步" in client.get(address).content.decode()
    undo = f"{BASE}{draft.public_id}/undo/"
    assert client.post(undo, {"seen": draft.content_hash}).status_code == 302
    draft.refresh_from_db()
    assert read(draft.source).value == read(first).value
    assert Entry.objects.filter(event="programme:draft:edited", leaf__contains="撤销：").exists()
    client.post(undo, {"seen": draft.content_hash})
    draft.refresh_from_db()
    assert gone(read(draft.source).value) == before - 1  # and once more


def test_nothing_to_take_back_and_a_page_gone_stale_are_told(desk):
    client, draft = desk
    undo = f"{BASE}{draft.public_id}/undo/"
    answer = client.post(undo, {"seen": draft.content_hash})
    assert (answer.status_code, "还没有可以撤销" in answer.content.decode()) == (409, True)
    assert client.post(undo, {"seen": "0" * 64}).status_code == 409
    assert client.get(undo).status_code == 405
