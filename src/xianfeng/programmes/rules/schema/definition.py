"""The definition of a programme, whole, with look-ups by code and the resolved standards."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from xianfeng.programmes.rules.gate_words import what
from xianfeng.programmes.rules.schema.base import (
    Code,
    Count,
    Day,
    Exact,
    Model,
    Named,
    Points,
    Positive,
    Prose,
    Share,
    Title,
    Year,
    by_code,
)  # fmt: skip
from xianfeng.programmes.rules.schema.gates import Gate
from xianfeng.programmes.rules.schema.pools import Pool
from xianfeng.programmes.rules.schema.procedures import Notice, Period, Procedure, TitleLife
from xianfeng.programmes.rules.schema.scoring import QuotaResult, ResultRule, Scoring, VoteRule
from xianfeng.programmes.rules.schema.standards import StandardSource
from xianfeng.programmes.rules.standard import Standard, resolve
from xianfeng.registry import rules as ledger

PROVENANCE = {"published": "", "inferred": "推定，未经原文核实", "example": "示例分值"}
NomineeKind = Literal["organisation", "service_point", "member"]


class Basis(Model):
    """依据文件。"""

    title: Title
    doc_no: Title | None = None
    issuer: Title | None = None
    issued_on: Day | None = None
    note: Prose = ""


class Approval(Model):
    """开展本活动的批准：批准机关、文号、日期。"""

    body: Title
    doc_no: Title
    approved_on: Day | None = None


class Provenance(Model):
    """一处规定从何而来。``at`` 写出位置，列表中的一项用代码指明，如 ``title_life.validity_months``、
    ``standards.works.parts.quality``。"""

    at: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,15}$")]
    status: Literal["published", "inferred", "example"]
    source: Prose = ""
    note: Prose = ""

    @property
    def verified(self) -> bool:
        """Whether the issuer itself says so."""
        return self.status == "published"

    @property
    def label(self) -> str:
        """What a page puts beside the value; nothing beside what was published."""
        return PROVENANCE[self.status]


class Vocabulary(Model):
    """本活动另用的词：与系统自带的词表并用。"""

    unit_kinds: dict[Code, Title] = {}
    party_kinds: dict[Code, Title] = {}
    service_point_kinds: dict[Code, Title] = {}
    member_statuses: dict[Code, Title] = {}
    fact_kinds: dict[Code, Title] = {}
    tags: dict[Code, Title] = {}


class Intent(Model):
    """预期成效的一组，如“两增强”。"""

    title: Title
    items: tuple[Prose, ...]


class DatePeriod(Model):
    """起止日期，含两端。"""

    since: Day
    until: Day


class Body(Named):
    """工作机构及其职责；``played_by`` 写明由谁担任，具体组织在系统里指定。"""

    played_by: Title | None = None
    duties: tuple[Prose, ...] = ()


class ApplicantGroup(Named):
    """申报单位的一类，由单位类型确定。"""

    organisation_kinds: Annotated[tuple[Code, ...], Field(min_length=1)]


class Eligibility(Model):
    """谁可申报；空着的条件不限制。"""

    organisation_kinds: tuple[Code, ...] = ()
    service_point_kinds: tuple[Code, ...] = ()
    member_status: tuple[Code, ...] = ()
    in_post: bool = False
    groups: tuple[Code, ...] = ()


class Category(Named):
    """类别：示范党组织、示范服务点、党员示范岗。``most_per_superior``、``most_per_unit``：每个上级、每个单位每批最多报几个；
    ``allotted``：推荐名额按办公室在年度批次中填写的分配表，表中没有的上级按前者，没有写的不能推荐。
    """

    nominee: NomineeKind
    number_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")] | None = None
    description: Prose = ""
    eligibility: Eligibility = Eligibility()
    most_per_superior: Positive | None = None
    most_per_unit: Positive | None = None
    allotted: bool = False


class Tier(Named):
    """层级；``draws_from`` 从哪一层级择优产生。"""

    full_title: Title
    draws_from: Code | None = None
    decided_by: Code
    announced_by: Code
    named_by: Code
    recommended_by: Code | None = None


class Stage(Named):
    """阶段。"""

    summary: Prose = ""


class Round(Model):
    """年度批次：名额（层级 × 类别）与各阶段起止日期；``group_quotas`` 把某类别的名额分给各类申报单位，分别排名。"""

    year: Year
    title: Title | None = None
    quotas: dict[Code, dict[Code, Count]] = {}
    group_quotas: dict[Code, dict[Code, dict[Code, Count]]] = {}
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
    year: Year | None = None


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
    flagged: tuple[Code, ...] | None = None
    shortfalls: Count | None = None


Entered = Annotated[bool, Field(strict=True)] | Code | dict[Code, Count] | Exact | None


class Example(Model):
    """示例：一件事项与应有的结果，每次校验都重算核对。

    ``panel`` 逐张列出各指标得分；``answers`` 逐张列出各指标所填内容（档次、实测值、次数、票数、是否），由规则换算；
    ``panel_shares`` 是简写，一张一个得分率，各指标按率取分并退到步长的整数倍。
    """

    title: Title
    category: Code
    group: Code
    year: Year
    on: Day
    nominee: ExampleNominee = ExampleNominee()
    facts: tuple[ExampleFact, ...] = ()
    panel: Annotated[tuple[dict[Code, Exact | None], ...], Field(max_length=100)] = ()
    panel_shares: Annotated[tuple[Share, ...], Field(max_length=100)] = ()
    answers: Annotated[tuple[dict[Code, Entered], ...], Field(max_length=100)] = ()
    self_scores: dict[Code, Exact | None] = {}
    self_answers: dict[Code, Entered] = {}
    superior: Points | None = None
    survey: Points | None = None
    expect: Expected


class Definition(Model):
    """创建活动的定义。"""

    schema_version: Literal[1]
    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
    title: Title
    title_en: Title | None = None
    short_title: Title
    issuer: Title
    approval: Approval | None = None
    basis: tuple[Basis, ...] = ()
    theme: Prose = ""
    purpose: tuple[Intent, ...] = ()
    goal: Prose = ""
    notes: tuple[Prose, ...] = ()
    provenance: Annotated[tuple[Provenance, ...], Field(max_length=500)] = ()
    vocabulary: Vocabulary = Vocabulary()
    period: DatePeriod
    bodies: Annotated[tuple[Body, ...], Field(min_length=1, max_length=50)]
    applicant_groups: Annotated[tuple[ApplicantGroup, ...], Field(min_length=1, max_length=50)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=50)]
    categories_per_nominee: Positive | None = None
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

    def procedure(self, code: str, tier: str | None = None) -> Procedure:
        """The procedure of this case kind: the one of the tier, else the one for all tiers, else the first."""
        of_kind = [one for one in self.procedures if one.code == code]
        for wanted in (tier, None):
            for one in of_kind:
                if one.tier == wanted:
                    return one
        return by_code(of_kind, code)

    def round(self, year: int) -> Round:
        """The round of this year."""
        for found in self.rounds:
            if found.year == year:
                return found
        raise KeyError(year)

    def quota(self, tier: str, category: str, year: int) -> int:
        """Places of a tier × category × year; none written is none given."""
        return self.round(year).quotas.get(tier, {}).get(category, 0)

    def pools(self, tier: str, year: int) -> tuple[Pool, ...]:
        """What is ranked and given out by itself: each category, or each applicant group where its quota is split."""
        found = []
        for one in self.categories:
            groups = [group.code for group in self.applicant_groups] if self._split(tier, one.code, year) else [""]
            found += [self.pool(tier, one.code, group, year) for group in groups]
        return tuple(found)

    def pool(self, tier: str, category: str, group: str, year: int) -> Pool:
        """The pool in which a nominee of this category and applicant group competes."""
        split = self._split(tier, category, year)
        group = group if split else ""
        number = split.get(group, 0) if split else self.quota(tier, category, year)
        return Pool(category, group, self.pool_title(category, group), number)

    def pool_title(self, category: str, group: str) -> str:
        """``类别``, or ``类别（申报单位类别）`` where its places are split."""
        title = self.category(category).title
        return f"{title}（{self.group(group).title}）" if group else title

    def _split(self, tier: str, category: str, year: int) -> dict[str, int]:
        if not isinstance(self.result, QuotaResult):
            return {}
        return self.round(year).group_quotas.get(tier, {}).get(category, {})

    @cached_property
    def words(self) -> dict[str, str]:
        """Fact kinds and tags in Chinese: the ledger's own and what this programme adds."""
        return {**ledger.FACT_KINDS, **ledger.TAGS, **self.vocabulary.fact_kinds, **self.vocabulary.tags}

    @cached_property
    def phrases(self) -> dict[str, tuple[str, ...]]:
        """What each test of each gate speaks of, as a noun phrase, by the gate's code; "" where it is not of facts."""
        return {
            gate.code: tuple(what(test.facts, self.words) if hasattr(test, "facts") else "" for test in gate.tests)
            for gate in self.gates
        }

    def label(self, at: str) -> str:
        """The label of the value at a place (示例分值 …), given for it or for what holds it; "" when published."""
        found = {one.at: one.label for one in self.provenance}
        while at and at not in found:
            at = at.rpartition(".")[0]
        return found.get(at, "")

    @cached_property
    def spelt_out(self) -> dict[tuple[str, str | None], Any]:
        """Steps by kind of case and tier as ``rules.procedures`` spells them out; lists ask for them row by row."""
        return {}

    @cached_property
    def _gates_of(self) -> dict[tuple[str, str], tuple[Gate, ...]]:
        return {}

    def gates_of(self, category: str, group: str) -> tuple[Gate, ...]:
        """The gates that concern nominees of this category and group, in order."""
        if (category, group) not in self._gates_of:
            self._gates_of[category, group] = tuple(
                gate
                for gate in self.gates
                if (not gate.categories or category in gate.categories) and (not gate.groups or group in gate.groups)
            )
        return self._gates_of[category, group]

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
