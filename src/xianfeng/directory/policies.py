"""Who keeps the directory: the system administrator its rows and accounts, the security administrator the powers."""

from xianfeng.directory.rules import ADMIN_DUTIES, DUTIES
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Policy, Refused, Verdict, policy


def held_by(*duties: str, title: str) -> Policy:
    """A policy: the actor holds one of these administrator duties (or is the system)."""
    keepers = "、".join(DUTIES[duty] for duty in duties)

    @policy
    def holds(actor: Actor, subject: object) -> Verdict:
        if actor.kind is ActorKind.SYSTEM or actor.has_duty(*duties):
            return ALLOWED
        return Refused(f"{title}由{keepers}维护，您没有这项权限。", f"请联系{keepers}。")

    return holds


may_manage_organisations = held_by("system_admin", title="组织目录")
may_manage_users = held_by("system_admin", title="用户")
# 三员分立: who makes an account gives it no power, who gives power makes no account
may_appoint = held_by("security_admin", title="任职")
may_read_accounts = held_by("system_admin", "security_admin", title="用户")
may_set_calendar = held_by("system_admin", title="工作日历")

_readers: list[Policy] = []


def read_by(reader: Policy) -> None:
    """Let another policy's people read the directory: registry names its keepers, whom this floor cannot know."""
    if reader not in _readers:
        _readers.append(reader)


@policy
def may_read_people(actor: Actor, subject: object) -> Verdict:
    """See who holds which duty: the administrators, and those who keep the registry."""
    if actor.kind is ActorKind.SYSTEM or actor.has_duty(*ADMIN_DUTIES):
        return ALLOWED
    if any(reader(actor, None) for reader in _readers):
        return ALLOWED
    return Refused("用户与任职由系统管理员、安全管理员管理，您没有这项权限。", "请联系系统管理员。")


@policy
def may_read_organisations(actor: Actor, subject: object) -> Verdict:
    """See which organisations there are: whoever holds a duty in one of them."""
    if actor.appointments:
        return ALLOWED
    return Refused("您暂无任职，不能查看组织目录。", "请联系安全管理员登记任职。")
