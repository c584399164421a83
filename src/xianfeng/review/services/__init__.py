"""Every write of the panel. Locks, in this order: round, panel, cases ascending, step."""

from xianfeng.review.services.assignments import (
    assignment_add,
    assignment_remove,
    expert_recuse,
    panel_draw,
    panel_remind,
)  # fmt: skip
from xianfeng.review.services.discussions import discussion_close, discussion_open
from xianfeng.review.services.experts import (
    employment_add,
    employment_end,
    employment_remove,
    expert_change,
    expert_describe,
    expert_register,
)
from xianfeng.review.services.panels import panel_change, panel_open
from xianfeng.review.services.ranking import lots_draw, panel_rank, ranking_reopen
from xianfeng.review.services.scorecards import scorecard_reopen, scorecard_save, scorecard_sign
from xianfeng.review.services.seconds import second_panel_call_off, second_panel_open

__all__ = [
    "assignment_add", "assignment_remove", "discussion_close", "discussion_open", "employment_add",
    "employment_end", "employment_remove", "expert_change", "expert_describe", "expert_recuse",
    "expert_register", "lots_draw", "panel_change", "panel_draw", "panel_open", "panel_rank", "panel_remind",
    "ranking_reopen", "scorecard_reopen", "scorecard_save", "scorecard_sign", "second_panel_call_off",
    "second_panel_open",
]  # fmt: skip
