"""The registry's writes: nominees come with what is registered; the ledger is reported, confirmed, refuted."""

from datetime import date

import pytest

from xianfeng import journal
from xianfeng.directory import services as directory
from xianfeng.directory.models import Organisation, User
from xianfeng.directory.queries import actor_for
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere, NotPermitted
from xianfeng.registry import queries, services
from xianfeng.registry.models import ConductRecord, Nominee

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 3, 1), 9)
WINDOW = services.ServicePointData("W1", "示例窗口", "window", "U", "B", staff_count=4, member_count=2)
MEMBER = services.MemberData("M1", "示例甲", "质量监督员", "U", "B")
HONOUR = services.ConductData(
    "honour", "示例文明单位", "organisation", "U", date(2018, 12, 1), level="district_bureau", tags=("civilised_unit",)
)


@pytest.fixture(autouse=True)
def unit() -> Organisation:
    with journal.unit_of_work():
        rows = [
            directory.OrganisationData("U", "station", "示例区安质监站"),
            directory.OrganisationData("B", "party_branch", "示例区安质监站党支部"),
            directory.OrganisationData("V", "company", "示例公司"),
        ]
        directory.organisations_save(rows=rows, actor=SYSTEM, now=NOW)
        directory.relation_set(kind="unit", organisation="B", target="U", actor=SYSTEM, now=NOW)
    return Organisation.objects.get(code="U")


@pytest.fixture
def staff() -> Actor:
    with journal.unit_of_work():
        directory.users_save(rows=[directory.UserData("clerk", "示例乙")], actor=SYSTEM, now=NOW)
        given = [directory.AppointmentData("clerk", "B", "staff", since=date(2019, 1, 1))]
        directory.appointments_give(rows=given, actor=SYSTEM, now=NOW)
    return actor_for(User.objects.get(username="clerk"), NOW.date())


def add(data: services.ConductData, actor: Actor = SYSTEM) -> ConductRecord:
    with journal.unit_of_work():
        return services.conduct_record_add(data=data, actor=actor, now=NOW)


def test_a_service_point_and_a_member_are_nominees_once_registered():
    with journal.unit_of_work():
        services.service_point_save(data=WINDOW, actor=SYSTEM, now=NOW)
        services.member_save(data=MEMBER, actor=SYSTEM, now=NOW)
        services.nominees_ensure(actor=SYSTEM, now=NOW)
    branch = Organisation.objects.get(code="B")
    found = queries.nominees_of([branch.pk], NOW.date())
    assert sorted(one.kind for one in found) == ["member", "organisation", "service_point"]


def test_more_members_than_staff_is_refused():
    wrong = services.ServicePointData("W2", "示例窗口", "window", "U", "B", staff_count=2, member_count=3)
    with pytest.raises(Invalid, match="多于固定工作人员数"), journal.unit_of_work():
        services.service_point_save(data=wrong, actor=SYSTEM, now=NOW)


def test_an_unknown_code_is_named():
    lost = services.MemberData("M2", "示例丙", "监督员", "U", "NOWHERE")
    with pytest.raises(NotFoundHere, match="没有编码为“NOWHERE”的党组织"), journal.unit_of_work():
        services.member_save(data=lost, actor=SYSTEM, now=NOW)


def test_the_same_saved_again_writes_nothing():
    for _ in range(2):
        with journal.unit_of_work():
            services.service_points_save(rows=[WINDOW], actor=SYSTEM, now=NOW)
            tally = services.conduct_records_save(rows=[HONOUR], actor=SYSTEM, now=NOW)
    assert (tally.written, tally.unchanged) == (0, 1)
    assert Nominee.objects.count() == 1
    assert Entry.objects.filter(event__startswith="registry:").count() == 2


def test_a_unit_reports_its_own_facts_and_the_keeper_confirms(staff: Actor):
    reported = services.ConductData(**{**vars(HONOUR), "state": "reported"})
    row = add(reported, staff)
    assert row.state == "reported"
    with pytest.raises(NotPermitted, match="推进组"), journal.unit_of_work():
        services.conduct_confirm(record_id=row.pk, actor=staff, now=NOW)
    with journal.unit_of_work():
        services.conduct_confirm(record_id=row.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(Conflict, match="已经核实"), journal.unit_of_work():
        services.conduct_refute(record_id=row.pk, reason="查无此事", actor=SYSTEM, now=NOW)


def test_a_unit_neither_confirms_its_own_fact_nor_reports_another_s(staff: Actor):
    with pytest.raises(NotPermitted):
        add(HONOUR, staff)
    other = services.ConductData(**{**vars(HONOUR), "subject": "V", "state": "reported"})
    with pytest.raises(NotPermitted, match="只能报送本单位"):
        add(other, staff)


def test_a_fact_is_entered_once():
    add(HONOUR)
    with pytest.raises(Conflict, match="已经在台账上"):
        add(HONOUR)


def test_an_accident_without_its_grade_is_of_no_use():
    accident = services.ConductData("accident", "示例坍塌", "organisation", "U", date(2019, 2, 1))
    with pytest.raises(Invalid, match="应写明事故等级"):
        add(accident)


def test_entering_a_fact_as_confirmed_tells_whoever_waits_for_confirmation():
    add(HONOUR)
    assert Entry.objects.filter(event="registry:conduct:confirmed").exists()


def test_no_name_of_a_member_stands_in_the_journal():
    with journal.unit_of_work():
        services.member_save(data=MEMBER, actor=SYSTEM, now=NOW)
    assert "示例甲" not in "".join(Entry.objects.values_list("leaf", flat=True))


def test_a_part_in_a_project_is_written_once():
    part = services.ProjectPartyData("P1", "U", "supervises")
    for _ in range(2):
        with journal.unit_of_work():
            services.project_save(code="P1", name="示例泵站工程", actor=SYSTEM, now=NOW)
            tally = services.project_parties_set(rows=[part], actor=SYSTEM, now=NOW)
    assert tally.unchanged == 1
