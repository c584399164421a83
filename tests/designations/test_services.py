"""Decision, notice, objection, naming: what is refused and what follows."""

from datetime import date, timedelta

import pytest
from tests.factories import designations as made
from tests.factories.base import World, world

from xianfeng.designations import queries, services
from xianfeng.designations.models import Designation, NumberSequence
from xianfeng.journal.models import Entry
from xianfeng.kernel.actors import public_actor
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.nominations.hooks import Start, run
from xianfeng.programmes.rules.life import months_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return world()


def record(w: World, items, *, present=9, actor="leader", document_no="示例〔2019〕12号", meeting_on=made.MEETING):
    with made.at(made.moment()) as now:
        return services.decision_record(
            round_id=w.round.pk,
            tier="tier1",
            items=items,
            meeting_on=meeting_on,
            document_no=document_no,
            present=present,
            members=9,
            actor=w.actor(actor),
            now=now,
        )


# --- decision -----------------------------------------------------------------------------------------------------


def test_a_meeting_approves_one_and_rejects_another(w):
    first, second = (made.case_at(w, one, "decide") for one in made.nominees(w, 2))
    decision = record(w, [(first.pk, "approved", 8, 1, ""), (second.pk, "rejected", 2, 7, "票数不足")])
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.stage == "announce"
    assert (second.state, second.outcome) == ("ended", "rejected")
    assert decision.items.count() == 2
    assert Entry.objects.filter(event="decision:step:decided").count() == 2


def test_the_quota_refuses_with_the_number_of_places_left(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 7)]
    record(w, [(one.pk, "approved", 8, 1, "") for one in cases[:4]])
    with pytest.raises(Conflict, match="名额 5 个，拟命名 6 个，超出 1 个"):
        record(w, [(one.pk, "approved", 8, 1, "") for one in cases[4:6]])
    record(w, [(cases[4].pk, "approved", 8, 1, "")])
    with pytest.raises(Conflict, match="超出 1 个"):
        record(w, [(cases[5].pk, "approved", 8, 1, "")])


def test_a_place_comes_free_when_an_objection_is_upheld(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 6)]
    made.decided(w, cases[:5])
    notice = made.announced(w, cases[:5])
    objection = file(w, notice.items.get(position=1))
    handle(w, services.objection_accept, objection)
    handle(w, services.objection_uphold, objection, reply="经核查属实。")
    record(w, [(cases[5].pk, "approved", 8, 1, "")])
    assert cases[5].steps.filter(kind="decide").latest("id").outcome == "approved"


@pytest.mark.parametrize(
    ("votes", "present", "reason"),
    [((8, 1), 5, "不足 2/3，不能表决"), ((4, 5), 9, "未超过到会人数的 1/2"), ((9, 3), 9, "票数多于到会人数")],
)
def test_a_vote_needs_quorum_and_majority(w, votes, present, reason):
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    if present == 5:
        votes = (5, 0)
    with pytest.raises(Invalid, match=reason):
        record(w, [(case.pk, "approved", *votes, "")], present=present)


def test_passing_over_a_better_rank_needs_a_reason(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 2)]
    made.ranked(w, cases)
    with pytest.raises(Invalid, match="排第 2 名，前面还有 1 个没有同意"):
        record(w, [(cases[1].pk, "approved", 8, 1, ""), (cases[0].pk, "rejected", 1, 8, "")])
    record(w, [(cases[1].pk, "approved", 8, 1, "第一名主动放弃。"), (cases[0].pk, "rejected", 1, 8, "")])


def test_only_the_deciding_body_decides_with_a_document_and_a_past_meeting(w):
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    items = [(case.pk, "approved", 8, 1, "")]
    with pytest.raises(NotPermitted, match="不由您所在的组织办理"):
        record(w, items, actor="officer")
    with pytest.raises(Invalid, match="请填写文号"):
        record(w, items, document_no=" ")
    with pytest.raises(Invalid, match="会议日期晚于今天"):
        record(w, items, meeting_on=made.MEETING + timedelta(days=1))


def test_nobody_decides_on_their_own_unit_where_another_can(w):
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    w.appoint("leader", "st-branch")
    record_by_only_leader = [(case.pk, "approved", 8, 1, "")]
    w.user("leader2", "leading_group", "member")
    with pytest.raises(NotPermitted, match="应当回避"):
        record(w, record_by_only_leader)
    record(w, record_by_only_leader, actor="leader2")


# --- notice and objection -----------------------------------------------------------------------------------------


def file(
    w: World,
    item,
    *,
    name="示例群众甲",
    contact="000-12345678",
    content="该对象在公示年度有未披露的情况。",
    note="见附件",
):
    with made.at(made.moment(made.MEETING + timedelta(days=1))) as now:
        return services.objection_file(
            item_id=item.pk,
            name=name,
            contact=contact,
            content=content,
            evidence_note=note,
            actor=public_actor(name),
            now=now,
        )


def handle(w: World, service, objection, actor="worker", **more):
    with made.at(made.moment(made.MEETING + timedelta(days=2))) as now:
        return service(objection_id=objection.pk, actor=w.actor(actor), now=now, **more)


@pytest.fixture
def notice(w):
    cases = [made.case_at(w, one, "decide") for one in made.nominees(w, 2)]
    made.decided(w, cases)
    return made.announced(w, cases)


def test_a_notice_counts_working_days_after_its_publication(w, notice):
    assert (notice.starts_on, notice.ends_on, notice.days) == (date(2019, 12, 10), date(2019, 12, 16), 5)
    assert notice.calendar_known


def test_a_notice_is_closed_only_when_its_days_are_over_and_its_objections_answered(w, notice):
    with pytest.raises(Conflict, match="才结束"), made.at(made.moment(date(2019, 12, 16), 23)) as now:
        services.notice_close(notice_id=notice.pk, actor=w.actor("worker"), now=now)
    objection = file(w, notice.items.get(position=1))
    with pytest.raises(Conflict, match="还有 1 件异议没有处理完"):
        made.cleared(w, notice)
    handle(w, services.objection_refuse, objection, refusal="irrelevant", reply="")
    made.cleared(w, notice)
    assert set(notice.items.values_list("result", flat=True)) == {"cleared"}
    assert set(notice.items.values_list("case__stage", flat=True)) == {"name"}


def test_a_notice_shorter_than_the_definition_says_is_refused(w):
    case = made.case_at(w, made.nominees(w, 1)[0], "decide")
    made.decided(w, [case])
    with pytest.raises(Invalid, match="不得少于 5 个工作日"), made.at(made.moment()) as now:
        services.notice_publish(
            round_id=w.round.pk,
            tier="tier1",
            case_ids=[case.pk],
            title="示例",
            days=3,
            actor=w.actor("worker"),
            now=now,
        )


def test_a_withdrawn_notice_can_be_published_again(w, notice):
    with made.at(made.moment(made.MEETING + timedelta(days=1))) as now:
        services.notice_withdraw(notice_id=notice.pk, reason="名单有误", actor=w.actor("worker"), now=now)
    again = made.announced(w, [one.case for one in notice.items.all()])
    assert again.items.count() == 2
    assert [one.public_id for one in queries.public_notices(made.MEETING)] == [again.public_id]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": "匿名"}, "请填写真实姓名"),
        ({"contact": ""}, "请填写能联系到您的"),
        ({"content": "不服"}, "请写明异议的具体事实"),
        ({"note": " "}, "请提供证据"),
    ],
)
def test_an_objection_is_real_name_reachable_and_with_evidence(w, notice, wrong, reason):
    with pytest.raises(Invalid, match=reason):
        file(w, notice.items.get(position=1), **wrong)


def test_no_objection_after_the_last_day(w, notice):
    with pytest.raises(Conflict, match="公示期已满"), made.at(notice.ends_at) as now:
        services.objection_file(
            item_id=notice.items.first().pk,
            name="示例群众甲",
            contact="000-12345678",
            content="该对象在公示年度有未披露的情况。",
            evidence_note="有",
            actor=public_actor(),
            now=now,
        )


def test_the_objector_stays_out_of_the_journals_leaves(w, notice):
    file(w, notice.items.get(position=1), name="示例不愿公开者")
    assert not any("示例不愿公开者" in leaf for leaf in Entry.objects.values_list("leaf", flat=True))


def test_upholding_ends_the_case_and_leaves_the_others(w, notice):
    objection = file(w, notice.items.get(position=1))
    with pytest.raises(Conflict, match="待受理，不能这样办理"):
        handle(w, services.objection_uphold, objection, reply="属实")
    handle(w, services.objection_accept, objection)
    with pytest.raises(Invalid, match="请写明核查情况"):
        handle(w, services.objection_uphold, objection, reply="")
    handle(w, services.objection_uphold, objection, reply="经核查属实。")
    first, second = notice.items.order_by("position")
    assert (first.result, first.case.outcome) == ("upheld", "objection_upheld")
    made.cleared(w, notice)
    second.refresh_from_db()
    assert second.result == "cleared"


def republished(w, notice):
    """The notice withdrawn for a mistake, and its cases put before the public again."""
    with made.at(made.moment(made.MEETING + timedelta(days=1))) as now:
        services.notice_withdraw(notice_id=notice.pk, reason="标题有误", actor=w.actor("worker"), now=now)
        return services.notice_publish(
            round_id=w.round.pk,
            tier="tier1",
            case_ids=[one.case_id for one in notice.items.all()],
            title="更正后的公示（示例）",
            actor=w.actor("worker"),
            now=now,
        )


def test_an_objection_outlives_the_withdrawal_of_its_notice(w, notice):
    objection = file(w, notice.items.get(position=1))
    again = republished(w, notice)
    with pytest.raises(Conflict, match="还有 1 件异议"):
        made.cleared(w, again)
    handle(w, services.objection_accept, objection)
    handle(w, services.objection_uphold, objection, reply="经核查属实。")
    first = again.items.get(position=1)
    assert (first.result, first.case.outcome) == ("upheld", "objection_upheld")
    made.cleared(w, again)
    again.refresh_from_db()
    assert again.state == "closed"


def test_the_nominees_own_people_do_not_handle_objections(w, notice):
    objection = file(w, notice.items.get(position=1))
    with pytest.raises(NotPermitted):
        handle(w, services.objection_accept, objection, actor="st_staff")


# --- naming -------------------------------------------------------------------------------------------------------


def test_naming_numbers_in_order_keeps_a_snapshot_and_begins_a_history(w):
    titles = made.titled(w, *made.nominees(w, 2))
    assert [one.number for one in titles] == ["SZ-ZXF-2019-SFG-001", "SZ-ZXF-2019-SFG-002"]
    first = titles[0]
    assert first.title == "“治水管海（水务工程建设）先锋”党建品牌示范点·党员示范岗"
    assert first.snapshot["unit"] == "示例区安质监站"
    assert first.reassess_by == months_after(first.named_on, 24)
    assert [one.kind for one in first.history.all()] == ["named"]
    assert (first.case.state, first.case.outcome) == ("ended", "named")
    assert NumberSequence.objects.get().last == 2


def test_a_holder_cannot_apply_again_nor_soon_after_a_revocation(w):
    nominee = w.nominees["st-member"]
    (title,) = made.titled(w, nominee)
    start = Start(nominee=nominee, round=w.round, tier="tier1", category="post", on=date(2020, 10, 8))
    with pytest.raises(Conflict, match="已有有效命名"):
        run(start)
    Designation.objects.filter(pk=title.pk).update(state="revoked", ended_on=date(2020, 1, 10), live_key=None)
    with pytest.raises(Conflict, match="24 个月内不能再次申报"):
        run(start)
    run(Start(nominee=nominee, round=w.round, tier="tier1", category="post", on=date(2022, 1, 10)))


def test_a_plaque_is_issued_once(w):
    (title,) = made.titled(w, w.nominees["st-window"])
    when = made.moment(date(2019, 12, 20))
    with made.at(when) as now:
        services.plaques_issue(designation_ids=[title.pk], actor=w.actor("worker"), now=now)
    with pytest.raises(Conflict, match="已经颁发"), made.at(when) as now:
        services.plaques_issue(designation_ids=[title.pk], actor=w.actor("worker"), now=now)
    with pytest.raises(NotPermitted), made.at(when) as now:
        services.plaques_issue(designation_ids=[title.pk], actor=w.actor("st_staff"), now=now)


# --- the public -----------------------------------------------------------------------------------------------------


def test_a_name_is_public_only_with_consent_on_record(w):
    silent = w.member("st-silent", "st-branch", "st-unit", publication_consent_on=None)
    made.titled(w, w.nominees["st-member"], w.nominees["st-silent"])
    lines = {one.text for one in (queries.register_line(d).name for d in queries.public_register())}
    assert lines == {"示例st-member", "示例区安质监站质量监督员岗位"}
    assert not queries.public_register({"q": silent.name}).exists()
    assert queries.public_register({"q": "示例st-member"}).exists()


def test_verification_answers_by_code_and_by_number(w):
    (title,) = made.titled(w, w.nominees["st-window"])
    for code in (title.public_id, title.number):
        found = queries.verification(code)
        assert found is not None
        assert (found.word, found.since, found.valid) == ("有效", title.named_on, True)
    assert queries.verification("nothing") is None
