"""What the services share: rows under lock, rounds that still run, recipients, due instants."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from xianfeng.creation import rules
from xianfeng.creation.models import CreationPlan, JointMeeting, Problem
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation, User, holds_on
from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.programmes.models import Body, Round


def running_round(round_id: int) -> Round:
    """A round that is still open; what happens in a closed one is refused."""
    row = Round.objects.select_related("programme", "version").filter(pk=round_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从批次列表进入。")
    require_running(row)
    return row


def require_running(row: Round) -> None:
    """Refuse writes on a round that is closed or annulled."""
    if row.state != "open":
        word = "已办结" if row.state == "closed" else "已作废"
        raise Conflict(f"{row.title}{word}，不能再办理。", "请选择进行中的批次。")


def organisation_of(organisation_id: int) -> Organisation:
    """An organisation that has not been closed."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个组织。", "请从组织目录中选择。")
    if row.closed_on is not None:
        raise Conflict(f"“{row.name}”已撤并。", "请选择承接它的组织。")
    return row


def plan_for_update(plan_id: int) -> CreationPlan:
    """One plan under lock, with its round and organisation."""
    row = CreationPlan.objects.select_for_update(of=("self",)).select_related(
        "round__programme", "round__version", "organisation"
    )
    found = row.filter(pk=plan_id).first()
    if found is None:
        raise NotFoundHere("没有找到这份创建计划。", "请从创建计划列表进入。")
    require_running(found.round)
    return found


def problem_for_update(problem_id: int) -> Problem:
    """One problem under lock, with its round and organisation."""
    rows = Problem.objects.select_for_update(of=("self",)).select_related("round__programme", "organisation")
    found = rows.filter(pk=problem_id).first()
    if found is None:
        raise NotFoundHere("没有找到这个问题。", "请从问题清单进入。")
    return found


def meeting_for_update(meeting_id: int) -> JointMeeting:
    """One meeting under lock, with its round."""
    rows = JointMeeting.objects.select_for_update(of=("self",)).select_related("round__programme")
    found = rows.filter(pk=meeting_id).first()
    if found is None:
        raise NotFoundHere("没有找到这次会议。", "请从联席会议列表进入。")
    return found


def people_of(organisation_ids: Iterable[int], now: datetime) -> list[int]:
    """Users who act for any of these organisations now: one query."""
    rows = User.objects.filter(
        holds_on(clock.local_day(now), "appointments__"),
        is_active=True,
        appointments__organisation_id__in=set(organisation_ids),
        appointments__duty__in=ACTING_DUTIES,
    )
    return sorted(set(rows.values_list("pk", flat=True)))


def working_group_ids(row: Round) -> list[int]:
    """The organisation that plays the working group."""
    return list(
        Body.objects.filter(programme_id=row.programme_id, kind="working_group").values_list(
            "organisation_id", flat=True
        )
    )


def plan_due(row: Round) -> datetime | None:
    """When plans of a round are due: 30 days after the stage 自主创建 began; None without that stage."""
    stage = row.stages.filter(code="create").first()
    return workdays.deadline_instant(stage.starts_on + timedelta(days=rules.PLAN_DUE_DAYS)) if stage else None


def due_in(working_days: int, now: datetime) -> datetime:
    """The exclusive instant after this many working days of the office's calendar."""
    if not 1 <= working_days <= 120:
        raise Invalid("整改期限应为 1 至 120 个工作日。", "请重新填写。")
    found = directory.office_calendar().add_working_days(clock.local_day(now), working_days)
    return workdays.deadline_instant(found.day)


def said(text: str, what: str, hint: str = "") -> str:
    """A text that must not be empty, without its outer blanks."""
    cleaned = text.strip()
    if not cleaned:
        raise Invalid(f"请填写{what}。", hint)
    return cleaned
