"""What each kind of step can end in, and what that opens next. Pure tables: this is the engine's whole law.

Which steps a case has, in what order, addressed to whom and with which periods comes from the definition;
this module only knows what an outcome *means*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

CASE_KINDS: Final = {"nomination": "自荐申报", "recommendation": "择优推荐", "reassessment": "复评"}

STEP_KINDS: Final = {
    "assess": "自评自荐",
    "endorse": "上级认定",
    "screen": "初审",
    "correct": "补正材料",
    "panel": "组织评审",
    "score": "专家评分",
    "recommend": "择优推荐",
    "decide": "审定",
    "announce": "公示",
    "name": "命名",
    "opine": "复评意见",
    "conclude": "复评审定",
    "rectify": "限期整改",
    "recheck": "整改验收",
    "report": "报送进展",
    "wait": "等待期满",
}
STEP_STATES: Final = {"open": "待办", "done": "已办", "lapsed": "逾期未办", "cancelled": "已撤销"}

CASE_OUTCOMES: Final = {
    "named": "已命名",
    "not_accepted": "不予受理",
    "rejected": "未入选",
    "objection_upheld": "异议成立，不予命名",
    "withdrawn": "已撤回",
    "annulled": "批次作废",
    "confirmed": "复评合格",
    "warned": "警告",
    "rectified": "整改合格",
    "downgraded": "降低等次",
    "suspended": "暂停称号",
    "revoked": "撤销命名",
}
# What the public and other units are told; the brief: public words differ from internal ones.
PUBLIC_OUTCOMES: Final = CASE_OUTCOMES | {
    "rejected": "未命名",
    "not_accepted": "未命名",
    "objection_upheld": "未命名",
}


class Move(StrEnum):
    """What follows when a step ends."""

    FORWARD = "forward"  # the next step of the procedure (or the next level of the same step)
    BACK = "back"  # the procedure's first step again: the nominee revises and resubmits
    OPEN = "open"  # a step of another kind, outside the procedure's order
    STAY = "stay"  # nothing by itself: siblings or an office act carry the case on
    END = "end"  # the case is over


@dataclass(frozen=True)
class Then:
    """The consequence of an outcome: a move, and the kind opened or the case outcome it names."""

    move: Move
    target: str = ""
    label: str = ""


FORWARD, BACK, STAY = Move.FORWARD, Move.BACK, Move.STAY

OUTCOMES: Final[dict[str, dict[str, Then]]] = {
    "assess": {"submitted": Then(FORWARD, label="提交自荐")},
    "endorse": {
        "consented": Then(FORWARD, label="认定同意"),
        "returned": Then(BACK, label="退回完善"),
    },
    "screen": {
        "passed": Then(FORWARD, label="初审通过"),
        "returned": Then(Move.OPEN, "correct", "退回补正"),
        "not_accepted": Then(Move.END, "not_accepted", "不予受理"),
    },
    "correct": {
        "resubmitted": Then(Move.OPEN, "screen", "补正后再报"),
    },
    "panel": {"ranked": Then(FORWARD, label="评审汇总")},
    "score": {
        "signed": Then(STAY, label="签名提交评分"),
        "recused": Then(STAY, label="回避"),
    },
    "recommend": {"recommended": Then(FORWARD, label="推荐申报")},
    "decide": {
        "approved": Then(FORWARD, label="审定同意"),
        "rejected": Then(Move.END, "rejected", "未入选"),
    },
    "announce": {
        "cleared": Then(FORWARD, label="公示无异议"),
        "upheld": Then(Move.END, "objection_upheld", "异议成立"),
    },
    "name": {"named": Then(Move.END, "named", "命名")},
    "opine": {"given": Then(FORWARD, label="提出复评意见")},
    "conclude": {
        "confirmed": Then(Move.END, "confirmed", "复评合格"),
        "warned": Then(Move.END, "warned", "警告"),
        "rectify": Then(Move.OPEN, "rectify", "限期整改"),
        "downgraded": Then(Move.END, "downgraded", "降低等次"),
        "suspended": Then(Move.END, "suspended", "暂停称号"),
        "revoked": Then(Move.END, "revoked", "撤销命名"),
    },
    "rectify": {"reported": Then(Move.OPEN, "recheck", "报送整改情况")},
    "recheck": {
        "passed": Then(Move.END, "rectified", "整改验收合格"),
        "failed": Then(Move.OPEN, "conclude", "整改验收不合格"),
    },
    # For programmes that name first and examine later: reports on the way, and a time that must pass.
    "report": {"reported": Then(FORWARD, label="报送进展")},
    "wait": {"lapsed": Then(FORWARD, label="期满")},
}

SKIPPED: Final = Then(FORWARD, label="不需要")  # whoever is asked may say so where the definition calls a step optional
LAPSED: Final = "逾期未办"

# Kinds the nominee's own side answers; everybody else's steps fall under "nobody acts on their own case".
NOMINEE_KINDS: Final = frozenset({"assess", "correct", "rectify", "report"})
# Once the case has come this far the nominee can no longer withdraw: the public has been told.
LAST_WITHDRAWAL: Final = frozenset({"announce", "name"})


def consequence(kind: str, outcome: str) -> Then | None:
    """What ending a step of ``kind`` in ``outcome`` leads to; None when it cannot end so."""
    return SKIPPED if outcome == "skipped" else OUTCOMES.get(kind, {}).get(outcome)


def missed(kind: str, on_missed: str, *, concludes: bool) -> Then | None:
    """What a missed deadline means by the definition's word; None where it only calls for a reminder.

    ``concludes``: the procedure has a body conclude on the case; then a failing is for that body to conclude on.
    """
    if kind == "wait":
        return consequence(kind, "lapsed")
    if kind == "score" or on_missed == "remind":
        return None  # one expert's delay is not the nominee's: the panel reminds or replaces
    if on_missed == "failed":
        if concludes and kind != "conclude":
            return Then(Move.OPEN, "conclude", "视为不合格")
        return Then(Move.END, "rejected", "视为不合格")
    return Then(Move.END, on_missed, {"withdrawn": "视为放弃"}.get(on_missed, CASE_OUTCOMES[on_missed]))


def outcome_label(kind: str, outcome: str, case_kind: str = "nomination") -> str:
    """The Chinese word for how a step ended."""
    if (case_kind, kind, outcome) == ("reassessment", "assess", "submitted"):
        return "提交自查"
    then = consequence(kind, outcome)
    if then is None:
        return LAPSED if outcome == "lapsed" else ""
    return then.label


def may_withdraw(case_kind: str, so_far: Iterable[str]) -> bool:
    """Whether the nominee may still take the case back: never a reassessment, never once on notice.

    ``so_far``: the kinds of the procedure's steps up to where the case stands.
    """
    return case_kind == "nomination" and LAST_WITHDRAWAL.isdisjoint(so_far)


def waits(detail: Mapping[str, Any], now: datetime) -> str:
    """Why an open step asks nobody for anything yet, in Chinese ("公示至12月16日 24:00"); empty when it does."""
    until = detail.get("waits_until")
    over = until is not None and datetime.fromisoformat(until) <= now
    return "" if over else str(detail.get("waits", ""))
