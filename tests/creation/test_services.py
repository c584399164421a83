"""Stages 1 and 2: who may do what, and what a refusal says."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.base import World, world
from tests.factories.creation import (
    SPRING,
    accepted_plan,
    called_meeting,
    opened_survey,
    raised_problem,
    saved_plan,
    submitted_plan,
)
from xianfeng import journal
from xianfeng.creation import queries, rules, services, tasks
from xianfeng.creation.models import CreationPlan, Problem, ProblemTurn
from xianfeng.journal.models import Entry
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor
from xianfeng.kernel.errors import Conflict, Invalid, NotPermitted
from xianfeng.messaging.models import Message
from xianfeng.programmes import services as programmes

pytestmark = pytest.mark.django_db
READERS = ("st_staff", "st_superior", "top_user", "secretariat", "worker", "officer", "expert1", "audit_admin")


@pytest.fixture
def made() -> World:
    return world()


def do(service: Callable[..., Any], made: World, username: str, now: Any = SPRING, **given: Any) -> Any:
    with journal.unit_of_work():
        return service(actor=made.actor(username), now=now, **given)


def inbox(made: World, username: str) -> list[str]:
    return list(Message.objects.filter(recipient=made.users[username]).order_by("id").values_list("title", flat=True))


# --- plans ------------------------------------------------------------------------------------------------------


def test_a_plan_is_due_thirty_days_after_the_stage_began(made: World) -> None:
    assert saved_plan(made).due_at == clock.instant(date(2019, 4, 1))


def test_a_moved_stage_moves_what_is_due(made: World) -> None:
    plan = saved_plan(made)
    stage = made.round.stages.get(code="create")
    do(
        programmes.round_stage_move,
        made,
        "worker",
        stage_id=stage.pk,
        starts_on=date(2019, 3, 11),
        ends_on=stage.ends_on,
        reason="方案印发较晚",
    )
    plan.refresh_from_db()
    assert plan.due_at == clock.instant(date(2019, 4, 11))


def test_a_plan_goes_to_the_working_group_and_comes_back_with_a_reply(made: World) -> None:
    plan = submitted_plan(made)
    assert inbox(made, "worker") == ["待办：备案创建计划——示例区安质监站党支部"]
    do(services.plan_return, made, "worker", plan_id=plan.pk, reply="目标不够具体。")
    plan.refresh_from_db()
    assert (plan.state, plan.reply) == ("returned", "目标不够具体。")
    assert inbox(made, "st_staff") == ["待办：创建计划退回完善"]
    do(services.plan_submit, made, "st_staff", plan_id=plan.pk)
    do(services.plan_accept, made, "worker", plan_id=plan.pk)
    plan.refresh_from_db()
    assert plan.state == "accepted"


def test_a_plan_on_record_is_amended_with_a_reason_and_accepted_anew(made: World) -> None:
    plan = accepted_plan(made)
    goals = plan.goals
    with pytest.raises(NotPermitted):
        do(services.plan_amend, made, "co_staff", plan_id=plan.pk, reason="示例")
    with pytest.raises(Invalid, match="请填写修订的理由"):
        do(services.plan_amend, made, "st_staff", plan_id=plan.pk, reason=" ")
    do(services.plan_amend, made, "st_staff", plan_id=plan.pk, reason="工程计划调整。")
    with pytest.raises(Conflict, match="“修订中”，不能修订"):
        do(services.plan_amend, made, "st_staff", plan_id=plan.pk, reason="再改。")
    saved_plan(made, goals="调整后的目标")
    do(services.plan_submit, made, "st_staff", plan_id=plan.pk)
    do(services.plan_accept, made, "worker", plan_id=plan.pk)
    plan.refresh_from_db()
    version = plan.versions.get()
    assert (plan.state, plan.goals) == ("accepted", "调整后的目标")
    assert (version.number, version.goals, version.reason) == (1, goals, "工程计划调整。")
    assert [one["title"] for one in version.milestones] == [one.title for one in plan.milestones.all()]
    assert Entry.objects.filter(event="creation:plan:amended", subject_id=plan.public_id).count() == 1


def test_a_plan_says_what_it_still_lacks(made: World) -> None:
    plan = saved_plan(made, goals=" ", milestones=())
    with pytest.raises(Invalid, match="还缺：创建目标、里程碑"):
        do(services.plan_submit, made, "st_staff", plan_id=plan.pk)


def test_another_units_staff_cannot_write_the_plan(made: World) -> None:
    with pytest.raises(NotPermitted, match="只有“示例区安质监站党支部”"):
        saved_plan(made, username="co_staff")


def test_a_party_organisation_outside_the_scope_is_told_so(made: World) -> None:
    with pytest.raises(NotPermitted, match="不在创建范围内"):
        saved_plan(made, "top", "top_user")


def test_a_plan_aims_at_its_own_nominees_only(made: World) -> None:
    with pytest.raises(NotPermitted, match="不属于"):
        saved_plan(made, targets=[made.nominees["co-window"].pk])


def test_a_submitted_plan_is_not_rewritten(made: World) -> None:
    submitted_plan(made)
    with pytest.raises(Conflict, match="已报送，不能再修改"):
        saved_plan(made)


def test_saving_again_keeps_the_milestones_that_are_named(made: World) -> None:
    plan = saved_plan(made)
    first = plan.milestones.get(title="整改提升")
    saved_plan(made, milestones=[("整改提升（二期）", date(2019, 7, 31), first.public_id), ("总结", date(2019, 9, 30))])
    assert list(plan.milestones.values_list("title", flat=True)) == ["整改提升（二期）", "总结"]
    assert plan.milestones.get(title="整改提升（二期）").pk == first.pk


def test_only_the_working_group_accepts(made: World) -> None:
    plan = submitted_plan(made)
    for username in ("st_superior", "officer", "secretariat"):
        with pytest.raises(NotPermitted, match="您不在其中"):
            do(services.plan_accept, made, username, plan_id=plan.pk)


def test_nobody_accepts_their_own_units_plan_while_another_can(made: World) -> None:
    plan = submitted_plan(made)
    made.appoint("worker", "st-branch", "member")
    with pytest.raises(NotPermitted, match="应当回避"):
        do(services.plan_accept, made, "worker", plan_id=plan.pk)
    made.appoint("worker2", "st-branch", "member")
    do(services.plan_accept, made, "worker", plan_id=plan.pk)


def test_accepting_twice_is_out_of_turn(made: World) -> None:
    plan = accepted_plan(made)
    with pytest.raises(Conflict, match="目前为“已备案”，不能备案"):
        do(services.plan_accept, made, "worker2", plan_id=plan.pk)


def test_progress_is_the_mean_of_the_milestones(made: World) -> None:
    plan = accepted_plan(made)
    first = plan.milestones.all()[0]
    do(services.milestone_update, made, "st_staff", milestone_id=first.pk, percent=100, note="已完成")
    plan.refresh_from_db()
    first.refresh_from_db()
    assert (plan.progress, first.done_on) == (50, date(2019, 3, 12))
    do(services.milestone_update, made, "st_staff", milestone_id=first.pk, percent=90)
    first.refresh_from_db()
    assert first.done_on is None


def test_progress_of_a_draft_is_refused(made: World) -> None:
    plan = saved_plan(made)
    with pytest.raises(Conflict, match="还不能更新进度"):
        do(services.milestone_update, made, "st_staff", milestone_id=plan.milestones.all()[0].pk, percent=10)


@pytest.mark.parametrize(
    ("percent", "due", "state"),
    [(100, 1, "done"), (99, 12, "soon"), (0, 11, "late"), (0, 19, "soon"), (0, 20, "todo")],
)
def test_how_a_milestone_stands(percent: int, due: int, state: str) -> None:
    assert rules.milestone_state(percent, date(2019, 3, due), date(2019, 3, 12)) == state


def test_superiors_and_the_association_advise(made: World) -> None:
    station, company = submitted_plan(made), submitted_plan(made, "co-branch", "co_staff")
    do(services.plan_comment, made, "st_superior", plan_id=station.pk, text="可与区内共建结合。")
    do(services.plan_comment, made, "secretariat", plan_id=company.pk, text="请补充会员共建。")
    assert "“示例水利工程协会”对创建计划提出指导意见" in inbox(made, "co_staff")
    with pytest.raises(NotPermitted, match="只有推进组、协会秘书处和上级党组织"):
        do(services.plan_comment, made, "secretariat", plan_id=station.pk, text="不是会员。")


def test_a_closed_round_takes_no_more(made: World) -> None:
    plan = saved_plan(made)
    made.round.state = "closed"
    made.round.save()
    with pytest.raises(Conflict, match="已办结，不能再办理"):
        do(services.plan_submit, made, "st_staff", plan_id=plan.pk)


def test_what_is_said_of_persons_is_never_clear_in_the_journal(made: World) -> None:
    saved_plan(made)
    leaf = Entry.objects.filter(event="creation:plan:saved").latest("seq").leaf
    assert "示例书记" not in leaf


# --- guidance ---------------------------------------------------------------------------------------------------


def test_a_problem_is_raised_answered_sent_back_and_closed(made: World) -> None:
    problem = raised_problem(made)
    assert problem.due_at == clock.instant(date(2019, 3, 27))  # ten working days after 12 March
    do(services.problem_answer, made, "st_staff", problem_id=problem.pk, answer="已补齐。")
    do(services.problem_reopen, made, "worker", problem_id=problem.pk, note="缺少三月第二周。")
    problem.refresh_from_db()
    assert (problem.state, problem.due_at) == ("open", clock.instant(date(2019, 3, 20)))
    do(services.problem_answer, made, "st_staff", problem_id=problem.pk, answer="已全部补齐。")
    do(services.problem_close, made, "worker2", problem_id=problem.pk, note="核查属实")
    assert list(ProblemTurn.objects.values_list("kind", flat=True)) == ["raise", "answer", "reopen", "answer", "close"]
    assert inbox(made, "st_staff")[-1] == "问题已销号：台账不全"


def test_a_problem_is_not_closed_before_it_is_answered(made: World) -> None:
    problem = raised_problem(made)
    with pytest.raises(Conflict, match="目前为“待整改”，不能销号"):
        do(services.problem_close, made, "worker", problem_id=problem.pk)


def test_the_association_raises_problems_of_its_members_only(made: World) -> None:
    assert raised_problem(made, "co-branch", "secretariat").raised_by == made.organisations["assoc"]
    with pytest.raises(NotPermitted, match="协会秘书处办理会员单位的问题"):
        raised_problem(made, "st-branch", "secretariat")


def test_an_inspection_puts_its_problems_on_the_list(made: World) -> None:
    given = {
        "round_id": made.round.pk,
        "organisation_id": made.organisations["st-branch"].pk,
        "inspected_on": date(2019, 3, 11),
        "findings": "总体推进有序。",
        "conclusion": "fair",
        "problems": [("窗口公示不全", "缺少投诉电话"), ("学习记录缺页", "")],
    }
    inspection = do(services.inspection_record, made, "worker", **given)
    assert set(inspection.problems.values_list("found_on", flat=True)) == {date(2019, 3, 11)}
    assert Problem.objects.count() == 2
    with pytest.raises(Invalid, match="督查日期晚于今天"):
        do(services.inspection_record, made, "worker", **{**given, "inspected_on": date(2019, 3, 13)})


def test_a_meeting_is_called_held_and_minuted(made: World) -> None:
    meeting = called_meeting(made, "st-branch", "co-branch")
    assert inbox(made, "co_staff") == ["联席会议通知：第一季度创建推进"]
    with pytest.raises(Conflict, match="会议尚未召开"):
        do(services.meeting_minute, made, "worker", meeting_id=meeting.pk, minutes="一、…")
    do(services.meeting_minute, made, "worker", now=meeting.held_at, meeting_id=meeting.pk, minutes="一、…")
    meeting.refresh_from_db()
    assert meeting.state == "held"
    with pytest.raises(Conflict, match="已召开，不能取消"):
        do(services.meeting_cancel, made, "worker", meeting_id=meeting.pk, reason="改期")


def test_units_do_not_call_meetings_or_publish_bulletins(made: World) -> None:
    with pytest.raises(NotPermitted):
        do(services.bulletin_publish, made, "st_staff", round_id=made.round.pk, title="简报", body="正文")


def test_bulletins_are_numbered_within_the_round(made: World) -> None:
    numbers = [
        do(services.bulletin_publish, made, "worker", round_id=made.round.pk, title="简报", body="正文").number
        for _ in range(2)
    ]
    assert numbers == [1, 2]
    assert inbox(made, "co_superior")[-1] == "通报简报第2期：简报"


def test_an_activity_is_recorded_after_it_took_place(made: World) -> None:
    given = {"round_id": made.round.pk, "organisation_id": made.organisations["st-branch"].pk, "kind": "theme"}
    do(services.activity_add, made, "st_staff", **given, title="主题党日", held_on=date(2019, 3, 12))
    with pytest.raises(Invalid, match="晚于今天"):
        do(services.activity_add, made, "st_staff", **given, title="主题党日", held_on=date(2019, 3, 13))


# --- surveys ----------------------------------------------------------------------------------------------------


def answer(survey: Any, mark: int, key: str, now: Any = SPRING) -> None:
    with journal.unit_of_work():
        services.survey_answer(
            survey_id=survey.pk, satisfaction=mark, once_key=key, actor=public_actor(), now=now, remark=""
        )


def test_the_public_answers_once_and_in_the_window(made: World) -> None:
    survey = opened_survey(made)
    answer(survey, 5, "one")
    answer(survey, 4, "two")
    with pytest.raises(Conflict, match="已经参与过"):
        answer(survey, 5, "one")
    with pytest.raises(Conflict, match="还没有开始"):
        answer(survey, 5, "three", SPRING - timedelta(minutes=1))
    with pytest.raises(Conflict, match="已经结束"):
        answer(survey, 5, "three", survey.closes_at)
    assert survey.answers.count() == 2


def test_a_member_is_surveyed_in_public_only_with_consent(made: World) -> None:
    made.members["st-member"].publication_consent_on = None
    made.members["st-member"].save()
    with pytest.raises(Invalid, match="未同意公开姓名"):
        opened_survey(made, "st-member")


def test_esteem_counts_exactly() -> None:
    assert rules.esteem({}).average is None
    found = rules.esteem({5: 2, 4: 1, 1: 1})
    assert (str(found.average), found.satisfied, found.count) == ("3.75", 75, 4)


# --- sight, to-dos, the timer -----------------------------------------------------------------------------------


def test_who_sees_which_plans(made: World) -> None:
    saved_plan(made)
    saved_plan(made, "co-branch", "co_staff")
    seen = {
        name: sorted(
            queries.plans(made.round, queries.scope(made.actor(name), made.programme)).values_list(
                "organisation__code", flat=True
            )
        )
        for name in (
            "st_staff",
            "st_superior",
            "top_user",
            "secretariat",
            "worker",
            "officer",
            "expert1",
            "audit_admin",
        )
    }
    assert seen == {
        "st_staff": ["st-branch"],
        "st_superior": ["st-branch"],
        "top_user": ["co-branch", "st-branch"],
        "secretariat": ["co-branch"],
        "worker": ["co-branch", "st-branch"],
        "officer": ["co-branch", "st-branch"],
        "expert1": [],
        "audit_admin": [],
    }


def waiting(made: World, username: str, now: Any = SPRING) -> list[str]:
    with clock.frozen(now):
        return [one.title for one in queries.todos(made.actor(username), now)]


def test_what_waits_for_whom(made: World) -> None:
    assert waiting(made, "st_staff") == ["编制创建计划"]
    plan = saved_plan(made)
    assert waiting(made, "st_staff") == ["报送创建计划"]
    do(services.plan_submit, made, "st_staff", plan_id=plan.pk)
    assert waiting(made, "st_staff") == []
    assert waiting(made, "worker") == ["备案创建计划"]
    do(services.plan_accept, made, "worker", plan_id=plan.pk)
    called_meeting(made)
    problem = raised_problem(made)
    assert waiting(made, "st_staff") == ["参加联席会议", "整改问题"]
    do(services.problem_answer, made, "st_staff", problem_id=problem.pk, answer="已补齐。")
    assert waiting(made, "worker") == ["核查销号"]
    assert waiting(made, "secretariat") == []
    assert waiting(made, "st_staff", clock.instant(date(2019, 4, 25))) == ["更新里程碑进度"]
    assert waiting(made, "worker", clock.instant(date(2019, 4, 25))) == ["记录会议纪要", "核查销号"][::-1]


def test_the_timer_reminds_once_near_and_once_late(made: World) -> None:
    problem = raised_problem(made)
    assert problem.due_at is not None
    plans = CreationPlan.objects.count()
    for now in (problem.due_at - timedelta(days=4), problem.due_at - timedelta(days=2), problem.due_at):
        for _ in range(2):
            with clock.frozen(now):
                tasks.tick(now)
    about = [title for title in inbox(made, "st_staff") if "台账不全" in title]
    assert about == ["待办：整改问题——台账不全", "即将到期：整改问题——台账不全", "已逾期：整改问题——台账不全"]
    assert CreationPlan.objects.count() == plans
