"""计分、结果、表决与并列处理。"""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from xianfeng.programmes.rules.schema.base import (
    Code,
    Count,
    Exact,
    Model,
    Named,
    Points,
    Positive,
    Ratio,
    Share,
)  # fmt: skip

SOURCES = {"self": "自评", "superior": "上级评分", "panel": "专家评审", "survey": "群众测评"}
Weight = Annotated[Exact, Field(ge=0, le=100)]


class Weights(Model):
    """各来源得分的权重，合计 100。"""

    self: Weight = Decimal(0)
    superior: Weight = Decimal(0)
    panel: Weight = Decimal(100)
    survey: Weight = Decimal(0)

    @model_validator(mode="after")
    def _sum_to_a_hundred(self) -> "Weights":
        total = self.self + self.superior + self.panel + self.survey
        if total != 100:
            raise ValueError(f"权重合计应为 100，现为 {total}")
        return self


class Aggregation(Model):
    """多张评分表如何合成：平均、去掉最高最低各 ``drop`` 个后平均（人数达到 ``min_panel`` 才去）、中位数、
    赞成率（得分率达到 ``in_favour_from`` 的表算赞成，按赞成表所占比例给分）；``of`` 说明以总分还是逐项指标为单位。"""

    kind: Literal["mean", "trimmed_mean", "median", "vote_share"] = "trimmed_mean"
    of: Literal["total", "indicator"] = "total"
    drop: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    min_panel: Positive = 5
    in_favour_from: Share = Decimal("0.6")

    @model_validator(mode="after")
    def _something_is_left(self) -> "Aggregation":
        if self.kind == "trimmed_mean" and self.min_panel <= 2 * self.drop:
            raise ValueError("去掉最高分和最低分后应至少剩一份，请调大 min_panel 或调小 drop")
        return self


class Rounding(Model):
    """保留小数位数与进位办法，只在最后一步进行。"""

    places: Annotated[int, Field(strict=True, ge=0, le=4)] = 2
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class Floors(Model):
    """最低要求：总分、每部分、每维度得分率；``parts`` 可给某部分单独的得分率；``exceed`` 表示都须超过而不只是达到。"""

    total: Points = Decimal(0)
    each_part: Share = Decimal(0)
    each_dimension: Share = Decimal(0)
    parts: dict[Code, Share] = {}
    self_total: Points = Decimal(0)
    exceed: bool = False


class TieBreak(Model):
    """同分时依次比较的内容；``lot`` 为抽签，须记录在案。"""

    by: Literal[
        "part",
        "dimension",
        "self_total",
        "superior",
        "survey",
        "panel_median",
        "superior_rank",
        "votes",
        "earliest",
        "lot",
    ]
    part: Code | None = None
    dimension: Code | None = None

    @model_validator(mode="after")
    def _part_is_named(self) -> "TieBreak":
        if (self.by in ("part", "dimension")) != (self.part is not None):
            raise ValueError("按部分或维度比较时要写部分代码，其他办法不写")
        if (self.by == "dimension") != (self.dimension is not None):
            raise ValueError("按维度比较时要写部分和维度代码，其他办法不写维度")
        return self


class Recusal(Model):
    """回避：与申报对象同单位、在其上级党组织链上或隶属于它、自行申明、姓名写在申报材料中的关系。

    离开原单位不满 ``former_employer_years`` 年仍视同同单位（0 为离开即不计）；最近 ``rotation_rounds`` 个批次评过同一
    对象的专家按 ``rotation`` 办理：尽量避开，或一律回避（0 为不考虑）。"""

    same_unit: bool = True
    same_party_line: bool = True
    declared: bool = True
    named_in_file: bool = True
    former_employer_years: Annotated[int, Field(strict=True, ge=0, le=50)] = 3
    rotation_rounds: Annotated[int, Field(strict=True, ge=0, le=20)] = 1
    rotation: Literal["avoid", "bar"] = "avoid"


class Panel(Model):
    """专家评审：每件由几位专家评分、至少几份有效、是否盲审（专家看不到申报对象是谁）、回避规则；分歧大的送第二评审组
    时，其评分替代第一评审组的（``replace``）还是与之合并（``join``）。"""

    experts_per_case: Positive = 3
    least_sheets: Positive = 3
    blind: bool = False
    second_panel: Literal["replace", "join"] = "replace"
    recusal: Recusal = Recusal()


class Survey(Model):
    """群众测评如何折算成分：满意度调查的五档（非常满意、满意、一般、不满意、很不满意）各按几成计，再对全部答卷平均；
    少于 ``least_answers`` 份的不算。默认即满意率：非常满意和满意计满分，其余不计。"""

    shares: Annotated[tuple[Share, ...], Field(min_length=5, max_length=5)] = (
        Decimal(1),
        Decimal(1),
        Decimal(0),
        Decimal(0),
        Decimal(0),
    )
    least_answers: Positive = 1

    @model_validator(mode="after")
    def _never_rising(self) -> "Survey":
        if any(better < worse for better, worse in pairwise(self.shares)):
            raise ValueError("满意程度低的一档不能比高的一档计得多")
        return self


class Scoring(Model):
    """从各张评分表到一个总分。"""

    weights: Weights = Weights()
    aggregation: Aggregation = Aggregation()
    rounding: Rounding = Rounding()
    floors: Floors = Floors()
    bonus_cap: Points | None = None
    tie_breaks: tuple[TieBreak, ...] = ()
    panel: Panel = Panel()
    survey: Survey = Survey()


class QuotaResult(Model):
    """按名额择优：名额见各年度；``margin`` 差额比例，``reserve`` 递补人选数，``unused`` 空余名额如何处理，
    ``over_by`` 经批准并说明理由可超出的个数。"""

    kind: Literal["quota"]
    margin: Annotated[Exact, Field(ge=1, le=10)] = Decimal(1)
    reserve: Count = 0
    unused: Literal["lapse", "next_round", "other_category"] = "lapse"
    over_by: Count = 0


class Band(Named):
    """等次：不低于 ``at_least`` 且低于上一等的起点（左闭右开）；可另有最低要求、占比上限 ``share_cap`` 和个数上限
    ``most``。"""

    at_least: Points
    floors: Floors = Floors()
    share_cap: Share | None = None
    most: Count | None = None


class GradesResult(Model):
    """按分定等：由高到低列出等次。"""

    kind: Literal["grades"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _descending(self) -> "GradesResult":
        starts = [band.at_least for band in self.bands]
        if any(high <= low for high, low in pairwise(starts)):
            raise ValueError("等次要由高到低排列，起点分不能相同")
        return self


class PassResult(Model):
    """达标即可，没有名额。"""

    kind: Literal["pass"]


ResultRule = Annotated[QuotaResult | GradesResult | PassResult, Field(discriminator="kind")]


class VoteRule(Model):
    """表决：到会人数与赞成票的要求；``over`` 表示须超过而不只是达到。"""

    quorum: Ratio = "2/3"
    majority: Ratio = "1/2"
    over: bool = True
    of: Literal["present", "members"] = "present"
