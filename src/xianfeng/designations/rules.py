"""Pure tables of the title's life."""

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
    "rectifying": {"confirm": "active", "revoke": "revoked", "annul": "annulled"},
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
