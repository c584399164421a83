"""Who writes, accepts, guides and inspects: the unit itself, the working group, the association for its members."""

from xianfeng.cases.queries import acting_ids
from xianfeng.creation.models import CreationPlan
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy
from xianfeng.programmes.models import Programme
from xianfeng.programmes.policies import acts_for, seats, sits_in

may_guide = sits_in("working_group")


@policy
def speaks_for(actor: Actor, organisation: Organisation) -> Verdict:
    """Somebody in an acting duty of the organisation itself."""
    if actor.kind is ActorKind.SYSTEM or organisation.pk in acting_ids(actor):
        return ALLOWED
    return Refused(f"只有“{organisation.name}”的书记、经办人和成员可以办理。", "如信息有误，请联系推进组。")


def own_line(organisation: Organisation) -> set[int]:
    """The organisation, its unit and the unit's party organisations: one's own side of the table."""
    today = clock.today()
    unit = directory.unit_of(organisation, today)
    return directory.side_of(unit.pk, organisation.pk, today)


@policy
def not_own_plan(actor: Actor, plan: CreationPlan) -> Verdict:
    """Nobody accepts or returns the plan of their own unit where another of the working group can."""
    if actor.kind is ActorKind.SYSTEM:
        return ALLOWED
    line = own_line(plan.organisation)
    body = acts_for(actor, plan.round.programme, "working_group")
    if body is None or not line & (actor.organisation_ids() - {body.organisation_id}):
        return ALLOWED
    if not directory.outsider_acts_for(body.organisation_id, side=line, but=actor.user_id, on=clock.today()):
        return ALLOWED
    return Refused("这是您所在单位的创建计划，按规定应当回避。", "请由推进组其他人员办理。")


def guide_of(actor: Actor, programme: Programme, organisation: Organisation) -> Organisation | None:
    """The body under which the actor guides this organisation: the working group, or the secretariat of its members."""
    found = {one.kind: one.organisation for one in seats(actor) if one.programme_id == programme.pk}
    if "working_group" in found:
        return found["working_group"]
    association = found.get("secretariat")
    if association is None:
        return None
    today = clock.today()
    unit = directory.unit_of(organisation, today)
    return association if unit.pk in directory.members_of_association(association.pk, today) else None


@policy
def guides(actor: Actor, subject: tuple[Programme, Organisation]) -> Verdict:
    """The working group for all, the association's secretariat for its member units."""
    if actor.kind is ActorKind.SYSTEM or guide_of(actor, *subject) is not None:
        return ALLOWED
    return Refused("问题清单由推进组办理；协会秘书处办理会员单位的问题。", "您不在其中，请联系推进组。")


@policy
def may_comment(actor: Actor, plan: CreationPlan) -> Verdict:
    """Those who guide the unit, and its party superiors."""
    if actor.kind is ActorKind.SYSTEM or comments_as(actor, plan) is not None:
        return ALLOWED
    return Refused("只有推进组、协会秘书处和上级党组织可以提出指导意见。", "您可以查看该计划。")


def comments_as(actor: Actor, plan: CreationPlan) -> Organisation | None:
    """The organisation under which the actor comments on a plan."""
    guide = guide_of(actor, plan.round.programme, plan.organisation)
    if guide is not None:
        return guide
    mine = acting_ids(actor)
    chain = directory.superior_chain(plan.organisation_id, clock.today())
    return next((one for one in chain if one.pk in mine), None)
