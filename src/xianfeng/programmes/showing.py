"""The definition in words for pages: stages on a day, a standard with how each indicator is judged, its gates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from xianfeng.programmes.models import Round, RoundStage
from xianfeng.programmes.rules.schema import Definition
from xianfeng.programmes.rules.schema.gates import Gate
from xianfeng.programmes.rules.schema.standards import (
    Bonus,
    Deduction,
    Dimension,
    Graded,
    Indicator,
    Measured,
    Vote,
    YesNo,
)
from xianfeng.programmes.rules.standard import Standard
from xianfeng.ui import parts
from xianfeng.ui.formats import points

EFFECTS = {"veto": "一票否决", "cap": "封顶", "flag": "提示"}


class Coded(Protocol):
    """Anything of the definition that has a code."""

    @property
    def code(self) -> str:
        """Its code."""


C = TypeVar("C", bound=Coded)


def chosen(options: Sequence[C], asked: str) -> C:
    """The one an address names, else the first."""
    return next((one for one in options if one.code == asked), options[0])


def day_range(since: date, until: date) -> str:
    """3月1日—10月31日."""
    return f"{since.month}月{since.day}日—{until.month}月{until.day}日"


def stage_line(stages: Iterable[RoundStage], year: int, today: date) -> list[parts.Stage]:
    """Stages overlap: several may be current."""
    drawn = []
    for one in stages:
        state: parts.StageState = "current"
        if today < one.starts_on:
            state = "todo"
        elif today > one.ends_on:
            state = "done"
        when = f"{one.starts_on.year}年" if one.starts_on.year != year else ""
        drawn.append(parts.Stage(one.title, state, when + day_range(one.starts_on, one.ends_on)))
    return drawn


def present_stages(row: Round, today: date) -> list[str]:
    """Titles of the stages that run today."""
    return [one.title for one in row.stages.all() if one.starts_on <= today <= one.ends_on]


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator as the public reads it."""

    title: str
    points: str
    criteria: str
    evidence: str
    how: str
    bonus: bool = False


@dataclass(frozen=True)
class DimensionBlock:
    """A dimension with its indicators."""

    dimension: Dimension
    lines: list[IndicatorLine]


@dataclass(frozen=True)
class PartBlock:
    """A part with its dimensions."""

    title: str
    points: str
    blocks: list[DimensionBlock]


def parts_of(standard: Standard) -> list[PartBlock]:
    """The standard, part by part."""
    return [
        PartBlock(
            part.title,
            points(part.points),
            [DimensionBlock(one, [line(item) for item in one.indicators]) for one in part.dimensions],
        )
        for part in standard.parts
    ]


def line(indicator: Indicator) -> IndicatorLine:
    """One indicator in words."""
    return IndicatorLine(
        indicator.title,
        points(indicator.points),
        indicator.criteria,
        "、".join(indicator.evidence),
        how(indicator),
        isinstance(indicator, Bonus),
    )


def how(indicator: Indicator) -> str:
    """How its points come about; empty for the usual way, points as earned."""
    if isinstance(indicator, Graded):
        return "分档：" + "；".join(f"{one.title} {points(one.points)} 分" for one in indicator.levels)
    if isinstance(indicator, Measured):
        rungs = "；".join(
            f"{points(one.at_least)}{indicator.unit}及以上 {points(one.points)} 分" for one in indicator.table
        )
        return f"按实测值：{rungs}；其余 {points(indicator.otherwise)} 分"
    if isinstance(indicator, Deduction):
        return "扣分：" + "；".join(f"{one.title}每次扣 {points(one.each)} 分" for one in indicator.faults)
    if isinstance(indicator, YesNo):
        return "符合得满分，不符合不得分"
    if isinstance(indicator, Vote):
        return "按测评票折算"
    if isinstance(indicator, Bonus):
        return "加分项，不占部分分值"
    return ""


def gates_of(definition: Definition, category: str, group: str) -> list[tuple[Gate, str]]:
    """The gates that hold for a category and group, with the word of their effect."""
    return [
        (one, EFFECTS[one.effect])
        for one in definition.gates
        if (not one.categories or category in one.categories) and (not one.groups or group in one.groups)
    ]
