"""From the definition's words (``nominee``, ``superior``, ``body:office``, five working days) to rows and instants."""

from datetime import datetime

from xianfeng.cases.models import Case
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock, workdays
from xianfeng.kernel.errors import UserError
from xianfeng.programmes.models import Body, RoundStage
from xianfeng.programmes.rules import last_day
from xianfeng.programmes.rules.schema.procedures import Due

EXPERTS_BODY = "working_group"  # asks the experts, and answers for what is asked of them together


def addressee(case: Case, to: str, level: int, now: datetime) -> Organisation | None:
    """The organisation a step goes to; None for a level that the chain of superiors does not reach."""
    if to == "nominee":
        return case.party
    if to == "superior":
        chain = directory.superior_chain(case.party_id, clock.local_day(now))
        return chain[level - 1] if level <= len(chain) else None
    kind = EXPERTS_BODY if to == "experts" else to.removeprefix("body:")
    body = Body.objects.filter(programme_id=case.round.programme_id, kind=kind).select_related("organisation").first()
    if body is None:
        raise UserError(f"创建活动还没有指定承担“{kind}”职责的组织。", "请联系系统管理员指定后再办理。")
    return body.organisation


def deadline(case: Case, due: Due | None, now: datetime) -> tuple[datetime | None, bool]:
    """The exclusive instant a step is due, and whether the holidays up to it are announced."""
    if due is None:
        return None, True
    day = clock.local_day(now)
    stages = RoundStage.objects.filter(round_id=case.round_id, code=due.stage_end) if due.stage_end else ()
    ends = {stage.code: stage.ends_on for stage in stages}
    calendar = directory.office_calendar() if due.working_days else workdays.Calendar()
    last = last_day(due, on=day, calendar=calendar, stage_ends=ends)
    return (workdays.deadline_instant(last.day), last.known) if last else (None, True)
