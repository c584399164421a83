"""Pure tables of stages 1 and 2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from xianfeng.programmes.rules.surveys import SATISFACTION as SATISFACTION

PLAN_STATES: Final = {
    "draft": "编制中",
    "submitted": "已报送",
    "returned": "退回完善",
    "accepted": "已备案",
    "amending": "修订中",
}
# state -> act -> next state
PLAN_MOVES: Final = {
    "draft": {"submit": "submitted"},
    "returned": {"submit": "submitted"},
    "submitted": {"accept": "accepted", "return": "returned"},
    "accepted": {"amend": "amending"},
    "amending": {"submit": "submitted"},
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


PLAN_DUE_DAYS: Final = 30  # a plan is due this many days after the stage 自主创建 began
ANSWER_WORKING_DAYS: Final = 10  # to answer a problem, unless said otherwise
AGAIN_WORKING_DAYS: Final = 5  # to answer one that was sent back
SOON_DAYS: Final = 7  # a milestone this near is worth a reminder

PLAN_ACTS: Final = {"submit": "报送", "accept": "备案", "return": "退回", "amend": "修订"}
PROBLEM_ACTS: Final = {"answer": "报送整改情况", "close": "销号", "reopen": "退回整改"}
MILESTONE_STATES: Final = {"todo": "未到期", "soon": "临近", "late": "滞后", "done": "完成"}
TURN_KINDS: Final = {"raise": "提出问题", "answer": "整改情况", "reopen": "退回整改", "close": "销号"}


def move(moves: Mapping[str, Mapping[str, str]], state: str, act: str) -> str | None:
    """The state an act leads to; None when it is out of turn."""
    return moves[state].get(act)


def milestone_state(percent: int, due_on: date, today: date) -> str:
    """How a milestone stands on a day; the day it is due still counts as in time."""
    if percent >= 100:
        return "done"
    if due_on < today:
        return "late"
    return "soon" if (due_on - today).days <= SOON_DAYS else "todo"


def plan_missing(goals: str, measures: str, first_responsible: str, milestones: int) -> list[str]:
    """What a plan still lacks before it can be submitted, in the words of its form."""
    given = {"创建目标": goals, "工作措施": measures, "第一责任人": first_responsible}
    missing = [word for word, value in given.items() if not value.strip()]
    return missing if milestones else [*missing, "里程碑"]


@dataclass(frozen=True)
class Esteem:
    """What a survey's answers come to; ``average`` is exact to two places, None without answers."""

    count: int
    average: Decimal | None
    satisfied: int  # percent of answers 满意 or better, rounded half up
    counts: dict[int, int]


def esteem(counts: Mapping[int, int]) -> Esteem:
    """Average and share of satisfied from the number of answers per mark (5 非常满意 … 1 很不满意)."""
    full = {mark: counts.get(mark, 0) for mark in SATISFACTION}
    total = sum(full.values())
    if not total:
        return Esteem(0, None, 0, full)
    average = Decimal(sum(mark * n for mark, n in full.items())) / total
    share = Decimal(100 * (full[5] + full[4])) / total
    return Esteem(
        total,
        average.quantize(Decimal("0.01"), ROUND_HALF_UP),
        int(share.quantize(Decimal(1), ROUND_HALF_UP)),
        full,
    )
