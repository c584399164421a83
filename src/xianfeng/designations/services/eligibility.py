"""Who already holds a title, or lost it lately, cannot apply for it: the hook that nominations ask."""

from datetime import date

from xianfeng.designations import rules
from xianfeng.designations.models import Designation
from xianfeng.kernel.errors import Conflict
from xianfeng.nominations.hooks import Start
from xianfeng.registry.models import Nominee


def before_nomination(start: Start) -> None:
    """The check registered with nominations."""
    refuse_if_titled(start.nominee, start.tier, start.on)


def refuse_if_titled(nominee: Nominee, tier: str, on: date) -> None:
    """Raise a Conflict when a live title of this tier exists or the waiting time after a revocation is not over."""
    rows = Designation.objects.filter(nominee=nominee, tier=tier).select_related("round__version")
    for row in rows:
        if row.state in rules.LIVE:
            raise Conflict(f"“{nominee.name}”已有有效命名（{row.number}），不能重复申报。", "保留称号请按时参加复评。")
        if row.state == "revoked" and row.ended_on is not None:
            wait = row.round.version.definition.title_life.waiting_months
            free = rules.months_after(row.ended_on, wait)
            if on < free:
                raise Conflict(
                    f"“{nominee.name}”的命名于{_day(row.ended_on)}被撤销，{wait} 个月内不能再次申报。",
                    f"{_day(free)}起可以申报。",
                )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
