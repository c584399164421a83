"""Who writes stories, and who puts them on show."""

from django.db.models import Q, QuerySet

from xianfeng.cases.queries import acting_ids
from xianfeng.designations.models import Designation
from xianfeng.designations.rules import LIVE
from xianfeng.kernel.actors import Actor, ActorKind
from xianfeng.kernel.policies import ALLOWED, Refused, Verdict, policy
from xianfeng.programmes.models import Body
from xianfeng.programmes.policies import acts_for

PUBLISHERS = ("working_group", "office")


def publishes(actor: Actor, designation: Designation | None = None) -> bool:
    """Whether the actor sits in a body that puts stories on show."""
    programme = designation.programme if designation is not None else None
    return actor.kind is ActorKind.SYSTEM or acts_for(actor, programme, *PUBLISHERS) is not None


@policy
def may_publish(actor: Actor, designation: Designation) -> Verdict:
    """Working group and office: what stands on the public site is theirs to answer for."""
    if publishes(actor, designation):
        return ALLOWED
    return Refused("典型事迹由推进组或领导小组办公室发布和撤下。", "请保存后联系推进组发布。")


@policy
def may_write(actor: Actor, designation: Designation) -> Verdict:
    """The holder's own people, and those who publish."""
    if {designation.case.party_id, designation.case.unit_id} & acting_ids(actor) or publishes(actor, designation):
        return ALLOWED
    return Refused("只有命名对象所在单位和推进组可以撰写典型事迹。", "如需提供材料，请联系推进组。")


def writable(actor: Actor) -> QuerySet[Designation]:
    """Held titles this actor may write about."""
    mine = acting_ids(actor)
    programmes = Body.objects.filter(organisation_id__in=mine, kind__in=PUBLISHERS).values("programme_id")
    own = Q(case__party_id__in=mine) | Q(case__unit_id__in=mine) | Q(programme_id__in=programmes)
    return Designation.objects.filter(own, state__in=LIVE).order_by("-round__year", "number")
