"""Pure tables of the title's life, and the small sums around them."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

DECISION_KINDS: Final = {"name": "审定命名", "conclude": "复评审定", "annul": "批次作废"}
OBJECTION_STATES: Final = {
    "received": "待受理",
    "refused": "不予受理",
    "accepted": "核查中",
    "upheld": "异议成立",
    "dismissed": "异议不成立",
}
OBJECTION_MOVES: Final = {
    "received": {"accept": "accepted", "refuse": "refused"},
    "accepted": {"uphold": "upheld", "dismiss": "dismissed"},
    "refused": {},
    "upheld": {},
    "dismissed": {},
}
OPEN_OBJECTIONS: Final = frozenset({"received", "accepted"})

DESIGNATION_STATES: Final = {
    "active": "有效",
    "reassessing": "复评中",
    "rectifying": "限期整改",
    "warned": "警告",
    "suspended": "暂停",
    "revoked": "已撤销",
    "annulled": "已作废",
}
LIVE: Final = frozenset({"active", "reassessing", "rectifying", "warned", "suspended"})
DESIGNATION_MOVES: Final = {
    "active": {"reassess": "reassessing", "revoke": "revoked", "annul": "annulled", "suspend": "suspended"},
    "warned": {"reassess": "reassessing", "revoke": "revoked", "annul": "annulled", "suspend": "suspended"},
    "suspended": {"restore": "active", "reassess": "reassessing", "revoke": "revoked", "annul": "annulled"},
    "reassessing": {
        "confirm": "active",
        "warn": "warned",
        "rectify": "rectifying",
        "revoke": "revoked",
        "annul": "annulled",
    },
    "rectifying": {
        "confirm": "active",
        "warn": "warned",
        "rectify": "rectifying",
        "revoke": "revoked",
        "annul": "annulled",
    },
    "revoked": {},
    "annulled": {},
}
HISTORY_KINDS: Final = {
    "named": "命名",
    "plaque": "颁发铭牌",
    "recommended": "推荐申报高一层级",
    "raised": "命名为高一层级",
    "reassess": "启动复评",
    "confirm": "复评合格，保留命名",
    "rectify": "责令限期整改",
    "rectified": "整改验收合格",
    "warn": "警告",
    "suspend": "暂停",
    "restore": "恢复",
    "revoke": "撤销命名",
    "annul": "批次作废，命名无效",
    "renamed": "更名",
}

# What the verification page may show: the office's suspensions are its own business until they end in something.
PUBLIC_HISTORY: Final = frozenset(HISTORY_KINDS) - {"recommended", "suspend", "restore"}
PUBLIC_STATES: Final = {
    "active": "有效",
    "warned": "有效",
    "suspended": "有效",
    "reassessing": "复评中",
    "rectifying": "复评中",
    "revoked": "已撤销",
    "annulled": "已撤销",
}
REFUSALS: Final = {
    "anonymous": "未署真实姓名或单位",
    "no_evidence": "没有提供证据",
    "irrelevant": "与公示内容无关",
}
DECISION_RESULTS: Final = {"approved": "审定同意", "rejected": "未入选"}
CONCLUSIONS: Final = {
    "confirmed": "复评合格，保留命名",
    "warned": "警告",
    "rectify": "限期整改",
    "revoked": "撤销命名",
}
PRINTS: Final = {"certificate": "证书", "plaque": "铭牌"}
PRINT_STATES: Final = {"waiting": "等待制作", "running": "正在制作", "ready": "已完成", "failed": "未完成"}
# Whose bit the status lists set: see rules.credentials.bitstring.entry.
LISTED: Final = {"revocation": ("revoked", "annulled", "suspended"), "suspension": ("suspended",)}
TRIGGERS: Final = {"periodic": "定期", "triggered": "触发", "recommended": "择优推荐"}
# How the outcome of a reassessment moves the title; "rectify" moves it before the case ends.
OUTCOME_ACTS: Final = {"confirmed": "confirm", "warned": "warn", "rectified": "confirm", "revoked": "revoke"}


def moved(state: str, act: str) -> str | None:
    """The state a title is in after an act; None where the act is not possible."""
    return DESIGNATION_MOVES.get(state, {}).get(act)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def out_of_order(ranks: Mapping[int, int], approved: Iterable[int]) -> dict[int, list[int]]:
    """For each approved case, the better-ranked cases it passes over. ``ranks`` holds every case still in question."""
    chosen = set(approved)
    left = [(rank, case) for case, rank in ranks.items() if case not in chosen]
    return {
        case: passed
        for case in chosen
        if case in ranks and (passed := sorted(other for rank, other in left if rank < ranks[case]))
    }
