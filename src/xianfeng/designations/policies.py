"""Who speaks for the holder of a title."""

from xianfeng.cases.queries import acting_ids
from xianfeng.designations.models import Designation
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy


@policy
def speaks_for_holder(actor: Actor, title: Designation) -> Verdict:
    """Acts for the party organisation that answers for the title today."""
    if title.party_id in acting_ids(actor):
        return ALLOWED
    return Refused("这件事由命名的持有单位办理。", "请联系持有单位的经办人。")
