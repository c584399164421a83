"""Stage 4, the panel: draw experts, one recuses, sheets are marked and signed, the ranking is made."""

from decimal import Decimal
from random import Random

from xianfeng.config.demo.nominating import fraction
from xianfeng.config.demo.player import Player
from xianfeng.programmes.models import Round
from xianfeng.review import services
from xianfeng.review.models import Assignment, Panel, Ranking


def open_panel(player: Player, row: Round, category: str) -> Panel:
    """The working group opens a panel and draws its experts with a recorded seed."""
    actor = player.body(row.programme, "working_group")
    panel = player.do(
        services.panel_open, actor, round_id=row.pk, category=category, tier="tier1",
        seed=f"{row.year}{category}"[:32],
    )  # fmt: skip
    player.do(services.panel_draw, actor, panel_id=panel.pk)
    return panel


def one_recuses(player: Player, panel: Panel) -> None:
    """The first expert drawn declares a tie; the draw is topped up."""
    first = panel.assignments.filter(state="active").select_related("expert__user", "step").order_by("pk").first()
    assert first is not None
    player.do(
        services.expert_recuse, player.user(first.expert.user), step_id=first.step_id,
        reason="曾参与该单位项目的咨询工作，申请回避。",
    )  # fmt: skip


def mark(player: Player, assignment: Assignment, sign: bool = True, part: Decimal = Decimal(1)) -> None:
    """One expert marks one case: a quality of the case, a severity of the expert, and chance."""
    case = assignment.case
    quality = Random(f"quality:{case.round.year}:{case.name}").uniform(0.82, 0.95)
    severity = Random(f"severity:{assignment.expert.user.username}").uniform(-0.03, 0.03)
    chance = Random(f"mark:{case.name}:{assignment.expert.user.username}")
    standard = case.version.definition.standard(case.category, case.group)
    indicators = list(standard.indicators)
    shown = indicators[: max(1, int(len(indicators) * part))]
    marks = {
        one.code: (
            fraction(one.points, Decimal(str(round(min(1, quality + severity + chance.uniform(-0.06, 0.06)), 3)))),
            "",
        )
        for one in shown
    }
    actor = player.user(assignment.expert.user)
    player.do(
        services.scorecard_save, actor, step_id=assignment.step_id, marks=marks,
        remark="材料翔实，成效明显，建议进一步总结做法。",
    )  # fmt: skip
    if sign:
        player.do(services.scorecard_sign, actor, step_id=assignment.step_id)


def active(panel: Panel) -> list[Assignment]:
    """The panel's live assignments."""
    return list(
        panel.assignments.filter(state="active")
        .select_related("case__round", "case__version", "expert__user", "step")
        .order_by("pk")
    )


def score_and_rank(player: Player, panel: Panel) -> Ranking:
    """Everybody marks and signs; the working group makes the ranking."""
    for assignment in active(panel):
        mark(player, assignment)
    actor = player.body(panel.round.programme, "working_group")
    return player.do(services.panel_rank, actor, panel_id=panel.pk)


def rank_anew(player: Player, panel: Panel) -> Ranking:
    """A sheet is put right after the ranking: withdrawn with its reason, the sheet marked again, ranked anew."""
    actor = player.body(panel.round.programme, "working_group")
    reason = "一份评分表的评语与分数不一致，退回专家更正后重新汇总（示例）"
    player.do(services.ranking_reopen, actor, panel_id=panel.pk, reason=reason)
    player.do(services.scorecard_reopen, actor, assignment_id=active(panel)[0].pk, reason=reason)
    _mark_open(player, active(panel))
    return player.do(services.panel_rank, actor, panel_id=panel.pk)


def divided(player: Player, panel: Panel) -> None:
    """Where the experts are far apart: one case goes to a second panel, another is to be talked over."""
    actor = player.body(panel.round.programme, "working_group")
    apart, talked = list(dict.fromkeys(one.case_id for one in active(panel)))[:2]
    _mark_open(player, [one for one in active(panel) if one.case_id in (apart, talked)])
    player.do(
        services.second_panel_open, actor, panel_id=panel.pk, case_ids=[apart],
        reason="专家对履职业绩的看法不一，送第二评审组独立评审。（示例）",
    )  # fmt: skip
    player.do(
        services.discussion_open, actor, panel_id=panel.pk, case_id=talked, kind="discussion",
        reason="专家对佐证材料的理解不同，请合议。（示例）",
    )  # fmt: skip


def _mark_open(player: Player, assignments: list[Assignment]) -> None:
    for assignment in assignments:
        if assignment.step.state == "open":
            mark(player, assignment)
