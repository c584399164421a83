"""The directory's writes: what they do, what they refuse, what the journal keeps of it."""

from datetime import date

import pytest

from xianfeng import journal
from xianfeng.directory import queries, rules, services
from xianfeng.directory.models import Appointment, Organisation, OrganisationName, Relation, User
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 3, 1), 9)


def organisation(code: str, kind: str = "party_branch", name: str = "", actor: Actor = SYSTEM) -> Organisation:
    with journal.unit_of_work():
        return services.organisation_save(code=code, kind=kind, name=name or f"示例{code}", actor=actor, now=NOW)


def superior(child: str, parent: str, since: date | None = None) -> Relation:
    with journal.unit_of_work():
        return services.relation_set(
            kind="superior", organisation=child, target=parent, since=since, actor=SYSTEM, now=NOW
        )


def user(name: str = "zhang", password: str = "") -> User:
    with journal.unit_of_work():
        return services.user_create(username=name, name=f"示例{name}", password=password, actor=SYSTEM, now=NOW)


def appoint(who: User, where: Organisation, duty: str) -> Appointment:
    with journal.unit_of_work():
        return services.appointment_give(
            user_id=who.pk, organisation_id=where.pk, duty=duty, since=date(2019, 1, 1), actor=SYSTEM, now=NOW
        )


def test_a_new_name_keeps_the_old_one_with_its_days():
    row = organisation("A1", name="示例一支部")
    organisation("A1", name="示例先锋支部")
    old, new = OrganisationName.objects.filter(organisation=row)
    assert (old.name, old.until) == ("示例一支部", date(2019, 2, 28))
    assert (new.name, new.since) == ("示例先锋支部", date(2019, 3, 1))
    assert [one.event for one in Entry.objects.order_by("seq")] == [
        "directory:organisation:added",
        "directory:organisation:renamed",
    ]


def test_saving_the_same_again_writes_nothing():
    organisation("A1")
    before = Entry.objects.count()
    organisation("A1")
    assert Entry.objects.count() == before


def test_a_party_organisation_cannot_become_a_unit():
    organisation("A1")
    with pytest.raises(Conflict, match="已登记为党支部"):
        organisation("A1", kind="station")


def test_a_new_superior_ends_the_previous_one_the_day_before():
    for code in ("A", "B", "C"):
        organisation(code)
    superior("A", "B")
    superior("A", "C", since=date(2019, 6, 1))
    row = Organisation.objects.get(code="A")
    assert [one.code for one in queries.superior_chain(row.pk, date(2019, 5, 31))] == ["B"]
    assert [one.code for one in queries.superior_chain(row.pk, date(2019, 6, 1))] == ["C"]


def test_superiors_form_no_loop():
    for code in ("A", "B", "C"):
        organisation(code)
    superior("A", "B")
    superior("B", "C")
    with pytest.raises(Invalid, match="循环"):
        superior("C", "A")
    assert Relation.objects.count() == 2


def test_a_unit_is_nobody_s_superior():
    organisation("A")
    organisation("U", kind="station")
    with pytest.raises(Invalid, match="上级只能是党组织"):
        superior("A", "U")


def test_administrators_hold_one_duty_and_no_part_in_cases():
    ops, branch = organisation("OPS", kind="body"), organisation("A")
    admin, clerk = user("admin"), user("clerk")
    appoint(admin, ops, "system_admin")
    with pytest.raises(Conflict, match="不能同时任审计管理员"):
        appoint(admin, ops, "audit_admin")
    appoint(clerk, branch, "staff")
    with pytest.raises(Conflict, match="不能同时任安全管理员"):
        appoint(clerk, ops, "security_admin")
    assert Appointment.objects.count() == 2


def test_the_duties_may_follow_each_other():
    ops = organisation("OPS", kind="body")
    admin = user("admin")
    row = appoint(admin, ops, "system_admin")
    with journal.unit_of_work():
        services.appointment_end(appointment_id=row.pk, on=date(2019, 2, 1), actor=SYSTEM, now=NOW)
        services.appointment_give(
            user_id=admin.pk, organisation_id=ops.pk, duty="audit_admin", since=date(2019, 2, 2), actor=SYSTEM, now=NOW
        )
    assert Appointment.objects.filter(user=admin).count() == 2


def test_only_the_system_administrator_keeps_users():
    ops, branch = organisation("OPS", kind="body"), organisation("A")
    admin, clerk = user("admin"), user("clerk")
    appoint(admin, ops, "system_admin")
    appoint(clerk, branch, "staff")
    with journal.unit_of_work():
        services.user_disable(user_id=clerk.pk, reason="离岗", actor=queries.actor_for(admin, NOW.date()), now=NOW)
    with pytest.raises(NotPermitted, match="由系统管理员维护"), journal.unit_of_work():
        services.user_update(user_id=admin.pk, name="示例改名", actor=queries.actor_for(clerk, NOW.date()), now=NOW)
    assert not User.objects.get(pk=clerk.pk).is_active


def test_a_user_without_a_password_cannot_sign_in_until_one_is_set():
    row = user()
    assert not row.has_usable_password()
    with pytest.raises(Invalid), journal.unit_of_work():
        services.user_password_set(user_id=row.pk, password="123", actor=SYSTEM, now=NOW)
    with journal.unit_of_work():
        services.user_password_set(user_id=row.pk, password="shili-mima-9", actor=SYSTEM, now=NOW)
    assert User.objects.get(pk=row.pk).check_password("shili-mima-9")


def test_no_name_of_a_person_stands_in_the_journal():
    user("zhang")
    assert "示例zhang" not in "".join(Entry.objects.values_list("leaf", flat=True))


def test_an_office_day_is_set_above_the_calendar():
    with journal.unit_of_work():
        services.calendar_day_set(day=date(2019, 5, 1), working=True, note="值班", actor=SYSTEM, now=NOW)
    assert queries.office_calendar().is_working(date(2019, 5, 1))


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91310000MA1FL0000G", "末位校验码不符"),
        ("9131", "应为18位，现为4位"),
        ("9131000OMA1FL00000", "不允许的字符“O”"),
    ],
)
def test_a_wrong_credit_code_is_told_why(code: str, fault: str):
    assert fault in rules.credit_code_fault(code)


def test_a_right_credit_code_passes():
    first = "91310000MA1FL0000"
    assert rules.credit_code_fault(first + rules.credit_check_digit(first)) == ""
    # the code of an institution printed in the annex of GB 32100-2015
    assert rules.credit_code_fault("91350100M000100Y43") == ""
