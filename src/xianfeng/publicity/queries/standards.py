"""创建标准 as a document anybody may read: the rubric of a category and group, its gates, what it rests on."""

from dataclasses import dataclass

from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.programmes.queries import newest_rounds, round_or_none
from xianfeng.programmes.rules import Category, Definition, Standard, gates_for
from xianfeng.programmes.rules.schema.definition import ApplicantGroup
from xianfeng.programmes.rules.schema.gates import Gate

EFFECTS = {"veto": "一票否决", "cap": "封顶", "flag": "提示"}


@dataclass(frozen=True)
class StandardPage:
    """One standard with its gates; ``categories`` and ``groups`` are the others to choose from."""

    version: DefinitionVersion
    definition: Definition
    category: Category
    group: ApplicantGroup
    standard: Standard
    gates: list[tuple[Gate, str]]
    year: int
    round: Round
    others: list[Round]  # one of each programme, where there are several


def standard_page(category: str, group: str, asked: str = "") -> StandardPage:
    """The standard asked for, else the first; 404 before anything is published."""
    each = newest_rounds()
    row = round_or_none(asked) or next(iter(each), None)
    if row is None:
        raise NotFoundHere("创建标准尚未发布。", "请稍后再来。")
    definition = row.version.definition
    chosen = next((one for one in definition.categories if one.code == category), definition.categories[0])
    side = next((one for one in definition.applicant_groups if one.code == group), definition.applicant_groups[0])
    return StandardPage(
        version=row.version,
        definition=definition,
        category=chosen,
        group=side,
        standard=definition.standard(chosen.code, side.code),
        gates=[(one, EFFECTS[one.effect]) for one in gates_for(definition, chosen.code, side.code)],
        year=row.year,
        round=row,
        others=each if len(each) > 1 else [],
    )
