"""否决项与前置条件：用诚信台账上的事实说话。"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from xianfeng.programmes.rules.schema.base import Code, Count, Model, Points, Positive, Prose, Share, Title
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


FactKind = Annotated[str, _word_of(ledger.FACT_KINDS, "事实类别")]
LevelWord = Annotated[str, _word_of(ledger.LEVELS, "级别")]
GradeWord = Annotated[str, _word_of(ledger.ACCIDENT_GRADES, "事故等级")]
ResultWord = Annotated[str, _word_of(ledger.APPRAISAL_RESULTS, "考评结果")]
TagWord = Annotated[str, _word_of(ledger.TAGS, "标签")]
Stars = Annotated[int, Field(strict=True, ge=1, le=ledger.MAX_STARS)]


class Window(Model):
    """回溯期：申报年度、上年度、当日所在日历年、若干个月内，或不限。"""

    kind: Literal["application_year", "previous_year", "calendar_year", "months", "any"] = "any"
    months: Annotated[int, Field(strict=True, ge=1, le=1200)] | None = None

    @model_validator(mode="after")
    def _months_belong_to_months(self) -> "Window":
        if (self.kind == "months") != (self.months is not None):
            raise ValueError("回溯期为 months 时要写月数，其他种类不写月数")
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
    tags: tuple[TagWord, ...] = ()


class FactFilter(Model):
    """哪些事实算数：关于谁、什么类别、带哪个标签（任一）、达到什么程度、在多长时间内。"""

    kinds: Annotated[tuple[FactKind, ...], Field(min_length=1)]
    about: Annotated[tuple[About, ...], Field(min_length=1)]
    tags: tuple[TagWord, ...] = ()
    window: Window = Window()
    standing: Standing = Standing()
    exceptions: Exceptions = Exceptions()


class NoneOf(Model):
    """不得有：有一件算数的事实即不符合。"""

    kind: Literal["none_of"]
    facts: FactFilter


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


GateTest = Annotated[NoneOf | AtLeast | BestAtLeast | Facility, Field(discriminator="kind")]


class Cap(Model):
    """封顶：总分不超过某分，或等次不高于某等。"""

    points: Points | None = None
    grade: Code | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Cap":
        if (self.points is None) == (self.grade is None):
            raise ValueError("封顶要写总分或等次，二者写一个")
        return self


class Gate(Model):
    """一项否决项/前置条件。``unproven``：台账上没有证明时，``pending`` 可提交但初审前须证明，``failed`` 视同不符合，
    ``waived`` 视同符合。"""

    code: Code
    title: Title
    categories: tuple[Code, ...] = ()
    groups: tuple[Code, ...] = ()
    test: GateTest
    effect: Literal["veto", "cap", "flag"] = "veto"
    cap: Cap | None = None
    unproven: Literal["pending", "failed", "waived"] = "pending"
    message: Prose = ""
    clause: Prose = ""

    @model_validator(mode="after")
    def _cap_belongs_to_cap(self) -> "Gate":
        if (self.effect == "cap") != (self.cap is not None):
            raise ValueError("效果为 cap 时要写封顶办法，其他效果不写")
        return self
