"""Who keeps the directory: the system administrator; appointments also by the security administrator."""

from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Policy, Refused, Verdict, policy


def held_by(*duties: str, title: str) -> Policy:
    """A policy: the actor holds one of these administrator duties (or is the system)."""

    @policy
    def holds(actor: Actor, subject: object) -> Verdict:
        if actor.kind is ActorKind.SYSTEM or actor.has_duty(*duties):
            return ALLOWED
        return Refused(f"{title}由系统管理员维护，您没有这项权限。", "请联系系统管理员。")

    return holds


may_manage_organisations = held_by("system_admin", title="组织目录")
may_manage_users = held_by("system_admin", title="用户")
# 三员分立: accounts are the system administrator's, powers also the security administrator's
may_appoint = held_by("system_admin", "security_admin", title="任职")
may_set_calendar = held_by("system_admin", title="工作日历")
