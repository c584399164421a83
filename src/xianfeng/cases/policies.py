"""Who may close a step: those it is addressed to, and nobody on their own case where another can."""

from xianfeng.cases import rules
from xianfeng.cases.models import Step
from xianfeng.directory import queries as directory
from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy


@policy
def is_addressee(actor: Actor, step: Step) -> Verdict:
    """The person asked, or somebody in an acting duty of the organisation asked."""
    if actor.kind is ActorKind.SYSTEM:
        return ALLOWED
    if step.user_id is not None:
        return (
            ALLOWED if step.user_id == actor.user_id else Refused("这个环节交由他人办理。", "请在工作台查看您的待办。")
        )
    duties = {one.duty for one in actor.appointments if one.organisation_id == step.organisation_id}
    if duties & ACTING_DUTIES:
        return ALLOWED
    return Refused("这个环节不由您所在的组织办理。", "请在工作台查看您的待办，或联系推进组。")


@policy
def not_own_case(actor: Actor, step: Step) -> Verdict:
    """Nobody endorses, screens, scores or decides a nominee of their own unit where another can."""
    if actor.kind is ActorKind.SYSTEM or step.kind in rules.NOMINEE_KINDS:
        return ALLOWED
    if not is_of_own_unit(actor, step):
        return ALLOWED
    if not another_can(actor, step):
        return ALLOWED
    return Refused("申报对象是您所在单位的，按规定应当回避。", "请由同一机构的其他人员办理。")


may_close = is_addressee & not_own_case


def is_of_own_unit(actor: Actor, step: Step) -> bool:
    """Whether the actor holds an appointment with the nominee's side of the case.

    An endorsing superior may sit in the nominee's own unit (a branch endorses its member): there only an appointment
    in the nominee's own party organisation counts; everywhere else the whole unit does.
    """
    own = actor.organisation_ids() - {step.organisation_id}
    if step.kind == "endorse":
        return step.case.party_id in own
    return bool(own & directory.side_of(step.case.unit_id, step.case.party_id, clock.today()))


def another_can(actor: Actor, step: Step) -> bool:
    """Whether somebody else of the addressed organisation stands outside the nominee's unit."""
    if step.organisation_id is None:
        return False
    today = clock.today()
    side = directory.side_of(step.case.unit_id, step.case.party_id, today)
    return directory.outsider_acts_for(step.organisation_id, side=side, but=actor.user_id, on=today)
