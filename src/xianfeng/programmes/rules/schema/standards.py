"""创建标准：部分 → 维度 → 指标，按申报对象分版本；七种指标各有计分方式。"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from xianfeng.programmes.rules.schema.base import Code, Count, Exact, Model, Named, Points, Prose, Share, Title


class IndicatorBase(Named):
    """What every indicator has: points at most, how to judge it, what evidence it asks for."""

    points: Points
    criteria: Prose = ""
    evidence: tuple[Title, ...] = ()
    may_not_apply: bool = False
    note: Prose = ""


class Scored(IndicatorBase):
    """按要求酌情给分：0 至满分，按步长取值。"""

    kind: Literal["scored"] = "scored"
    step: Annotated[Exact, Field(gt=0)] = Decimal("0.5")


class Level(Named):
    """One level of a graded indicator."""

    points: Points


class Graded(IndicatorBase):
    """分档给分：选一档，得该档分值。"""

    kind: Literal["graded"]
    levels: Annotated[tuple[Level, ...], Field(min_length=2, max_length=20)]


class Rung(Model):
    """One line of a points table: from this value on, these points."""

    at_least: Exact
    points: Points


class Measured(IndicatorBase):
    """按实测值查表给分：取不超过实测值的最高一级。"""

    kind: Literal["measured"]
    unit: Title
    table: Annotated[tuple[Rung, ...], Field(min_length=1, max_length=50)]
    otherwise: Points = Decimal(0)


class Fault(Named):
    """One kind of fault and what each occurrence costs."""

    each: Annotated[Points, Field(gt=0)]
    most: Points | None = None


class Deduction(IndicatorBase):
    """扣分制：从满分起扣，扣完为止。"""

    kind: Literal["deduction"]
    faults: Annotated[tuple[Fault, ...], Field(min_length=1, max_length=50)]


class Bonus(IndicatorBase):
    """加分项：不占部分分值，以本项分值为上限。"""

    kind: Literal["bonus"]
    step: Annotated[Exact, Field(gt=0)] = Decimal("0.5")


class YesNo(IndicatorBase):
    """是否项：符合得满分，不符合得零分。"""

    kind: Literal["yes_no"]


class Choice(Named):
    """One choice of a vote and the share of the points it is worth."""

    share: Share


class Vote(IndicatorBase):
    """测评项：各票按所选档次折算，取平均。"""

    kind: Literal["vote"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=20)]
    least_votes: Count = 1


def _indicator_kind(value: Any) -> str:
    found = value.get("kind", "scored") if isinstance(value, dict) else getattr(value, "kind", "scored")
    return str(found)


Indicator = Annotated[
    Annotated[Scored, Tag("scored")]
    | Annotated[Graded, Tag("graded")]
    | Annotated[Measured, Tag("measured")]
    | Annotated[Deduction, Tag("deduction")]
    | Annotated[Bonus, Tag("bonus")]
    | Annotated[YesNo, Tag("yes_no")]
    | Annotated[Vote, Tag("vote")],
    Discriminator(_indicator_kind),
]


class Dimension(Named):
    """维度：方案的一条要求；``clause`` 指明出处。"""

    points: Points
    clause: Prose = ""
    note: Prose = ""
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1, max_length=100)]


class Version(Model):
    """The dimensions of a part as they hold for some applicant groups (none named: for all)."""

    groups: tuple[Code, ...] = ()
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=50)]


class Part(Named):
    """部分：如基本标准 50 分、行业标准 50 分。"""

    points: Points
    versions: Annotated[tuple[Version, ...], Field(min_length=1, max_length=20)]


class StandardSource(Model):
    """The standard of one category as written: parts with versions by applicant group."""

    category: Code
    total: Points = Decimal(100)
    note: Prose = ""
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=20)]
