"""Who reviews whom is known to the working group and to the expert: every page, every object, every role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.review import services
from xianfeng.review.models import Discussion, Expert, Panel
from xianfeng.review.urls import urlpatterns

pytestmark = pytest.mark.django_db
ROLES = ("", "nominee", "officer", "city", "secretariat", "system_admin", "audit_admin")
REVIEWERS = [f"expert{number}" for number in range(1, 7)]


@pytest.fixture
def place() -> Iterator[World]:
    """A ranked panel with everything that can happen to a case: discussion, visit, second panel, recusal, top-up."""
    found = world()
    with clock.frozen(made.now_of(found)):
        cases = made.organisations_at_panel(found, 2)
        made.experts(found, 7)
        panel = made.panel(found)
        worker, at = found.actor("worker"), made.now_of(found)
        gone = panel.assignments.select_related("expert__user").order_by("id")[0]
        with journal.unit_of_work():
            services.expert_recuse(
                step_id=gone.step_id, reason="示例事由", actor=found.actor(gone.expert.user.username), now=at
            )
        made.sign_all(found, panel, {cases[0].pk: "2"})
        made.discuss(found, panel, cases[0])
        made.discuss(found, panel, cases[1], "visit")
        with journal.unit_of_work():
            services.second_panel_open(
                panel_id=panel.pk, case_ids=[cases[1].pk], reason="相差较大", actor=worker, now=at
            )
        for row in panel.assignments.filter(second=True).select_related("case__version", "expert__user"):
            made.sign(found, row)
        with journal.unit_of_work():
            services.panel_rank(panel_id=panel.pk, actor=worker, now=at)
        found.user("nominee", "party1")
        made.at_panel(found, found.nominees["st-window"], "service_point")
        made.panel(found, "service_point")  # and one whose experts are at work
        yield found


def objects() -> dict[str, list[tuple[str, ...]]]:
    """What can stand in an address, by kind."""

    def ids(rows: Any) -> list[tuple[str, ...]]:
        return [(one,) for one in rows.values_list("public_id", flat=True)]

    panels = ids(Panel.objects.order_by("id"))
    return {
        "panels": panels,
        "experts": ids(Expert.objects.all()),
        "discussions": ids(Discussion.objects.all()),
        "assignments": ids(Step.objects.filter(kind="score")),
        "steps": ids(Step.objects.filter(kind="panel")),
        "score": ids(Step.objects.filter(kind="score")),
        "discuss": [(*panels[-1], one) for one in Case.objects.values_list("public_id", flat=True)],
    }


def addresses() -> dict[str, list[str]]:
    """Every address of the review by its name, with every object of its kind."""
    known, found = objects(), {}
    for pattern in urlpatterns:
        text, name = str(pattern.pattern), f"review:{pattern.name}"
        if "<" not in text:
            found[name] = [reverse(name)]
        else:
            kind = "discuss" if text.count("<") == 2 else text.split("/")[1]
            found[name] = [reverse(name, args=one) for one in known[kind]]
    cases = [f"/cases/{one}/" for one in Case.objects.values_list("public_id", flat=True)]
    return {**found, "around": ["/work/", "/messages/", "/nominations/", "/overview/", *cases]}


def browser(place: World, name: str) -> Client:
    client = Client()
    if name:
        client.force_login(place.users[name])
    return client


def text_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="ignore")


def walk(client: Client, every: dict[str, list[str]], own: str = "") -> tuple[set[str], set[str]]:
    """Names of the addresses that name a reviewer other than the reader, and of those that opened for some object."""
    named, opened = set(), set()
    for name, some in every.items():
        for address in some:
            answer = client.get(address)
            text = text_of(answer)
            if any(f"示例{one}" in text for one in REVIEWERS if one != own):
                named.add(name)
            if answer.status_code != 404:
                opened.add(name)
    return named, opened


def test_no_address_tells_anybody_else_who_reviews_whom(place):
    every = addresses()
    for name in ROLES:
        assert walk(browser(place, name), every)[0] == set(), name or "a stranger"
    named, leader = walk(browser(place, "leader"), every)
    assert named == set()
    named, expert = walk(browser(place, "expert1"), every, own="expert1")
    assert named == set()
    told, worker = walk(browser(place, "worker"), every)
    # the controls: the names are there to be leaked, and no address of the walk is shut to everybody
    assert {"review:panel", "review:assignment", "review:discussion", "review:experts", "around"} <= told
    assert every.keys() - leader - expert - worker == set()
