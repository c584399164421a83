"""Who must not review what, and why: the definition's recusal rules over sets of organisations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xianfeng.programmes.rules.schema.scoring import Recusal

SHORT_NAME = 2


@dataclass(frozen=True)
class ExpertTies:
    """Where an expert belongs: organisations, their units, and the party superiors of those organisations."""

    organisations: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    superiors: frozenset[int] = frozenset()
    former: frozenset[int] = frozenset()  # units left within the years that still count
    employers: frozenset[str] = frozenset()  # names of employers outside the directory, present and recent
    reviewed: frozenset[int] = frozenset()  # nominees scored in the round before
    name: str = ""


@dataclass(frozen=True)
class NomineeTies:
    """Where a nominee belongs: unit, party organisation, all party organisations of the unit, the chain above."""

    unit: int
    party: int
    unit_parties: frozenset[int] = frozenset()
    chain: tuple[int, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    nominee: int = 0
    text: str = ""  # what the nominee wrote

    def name(self, organisation: int) -> str:
        """The organisation's name, for the reason."""
        return self.names.get(organisation, "")


def conflict(
    rule: Recusal, expert: ExpertTies, nominee: NomineeTies, declared: str = "", *, rotation: str = "off"
) -> str:
    """Why the expert is kept from this nominee, in Chinese; empty when nothing speaks against it."""
    if rule.declared and declared:
        return f"已回避：{declared}"
    if rule.same_unit and _same_unit(expert, nominee):
        return f"与申报对象同属“{nominee.name(nominee.unit)}”"
    if rule.same_unit and nominee.unit in expert.former:
        return f"近年曾在申报对象所在单位“{nominee.name(nominee.unit)}”工作"
    if rule.same_unit and nominee.name(nominee.unit) in expert.employers - {""}:
        return f"现在或近年的工作单位与申报对象同为“{nominee.name(nominee.unit)}”"
    if rule.same_party_line:
        for above in nominee.chain:
            if above in expert.organisations:
                return f"在申报对象的上级党组织“{nominee.name(above)}”任职"
        if nominee.party in expert.superiors:
            return f"所在党组织隶属申报对象“{nominee.name(nominee.party)}”"
    if len(expert.name) > SHORT_NAME and expert.name in nominee.text:
        return "申报材料中写到该专家"
    if rotation == "bar" and nominee.nominee in expert.reviewed:
        return "上一批次评审过同一申报对象"
    return ""


def caution(expert: ExpertTies, nominee: NomineeTies, *, rotation: str = "warn") -> str:
    """Why the pair is better avoided though nothing forbids it; empty when there is no reason.

    A name of two characters is often a word (高峰, 平安): found in the file it only warns.
    """
    if rotation == "warn" and nominee.nominee in expert.reviewed:
        return "上一批次评审过同一申报对象"
    if 1 < len(expert.name) <= SHORT_NAME and expert.name in nominee.text:
        return "申报材料中出现与该专家姓名相同的字样"
    return ""


def _same_unit(expert: ExpertTies, nominee: NomineeTies) -> bool:
    own = {nominee.unit, nominee.party} | nominee.unit_parties
    return nominee.unit in expert.units or bool(own & expert.organisations)
