"""Nonsense from outside: unknown ids, broken query strings, NUL bytes, huge inputs. Answers are kind, never a 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.everything import NOW, Everything, everything
from tests.test_access import ACCESS, OFFICER, SECURITY, STAFF, SYSTEM, WORKER, clients, posted
from xianfeng.kernel import clock

pytestmark = pytest.mark.django_db

NONSENSE = (
    "nosuchthing00000",
    "\x00",
    "a\x00b",
    "..",
    "九" * 300,
    "\u202e\U0001f600",
)
NAMES = (
    "q", "round", "tier", "category", "state", "kind", "unit", "level", "group", "year", "month", "day", "since",
    "until", "from", "to", "days", "organisation", "of", "subject", "project", "item", "chosen", "case", "cases",
    "receipt", "number", "code", "sort", "active", "duty", "closed", "actor", "event",
)  # fmt: skip
QUERIES = (
    dict.fromkeys(NAMES, "\x00") | {"page": "-1"},
    dict.fromkeys(NAMES, "%_\\'\"（" + "九" * 2000) | {"page": "9" * 5000},
    dict.fromkeys(NAMES, "99999999999") | {"page": "²"},
    dict.fromkeys(NAMES, "9999-12-31") | {"since": "0001-01-01", "from": "0001-01-01", "page": "\x00"},
    {"year": "9999", "month": "13", "day": "2019-02-31", "since": "0000-00-00", "until": "明天"},
)
FIELD = re.compile(r"<(?:input|select|textarea)[^>]*?\bname=\"([^\"]+)\"")


@pytest.fixture
def made() -> Iterator[Everything]:
    made = everything()
    with clock.frozen(NOW):
        yield made


PARTS = range(3)  # so that several workers share the long ones


def part_of(part: int) -> list[tuple[str, set[str] | posted]]:
    """Every third address."""
    return list(ACCESS.items())[part :: len(PARTS)]


def asker(name: str) -> str:
    """Somebody who may see a page, preferably with much to see."""
    allowed = ACCESS[name]
    first = (role for role in (WORKER, OFFICER, STAFF, SYSTEM, SECURITY) if role in allowed)
    return next(first, min(allowed, default=""))


def arguments(name: str, made: Everything, value: str) -> dict[str, Any] | None:
    """The address's arguments with a nonsensical id; None where it takes none."""
    found = made.ids.get(name)
    if not found:
        return None
    key = next((one for one in ("public_id", "receipt", "code") if one in found), None)
    return {**found, key: value} if key else None


@pytest.mark.parametrize("part", PARTS)
def test_an_unknown_id_is_a_page_that_is_not_there(made, part):
    browsers, faults = clients(made), []
    for name, _ in part_of(part):
        for value in NONSENSE:
            given = arguments(name, made, value)
            try:
                address = reverse(name, kwargs=given) if given else ""
            except NoReverseMatch:
                continue  # the pattern itself refuses it: Django's own 404
            if not address:
                continue
            for method in ("get", "post"):
                response = getattr(browsers[asker(name)], method)(address)
                if response.status_code not in (302, 400, 403, 404, 405, 422):
                    faults.append(f"{name} answers {response.status_code} to {method} of {value[:20]!r}")
    assert faults == []


def test_the_page_that_is_not_there_is_chinese(made):
    browsers = clients(made)
    for address in ("/cases/nosuch/", "/nosuch/", "/register/nosuch/", "/verify/nosuch/", "/creation/plans/nosuch/"):
        response = browsers[WORKER].get(address)
        assert response.status_code in (200, 404)
        assert "没有" in response.content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_no_query_string_brings_a_page_down(made, part):
    browsers, faults = clients(made), []
    for name, allowed in part_of(part):
        if isinstance(allowed, posted) or not allowed:
            continue
        address = reverse(name, kwargs=made.ids.get(name))
        for query in QUERIES:
            response = browsers[asker(name)].get(address, query)
            if response.status_code >= 500:
                faults.append(f"{name} answers {response.status_code} to {str(query)[:60]}")
    assert faults == []


VALUES = ("\x00", "9" * 400, "九" * 70_000 + "\u202e\U0001f600", "-1", "9999-12-31")


@pytest.mark.parametrize("part", PARTS)
def test_no_field_takes_nonsense_for_good(made, part):
    """Every form there is, each of its fields filled with the same nonsense."""
    browsers, faults = clients(made), []
    for name, allowed in part_of(part):
        if not allowed or name.startswith(("account_", "mfa_", "journal:")):
            continue
        address = reverse(name, kwargs=made.ids.get(name))
        browser = browsers[asker(name)]
        fields = set() if isinstance(allowed, posted) else set(FIELD.findall(_text(browser.get(address))))
        fields = fields - {"csrfmiddlewaretoken"} | {"chosen", "act", "addressee", "back", "unset"}
        for value in VALUES:
            response = browser.post(address, dict.fromkeys(fields, value))
            if response.status_code >= 500:
                faults.append(f"{name} answers {response.status_code} to {value[:12]!r}")
    assert faults == []


def _text(response: Any) -> str:
    return "" if response.streaming else response.content.decode("utf-8", "replace")


@pytest.mark.once
@pytest.mark.parametrize("part", PARTS)
def test_other_methods_are_answered(made, part):
    browsers, faults = clients(made), []
    for name, _ in part_of(part):
        for method in ("head", "options", "put"):
            response = getattr(browsers[asker(name)], method)(reverse(name, kwargs=made.ids.get(name)))
            if response.status_code >= 500:
                faults.append(f"{name} answers {response.status_code} to {method}")
    assert faults == []


def test_addresses_that_no_address_should_be():
    client = Client(raise_request_exception=False)
    for path in ("/%00/", "/cases/%FF%FE/", "/" + "a/" * 500, "/register/?page=%00", "/notices/%0d%0aSet-Cookie:x/"):
        assert client.get(path).status_code in (200, 302, 400, 404)
