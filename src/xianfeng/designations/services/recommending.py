"""择优推荐: a title is put forward for a tier that draws from its own."""

from datetime import datetime

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.places import has_places, places
from xianfeng.cases.services import access_step_for_update, case_open, step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationCase
from xianfeng.designations.services import access
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.models import Round
from xianfeng.programmes.queries import current_round
from xianfeng.programmes.rules import Definition, Tier, upgrade_faults


def tiers_above(definition: Definition, tier: str) -> list[Tier]:
    """The tiers that draw from this one, in the definition's order."""
    return [one for one in definition.tiers if one.draws_from == tier]


def recommendation_open(
    *, designation_id: int, reason: str, actor: Actor, now: datetime, round_id: int | None = None, tier: str = ""
) -> Case:
    """Open a recommendation for an active title, in a round (default: the running one) that has places for it.

    ``tier`` says for which, where several draw from the title's own (default: the first of them).
    """
    designation = access.designation_for_update(designation_id)
    row = _round(designation, round_id)
    definition = row.version.definition
    above = next((one for one in tiers_above(definition, designation.tier) if tier in ("", one.code)), None)
    if above is None:
        raise Conflict("这一层级之上没有可以推荐申报的层级。", "请查看创建活动的定义。")
    access.require_seat(actor, row, above.recommended_by or "working_group")
    if not reason.strip():
        raise Invalid("请写明推荐理由。", "综合工作组将看到这段理由。")
    refusal = recommendation_refusal(designation, row, above, now)
    if refusal:
        raise Conflict(refusal, "请在名录中选择其他命名。")
    case = case_open(
        kind="recommendation",
        nominee=designation.nominee,
        round=row,
        version=row.version,
        tier=above.code,
        category=designation.category,
        actor=actor,
        now=now,
    )
    DesignationCase.objects.create(
        case=case,
        designation=designation,
        trigger="recommended",
        reason=reason.strip()[:300],
        state_before=designation.state,
    )
    return case


def _round(designation: Designation, round_id: int | None) -> Round:
    found = (
        Round.objects.select_related("programme", "version")
        .filter(pk=round_id, programme=designation.programme)
        .first()
        if round_id
        else current_round(designation.programme)
    )
    if found is None or found.state != "open":
        raise Conflict("没有进行中的批次，不能推荐。", "请先启动新的批次。")
    return found


def recommendation_refusal(designation: Designation, row: Round, above: Tier, now: datetime) -> str:
    """Why this title cannot be put forward in this round; empty when it can."""
    definition = row.version.definition
    if designation.state != "active":
        return f"编号 {designation.number} 的命名现为“{rules.DESIGNATION_STATES[designation.state]}”，不能推荐。"
    pool = definition.pool(above.code, designation.category, designation.group, row.year)
    if has_places(row) and not places(row, above.code)[pool.key].total:
        title = pool.title
        return f"{row.year}年度{title}没有“{above.title}”的名额，不能推荐。"
    alike = designation.nominee.designations.filter(programme=designation.programme, category=designation.category)
    if alike.filter(tier=above.code, state__in=rules.LIVE).exists():
        return f"编号 {designation.number} 的命名对象已有“{above.title}”称号。"
    faults = upgrade_faults(definition, held_since=designation.named_on, on=clock.local_day(now))
    return f"编号 {designation.number} 不能推荐：{'；'.join(faults)}。" if faults else ""


def step_recommend(*, step_id: int, opinion: str, actor: Actor, now: datetime) -> Step:
    """The working group's word on the recommendation; the case goes on to the body that decides the tier."""
    step = access_step_for_update(step_id, actor, "recommend")
    if not opinion.strip():
        raise Invalid("请填写推荐意见。")
    tie = DesignationCase.objects.select_related("designation").get(case=step.case)
    source = access.designation_for_update(tie.designation_id)
    if source.state != "active":
        raise Conflict(
            f"编号 {source.number} 的命名现为“{rules.DESIGNATION_STATES[source.state]}”，不能推荐。",
            "请等复评结束后再办理。",
        )
    tier_title = step.case.version.definition.tier(step.case.tier).title
    access.history_add(
        designation=source, kind="recommended", on=clock.local_day(now), now=now, text=tier_title, case=step.case
    )
    journal.record(
        Event.RECOMMENDED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"tier_title": tier_title, "source": source.number},
        personal={"opinion": opinion.strip()},
    )
    step_close(step=step, outcome="recommended", actor=actor, now=now, opinion=opinion.strip())
    return step
