"""Opening a panel, and the way every other service lays hands on one."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.trace import show
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import OBJECTIVES, Panel
from xianfeng.review.policies import may_run_panels


def panel_open(
    *,
    round_id: int,
    category: str,
    tier: str,
    actor: Actor,
    now: datetime,
    per_case: int | None = None,
    seed: str | None = None,
    **aims: Any,
) -> Panel:
    """Open a category's panel over the cases that wait for it; the seed is drawn here and recorded.

    ``aims`` are the settings of ``panel_change``; all else (blindness, recusal, rotation) the definition says.
    """
    row = Round.objects.select_for_update().get(pk=round_id)
    require(may_run_panels, actor, row.programme)
    rules = row.version.definition.scoring.panel
    wanted = rules.experts_per_case if per_case is None else per_case
    if row.state != "open":
        raise Conflict("该批次已经办结或作废。", "请选择进行中的批次。")
    if wanted < rules.least_sheets:
        raise Invalid(f"每件至少要有 {rules.least_sheets} 份评分表，专家数不能少于 {rules.least_sheets}。")
    if Panel.objects.filter(round=row, tier=tier, category=category).exists():
        raise Conflict("这个类别的评审组已经组建。", "请直接打开该评审组。")
    waiting = queries.cases_at_panel(row.pk, tier, category).count()
    if not waiting:
        raise Conflict("这个类别还没有通过初审、等待评审的申报。", "初审通过后再组建评审组。")
    panel = Panel.objects.create(
        round=row, tier=tier, category=category, per_case=wanted,
        seed=(seed or secrets.token_hex(16))[:32], opened_at=now, **_checked(aims),
    )  # fmt: skip
    journal.record(
        Event.PANEL_OPENED,
        subject=panel,
        actor=acting(actor, panel),
        at=now,
        data={
            "category": category,
            "category_label": panel.title,
            "tier": tier,
            "per_case": wanted,
            "seed": panel.seed,
            "cases": waiting,
            **_told(panel),
        },
    )
    return panel


AIMS = ("objective", "institution_cap", "least_load", "spread_limit")


def panel_change(*, panel_id: int, actor: Actor, now: datetime, **aims: Any) -> Panel:
    """Change how experts are chosen from here on: objective, cap per institution, least load, spread.

    What is assigned stays. Raises Invalid on values that make no sense.
    """
    panel = access_panel_for_update(panel_id, actor)
    for name, value in _checked(aims).items():
        setattr(panel, name, value)
    panel.save(update_fields=list(AIMS))
    journal.record(Event.PANEL_CHANGED, subject=panel, actor=acting(actor, panel), at=now, data=_told(panel))
    return panel


def _checked(aims: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(aims) - set(AIMS):
        raise TypeError(f"unknown settings {sorted(unknown)}")
    if aims.get("objective", "chance") not in OBJECTIVES:
        raise Invalid("没有这种分派办法。", "请从列表中选择。")
    cap = aims.get("institution_cap")
    if cap is not None and cap < 1:
        raise Invalid("每件同一单位至多应不少于 1 位，不限制时请留空。")
    if aims.get("spread_limit") is not None and aims["spread_limit"] <= 0:
        raise Invalid("分歧提示线应大于 0 分。")
    return aims


def _told(panel: Panel) -> dict[str, Any]:
    told = {name: getattr(panel, name) for name in AIMS}
    return {**told, "spread_limit": show(Decimal(panel.spread_limit)), "blind": panel.blind}


def acting(actor: Actor, panel: Panel) -> Actor:
    """The actor as member of the working group that runs the panel."""
    return actor.under(queries.working_group_id(panel.round.programme_id))


def lock_panel(panel_id: int) -> Panel:
    """Round, then panel: expert load is limited within a round, so assignment in a round takes its turn there."""
    found = Panel.objects.filter(pk=panel_id).values_list("round_id", flat=True).first()
    if found is None:
        raise NotFoundHere("没有找到这个评审组。", "请从评审组列表进入。")
    Round.objects.select_for_update().get(pk=found)
    panel = Panel.objects.select_for_update().get(pk=panel_id)
    panel.round = Round.objects.select_related("programme", "version").get(pk=found)
    return panel


OUT_OF_TURN = {
    "ranked": ("该评审组已经汇总排名，不能再变动。", "请在汇总排名中查看结果。"),
    "scoring": ("该评审组还没有汇总排名，或者正在重新汇总。", "请在评审组中查看进度。"),
}


def access_panel_for_update(panel_id: int, actor: Actor, state: str = "scoring") -> Panel:
    """Lock and permission for an act of the working group on a panel in the state the act needs."""
    panel = lock_panel(panel_id)
    require(may_run_panels, actor, panel.round.programme)
    if panel.state != state:
        raise Conflict(*OUT_OF_TURN[panel.state])
    return panel


def lock_cases(panel: Panel) -> list[Case]:
    """The panel's cases that wait for it, locked in ascending order."""
    chosen = queries.cases_at_panel(panel.round_id, panel.tier, panel.category).values_list("pk", flat=True)
    rows = Case.objects.select_for_update().filter(pk__in=list(chosen)).order_by("id")
    locked = {case.pk for case in rows}
    full = Case.objects.filter(pk__in=locked).select_related("version", "nominee", "party", "unit", "round")
    return list(full.order_by("id"))
