"""Who sees which board."""

from xianfeng.cases.queries import OVERSEERS
from xianfeng.directory.queries import stands_above
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy
from xianfeng.programmes.policies import seats, sits_in

BOARD_BODIES = (*OVERSEERS, "secretariat")


def has_board(actor: Actor) -> bool:
    """Whether the actor sits in a body or stands above a party organisation; asked by the navigation."""
    return any(one.kind in BOARD_BODIES for one in seats(actor)) or stands_above(actor)


@policy
def may_see_overview(actor: Actor, subject: object) -> Verdict:
    """Bodies of the programme, the association's secretariat, and party organisations with others below them."""
    if actor.kind is ActorKind.SYSTEM or has_board(actor):
        return ALLOWED
    return Refused("办理进度由创建工作机构和上级党组织查看。", "本单位的事项请从工作台进入。")


# The merit list shows the same titles to the same people, each their own part of it.
may_see_merit = may_see_overview
may_urge = sits_in("working_group", "office")


@policy
def may_audit(actor: Actor, subject: object) -> Verdict:
    """The audit administrator alone reads the whole record."""
    if actor.has_duty("audit_admin"):
        return ALLOWED
    return Refused("留痕由审计管理员查阅。", "某一事项的留痕，请从该事项的页面查看。")


@policy
def may_erase(actor: Actor, subject: object) -> Verdict:
    """The audit and the security administrator erase personal data from the record."""
    if actor.has_duty("audit_admin", "security_admin"):
        return ALLOWED
    return Refused("个人信息由审计管理员或安全管理员依法删除。", "请向他们提出书面请求。")
