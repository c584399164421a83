"""Who runs the panel, who may see its result, who sits in it."""

from xianfeng.kernel.actors import Actor
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy
from xianfeng.programmes.policies import sits_in
from xianfeng.review.models import Expert

# The working group has the panel review and is the only one besides the expert who knows who reviews what.
may_run_panels = sits_in("working_group")
# The bodies that decide need the ranking; sheets are shown to them without names.
may_see_ranking = sits_in("working_group", "office", "leading_group", "comprehensive_group")


@policy
def is_expert(actor: Actor, subject: object) -> Verdict:
    """In the pool and not taken out."""
    if actor.user_id is not None and Expert.objects.filter(user_id=actor.user_id, active=True).exists():
        return ALLOWED
    return Refused("这里是评审专家的工作区，您不在专家库中。", "如需参加评审，请联系推进组。")
