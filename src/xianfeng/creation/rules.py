"""Pure tables of stages 1 and 2."""

from typing import Final

PLAN_STATES: Final = {"draft": "编制中", "submitted": "已报送", "returned": "退回完善", "accepted": "已备案"}
# state -> act -> next state
PLAN_MOVES: Final = {
    "draft": {"submit": "submitted"},
    "returned": {"submit": "submitted"},
    "submitted": {"accept": "accepted", "return": "returned"},
    "accepted": {},
}
PROBLEM_STATES: Final = {"open": "待整改", "answered": "待销号", "closed": "已销号"}
PROBLEM_MOVES: Final = {
    "open": {"answer": "answered"},
    "answered": {"close": "closed", "reopen": "open"},
    "closed": {},
}
MEETING_STATES: Final = {"called": "已通知", "held": "已召开", "cancelled": "已取消"}
ACTIVITY_KINDS: Final = {
    "theme": "主题实践",
    "learning": "学习交流",
    "joint": "党建联建",
    "skill": "技能比武",
    "volunteer": "志愿服务",
    "union": "群团活动",
}
CONCLUSIONS: Final = {"good": "推进有力", "fair": "基本符合", "poor": "推进滞后"}


def progress(percents: list[int]) -> int:
    """A plan's progress: the plain mean of its milestones, rounded down."""
    return sum(percents) // len(percents) if percents else 0
