"""Who speaks for a nominee."""

from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy
from xianfeng.registry.models import Nominee


@policy
def speaks_for(actor: Actor, nominee: Nominee) -> Verdict:
    """书记、经办人 or 成员 of the nominee's party organisation."""
    if actor.kind is ActorKind.SYSTEM:
        return ALLOWED
    party = nominee.party
    if any(one.organisation_id == party.pk and one.duty in ACTING_DUTIES for one in actor.appointments):
        return ALLOWED
    return Refused(f"“{nominee.name}”由“{party.name}”自荐，您不在该组织任职。", "请由该组织的经办人办理。")
