"""督查 and 问题清单: found by those who guide, answered by the unit in time, closed or sent back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.creation import policies, rules
from xianfeng.creation.events import Event
from xianfeng.creation.models import Inspection, Problem, ProblemTurn
from xianfeng.creation.services.access import (
    due_in,
    organisation_of,
    people_of,
    problem_for_update,
    require_running,
    running_round,
    said,
)
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import Round


def inspection_record(
    *,
    round_id: int,
    organisation_id: int,
    inspected_on: date,
    findings: str,
    conclusion: str,
    actor: Actor,
    now: datetime,
    problems: Sequence[tuple[str, str]] = (),
    working_days: int = rules.ANSWER_WORKING_DAYS,
) -> Inspection:
    """Record a visit; each of ``problems`` (title, detail) goes on the list, to be answered in ``working_days``."""
    row = running_round(round_id)
    organisation = organisation_of(organisation_id)
    require(policies.may_guide, actor, row.programme)
    if conclusion not in rules.CONCLUSIONS:
        raise Invalid("请选择督查结论。")
    if inspected_on > clock.local_day(now):
        raise Invalid("督查日期晚于今天。", "请在督查之后记录。")
    inspection = Inspection.objects.create(
        round=row,
        organisation=organisation,
        inspected_on=inspected_on,
        findings=said(findings, "督查情况"),
        conclusion=conclusion,
    )
    guide = policies.guide_of(actor, row.programme, organisation)
    journal.record(
        Event.INSPECTION_RECORDED,
        subject=inspection,
        actor=actor.under(guide.pk if guide else None),
        at=now,
        data={
            "organisation": organisation.name,
            "conclusion": rules.CONCLUSIONS[conclusion],
            "problems": len(problems),
            "inspected_on": inspected_on,
        },
        personal={"findings": inspection.findings},
    )
    for title, detail in problems:
        _raise(row, organisation, guide, title, detail, inspected_on, working_days, inspection, actor, now)
    if not problems:
        _tell_unit(organisation, _("督查情况：%s") % rules.CONCLUSIONS[conclusion], row, "/creation/inspections/", now)
    return inspection


def problem_raise(
    *,
    round_id: int,
    organisation_id: int,
    title: str,
    actor: Actor,
    now: datetime,
    detail: str = "",
    found_on: date | None = None,
    working_days: int = rules.ANSWER_WORKING_DAYS,
) -> Problem:
    """Put a problem on the unit's list; due in working days."""
    row = running_round(round_id)
    organisation = organisation_of(organisation_id)
    require(policies.guides, actor, (row.programme, organisation))
    guide = policies.guide_of(actor, row.programme, organisation)
    day = found_on or clock.local_day(now)
    if day > clock.local_day(now):
        raise Invalid("发现日期晚于今天。", "请重新填写。")
    return _raise(row, organisation, guide, title, detail, day, working_days, None, actor, now)


def _raise(
    row: Round,
    organisation: Organisation,
    guide: Organisation | None,
    title: str,
    detail: str,
    found_on: date,
    working_days: int,
    inspection: Inspection | None,
    actor: Actor,
    now: datetime,
) -> Problem:
    problem = Problem.objects.create(
        round=row,
        organisation=organisation,
        inspection=inspection,
        raised_by=guide,
        title=said(title, "问题")[:160],
        detail=detail.strip(),
        found_on=found_on,
        due_at=due_in(working_days, now),
    )
    _turn(problem, "raise", problem.detail or problem.title, guide, actor, now)
    journal.record(
        Event.PROBLEM_RAISED,
        subject=problem,
        actor=actor.under(guide.pk if guide else None),
        at=now,
        data={"organisation": organisation.name, "working_days": working_days},
        personal={"title": problem.title, "detail": problem.detail},
    )
    _tell_unit(organisation, _("待办：整改问题——%s") % problem.title, row, address(problem), now)
    return problem


def problem_answer(*, problem_id: int, answer: str, actor: Actor, now: datetime) -> Problem:
    """The unit says what it has done; late answers are taken and shown as late."""
    problem = problem_for_update(problem_id)
    require(policies.speaks_for, actor, problem.organisation)
    state = _moved(problem, "answer")
    problem.state, problem.answer, problem.answered_at = state, said(answer, "整改情况"), now
    problem.save(update_fields=["state", "answer", "answered_at"])
    _turn(problem, "answer", problem.answer, problem.organisation, actor, now)
    journal.record(
        Event.PROBLEM_ANSWERED,
        subject=problem,
        actor=actor.under(problem.organisation_id),
        at=now,
        data={"late": bool(problem.due_at and problem.due_at <= now)},
        personal={"answer": problem.answer},
    )
    if problem.raised_by_id:
        messaging.notify(
            user_ids=people_of([problem.raised_by_id], now),
            title=_("待办：核查销号——%s") % problem.title,
            body=problem.organisation.name,
            link=address(problem),
            now=now,
        )
    return problem


def problem_close(*, problem_id: int, actor: Actor, now: datetime, note: str = "") -> Problem:
    """Whoever guides the unit takes the answered problem off the list."""
    problem, guide = _guided(problem_id, actor)
    problem.state = _moved(problem, "close")
    problem.closing_note, problem.closed_at, problem.closed_by_id = note.strip(), now, actor.user_id
    problem.save(update_fields=["state", "closing_note", "closed_at", "closed_by"])
    _turn(problem, "close", problem.closing_note, guide, actor, now)
    journal.record(
        Event.PROBLEM_CLOSED,
        subject=problem,
        actor=actor.under(guide.pk if guide else None),
        at=now,
        personal={"note": problem.closing_note},
    )
    _tell_unit(problem.organisation, _("问题已销号：%s") % problem.title, problem.round, address(problem), now)
    return problem


def problem_reopen(
    *, problem_id: int, note: str, actor: Actor, now: datetime, working_days: int = rules.AGAIN_WORKING_DAYS
) -> Problem:
    """Send an answer back: what is still wrong, and a new time to answer by."""
    problem, guide = _guided(problem_id, actor)
    problem.state = _moved(problem, "reopen")
    problem.closing_note = said(note, "退回的原因", "请说明哪里还没有整改到位。")
    problem.due_at = due_in(working_days, now)
    problem.save(update_fields=["state", "closing_note", "due_at"])
    _turn(problem, "reopen", problem.closing_note, guide, actor, now)
    journal.record(
        Event.PROBLEM_REOPENED,
        subject=problem,
        actor=actor.under(guide.pk if guide else None),
        at=now,
        data={"working_days": working_days},
        personal={"note": problem.closing_note},
    )
    _tell_unit(problem.organisation, _("待办：继续整改——%s") % problem.title, problem.round, address(problem), now)
    return problem


def _guided(problem_id: int, actor: Actor) -> tuple[Problem, Organisation | None]:
    problem = problem_for_update(problem_id)
    require_running(problem.round)
    require(policies.guides, actor, (problem.round.programme, problem.organisation))
    return problem, policies.guide_of(actor, problem.round.programme, problem.organisation)


def _moved(problem: Problem, act: str) -> str:
    state = rules.move(rules.PROBLEM_MOVES, problem.state, act)
    if state is None:
        raise Conflict(
            f"该问题目前为“{rules.PROBLEM_STATES[problem.state]}”，不能{rules.PROBLEM_ACTS[act]}。",
            "请刷新页面查看最新情况。",
        )
    return state


def _turn(
    problem: Problem, kind: str, text: str, organisation: Organisation | None, actor: Actor, now: datetime
) -> None:
    ProblemTurn.objects.create(
        problem=problem, kind=kind, organisation=organisation, user_id=actor.user_id, text=text, made_at=now
    )


def _tell_unit(organisation: Organisation, title: str, row: Round, link: str, now: datetime) -> None:
    messaging.notify(user_ids=people_of([organisation.pk], now), title=title, body=row.title, link=link, now=now)


def address(problem: Problem) -> str:
    """The problem's page."""
    return f"/creation/problems/{problem.public_id}/"
