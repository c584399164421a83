"""Who must not review what, and why: the definition's recusal rules over sets of organisations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xianfeng.programmes.rules.schema.scoring import Recusal


@dataclass(frozen=True)
class ExpertTies:
    """Where an expert belongs: organisations, their units, and the party superiors of those organisations."""

    organisations: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    superiors: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NomineeTies:
    """Where a nominee belongs: unit, party organisation, all party organisations of the unit, the chain above."""

    unit: int
    party: int
    unit_parties: frozenset[int] = frozenset()
    chain: tuple[int, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    def name(self, organisation: int) -> str:
        """The organisation's name, for the reason."""
        return self.names.get(organisation, "")


def conflict(rule: Recusal, expert: ExpertTies, nominee: NomineeTies, declared: str = "") -> str:
    """Why the expert is kept from this nominee, in Chinese; empty when nothing speaks against it."""
    if rule.declared and declared:
        return f"已回避：{declared}"
    if rule.same_unit and _same_unit(expert, nominee):
        return f"与申报对象同属“{nominee.name(nominee.unit)}”"
    if rule.same_party_line:
        for above in nominee.chain:
            if above in expert.organisations:
                return f"在申报对象的上级党组织“{nominee.name(above)}”任职"
        if nominee.party in expert.superiors:
            return f"所在党组织隶属申报对象“{nominee.name(nominee.party)}”"
    return ""


def _same_unit(expert: ExpertTies, nominee: NomineeTies) -> bool:
    own = {nominee.unit, nominee.party} | nominee.unit_parties
    return nominee.unit in expert.units or bool(own & expert.organisations)
