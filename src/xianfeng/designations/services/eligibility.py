"""Who already holds a title, or lost it lately, cannot apply for it: the hook that nominations ask."""

from datetime import date

from xianfeng.designations import rules
from xianfeng.designations.models import Designation
from xianfeng.designations.queries.life import held_against
from xianfeng.kernel.errors import Conflict
from xianfeng.kernel.sheets import chinese_date
from xianfeng.nominations.hooks import Start
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import may_return_on, waiting_months
from xianfeng.registry.models import Nominee


def before_nomination(start: Start) -> None:
    """The check registered with nominations."""
    refuse_if_titled(start.nominee, start.round, start.tier, start.category, start.on)


def refuse_if_titled(nominee: Nominee, row: Round, tier: str, category: str, on: date) -> None:
    """Conflict where a live title of this tier and category stands in the way, or the waiting time after a revocation
    is not over.

    The rules are those of the round that is applied for.
    """
    definition = row.version.definition
    held = Designation.objects.filter(nominee=nominee, tier=tier, category=category, programme=row.programme_id)
    for one in held:
        if one.state in rules.LIVE and (why := held_against(one, definition, row, on)):
            raise Conflict(f"“{nominee.name}”{why}。", "保留称号请按时参加复评。")
        if one.state == "revoked" and one.ended_on is not None:
            free = may_return_on(definition, revoked_on=one.ended_on, cause=one.ended_cause)
            revoked = f"“{nominee.name}”的命名于{chinese_date(one.ended_on)}被撤销"
            if free is None:
                raise Conflict(f"{revoked}，按规定今后不再受理申报。", "如有疑问，请联系领导小组办公室。")
            if on < free:
                wait = waiting_months(definition, one.ended_cause)
                raise Conflict(f"{revoked}，{wait} 个月内不能再次申报。", f"{chinese_date(free)}起可以申报。")
