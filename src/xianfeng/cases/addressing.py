"""From the definition's words (``nominee``, ``superior``, ``body:office``, five working days) to rows and instants."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from xianfeng.cases.models import Case
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.errors import UserError
from xianfeng.programmes.models import Body, RoundStage
from xianfeng.programmes.rules.schema.procedures import Due
from xianfeng.programmes.rules.schema.procedures import Step as StepSpec


def addressee(case: Case, to: "StepSpec | str", level: int, now: datetime) -> Organisation | None:
    """The organisation a step goes to; None for experts, and for a level the superior chain does not reach."""
    word = to if isinstance(to, str) else to.to
    if word == "nominee":
        return case.party
    if word == "experts":
        return None
    if word == "superior":
        chain = directory.superior_chain(case.party_id, clock.local_day(now))
        if level == 1 and not chain:
            raise UserError(f"“{case.party.name}”没有登记上级党组织。", "请联系推进组在组织目录中补登后再提交。")
        return chain[level - 1] if level <= len(chain) else None
    kind = word.removeprefix("body:")
    body = Body.objects.filter(programme_id=case.round.programme_id, kind=kind).select_related("organisation").first()
    if body is None:
        raise UserError(f"创建活动还没有指定承担“{kind}”职责的组织。", "请联系系统管理员指定后再办理。")
    return body.organisation


def deadline(case: Case, due: Due | None, now: datetime) -> tuple[datetime | None, bool]:
    """The exclusive instant a step is due, and whether the holidays up to it are announced."""
    if due is None:
        return None, True
    day = clock.local_day(now)
    if due.stage_end is not None:
        stage = RoundStage.objects.filter(round_id=case.round_id, code=due.stage_end).first()
        if stage is None:
            return None, True
        # A stage that is already over still gives a step a fair minimum to be done in.
        last = max(stage.ends_on, day + timedelta(days=3))
        return workdays.deadline_instant(last), True
    if due.working_days is not None:
        found = directory.office_calendar().add_working_days(day, due.working_days)
        return workdays.deadline_instant(found.day), found.known
    if due.months is not None:
        return workdays.deadline_instant(months_after(day, due.months)), True
    return workdays.deadline_instant(day + timedelta(days=due.calendar_days or 0)), True


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
