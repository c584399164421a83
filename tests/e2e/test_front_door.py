"""The browser itself works here: a page is drawn, with our style, under the content security policy, in Chinese."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sign_in_page_opens_without_an_error_in_the_console(page: Page, live_server):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    response = page.goto(f"{live_server.url}/accounts/login/")
    assert response is not None
    assert response.status == 200
    assert page.locator("h1").count() == 1
    assert page.locator("input[name=login]").is_visible()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert complaints == []
