"""Journal event kinds of the directory."""

from xianfeng import journal


@journal.register
class Event(journal.EventKind):
    """Stage ``directory``."""

    ORGANISATION_ADDED = "directory:organisation:added", "登记组织“{name}”"
    ORGANISATION_CHANGED = "directory:organisation:changed", "更正组织“{name}”的登记信息"
    ORGANISATION_RENAMED = "directory:organisation:renamed", "组织“{old}”更名为“{name}”"
    ORGANISATION_CLOSED = "directory:organisation:closed", "组织“{name}”于{closed_on}{how}"
    RELATION_SET = "directory:relation:set", "{relation}登记为“{target}”"
    RELATION_ENDED = "directory:relation:ended", "终止{relation}“{target}”"
    USER_ADDED = "directory:user:added", "开设用户"
    USER_CHANGED = "directory:user:changed", "更正用户信息"
    USER_DISABLED = "directory:user:disabled", "停用用户"
    USER_ENABLED = "directory:user:enabled", "恢复用户"
    PASSWORD_SET = "directory:user:password_set", "重置用户密码"
    APPOINTMENT_GIVEN = "directory:appointment:given", "任命为“{organisation}”{duty}"
    APPOINTMENT_CHANGED = "directory:appointment:changed", "更正在“{organisation}”的任职（{duty}）"
    APPOINTMENT_ENDED = "directory:appointment:ended", "免去“{organisation}”{duty}"
    CALENDAR_DAY_SET = "directory:calendar:day_set", "设定{day}为{word}"
    CALENDAR_DAY_UNSET = "directory:calendar:day_unset", "取消对{day}的设定"
