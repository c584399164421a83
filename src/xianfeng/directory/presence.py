"""How the directory shows itself: navigation entries and the words of its duties and states."""

from xianfeng.directory import rules
from xianfeng.directory.policies import may_read_people
from xianfeng.kernel.actors import Actor
from xianfeng.ui import chips, navigation
from xianfeng.ui.navigation import Entry

GROUP = "基础数据"  # registry's entries stand under the same heading


def reads_people(actor: Actor) -> bool:
    """Administrators and those who keep the registry."""
    return bool(may_read_people(actor, None))


def administers(actor: Actor) -> bool:
    """Accounts and powers."""
    return actor.has_duty("system_admin", "security_admin")


def register() -> None:
    """Called once, when the app is ready."""
    chips.register(
        "duty",
        {code: (word, "ink" if code in rules.ADMIN_DUTIES else "grey") for code, word in rules.DUTIES.items()},
    )
    chips.register("user", {"True": ("启用", "green"), "False": ("已停用", "grey")})
    chips.register(
        "appointment", {"current": ("在任", "green"), "coming": ("未到任", "amber"), "ended": ("已终止", "grey")}
    )
    for entry in (
        Entry("organisations", "组织目录", "directory:organisations", "building", 73, reads_people, GROUP),
        Entry("users", "用户与任职", "directory:users", "users", 74, administers, GROUP),
        Entry("calendar", "办公日历", "directory:calendar", "calendar", 75, reads_people, GROUP),
    ):
        navigation.register(entry)
