"""Who must not review what, and why: the definition's recusal rules over sets of organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xianfeng.programmes.rules.schema.scoring import Recusal

SHORT_NAME = 2


@dataclass(frozen=True)
class ExpertTies:
    """Where an expert belongs: organisations, their units, the party superiors of those organisations; and belonged."""

    organisations: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    superiors: frozenset[int] = frozenset()
    employers: frozenset[str] = frozenset()  # names of present employers outside the directory
    left: Mapping[int, date] = field(default_factory=dict)  # unit → last day there; units of today are in ``units``
    left_names: Mapping[str, date] = field(default_factory=dict)  # the same by name, outside the directory
    reviewed: Mapping[int, int] = field(default_factory=dict)  # nominee → how many rounds ago, 1 for the one before
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


def conflict(rule: Recusal, expert: ExpertTies, nominee: NomineeTies, on: date, declared: str = "") -> str:
    """Why the expert is kept from this nominee on a day, in Chinese; empty when nothing speaks against it."""
    unit = nominee.name(nominee.unit)
    if rule.declared and declared:
        return f"已回避：{declared}"
    if rule.same_unit and _same_unit(expert, nominee):
        return f"与申报对象同属“{unit}”"
    if rule.same_unit and unit in expert.employers - {""}:
        return f"现在的工作单位与申报对象同为“{unit}”"
    if rule.same_unit and _lately(rule, [expert.left.get(nominee.unit), expert.left_names.get(unit)], on):
        return f"{rule.former_employer_years} 年内曾在申报对象所在单位“{unit}”工作"
    if rule.same_party_line:
        for above in nominee.chain:
            if above in expert.organisations:
                return f"在申报对象的上级党组织“{nominee.name(above)}”任职"
        if nominee.party in expert.superiors:
            return f"所在党组织隶属申报对象“{nominee.name(nominee.party)}”"
    if rule.named_in_file and len(expert.name) > SHORT_NAME and expert.name in nominee.text:
        return "申报材料中写到该专家"
    return _rotated(rule, expert, nominee) if rule.rotation == "bar" else ""


def caution(rule: Recusal, expert: ExpertTies, nominee: NomineeTies) -> str:
    """Why the pair is better avoided though nothing forbids it; empty when there is no reason.

    A name of two characters is often a word (高峰, 平安): found in the file it only warns.
    """
    if rule.named_in_file and 1 < len(expert.name) <= SHORT_NAME and expert.name in nominee.text:
        return "申报材料中出现与该专家姓名相同的字样"
    return _rotated(rule, expert, nominee) if rule.rotation == "avoid" else ""


def _same_unit(expert: ExpertTies, nominee: NomineeTies) -> bool:
    own = {nominee.unit, nominee.party} | nominee.unit_parties
    return nominee.unit in expert.units or bool(own & expert.organisations)


def _lately(rule: Recusal, left: Sequence[date | None], on: date) -> bool:
    """Whether less than the rule's years have passed since one of these last days."""
    years = rule.former_employer_years
    return any(day is not None and day > years_before(on, years) for day in left) if years else False


def years_before(on: date, years: int) -> date:
    """The same day some years ago; 29 February becomes the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _rotated(rule: Recusal, expert: ExpertTies, nominee: NomineeTies) -> str:
    ago = expert.reviewed.get(nominee.nominee)
    if ago is None or ago > rule.rotation_rounds:
        return ""
    return "上一批次评审过同一申报对象" if ago == 1 else f"{ago} 个批次前评审过同一申报对象"
