"""两优一先推荐名单: who holds a title today, put forward by which party organisation."""

from dataclasses import dataclass

from xianfeng.cases.queries import OVERSEERS, visible_to
from xianfeng.designations.models import Designation
from xianfeng.designations.rules import LIVE
from xianfeng.directory.models import Relation, holds_on
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Programme
from xianfeng.programmes.policies import acts_for
from xianfeng.reports import rules


@dataclass(frozen=True)
class MeritLine:
    """One title on the list."""

    superior: str
    party: str
    designation: Designation
    category: str
    tier: str
    honour: str


def merit(actor: Actor, programme: Programme, *, tier: str = "", category: str = "", q: str = "") -> list[MeritLine]:
    """Live titles of a programme, by today's superior party organisation; a fixed number of queries.

    A title's own list of the named is complete: warned, suspended and rectifying titles are left out, for a party
    organisation puts forward nobody whose title is in question.
    """
    standing = LIVE - {"warned", "suspended", "rectifying"}
    rows = Designation.objects.filter(programme=programme, state__in=standing)
    rows = rows.select_related("round__version", "nominee", "case__party")
    if acts_for(actor, programme, *OVERSEERS) is None:
        rows = rows.filter(case__in=visible_to(actor).values("pk"))
    if tier:
        rows = rows.filter(tier=tier)
    if category:
        rows = rows.filter(category=category)
    if q:
        rows = rows.filter(holder__icontains=q)
    found = list(rows)
    superiors = _superiors([one.case.party_id for one in found])
    lines = [_line(one, superiors.get(one.case.party_id, "（无上级党组织）")) for one in found]
    return sorted(lines, key=lambda one: (one.superior, one.party, one.tier, one.designation.number))


def _superiors(party_ids: list[int]) -> dict[int, str]:
    rows = Relation.objects.filter(holds_on(clock.today()), kind="superior", organisation_id__in=set(party_ids))
    return dict(rows.order_by("since").values_list("organisation_id", "target__name"))


def _line(row: Designation, superior: str) -> MeritLine:
    definition = row.round.version.definition
    return MeritLine(
        superior=superior,
        party=row.case.party.name,
        designation=row,
        category=definition.category(row.category).title,
        tier=definition.tier(row.tier).title,
        honour=rules.MERIT_HONOURS.get(row.nominee.kind, ""),
    )
