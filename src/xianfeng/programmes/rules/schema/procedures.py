"""程序与称号：每类事项走哪些环节、由谁、多久；公示、有效期、整改与撤销。"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from xianfeng.programmes.rules.schema.base import Code, Count, Model, Named, Positive, Prose, Title
from xianfeng.programmes.rules.schema.gates import FactFilter

STEP_KINDS = {
    "assess": "自评自荐",
    "endorse": "上级认定",
    "screen": "初审",
    "correct": "补正",
    "panel": "组织评审",
    "score": "专家评分",
    "decide": "审定",
    "announce": "公示",
    "name": "命名",
    "recommend": "择优推荐",
    "opine": "复评意见",
    "conclude": "复评审定",
    "rectify": "整改",
    "recheck": "整改验收",
    "wait": "等待期满",
    "report": "中期报告",
}
StepKind = Literal[
    "assess", "endorse", "screen", "correct", "panel", "score", "decide", "announce",
    "name", "recommend", "opine", "conclude", "rectify", "recheck", "wait", "report",
]  # fmt: skip
ON_MISSED = {
    "remind": "逾期催办",
    "not_accepted": "不予受理",
    "withdrawn": "视为放弃",
    "failed": "视为不合格",
    "revoked": "称号终止",
}
OnMissed = Literal["remind", "not_accepted", "withdrawn", "failed", "revoked"]


class Due(Model):
    """期限：若干工作日、日历日或月，或某阶段结束之日；写一个。"""

    working_days: Positive | None = None
    calendar_days: Positive | None = None
    months: Positive | None = None
    stage_end: Code | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Due":
        given = (self.working_days, self.calendar_days, self.months, self.stage_end)
        if sum(value is not None for value in given) != 1:
            raise ValueError("期限要写且只写一种：working_days、calendar_days、months 或 stage_end")
        return self


class Period(Model):
    """由结果引出的环节（补正、评分、整改、验收）的期限和逾期后果。"""

    due: Due
    on_missed: OnMissed = "remind"


class Step(Model):
    """程序中的一个环节。``to``：nominee 申报对象、superior 上级党组织、experts 专家、body:代码 某机构；``times`` 次数，
    用于每隔一段时间再来一次的环节（两轮公示、每年一次的中期报告）。"""

    code: Code
    kind: StepKind
    title: Title | None = None
    title_en: Title | None = None
    to: Annotated[str, Field(pattern=r"^(nominee|superior|experts|body:[a-z][a-z0-9_]{0,39})$")]
    levels: Annotated[int, Field(strict=True, ge=1, le=9)] = 1
    times: Annotated[int, Field(strict=True, ge=1, le=24)] = 1
    stage: Code | None = None
    due: Due | None = None
    optional: bool = False
    on_missed: OnMissed = "remind"

    @model_validator(mode="after")
    def _levels_belong_to_superiors(self) -> "Step":
        if self.levels > 1 and self.to != "superior":
            raise ValueError("只有交上级党组织的环节可以写多级")
        if self.levels > 1 and self.times > 1:
            raise ValueError("多级的环节不能再写次数")
        return self

    @property
    def body(self) -> str | None:
        """The body's code when the step goes to a body."""
        return self.to.removeprefix("body:") if self.to.startswith("body:") else None


class Procedure(Named):
    """一类事项的环节顺序；``tier`` 是它授予或复核的层级（不写：各层级）。各层级办法不同的，同一代码按层级各写一个。"""

    tier: Code | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=60)]


class Objections(Model):
    """异议的受理条件；``within`` 提出期限（不写：公示期内）。"""

    real_name: bool = True
    written: bool = True
    evidence: bool = True
    within: Due | None = None
    answer_working_days: Positive = 10


class Notice(Model):
    """公示：工作日数（写了 ``calendar_days`` 则按日历日）和异议。"""

    working_days: Positive = 5
    calendar_days: Positive | None = None
    objections: Objections = Objections()
    names_need_consent: bool = True
    take_down_after_days: Count = 0


class Sanction(Model):
    """处理阶梯的一级；``months`` 其影响期。"""

    code: Literal["warning", "rectification", "downgrade", "suspension", "revocation"]
    title: Title
    title_en: Title | None = None
    months: Positive | None = None
    note: Prose = ""


class SelfCheck(Model):
    """年度自查：命名后每隔几个月一次；写了 ``by_month``、``by_day`` 则每次在该月该日（含）之前。逾期的后果。"""

    every_months: Positive = 12
    by_month: Annotated[int, Field(strict=True, ge=1, le=12)] | None = None
    by_day: Annotated[int, Field(strict=True, ge=1, le=31)] | None = None
    on_missed: OnMissed = "remind"

    @model_validator(mode="after")
    def _a_whole_day(self) -> "SelfCheck":
        if (self.by_month is None) != (self.by_day is None):
            raise ValueError("自查截止的月和日要一起写")
        if self.by_month is not None and self.every_months % 12:
            raise ValueError("写了截止月日时，间隔应为整年")
        return self


class Trigger(Named):
    """出现这样的事实即启动复评。"""

    facts: FactFilter


class RevocationCause(Named):
    """撤销的一种缘由（弄虚作假、违纪违法等）和撤销后的等待月数；``months`` 不写：不再受理。"""

    months: Positive | None = None


class TitleLife(Model):
    """称号不搞终身制：复评间隔、有效期、处理阶梯、撤销后多久可再申报、下层失去后上层怎么办、单位合并撤销时怎么办。"""

    applies_to: Annotated[tuple[Code, ...], Field(min_length=1)]
    reassessment_months: Positive | None = 24
    validity_months: Positive | None = None
    validity_by_grade: dict[Code, Positive] = {}
    renewal_months_before: Positive | None = None
    upgrade_after_months: Positive | None = None
    upgrade_one_grade: bool = False
    self_check: SelfCheck | None = None
    sanctions: tuple[Sanction, ...] = ()
    waiting_months: Count = 24
    waiting_by_cause: tuple[RevocationCause, ...] = ()
    on_source_lost: dict[Code, Literal["revoke", "review", "keep"]] = {}
    on_merged: Literal["review", "transfer", "end"] = "review"
    triggers: tuple[Trigger, ...] = ()
