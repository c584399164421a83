"""Any programme runs: every shipped definition is played from the nomination to the title and on, by one driver that
does whatever the definition's procedure asks next."""

import json
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.schemes import Play
from xianfeng.cases import pages
from xianfeng.cases.models import Case
from xianfeng.designations.models import Designation
from xianfeng.directory.models import User
from xianfeng.kernel import clock
from xianfeng.messaging.models import Message
from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, shipped_source

pytestmark = pytest.mark.django_db


def begun(source: str) -> Play:
    definition = rules.load(source)
    return Play(definition, source, definition.rounds[0].year)


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_programme_is_played_from_the_nomination_to_the_title_and_on(code: str) -> None:
    play = begun(shipped_source(code))
    kinds = {one.code for one in play.definition.procedures}
    by_nominee = {one.nominee: one for one in reversed(play.definition.categories)}
    cases = [play.nominate(play.nominee(one), one.code) for one in by_nominee.values()]
    title = played(play, cases, "named")
    assert title is not None
    if "recommendation" in kinds:
        title = played(play, [play.recommend(title)], "named")
        assert title is not None
    if "reassessment" in kinds:
        played(play, [play.reassess(title)], "confirmed")
    assert title.state == "active"


def played(play: Play, cases: list[Case], outcome: str) -> Designation | None:
    """Play them: each walks its procedure as spelt out and ends as expected; the last one's title, if it got one."""
    play.play(*cases)
    for case in cases:
        assert case.outcome == outcome
        assert play.walked[case.pk] == [one.code for one in rules.procedure(play.definition, case.kind)]
    return Designation.objects.filter(case=cases[-1]).first()


def test_a_programme_of_another_shape_is_played_by_the_same_code() -> None:
    """Two notices in calendar days, reports three times, one body that does everything, no panel."""
    play = begun((Path(__file__).parent / "programmes/rules/invented.yaml").read_text(encoding="utf-8"))
    case = play.nominate(play.nominee(play.definition.categories[0]), play.definition.categories[0].code)
    played(play, [case], "named")
    assert play.walked[case.pk] == [
        "assess", "decide", "announce", "announce_2", "midterm", "midterm_2", "midterm_3", "name",
    ]  # fmt: skip


def test_steps_are_called_as_the_definition_calls_them(client: Client) -> None:
    """On the workbench, the step's own page, the case's page and in messages; not by the house's word for the kind."""
    play = begun(shipped_source("mwr-sgkh-2019"))
    category = play.definition.categories[0]
    case = play.nominate(play.nominee(category), category.code)
    for title in ("自检并申报", "上一级主管部门考核", "初验"):
        asked = case.steps.get(state="open")
        assert asked.title == title
        user = User.objects.get(pk=play.of(asked.organisation).user_id or 0)
        client.force_login(user)
        with clock.frozen(play.now):
            for address in ("/work/", pages.url_for(asked), f"/cases/{case.public_id}/"):
                assert title in client.get(address).content.decode(), address
        assert Message.objects.filter(recipient=user, title=f"待办：{title}——{case.name}").exists()
        play.walked[case.pk] = []
        play.turn(case)


def step(kind: str, to: str, **more: object) -> dict[str, object]:
    return {"code": kind, "kind": kind, "to": to, **more}


BODIES = st.sampled_from([f"body:{code}" for code in ("moe", "province", "council", "experts")])
MONTHS = st.integers(1, 30).map(lambda months: {"months": months})
TIMES = st.integers(1, 3)
BEFORE = st.tuples(
    st.none() | st.builds(lambda levels: step("endorse", "superior", levels=levels), st.integers(1, 4)),
    st.none() | BODIES.map(lambda to: step("screen", to)),
    st.none() | st.builds(lambda due: step("wait", "nominee", due=due), MONTHS),
    st.none() | st.builds(lambda times, due: step("report", "nominee", times=times, due=due), TIMES, MONTHS),
    st.none() | BODIES.map(lambda to: step("panel", to)),
)
AFTER = st.tuples(
    BODIES.map(lambda to: step("decide", to)),
    st.none() | st.builds(lambda to, times: step("announce", to, times=times), BODIES, TIMES),
    BODIES.map(lambda to: step("name", to)),
)


class AnyProcedure(TestCase):
    """Each example is a programme of its own, rolled back afterwards."""

    @settings(max_examples=6, phases=[Phase.generate])
    @given(BEFORE.flatmap(st.permutations), AFTER)
    def test_whatever_the_order_of_steps_it_is_walked_to_the_title(
        self, before: list[dict[str, object] | None], after: tuple[dict[str, object] | None, ...]
    ) -> None:
        source = shipped_source("moe-shuangchuang-4")
        asked = json.dumps([step("assess", "nominee"), *(one for one in (*before, *after) if one)])
        head, _, tail = source.partition("    tier: nurture\n    steps:\n")
        play = begun(f"{head}    tier: nurture\n    steps: {asked}\n{tail[tail.index('  - code: recommendation') :]}")
        case = play.nominate(play.nominee(play.definition.categories[0]), play.definition.categories[0].code)
        play.play(case)
        assert case.outcome == "named"
        above = {"endorse_3", "endorse_4"}  # its chain has two superiors: who is not there is not asked
        spelt_out = [one.code for one in rules.procedure(play.definition, "nomination")]
        assert play.walked[case.pk] == [one for one in spelt_out if one not in above]
