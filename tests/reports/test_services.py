"""催办: once a day, by those who run the round, before nobody but those who are asked."""

import pytest

from tests.factories import review as panels
from tests.factories.base import World, world
from tests.factories.reports import NOW, case_at, late
from xianfeng import journal
from xianfeng.journal import queries as entries
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.reports import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> World:
    return world()


def urge(made: World, username: str = "worker", addressee: str = "co-branch", kind: str = "assess", now=NOW) -> int:
    found = made.organisations.get(addressee)
    with journal.unit_of_work():
        return services.overdue_urge(
            round_id=made.round.pk,
            kind=kind,
            addressee=found.public_id if found else addressee,
            actor=made.actor(username),
            now=now,
        )


def test_the_addressee_gets_one_message_and_the_record_an_entry(made):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    late(case_at(made, made.nominees["co-window"], "assess", "service_point"))
    assert urge(made) == 2
    assert Message.objects.filter(title="催办：自评自荐 2 件已逾期").count() == 1
    assert "催办示例水利建设公司第一党支部：自评自荐 2 件" in entries.sentence(entries.latest(1)[0])


def test_a_second_urging_on_the_same_day_is_refused(made):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    urge(made)
    with pytest.raises(Conflict, match="今天已经催办过"):
        urge(made)


def test_what_is_in_time_is_not_urged(made):
    case_at(made, made.nominees["co-branch"], "assess")
    with pytest.raises(Conflict, match="没有逾期"):
        urge(made)


def test_an_organisation_without_people_cannot_be_urged(made):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    with pytest.raises(Conflict, match="没有可以接收催办的人员"):
        urge(made, addressee="co-unit")


@pytest.mark.parametrize("username", ["co_staff", "co_superior", "leader", "secretariat", "audit_admin"])
def test_nobody_else_urges(made, username):
    late(case_at(made, made.nominees["co-branch"], "assess"))
    with pytest.raises(NotPermitted, match="您不在其中"):
        urge(made, username)


def test_experts_are_urged_each_for_themselves_and_named_nowhere(made):
    case = panels.organisations_at_panel(made, 1)[0]
    panels.experts(made)
    panels.panel(made)
    now = panels.now_of(made)
    late(case, now=now)
    with clock.frozen(now):
        assert urge(made, addressee="experts", kind="score", now=now) == 3
    assert Message.objects.filter(title="催办：专家评分已逾期").count() == 3
    assert entries.latest(1)[0].subject_label == made.round.title
    assert "示例expert" not in entries.latest(1)[0].leaf
