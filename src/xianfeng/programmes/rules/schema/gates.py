"""否决项与前置条件：用诚信台账上的事实说话。"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from xianfeng.programmes.rules.schema.base import Code, Count, Model, Named, Points, Positive, Prose, Share
from xianfeng.registry import rules as ledger

ABOUT = {
    "unit": "所在单位",
    "nominee": "申报对象",
    "service_point": "服务点",
    "project_supervised": "受监项目",
    "project_taking_part": "参建项目",
}
About = Literal["unit", "nominee", "service_point", "project_supervised", "project_taking_part"]


def _word_of(vocabulary: dict[str, str], what: str) -> AfterValidator:
    def known(value: str) -> str:
        if value not in vocabulary:
            raise ValueError(f"{what}“{value}”不在词表中，可用：{'、'.join(vocabulary)}")
        return value

    return AfterValidator(known)


LevelWord = Annotated[str, _word_of(ledger.LEVELS, "级别")]
GradeWord = Annotated[str, _word_of(ledger.ACCIDENT_GRADES, "事故等级")]
ResultWord = Annotated[str, _word_of(ledger.APPRAISAL_RESULTS, "考评结果")]
Stars = Annotated[int, Field(strict=True, ge=1, le=ledger.MAX_STARS)]


class Window(Model):
    """回溯期：申报年度、上年度、当日所在日历年、连同申报年度的若干年度、若干个月内、当日仍有效（公开期内），或不限。"""

    kind: Literal["application_year", "previous_year", "calendar_year", "years", "months", "in_force", "any"] = "any"
    months: Annotated[int, Field(strict=True, ge=1, le=1200)] | None = None
    years: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _months_belong_to_months(self) -> "Window":
        if (self.kind == "months") != (self.months is not None):
            raise ValueError("回溯期为 months 时要写月数，其他种类不写月数")
        if (self.kind == "years") != (self.years is not None):
            raise ValueError("回溯期为 years 时要写年数，其他种类不写年数")
        return self


class Standing(Model):
    """达到要求的程度：级别、等级、考评结果、星级，写了的都要达到。"""

    level_at_least: LevelWord | None = None
    grade_at_least: GradeWord | None = None
    result_at_least: ResultWord | None = None
    stars_at_least: Stars | None = None


class Exceptions(Model):
    """不计入的事实：已整改的，或带有所列标签的。"""

    rectified: bool = False
    tags: tuple[Code, ...] = ()


class FactFilter(Model):
    """哪些事实算数：关于谁、什么类别、带哪个标签（任一）、达到什么程度、在多长时间内。"""

    kinds: Annotated[tuple[Code, ...], Field(min_length=1)]
    about: Annotated[tuple[About, ...], Field(min_length=1)]
    tags: tuple[Code, ...] = ()
    window: Window = Window()
    standing: Standing = Standing()
    exceptions: Exceptions = Exceptions()


class NoneOf(Model):
    """不得有：算数的事实多于 ``most`` 件（不写：有一件）即不符合。"""

    kind: Literal["none_of"]
    facts: FactFilter
    most: Count = 0


class AtLeast(Model):
    """至少有：算数的事实达到件数即符合，不足则尚未证明。"""

    kind: Literal["at_least"]
    facts: FactFilter
    count: Positive = 1


class BestAtLeast(Model):
    """最好的一次达到要求即符合；有记录而都未达到即不符合；没有记录则尚未证明。"""

    kind: Literal["best_at_least"]
    facts: FactFilter


class Facility(Model):
    """服务点人员：固定人员数，且党员占比达到要求或负责人中有党员。"""

    kind: Literal["facility"]
    staff_at_least: Count = 0
    member_share_at_least: Share | None = None
    or_leader_is_member: bool = True


class ScoreAtLeast(Model):
    """得分率达到要求：自评、上级评分、专家评审、群众测评之一，或标准的某一部分；有了得分才判断。"""

    kind: Literal["score_at_least"]
    source: Literal["self", "superior", "panel", "survey"] | None = None
    part: Code | None = None
    share: Share

    @model_validator(mode="after")
    def _one_of_them(self) -> "ScoreAtLeast":
        if (self.source is None) == (self.part is None):
            raise ValueError("要写得分来源 source 或部分 part，二者写一个")
        return self


FactTest = Annotated[NoneOf | AtLeast | BestAtLeast | Facility, Field(discriminator="kind")]


class AnyOf(Model):
    """符合其中一条即可：有一条符合即符合，各条都不符合即不符合，否则尚未证明。"""

    kind: Literal["any_of"]
    tests: Annotated[tuple[FactTest, ...], Field(min_length=2, max_length=10)]


GateTest = Annotated[NoneOf | AtLeast | BestAtLeast | Facility | AnyOf | ScoreAtLeast, Field(discriminator="kind")]


class Cap(Model):
    """封顶：总分不超过某分，或等次不高于某等。"""

    points: Points | None = None
    grade: Code | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Cap":
        if (self.points is None) == (self.grade is None):
            raise ValueError("封顶要写总分或等次，二者写一个")
        return self


class Gate(Named):
    """一项否决项/前置条件。``unproven``：台账上没有证明时，``pending`` 可提交但初审前须证明，``failed`` 视同不符合，
    ``waived`` 视同符合。"""

    categories: tuple[Code, ...] = ()
    groups: tuple[Code, ...] = ()
    test: GateTest
    effect: Literal["veto", "cap", "flag"] = "veto"
    cap: Cap | None = None
    unproven: Literal["pending", "failed", "waived"] = "pending"
    message: Prose = ""
    clause: Prose = ""

    @property
    def tests(self) -> tuple[GateTest, ...]:
        """The tests that look at facts or scores themselves: the test, or those of which any will do."""
        return self.test.tests if isinstance(self.test, AnyOf) else (self.test,)

    @model_validator(mode="after")
    def _cap_belongs_to_cap(self) -> "Gate":
        if (self.effect == "cap") != (self.cap is not None):
            raise ValueError("效果为 cap 时要写封顶办法，其他效果不写")
        return self
