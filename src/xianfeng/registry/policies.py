"""Who keeps the registry: bodies that the floor above names, and units for reports of their own."""

from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Policy, Refused, Verdict, policy

_keepers: list[Policy] = []


def kept_by(keeper: Policy) -> None:
    """Let another policy's people keep the registry: programmes names the working group and the office this way.

    The registry stands below programmes and cannot know its bodies.
    """
    if keeper not in _keepers:
        _keepers.append(keeper)


@policy
def may_keep(actor: Actor, subject: object) -> Verdict:
    """Keep service points, members, projects; confirm and refute conduct."""
    if actor.kind is ActorKind.SYSTEM or any(keeper(actor, None) for keeper in _keepers):
        return ALLOWED
    return Refused("登记信息和诚信台账由推进组、领导小组办公室维护，您没有这项权限。", "请联系推进组。")


@policy
def acts_for_one_of(actor: Actor, organisation_ids: set[int]) -> Verdict:
    """Act for one of these organisations: the unit a fact is about, or one of its party organisations."""
    own = {one.organisation_id for one in actor.appointments if one.duty in ACTING_DUTIES}
    if own & organisation_ids:
        return ALLOWED
    return Refused("只能报送本单位的诚信台账。", "其他单位的情况请告知推进组。")


@policy
def acts_for_somebody(actor: Actor, subject: object) -> Verdict:
    """See the registry at all: whoever acts for an organisation; administrators and experts have no business here."""
    if actor.kind is ActorKind.SYSTEM or actor.has_duty(*ACTING_DUTIES):
        return ALLOWED
    return Refused("创建对象、诚信台账和工程项目只对办理创建事项的人员开放。", "如需查看，请联系推进组。")


may_report = may_keep | acts_for_one_of
