"""Pure tables of the title's life, and the small sums around them."""

from typing import Final

from xianfeng.programmes.rules import Definition
from xianfeng.programmes.rules.schema.scoring import Band, GradesResult

DECISION_KINDS: Final = {"name": "审定命名", "fill": "递补", "conclude": "复评审定", "annul": "批次作废"}
DAY_UNITS: Final = {True: "工作日", False: "日历日"}
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
    "expired": "已到期",
    "ended": "已终止",
    "replaced": "已换发",
}
LIVE: Final = frozenset({"active", "reassessing", "rectifying", "warned", "suspended"})
RESTING: Final = frozenset({"active", "warned", "suspended"})  # held, and nobody is looking at them
# What may end a title in any state in which it is held.
ENDS: Final = {"revoke": "revoked", "annul": "annulled", "expire": "expired", "end": "ended", "replace": "replaced"}
_CONCLUDED: Final = {
    "confirm": "active",
    "warn": "warned",
    "rectify": "rectifying",
    "downgrade": "active",
    "suspension": "suspended",
}
DESIGNATION_MOVES: Final = {
    "active": {"reassess": "reassessing", "suspend": "suspended", **ENDS},
    "warned": {"reassess": "reassessing", "suspend": "suspended", "over": "active", **ENDS},
    "suspended": {"reassess": "reassessing", "restore": "active", "over": "active", **ENDS},
    "reassessing": {**_CONCLUDED, **ENDS},
    "rectifying": {**_CONCLUDED, **ENDS},
    **{state: {} for state in ENDS.values()},
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
    "downgrade": "降低等次",
    "suspension": "暂停称号",
    "over": "处理期满，自动解除",
    "suspend": "暂停",
    "restore": "恢复",
    "self_check": "报送年度自查",
    "check_missed": "年度自查逾期未报",
    "renewed": "续期",
    "merged": "单位撤并",
    "transferred": "由承继单位承接",
    "renamed": "更名",
    "revoke": "撤销命名",
    "annul": "批次作废，命名无效",
    "expire": "有效期满，命名到期",
    "end": "命名终止",
    "replace": "换发新的命名",
}

# What the verification page may show: the office's suspensions are its own business until they end in something.
PUBLIC_HISTORY: Final = frozenset(HISTORY_KINDS) - {"recommended", "suspend", "restore", "check_missed"}
PUBLIC_STATES: Final = {
    "active": "有效",
    "warned": "有效",
    "suspended": "有效",
    "reassessing": "复评中",
    "rectifying": "复评中",
    "revoked": "已撤销",
    "annulled": "已撤销",
    "expired": "已到期",
    "ended": "已终止",
    "replaced": "已换发",
}
REFUSALS: Final = {
    "anonymous": "未署真实姓名或单位",
    "no_evidence": "没有提供证据",
    "irrelevant": "与公示内容无关",
}
DECISION_RESULTS: Final = {"approved": "审定同意", "reserve": "列为递补", "rejected": "未入选"}
CONCLUSIONS: Final = {
    "confirmed": "复评合格，保留命名",
    "warned": "警告",
    "rectify": "限期整改",
    "downgraded": "降低等次",
    "suspended": "暂停称号",
    "revoked": "撤销命名",
}
PRINTS: Final = {"certificate": "证书", "plaque": "铭牌"}
PRINT_STATES: Final = {"waiting": "等待制作", "running": "正在制作", "ready": "已完成", "failed": "未完成"}
# Whose bit the status lists set: see rules.credentials.bitstring.entry.
LISTED: Final = {
    "revocation": ("revoked", "annulled", "ended", "replaced", "suspended"),
    "suspension": ("suspended",),
}
TRIGGERS: Final = {"periodic": "定期", "triggered": "触发", "renewal": "续期", "recommended": "择优推荐"}
# How the outcome of a reassessment moves the title; "rectify" moves it before the case ends.
OUTCOME_ACTS: Final = {
    "confirmed": "confirm",
    "warned": "warn",
    "rectified": "confirm",
    "downgraded": "downgrade",
    "suspended": "suspension",
    "revoked": "revoke",
    "rejected": "revoke",
    "withdrawn": "end",
}
# Why a title ends with its reassessment where nobody concluded so: a missed deadline did.
CASE_REASONS: Final = {"rejected": "复评逾期，视为不合格", "withdrawn": "复评逾期，视为放弃"}


def bands_of(definition: Definition) -> tuple[Band, ...]:
    """The grades of a programme from the highest down; none where it knows no grades."""
    return definition.result.bands if isinstance(definition.result, GradesResult) else ()


def grade_title(definition: Definition, grade: str) -> str:
    """A grade in words; empty where there is none."""
    return next((band.title for band in bands_of(definition) if band.code == grade), "")


def refusals(definition: Definition) -> dict[str, str]:
    """For which reasons an objection may be refused: only for what the programme asks of one."""
    asked = {"anonymous": definition.notice.objections.real_name, "no_evidence": definition.notice.objections.evidence}
    return {code: word for code, word in REFUSALS.items() if asked.get(code, True)}


def moved(state: str, act: str) -> str | None:
    """The state a title is in after an act; None where the act is not possible."""
    return DESIGNATION_MOVES.get(state, {}).get(act)
