"""Plans, problems and the like for tests: made by the services, so that they are what the app makes."""

from datetime import date

from tests.factories.base import World
from xianfeng import journal
from xianfeng.creation import services
from xianfeng.creation.models import CreationPlan, JointMeeting, Problem, Survey
from xianfeng.kernel import clock

SPRING = clock.instant(date(2019, 3, 12), 10)
LINES = (("完成对标检查", date(2019, 4, 30)), ("整改提升", date(2019, 6, 30)))


def saved_plan(made: World, party: str = "st-branch", username: str = "st_staff", **more: object) -> CreationPlan:
    """A complete draft with two milestones and the branch itself as its target."""
    given: dict[str, object] = {
        "goals": "建成示范党组织。",
        "measures": "一、对照标准自查；二、逐项整改。",
        "first_responsible": "示例书记",
        "milestones": LINES,
        "targets": [made.nominees[party].pk] if party in made.nominees else [],
        **more,
    }
    with journal.unit_of_work():
        return services.plan_save(
            round_id=made.round.pk,
            organisation_id=made.organisations[party].pk,
            actor=made.actor(username),
            now=SPRING,
            **given,  # type: ignore[arg-type]
        )


def submitted_plan(made: World, party: str = "st-branch", username: str = "st_staff") -> CreationPlan:
    """One handed to the working group."""
    plan = saved_plan(made, party, username)
    with journal.unit_of_work():
        return services.plan_submit(plan_id=plan.pk, actor=made.actor(username), now=SPRING)


def accepted_plan(made: World, party: str = "st-branch", username: str = "st_staff") -> CreationPlan:
    """One on record."""
    plan = submitted_plan(made, party, username)
    with journal.unit_of_work():
        return services.plan_accept(plan_id=plan.pk, actor=made.actor("worker"), now=SPRING)


def raised_problem(made: World, party: str = "st-branch", username: str = "worker", title: str = "台账不全") -> Problem:
    """A problem put on a unit's list."""
    with journal.unit_of_work():
        return services.problem_raise(
            round_id=made.round.pk,
            organisation_id=made.organisations[party].pk,
            title=title,
            detail="三月的学习记录缺少签到。",
            actor=made.actor(username),
            now=SPRING,
        )


def called_meeting(made: World, *parties: str, day: date = date(2019, 3, 20)) -> JointMeeting:
    """A joint meeting to come."""
    with journal.unit_of_work():
        return services.meeting_call(
            round_id=made.round.pk,
            title="第一季度创建推进",
            held_at=clock.instant(day, 14),
            place="示例会议室",
            invited=[made.organisations[one].pk for one in parties or ("st-branch",)],
            actor=made.actor("worker"),
            now=SPRING,
        )


def opened_survey(made: World, nominee: str = "st-window") -> Survey:
    """A survey of ten days from now."""
    with journal.unit_of_work():
        return services.survey_open(
            round_id=made.round.pk,
            nominee_id=made.nominees[nominee].pk,
            title="窗口服务满意度调查",
            opens_at=SPRING,
            closes_at=clock.instant(date(2019, 3, 22)),
            actor=made.actor("worker"),
            now=SPRING,
        )
