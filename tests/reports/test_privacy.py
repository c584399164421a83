"""Nobody but those who run the panel learns who reviews what; scores are the nominee's only once decided."""

from collections.abc import Iterator

import pytest

from tests.factories import review as panels
from tests.factories.base import World, world
from tests.factories.reports import close
from tests.reports.test_pages import signed_in
from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.review import services

pytestmark = pytest.mark.django_db
NAMES = [f"示例expert{number}" for number in range(1, 6)]


@pytest.fixture
def made() -> Iterator[World]:
    made = world()
    with clock.frozen(panels.now_of(made)):
        yield made


def page(made: World, username: str, case: Case) -> str:
    return signed_in(made, username).get(f"/cases/{case.public_id}/").content.decode()


@pytest.fixture
def ranked(made: World) -> Case:
    case = panels.organisations_at_panel(made, 1)[0]
    made.user("own_staff", "party1")
    panels.experts(made)
    panel = panels.panel(made)
    panels.sign_all(made, panel, {case.pk: "1.5"})
    with journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=made.actor("worker"), now=panels.now_of(made))
    return case


def test_those_who_run_the_panel_see_its_experts(made, ranked):
    assert any(name in page(made, "worker", ranked) for name in NAMES)


@pytest.mark.parametrize("username", ["own_staff", "top_user", "officer", "leader", "city"])
def test_nobody_else_sees_an_experts_name(made, ranked, username):
    shown = page(made, username, ranked)
    assert not any(name in shown for name in NAMES)
    assert "示例水利大学" not in shown


def test_a_working_group_member_of_the_nominees_own_unit_reads_as_the_nominee(made, ranked):
    made.appoint("worker2", "party1")
    shown = page(made, "worker2", ranked)
    assert not any(name in shown for name in NAMES)
    assert "评审得分" not in shown


def test_scores_are_shown_to_the_nominee_only_once_decided(made, ranked):
    assert "评审得分" in page(made, "leader", ranked)
    assert "评审得分" not in page(made, "own_staff", ranked)
    close(ranked, "decide", "approved", now=panels.now_of(made))
    shown = page(made, "own_staff", ranked)
    assert "评审得分" in shown
    assert "名次" not in shown


def test_an_expert_reads_the_case_without_its_result(made, ranked):
    expert = ranked.assignments.filter(state="active").select_related("expert__user").first().expert.user
    shown = page(made, expert.username, ranked)
    assert "申报材料" in shown
    assert "评审得分" not in shown
    assert not any(name in shown for name in NAMES if name != expert.name)
