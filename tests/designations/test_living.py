"""A title lived by its definition: self-checks, sanctions with terms, validity and renewal, merged holders."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import designations as made
from tests.factories.base import World, open_round, world

from xianfeng import journal
from xianfeng.designations import queries, services, tasks
from xianfeng.designations.models import Designation, DesignationCase, SelfCheck
from xianfeng.designations.queries import credentials, life
from xianfeng.designations.rules import ladder
from xianfeng.designations.services.credentials import credentials_catch_up
from xianfeng.directory import queries as directory
from xianfeng.directory import services as organisations
from xianfeng.files.services import file_store
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.nominations.hooks import Start
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.events import Event as ProgrammeEvent

pytestmark = pytest.mark.django_db
CHECK = "  self_check: { every_months: 12, by_month: 12, by_day: 31, on_missed: %s }\n"
TERM = "  validity_months: 24\n  renewal_months_before: 3\n"


def lived(extra: str = "") -> World:
    """The small world with a few more lines in the life of its titles."""
    source = shipped_source("zhishui-guanhai-2019")
    anchor = "  waiting_months: 24\n"
    assert anchor in source
    return world(source=source.replace(anchor, anchor + extra))


def named(w: World, code: str = "st-window") -> Designation:
    return made.titled(w, w.nominees[code])[0]


def pass_to(day: date | None) -> None:
    """The timer on a day, twice: running it again changes nothing."""
    assert day is not None
    now = made.moment(day)
    with clock.frozen(now):
        services.titles_attend(now=now)
        before = (Entry.objects.count(), Message.objects.count())
        Designation.objects.filter(attend_on__isnull=False).update(attend_on=day)
        services.titles_attend(now=now)
        assert (Entry.objects.count(), Message.objects.count()) == before


def term(title: Designation) -> tuple[date, date]:
    """A title's last day, and the first on which renewal may be asked."""
    assert title.valid_until is not None
    assert title.renew_from is not None
    return title.valid_until, title.renew_from


def fresh(title: Designation) -> Designation:
    return Designation.objects.get(pk=title.pk)


def kinds(title: Designation) -> list[str]:
    return list(title.history.values_list("kind", flat=True))


def conclude(w: World, title: Designation, result: str, day: date) -> None:
    step = made.concluding(w, title, made.moment(day))
    finish(w, step, result, day)


def finish(w: World, step, result: str, day: date, cause: str = "") -> None:
    with made.at(made.moment(day)) as now:
        services.step_conclude(
            step_id=step.pk, result=result, opinion="经审定。", meeting_on=day, document_no="示例〔2021〕3号",
            actor=w.actor("officer"), now=now, cause=cause,
        )  # fmt: skip


def hand_in(w: World, title: Designation, day: date, who: str = "st_staff", **more) -> SelfCheck:
    with made.at(made.moment(day)) as now:
        return services.self_check_hand_in(
            designation_id=title.pk, text="对照标准逐项自查，均保持。", actor=w.actor(who), now=now, **more
        )


# --- self-checks --------------------------------------------------------------------------------------------------


def test_a_self_check_is_announced_reminded_of_and_handed_in_with_files():
    w = lived(CHECK % "remind")
    title = named(w)
    assert title.self_check_by == date(2020, 12, 31)
    with pytest.raises(Conflict, match="2020年12月31日前报送，现在还早"):
        hand_in(w, title, date(2020, 6, 1))
    pass_to(date(2020, 12, 2))
    assert Message.objects.filter(title__startswith="年度自查请于2020年12月31日前报送").count() == 1
    with clock.frozen(made.moment(date(2020, 12, 2))):
        (todo,) = life.todos(w.actor("st_staff"), clock.now())
        assert (todo.kind, todo.due) == ("check", clock.instant(date(2021, 1, 1)))
    with pytest.raises(NotPermitted, match="持有单位"):
        hand_in(w, title, date(2020, 12, 5), who="co_staff")
    with made.at(made.moment(date(2020, 12, 6))) as now:
        file = file_store(content=b"%PDF-1.4 a", name="自查.pdf", actor=w.actor("st_staff"), now=now)
    row = hand_in(w, title, date(2020, 12, 6), files=[file])
    assert list(row.files.all()) == [file]
    assert fresh(title).self_check_by == date(2021, 12, 31)
    pass_to(date(2021, 1, 2))
    assert "check_missed" not in kinds(title)
    with pytest.raises(Conflict, match="现在还早"):
        hand_in(w, title, date(2021, 1, 3))


def test_one_that_was_missed_is_called_for_and_may_be_handed_in_late():
    w = lived(CHECK % "remind")
    title = named(w)
    pass_to(date(2021, 1, 1))
    assert fresh(title).state == "active"
    row = SelfCheck.objects.get(designation=title)
    assert (row.due_on, row.missed_on, row.consequence) == (date(2020, 12, 31), date(2021, 1, 1), "remind")
    assert Message.objects.filter(title__startswith="年度自查逾期未报").count() == 3  # the holder, two of the group
    hand_in(w, title, date(2021, 1, 10))
    assert SelfCheck.objects.get(designation=title).handed_in_at is not None
    assert title.history.get(kind="self_check").text == "2020年12月31日前应报，逾期补报"
    assert fresh(title).self_check_by == date(2021, 12, 31)


@pytest.mark.parametrize(("word", "state"), [("failed", "reassessing"), ("revoked", "revoked"), ("withdrawn", "ended")])
def test_a_missed_one_may_open_a_reassessment_or_end_the_title_by_itself(word, state):
    w = lived(CHECK % word)
    title = named(w)
    pass_to(date(2020, 12, 31))
    assert fresh(title).state == "active"
    pass_to(date(2021, 1, 1))
    assert fresh(title).state == state
    if word == "failed":
        reason = DesignationCase.objects.get(designation=title).reason
        assert reason == "应于2020年12月31日前报送年度自查，逾期未报：视为不合格"


def test_one_missed_year_after_year_is_noted_each_year_and_the_coming_one_asked_for():
    w = lived(CHECK % "remind")
    title = named(w)
    pass_to(date(2021, 1, 1))
    assert fresh(title).attend_on == date(2021, 11, 1)  # the next may be handed in from then on
    pass_to(date(2021, 11, 1))
    assert fresh(title).self_check_by == date(2021, 12, 31)
    pass_to(date(2022, 1, 1))
    assert list(title.self_checks.values_list("due_on", flat=True)) == [date(2021, 12, 31), date(2020, 12, 31)]
    assert fresh(title).self_check_by == date(2021, 12, 31)
    hand_in(w, title, date(2022, 1, 5))  # which covers the years before it
    assert fresh(title).self_check_by == date(2022, 12, 31)


def test_a_rule_that_came_later_is_not_held_against_the_years_before_it():
    w = lived()
    title = named(w)
    source = shipped_source("zhishui-guanhai-2019").replace(
        "  waiting_months: 24\n", "  waiting_months: 24\n" + CHECK % "revoked"
    )
    w.version.source, w.version.content_hash = source, "0" * 64
    w.version.published_at = clock.instant(date(2022, 3, 1))
    w.version.save()
    with made.at(made.moment(date(2022, 3, 1))) as now:
        journal.record(ProgrammeEvent.PUBLISHED, subject=w.version, actor=w.actor("worker"), at=now, data={"number": 2})
    pass_to(date(2022, 3, 2))
    assert (fresh(title).state, fresh(title).self_check_by) == ("active", date(2022, 12, 31))


# --- the ladder ---------------------------------------------------------------------------------------------------


def test_a_warning_has_its_term_and_lapses_by_itself():
    w = lived()
    title = named(w)
    conclude(w, title, "warned", date(2021, 9, 6))
    assert title.history.get(kind="warn").until == date(2022, 3, 5)
    pass_to(date(2022, 3, 5))
    assert fresh(title).state == "warned"
    pass_to(date(2022, 3, 6))
    assert fresh(title).state == "active"
    assert title.history.get(kind="over").text == "警告至2022年3月5日期满"


def test_the_next_rung_is_proposed_with_the_reason():
    w = lived()
    title = named(w)
    definition = w.version.definition
    first = ladder.proposal(definition, grade="", stands=life.standing_of(title, date(2021, 9, 6)))
    assert first is not None
    assert first.outcome == "warned"
    conclude(w, title, "warned", date(2021, 9, 6))
    then = ladder.proposal(definition, grade="", stands=life.standing_of(title, date(2021, 12, 1)))
    assert then is not None
    assert then.outcome == "rectify"
    assert then.sentence == (
        "仍在影响期内的处理：“警告”（2021年9月6日至2022年3月5日）；如认定不符合标准，按处理阶梯下一级为“限期整改”。"
    )
    assert life.standing_of(title, date(2022, 3, 6)) == []


def test_what_the_ladder_does_not_know_cannot_be_concluded():
    w = lived()
    title = named(w)
    step = made.concluding(w, title, made.moment(date(2021, 9, 6)))
    with pytest.raises(Invalid, match="请选择复评审定的结果"):
        finish(w, step, "suspended", date(2021, 9, 6))


def test_a_suspension_has_its_term_and_ends_by_itself():
    source = shipped_source("zhishui-guanhai-2019").replace(
        "{ code: revocation, title: 撤销 }",
        "{ code: suspension, title: 暂停称号, months: 3 }\n    - { code: revocation, title: 撤销 }",
    )
    w = world(source=source)
    title = named(w)
    conclude(w, title, "suspended", date(2021, 9, 6))
    assert fresh(title).state == "suspended"
    pass_to(date(2021, 12, 6))
    assert fresh(title).state == "active"
    shown = queries.verification(title.public_id)
    assert shown is not None
    assert [one.kind for one in shown.history] == ["named", "reassess", "suspension", "over"]


GRADES = """result:
  kind: grades
  bands:
    - { code: gold, title: 金牌, at_least: 90 }
    - { code: silver, title: 银牌, at_least: 80 }
"""


def graded(grade: str, extra: str = "") -> tuple[World, Designation]:
    source = shipped_source("zhishui-guanhai-2019")
    source = source.replace("result: { kind: quota, margin: 1, reserve: 0, unused: lapse }", GRADES)
    source = source.replace(
        "    - { code: revocation", "    - { code: downgrade, title: 降级 }\n    - { code: revocation"
    )
    w = world(source=source.replace("  waiting_months: 24\n", "  waiting_months: 24\n" + extra))
    case = made.case_at(w, w.nominees["st-window"], "name")
    with made.at(made.moment()) as now:
        (title,) = services.designations_name(
            round_id=w.round.pk, tier="tier1", case_ids=[case.pk], actor=w.actor("worker"), now=now
        )
    Designation.objects.filter(pk=title.pk).update(grade=grade)
    return w, fresh(title)


def test_a_downgrade_lowers_the_grade_and_renews_the_credential():
    w, title = graded("gold")
    before = title.credential.sha256
    conclude(w, title, "downgraded", date(2021, 9, 6))
    after = fresh(title)
    assert (after.state, after.grade_title) == ("active", "银牌")
    assert title.history.get(kind="downgrade").text == "由“金牌”降为“银牌”，示例〔2021〕3号"
    credentials_catch_up(now=clock.real_now())
    assert fresh(title).credential.sha256 != before
    assert "（银牌）" in fresh(title).credential.document
    step = made.concluding(w, after, made.moment(date(2021, 10, 6)))
    with pytest.raises(Invalid, match="请选择复评审定的结果"):
        finish(w, step, "downgraded", date(2021, 10, 6))


def test_who_may_rise_applies_again_after_the_time_and_the_new_title_replaces_the_old():
    w, title = graded("silver", "  upgrade_after_months: 12\n")
    later = open_round(w.version, 2021)

    def apply(on: date) -> None:
        services.before_nomination(Start(title.nominee, later, "tier1", "service_point", on))

    with pytest.raises(Conflict, match="获得称号满 12 个月"):
        apply(date(2020, 6, 1))
    apply(date(2021, 10, 8))
    w.round = later
    case = made.case_at(w, title.nominee, "name", made.moment(date(2021, 12, 9)))
    with made.at(made.moment(date(2021, 12, 10))) as now:
        (new,) = services.designations_name(
            round_id=later.pk, tier="tier1", case_ids=[case.pk], actor=w.actor("worker"), now=now
        )
    assert (fresh(title).state, new.state) == ("replaced", "active")
    shown = queries.verification(title.public_id)
    assert shown is not None
    assert shown.word == "已换发"


def test_the_highest_grade_held_for_good_stands_in_the_way_of_another():
    w, title = graded("gold")
    with pytest.raises(Conflict, match="已有有效命名"):
        services.before_nomination(
            Start(title.nominee, open_round(w.version, 2021), "tier1", "service_point", date(2021, 10, 8))
        )


# --- validity -----------------------------------------------------------------------------------------------------


def test_a_title_ends_after_its_term_by_itself_and_its_credential_says_so():
    w = lived(TERM)
    title = named(w)
    last = title.valid_until
    assert last is not None
    assert last.year == 2021
    pass_to(last)
    assert fresh(title).state == "active"
    pass_to(last + timedelta(days=1))
    ended = fresh(title)
    assert (ended.state, ended.live_key, ended.attend_on) == ("expired", None, None)
    assert queries.public_register({"state": "expired"}).get() == ended
    verdict = credentials.verdict(ended.credential.document.encode(), now=clock.real_now())
    assert verdict.code == "expired"


def test_the_holder_asks_for_renewal_and_only_a_conclusion_extends():
    w = lived(TERM)
    title = named(w)
    last, asked_on = term(title)
    with pytest.raises(Conflict, match="现在不能申请续期"), made.at(made.moment(date(2020, 6, 1))) as now:
        services.title_renew(designation_id=title.pk, reason="示例", actor=w.actor("st_staff"), now=now)
    pass_to(asked_on)
    assert Message.objects.filter(title__contains="可以申请续期").count() == 1
    with made.at(made.moment(asked_on)) as now:
        assert [one.kind for one in life.todos(w.actor("st_staff"), now)] == ["renew"]
        case = services.title_renew(designation_id=title.pk, reason="保持良好", actor=w.actor("st_staff"), now=now)
        step = made.advance(case, "conclude", now)
    pass_to(last + timedelta(days=5))  # asked for in time: it waits for the conclusion
    assert fresh(title).state == "reassessing"
    before = title.credential.sha256
    finish(w, step, "confirmed", last + timedelta(days=6))
    after = fresh(title)
    assert (after.state, after.valid_until) == ("active", date(2023, last.month, last.day))
    credentials_catch_up(now=clock.real_now())
    assert fresh(title).credential.sha256 != before
    assert kinds(title)[-1] == "renewed"


def test_a_renewal_looked_into_may_cost_the_title():
    w = lived(TERM)
    title = named(w)
    _last, asked_on = term(title)
    with made.at(made.moment(asked_on)) as now:
        case = services.title_renew(designation_id=title.pk, reason="保持良好", actor=w.actor("st_staff"), now=now)
        step = made.advance(case, "conclude", now)
    finish(w, step, "revoked", asked_on)
    assert fresh(title).state == "revoked"


def test_after_a_revocation_the_waiting_time_is_that_of_the_round_applied_for():
    w = lived()
    title = named(w)
    conclude(w, title, "revoked", date(2021, 9, 6))
    start = Start(nominee=title.nominee, round=w.round, tier="tier1", category="service_point", on=date(2023, 9, 5))
    with pytest.raises(Conflict, match="24 个月内不能再次申报") as refusal:
        services.before_nomination(start)
    assert "2023年9月6日起可以申报" in refusal.value.hint


CAUSES = """  waiting_by_cause:
    - { code: fraud, title: 弄虚作假, months: 60 }
    - { code: crime, title: 违纪违法 }
"""


@pytest.mark.parametrize(
    ("cause", "told", "hint"), [("fraud", "60 个月内", "2026年9月6日起"), ("crime", "今后不再受理", "办公室")]
)
def test_a_revocation_for_a_named_cause_has_its_own_waiting_time(cause, told, hint):
    w = lived(CAUSES)
    title_of = {"fraud": "弄虚作假", "crime": "违纪违法"}
    title = named(w)
    step = made.concluding(w, title, made.moment(date(2021, 9, 6)))
    for result, wrong in (("warned", cause), ("revoked", "boredom")):
        with pytest.raises(Invalid, match="撤销缘由"):
            finish(w, step, result, date(2021, 9, 6), cause=wrong)
    finish(w, step, "revoked", date(2021, 9, 6), cause=cause)
    assert title.history.get(kind="revoke").text.startswith(f"复评不符合标准（{title_of[cause]}，示例〔2021〕3号）")
    start = Start(nominee=title.nominee, round=w.round, tier="tier1", category="service_point", on=date(2026, 9, 5))
    with pytest.raises(Conflict, match=told) as refusal:
        services.before_nomination(start)
    assert hint in refusal.value.hint


def test_the_cause_of_a_revocation_is_asked_for_where_the_programme_names_any():
    w = lived(CAUSES)
    step = made.concluding(w, named(w), made.moment(date(2021, 9, 6)))
    paper = {"opinion": "撤销。", "meeting_on": "2021-09-06", "document_no": "示例〔2021〕3号", "result": "revoked"}
    with clock.frozen(made.moment(date(2021, 9, 6))):
        client, address = Client(), reverse("designations:conclude", args=[step.public_id])
        client.force_login(w.users["officer"])
        assert "弄虚作假（60 个月内不再受理）" in client.get(address).content.decode()
        asked = client.post(address, paper | {"cause": "fraud"}).content.decode()
        assert 'name="cause" value="fraud"' in asked
        client.post(address, paper | {"cause": "fraud", "confirmed": "1"})
    assert Designation.objects.get(state="revoked").ended_cause == "fraud"


# --- merged and dissolved -----------------------------------------------------------------------------------------


def close(w: World, code: str, successor: str = "", day: date = date(2021, 5, 10)) -> None:
    with made.at(made.moment(day)) as now:
        organisations.organisation_close(
            organisation_id=w.organisations[code].pk, on=day, reason="机构改革（示例）",
            successor=w.organisations[successor] if successor else None, actor=w.actor("system_admin", day), now=now,
        )  # fmt: skip


def merged(rule: str) -> tuple[World, Designation]:
    w = lived(f"  on_merged: {rule}\n")
    w.organisation("st-new", "party_branch", "示例区安质监中心党支部", superior="st-committee", unit="st-unit")
    w.user("new_staff", "st-new")
    return w, named(w, "st-branch")


def test_a_merged_holders_title_passes_to_the_successor_with_its_history():
    w, title = merged("transfer")
    close(w, "st-branch", "st-new")
    after = fresh(title)
    assert after.state == "active"
    assert {after.nominee.organisation, after.party, after.carried_by} == {w.organisations["st-new"]}
    assert (after.number, after.holder, after.named_on) == (title.number, title.holder, title.named_on)
    assert kinds(title)[-2:] == ["merged", "transferred"]
    assert queries.titles(w.actor("new_staff", date(2021, 5, 11)), {}).get() == after
    credentials_catch_up(now=clock.real_now())
    assert "示例区安质监中心党支部" in fresh(title).credential.document


def test_a_merged_holders_title_is_looked_at_again_by_whoever_answers_for_it():
    w, title = merged("review")
    window = made.titled(w, w.nominees["st-window"])[0]
    close(w, "st-branch", "st-new")
    for one in (title, window):
        assert fresh(one).state == "reassessing"
        case = DesignationCase.objects.get(designation=one).case
        assert case.steps.get(state="open").organisation == w.organisations["st-new"]
    w.service_points["st-window"].refresh_from_db()
    assert w.service_points["st-window"].party_organisation == w.organisations["st-new"]


def test_a_dissolved_holders_title_ends_or_is_looked_at_by_its_superior():
    w, title = merged("transfer")
    close(w, "st-branch")
    assert fresh(title).state == "ended"
    assert title.history.get(kind="end").text == "单位撤销，没有承继单位，按规定称号终止"
    branch = w.organisations["st-branch"]
    branch.refresh_from_db()
    assert directory.answers_for(branch, date(2021, 6, 1)) == w.organisations["st-committee"]


def test_a_successor_that_holds_the_same_title_does_not_hold_it_twice():
    w, title = merged("transfer")
    other = made.titled(w, w.party_nominee("st-new"))[0]
    close(w, "st-branch", "st-new")
    assert (fresh(title).state, fresh(other).state) == ("ended", "active")


def test_an_organisation_is_merged_only_into_another_of_its_sort_that_stands():
    w, _title = merged("review")
    for successor in ("st-branch", "st-unit"):
        with pytest.raises(Invalid, match="另一个同类组织"):
            close(w, "st-branch", successor)
    with pytest.raises(Invalid, match="撤并日期晚于今天"), made.at(made.moment(date(2021, 5, 10))) as now:
        organisations.organisation_close(
            organisation_id=w.organisations["st-branch"].pk, on=date(2021, 5, 11), reason="示例",
            actor=w.actor("system_admin"), now=now,
        )  # fmt: skip


# --- pages --------------------------------------------------------------------------------------------------------


def page(client, w: World, who: str, address: str, day: date, data: dict[str, object] | None = None):
    client.force_login(w.users[who])
    with clock.frozen(made.moment(day)):
        return client.get(address) if data is None else client.post(address, data)


def test_the_holder_hands_in_on_the_page_what_the_workbench_asks_for(client):
    w = lived(CHECK % "failed")
    title, day = named(w), date(2020, 12, 6)
    address = f"/designations/titles/{title.public_id}/self-check/"
    assert address in page(client, w, "st_staff", "/work/", day).content.decode()
    assert "还没有到报送时间" in page(client, w, "st_staff", address, date(2020, 3, 2)).content.decode()
    shown = page(client, w, "st_staff", address, day).content.decode()
    assert "请于2020年12月31日前报送" in shown
    assert "视为不合格，启动复评" in shown
    empty = page(client, w, "st_staff", address, day, {"text": ""})
    assert empty.status_code == 422
    upload = SimpleUploadedFile("自查.pdf", b"%PDF-1.4 a")
    sent = page(client, w, "st_staff", address, day, {"text": "逐项自查，均保持。", "uploads": upload})
    assert sent.status_code == 302
    seen = page(client, w, "worker", f"/designations/titles/{title.public_id}/", day).content.decode()
    assert "逐项自查，均保持。" in seen
    row = SelfCheck.objects.get()
    file = f"/designations/self-checks/{row.public_id}/{row.files.get().public_id}/"
    assert page(client, w, "worker", file, day).status_code == 200
    assert page(client, w, "co_staff", file, day).status_code == 404
    assert page(client, w, "worker", address, day).status_code == 403


def test_the_holder_asks_for_renewal_on_its_page(client):
    w = lived(TERM)
    title = named(w)
    address, (_last, day) = f"/designations/titles/{title.public_id}/renew/", term(title)
    assert address in page(client, w, "st_staff", "/work/", day).content.decode()
    assert page(client, w, "st_staff", address, day, {"reason": "保持良好"}).status_code == 302
    assert fresh(title).state == "reassessing"
    again = page(client, w, "st_staff", address, day, {"reason": "再来一次"})
    assert again.status_code == 409


def test_the_group_sees_what_is_overdue_among_all(client):
    w = lived(CHECK % "remind")
    title = named(w)
    pass_to(date(2022, 6, 1))
    bench = page(client, w, "worker", "/work/", date(2022, 6, 1)).content.decode()
    assert "年度自查逾期未报 1 个" in bench
    assert "到期未复评的命名 1 个" in bench
    for query in ("check=late", "due=over"):
        assert (
            title.number
            in page(client, w, "worker", f"/designations/titles/?{query}", date(2022, 6, 1)).content.decode()
        )


def test_a_titles_page_costs_the_same_for_one_and_for_three_self_checks(client):
    w = lived(CHECK % "remind")
    title = named(w)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, w, "st_staff", f"/designations/titles/{title.public_id}/", date(2023, 2, 1))
        return len(seen)

    hand_in(w, title, date(2020, 12, 6))
    cost()
    one = cost()
    for year in (2021, 2022):
        hand_in(w, title, date(year, 12, 6))
    assert cost() == one


# --- the timer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["attend_on", "credential_due_at"])
def test_the_timer_finds_what_is_due_by_an_index_and_reads_no_other_title(column):
    lived()
    now = clock.real_now()
    value = clock.local_day(now) if column == "attend_on" else now
    due = Designation.objects.filter(**{f"{column}__lte": value}).order_by(column, "id").values_list("pk")[:500]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = due.explain()
    assert column in plan, plan
    assert "SCAN designations_designation\n" not in plan + "\n"


def test_a_quiet_tick_costs_the_same_few_queries_however_many_titles():
    w = lived(CHECK % "remind")
    day = date(2020, 2, 3)

    def cost() -> int:
        with clock.frozen(made.moment(day)):
            tasks.tick(clock.now())
            with CaptureQueriesContext(connection) as seen:
                tasks.tick(clock.now())
        return len(seen)

    made.titled(w, *made.nominees(w, 1, "service_point"))
    one = cost()
    made.titled(w, *[w.nominees["st-window"], w.nominees["st-branch"], w.nominees["st-member"]])
    assert cost() == one == 2
