"""The definition of a programme, whole, with look-ups by code and the resolved standards."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from xianfeng.programmes.rules.schema.base import (
    Code,
    Count,
    Day,
    Exact,
    Model,
    Positive,
    Prose,
    Share,
    Title,
    Year,
    by_code,
)  # fmt: skip
from xianfeng.programmes.rules.schema.gates import Gate
from xianfeng.programmes.rules.schema.procedures import Notice, Period, Procedure, TitleLife
from xianfeng.programmes.rules.schema.scoring import QuotaResult, ResultRule, Scoring, VoteRule
from xianfeng.programmes.rules.schema.standards import StandardSource
from xianfeng.programmes.rules.standard import Standard, resolve

NomineeKind = Literal["organisation", "service_point", "member"]


class Basis(Model):
    """依据文件。"""

    title: Title
    doc_no: Title | None = None
    issuer: Title | None = None


class Intent(Model):
    """预期成效的一组，如“两增强”。"""

    title: Title
    items: tuple[Prose, ...]


class DatePeriod(Model):
    """起止日期，含两端。"""

    since: Day
    until: Day


class Body(Model):
    """工作机构及其职责；由哪个组织担任，在系统里指定。"""

    code: Code
    title: Title
    duties: tuple[Prose, ...] = ()


class ApplicantGroup(Model):
    """申报单位的一类，由单位类型确定。"""

    code: Code
    title: Title
    organisation_kinds: Annotated[tuple[Code, ...], Field(min_length=1)]


class Eligibility(Model):
    """谁可申报；空着的条件不限制。"""

    organisation_kinds: tuple[Code, ...] = ()
    service_point_kinds: tuple[Code, ...] = ()
    member_status: tuple[Code, ...] = ()
    in_post: bool = False
    groups: tuple[Code, ...] = ()


class Category(Model):
    """类别：示范党组织、示范服务点、党员示范岗。"""

    code: Code
    title: Title
    nominee: NomineeKind
    number_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")] | None = None
    description: Prose = ""
    eligibility: Eligibility = Eligibility()


class Tier(Model):
    """层级；``draws_from`` 从哪一层级择优产生。"""

    code: Code
    title: Title
    full_title: Title
    draws_from: Code | None = None
    decided_by: Code
    announced_by: Code
    named_by: Code
    recommended_by: Code | None = None


class Stage(Model):
    """阶段。"""

    code: Code
    title: Title
    summary: Prose = ""


class Round(Model):
    """年度批次：名额（层级 × 类别）与各阶段起止日期。"""

    year: Year
    title: Title | None = None
    quotas: dict[Code, dict[Code, Count]] = {}
    stages: dict[Code, DatePeriod] = {}


class ExampleFact(Model):
    """A ledger fact in an example."""

    kind: Code
    about: Code
    happened_on: Day
    title: Title = "示例事实"
    level: Code | None = None
    grade: Code | None = None
    result: Code | None = None
    stars: Positive | None = None
    tags: tuple[Code, ...] = ()
    valid_until: Day | None = None
    rectified: bool = False


class ExampleNominee(Model):
    """What an example says of its nominee."""

    organisation_kind: Code | None = None
    service_point_kind: Code | None = None
    member_status: Code | None = None
    in_post: bool | None = None
    staff: Count | None = None
    members: Count | None = None
    leader_is_member: bool | None = None


class Expected(Model):
    """What must come out; only what is written is compared."""

    total: Exact | None = None
    parts: dict[Code, Exact] = {}
    gates: dict[Code, Literal["met", "failed", "unproven"]] = {}
    vetoed: bool | None = None
    passed: bool | None = None
    grade: Code | None = None


class Example(Model):
    """示例：一件事项与应有的结果，每次校验都重算核对。

    ``panel`` 逐张列出各指标得分；``panel_shares`` 是简写，一张一个得分率，各指标按率取分并退到步长的整数倍。
    """

    title: Title
    category: Code
    group: Code
    year: Year
    on: Day
    nominee: ExampleNominee = ExampleNominee()
    facts: tuple[ExampleFact, ...] = ()
    panel: tuple[dict[Code, Exact | None], ...] = ()
    panel_shares: tuple[Share, ...] = ()
    self_scores: dict[Code, Exact | None] = {}
    expect: Expected


class Definition(Model):
    """创建活动的定义。"""

    schema_version: Literal[1]
    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
    title: Title
    short_title: Title
    issuer: Title
    basis: tuple[Basis, ...] = ()
    theme: Prose = ""
    purpose: tuple[Intent, ...] = ()
    goal: Prose = ""
    notes: tuple[Prose, ...] = ()
    period: DatePeriod
    bodies: Annotated[tuple[Body, ...], Field(min_length=1, max_length=50)]
    applicant_groups: Annotated[tuple[ApplicantGroup, ...], Field(min_length=1, max_length=50)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=50)]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=20)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=30)]
    rounds: Annotated[tuple[Round, ...], Field(min_length=1, max_length=100)]
    standards: Annotated[tuple[StandardSource, ...], Field(min_length=1, max_length=50)]
    gates: Annotated[tuple[Gate, ...], Field(max_length=200)] = ()
    scoring: Scoring = Scoring()
    result: ResultRule = QuotaResult(kind="quota")
    vote: VoteRule = VoteRule()
    procedures: Annotated[tuple[Procedure, ...], Field(min_length=1, max_length=30)]
    periods: dict[Code, Period] = {}
    notice: Notice = Notice()
    title_life: TitleLife
    numbering: dict[Code, Title]
    examples: Annotated[tuple[Example, ...], Field(max_length=200)] = ()

    def body(self, code: str) -> Body:
        """The body with this code; ``KeyError`` without one, as for all look-ups below."""
        return by_code(self.bodies, code)

    def group(self, code: str) -> ApplicantGroup:
        """The applicant group with this code."""
        return by_code(self.applicant_groups, code)

    def group_of(self, organisation_kind: str) -> ApplicantGroup | None:
        """The applicant group to which a unit of this kind belongs."""
        return next((g for g in self.applicant_groups if organisation_kind in g.organisation_kinds), None)

    def category(self, code: str) -> Category:
        """The category with this code."""
        return by_code(self.categories, code)

    def tier(self, code: str) -> Tier:
        """The tier with this code."""
        return by_code(self.tiers, code)

    def stage(self, code: str) -> Stage:
        """The stage with this code."""
        return by_code(self.stages, code)

    def gate(self, code: str) -> Gate:
        """The gate with this code."""
        return by_code(self.gates, code)

    def procedure(self, code: str) -> Procedure:
        """The procedure of this case kind."""
        return by_code(self.procedures, code)

    def round(self, year: int) -> Round:
        """The round of this year."""
        for found in self.rounds:
            if found.year == year:
                return found
        raise KeyError(year)

    def quota(self, tier: str, category: str, year: int) -> int:
        """Places of a tier × category × year; none written is none given."""
        return self.round(year).quotas.get(tier, {}).get(category, 0)

    @cached_property
    def _resolved(self) -> dict[tuple[str, str], Standard]:
        return {
            (source.category, group.code): resolve(source, group.code)
            for source in self.standards
            for group in self.applicant_groups
        }

    def standard(self, category: str, group: str) -> Standard:
        """The standard that holds for this category and applicant group, versions chosen."""
        return self._resolved[category, group]
