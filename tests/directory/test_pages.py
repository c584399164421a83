"""The directory's pages: who sees what, how many queries they cost, and that a refusal keeps what was typed."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.factories.base import SINCE, World, world

from xianfeng.directory import daysheet, listing, passwords
from xianfeng.directory.models import Appointment, CalendarDay, Organisation, Relation, SignIn, User
from xianfeng.directory.queries import office_calendar
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.ui import navigation

pytestmark = pytest.mark.django_db
NOW = clock.instant(date(2019, 10, 8), 9)


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch):
    """A working day of 2019, and no navigation: its entries cost queries of other apps."""
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_counters", {})
    with clock.frozen(NOW):
        yield


@pytest.fixture
def made() -> World:
    return world()


def as_user(made: World, username: str) -> Client:
    client = Client()
    client.force_login(made.users[username])
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    "address",
    ["/directory/organisations/", "/directory/users/", "/directory/appointments/", "/directory/calendar/", "/account/"],
)
def test_whoever_is_not_signed_in_is_asked_to(client, address):
    assert client.get(address).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("username", "users", "add_user", "add_organisation", "organisations"),
    [
        ("system_admin", 200, 200, 200, 200),
        ("security_admin", 200, 403, 403, 200),
        ("audit_admin", 403, 403, 403, 200),
        ("worker", 403, 403, 403, 200),
        ("st_staff", 403, 403, 403, 200),
        ("expert1", 403, 403, 403, 403),  # holds no duty
    ],
)
def test_each_role_reaches_its_own_pages(made, username, users, add_user, add_organisation, organisations):
    client = as_user(made, username)
    assert client.get("/directory/users/").status_code == users
    assert client.get("/directory/appointments/").status_code == users
    assert client.get("/directory/users/add/").status_code == add_user
    assert client.get("/directory/organisations/add/").status_code == add_organisation
    assert client.get("/directory/organisations/").status_code == organisations
    assert client.get("/account/").status_code == 200


def test_a_role_without_the_right_changes_nothing_by_posting(made):
    client = as_user(made, "security_admin")
    row = made.organisations["st-unit"]
    for address, data in (
        ("/directory/organisations/add/", {"code": "N", "kind": "station", "name": "示例新站"}),
        (f"/directory/organisations/{row.public_id}/close/", {"on": "2019-10-08", "reason": "合并"}),
        (f"/directory/organisations/{row.public_id}/relations/membership/", {"target": "1"}),
        ("/directory/users/add/", {"username": "new", "name": "示例新"}),
        (f"/directory/users/{made.users['worker'].public_id}/password/", {}),
        (f"/directory/users/{made.users['worker'].public_id}/switch/", {"reason": "离职"}),
        ("/directory/calendar/", {"day": "2019-10-09", "working": "no"}),
    ):
        assert client.post(address, data).status_code == 403, address
    assert not Organisation.objects.filter(code="N").exists()
    assert not CalendarDay.objects.exists()


def test_people_of_an_organisation_are_shown_to_their_own_and_to_who_manages(made):
    address = f"/directory/organisations/{made.organisations['st-branch'].public_id}/"
    for username, shown in (("st_staff", True), ("worker", True), ("security_admin", True), ("co_staff", False)):
        assert ("示例st_staff" in text(as_user(made, username).get(address)).split("<main")[1]) is shown, username


def test_the_tree_holds_every_party_organisation_under_its_superior(made):
    rows = {one.organisation.code: one for one in listing.party_tree(NOW.date())}
    assert set(rows) == {"top", "st-committee", "st-branch", "co-committee", "co-branch"}
    assert rows["top"].below == 2
    assert rows["st-branch"].unit == "示例区安质监站"
    assert sum(len(one.closes) for one in rows.values()) == sum(one.opens for one in rows.values())


def test_a_loop_by_mistake_does_not_hang_the_tree(made):
    Relation.objects.create(
        kind="superior", organisation=made.organisations["top"], target=made.organisations["st-branch"], since=SINCE
    )
    listing.party_tree(NOW.date())


@pytest.mark.parametrize("view", ["", "?view=list&kind=station"])
def test_the_directory_costs_the_same_however_many_there_are(made, django_assert_num_queries, view):
    client = as_user(made, "system_admin")
    expected = 5 if not view else 6
    with django_assert_num_queries(expected):
        client.get(f"/directory/organisations/{view}")
    for code in ("s2", "s3"):
        made.organisation(code, "station", f"示例{code}站")
        made.organisation(f"{code}-b", "party_branch", f"示例{code}支部", superior="top", unit=code)
    with django_assert_num_queries(expected):
        client.get(f"/directory/organisations/{view}")


PEOPLE = [("/directory/users/?q=one_", 6), ("/directory/appointments/?q=one_", 5)]


@pytest.mark.parametrize(("address", "expected"), PEOPLE)
def test_lists_of_people_cost_the_same_for_one_and_for_three(made, django_assert_num_queries, address, expected):
    client = as_user(made, "system_admin")
    made.user("one_a", "st-branch")
    with django_assert_num_queries(expected):
        assert "one_a" in text(client.get(address))
    for name in ("one_b", "one_c"):
        made.user(name, "co-branch")
        made.appoint(name, "st-branch", "secretary")
    with django_assert_num_queries(expected):
        assert "one_c" in text(client.get(address))


def test_exports_hold_what_is_filtered(made):
    client = as_user(made, "system_admin")
    for address in (
        "/directory/users/?q=worker&export=1",
        "/directory/appointments/?duty=staff&export=1",
        "/directory/organisations/?view=list&export=1",
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert response.content[:2] == b"PK"
        assert "attachment" in response.headers["Content-Disposition"]


def test_an_organisation_is_registered_related_renamed_and_closed(made):
    client = as_user(made, "system_admin")
    given = {"code": "NB", "kind": "party_branch", "name": "示例新支部"}
    response = client.post("/directory/organisations/add/", given)
    row = Organisation.objects.get(code="NB")
    address = f"/directory/organisations/{row.public_id}/"
    assert response.headers["Location"] == address
    top = made.organisations["top"]
    client.post(f"{address}relations/superior/", {"target": top.pk, "since": "2019-10-01"})
    assert top.name in text(client.get(address))
    client.post(f"{address}edit/", {"kind": "party_branch", "name": "示例先锋支部", "on": "2019-10-08"})
    page = text(client.get(address))
    assert "曾用名" in page
    assert "示例新支部" in page
    client.post(f"{address}relations/superior/end/", {"on": "2019-10-08"})
    client.post(f"{address}close/", {"on": "2019-10-08", "reason": "并入示例支部"})
    row.refresh_from_db()
    assert row.closed_on == date(2019, 10, 8)
    assert "已撤并" in text(client.get(address))


def test_a_loop_of_superiors_is_refused_and_the_choice_kept(made):
    top, branch = made.organisations["top"], made.organisations["st-branch"]
    address = f"/directory/organisations/{top.public_id}/relations/superior/"
    response = as_user(made, "system_admin").post(address, {"target": branch.pk, "since": "2019-09-01"})
    assert response.status_code == 422
    assert "循环" in text(response)
    assert f'value="{branch.pk}" selected' in text(response)
    assert 'value="2019-09-01"' in text(response)


def test_a_code_already_used_never_changes_the_other_organisation(made):
    response = as_user(made, "system_admin").post(
        "/directory/organisations/add/", {"code": "st-unit", "kind": "station", "name": "示例别的站"}
    )
    assert response.status_code == 422
    assert "示例别的站" in text(response)
    assert Organisation.objects.get(code="st-unit").name == "示例区安质监站"


def test_a_new_user_signs_in_with_the_password_shown_once(made):
    client = as_user(made, "system_admin")
    response = client.post("/directory/users/add/", {"username": "newcomer", "name": "示例新人"})
    person = User.objects.get(username="newcomer")
    shown = text(response).split('dir-password">')[1].split("<")[0]
    assert person.check_password(shown)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert shown not in text(client.get(f"/directory/users/{person.public_id}/"))


def test_resetting_a_password_ends_the_sessions_of_its_holder(made):
    theirs = as_user(made, "worker")
    person = made.users["worker"]
    response = as_user(made, "system_admin").post(f"/directory/users/{person.public_id}/password/")
    person.refresh_from_db()
    assert person.check_password(text(response).split('dir-password">')[1].split("<")[0])
    assert theirs.get("/account/").status_code == 302


def test_a_taken_username_is_refused_and_what_was_typed_kept(made):
    response = as_user(made, "system_admin").post("/directory/users/add/", {"username": "worker", "name": "示例重名"})
    assert response.status_code == 409
    assert "已被使用" in text(response)
    assert "示例重名" in text(response)


def test_a_user_is_disabled_and_let_in_again_with_a_reason(made):
    client, person = as_user(made, "system_admin"), made.users["worker"]
    address = f"/directory/users/{person.public_id}/switch/"
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "调离"})
    person.refresh_from_db()
    assert not person.is_active
    assert "已停用" in text(client.get("/directory/users/?active=no"))
    client.post(address, {"reason": "调回"})
    person.refresh_from_db()
    assert person.is_active


def test_nobody_disables_themselves(made):
    me = made.users["system_admin"]
    response = as_user(made, "system_admin").post(f"/directory/users/{me.public_id}/switch/", {"reason": "试试"})
    assert response.status_code == 409
    assert "不能停用自己" in text(response)


def test_a_clash_of_administrators_is_refused_kindly_and_the_input_kept(made):
    person = made.users["system_admin"]
    ops = made.organisations["ops"].pk
    given = {"organisation": ops, "duty": "audit_admin", "since": "2019-10-08", "title": "兼职"}
    response = as_user(made, "security_admin").post(f"/directory/users/{person.public_id}/appointments/add/", given)
    assert response.status_code == 409
    page = text(response)
    assert "管理员职责须由专人担任" in page
    assert 'value="audit_admin" selected' in page
    assert 'value="兼职"' in page
    assert not Appointment.objects.filter(user=person, duty="audit_admin").exists()


def test_the_security_administrator_gives_and_ends_a_duty(made):
    client, person = as_user(made, "security_admin"), made.users["expert1"]
    address = f"/directory/users/{person.public_id}/appointments/add/"
    given = {"organisation": made.organisations["st-branch"].pk, "duty": "staff", "since": "2019-10-01"}
    assert client.post(address, {**given, "until": "2019-09-01"}).status_code == 422
    client.post(address, given)
    row = Appointment.objects.get(user=person)
    client.post(f"/directory/appointments/{row.pk}/end/", {"on": "2019-10-07", "reason": "轮岗"})
    row.refresh_from_db()
    assert row.until == date(2019, 10, 7)
    assert "已终止" in text(client.get(f"/directory/users/{person.public_id}/"))


def test_a_deputy_acts_for_a_time_in_the_same_duty(made):
    row = Appointment.objects.get(user=made.users["st_superior"])
    deputy = made.users["expert2"]
    given = {"deputy": deputy.pk, "since": "2019-10-08", "until": "2019-10-31"}
    client = as_user(made, "security_admin")
    address = f"/directory/appointments/{row.pk}/deputy/"
    assert client.post(address, {"deputy": deputy.pk, "since": "2019-10-08"}).status_code == 422  # no end, no deputy
    client.post(address, given)
    held = Appointment.objects.get(user=deputy)
    assert (held.organisation, held.duty, held.deputy_for) == (row.organisation, "secretary", row)
    leaf = Entry.objects.get(event="directory:appointment:given", subject_id=deputy.public_id).leaf
    assert f'"deputy_for":"{row.user.public_id}"' in leaf
    assert "书记（代理）" in leaf
    assert "代理示例st_superior" in text(as_user(made, "expert2").get("/account/"))
    assert "代理我的人" in text(as_user(made, "st_superior").get("/account/"))
    assert client.get(f"/directory/appointments/{held.pk}/deputy/").status_code == 409


def test_the_account_page_shows_only_ones_own_sign_ins(made):
    for username in ("worker", "officer"):
        SignIn.objects.create(
            user=made.users[username], username=username, outcome="in", at=NOW, address=f"10.0.0.{len(username)}"
        )
    page = text(as_user(made, "worker").get("/account/"))
    assert "10.0.0.6" in page
    assert "10.0.0.7" not in page


def test_the_office_sets_a_day_and_the_calendar_follows(made):
    client = as_user(made, "system_admin")
    assert not office_calendar().is_working(date(2019, 10, 13))
    response = client.post("/directory/calendar/", {"day": "2019-10-13", "working": "yes", "note": "防汛值守"})
    assert response.headers["Location"] == "/directory/calendar/?year=2019"
    assert office_calendar().is_working(date(2019, 10, 13))
    assert "防汛值守" in text(client.get(response.headers["Location"]))
    assert "设定一天" not in text(as_user(made, "worker").get("/directory/calendar/"))


def test_what_the_office_set_can_be_taken_back(made):
    client = as_user(made, "system_admin")
    client.post("/directory/calendar/", {"day": "2019-10-13", "working": "yes", "note": "防汛值守"})
    assert as_user(made, "worker").post("/directory/calendar/", {"unset": "2019-10-13"}).status_code == 403
    page = text(client.post("/directory/calendar/", {"unset": "2019-10-13"}, follow=True))
    assert "已取消对2019年10月13日的设定" in page
    assert not office_calendar().is_working(date(2019, 10, 13))
    assert client.post("/directory/calendar/", {"unset": "2019-10-13"}).status_code == 404
    assert client.post("/directory/calendar/", {"unset": "昨天"}).status_code == 404


def test_the_system_administrator_makes_accounts_but_gives_no_power(made):
    client, person = as_user(made, "system_admin"), made.users["expert1"]
    assert "/appointments/add/" not in text(client.get(f"/directory/users/{person.public_id}/"))
    assert client.get("/directory/appointments/").status_code == 200
    row = Appointment.objects.get(user=made.users["st_superior"])
    for address in (
        f"/directory/users/{person.public_id}/appointments/add/",
        f"/directory/appointments/{row.pk}/end/",
        f"/directory/appointments/{row.pk}/deputy/",
    ):
        response = client.get(address)
        assert response.status_code == 403
        assert "任职由安全管理员维护" in text(response)


def test_a_year_nobody_has_announced_says_so(made):
    client = as_user(made, "worker")
    assert "节假日安排尚未公布" not in text(client.get("/directory/calendar/?year=2019"))
    assert "节假日安排尚未公布" in text(client.get("/directory/calendar/?year=2060"))
    assert client.get("/directory/calendar/?year=abc&month=99&day=x").status_code == 200


def test_the_calendar_knows_holidays_and_make_up_days():
    days = {one.day: one for week in daysheet.month(2019, 10, {}).weeks for one in week if one.inside}
    assert (days[date(2019, 10, 1)].word, days[date(2019, 10, 1)].shift) == ("国庆节", "休")
    assert days[date(2019, 10, 12)].shift == "班"
    assert daysheet.month(2019, 10, {}).working_days == 19


def test_one_time_passwords_differ_and_avoid_what_looks_alike():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("il01oO")
