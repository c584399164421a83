"""Stages 1 and 2: what units set out to do, how far they are, and how they are guided."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.creation import rules
from xianfeng.directory.models import Organisation, User
from xianfeng.kernel.ids import new_id
from xianfeng.programmes.models import Round
from xianfeng.registry.models import Nominee


class CreationPlan(models.Model):
    """创建计划: a party organisation's goals and measures for the round."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plans")
    goals = models.TextField(_("创建目标"), blank=True, default="")
    measures = models.TextField(_("工作措施"), blank=True, default="")
    first_responsible = models.CharField(_("第一责任人"), max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, choices=list(rules.PLAN_STATES.items()), default="draft", db_index=True)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)  # percent, from the milestones
    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("推进组意见"), blank=True, default="")
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation__code",)
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="plan_once_a_round")]

    def __str__(self) -> str:
        return f"plan {self.round_id}/{self.organisation_id}"

    @property
    def journal_label(self) -> str:
        """Whose plan for which round."""
        return f"{self.round.title}创建计划（{self.organisation.name}）"

    @property
    def editable(self) -> bool:
        """Whether the unit is still writing it."""
        return self.state in ("draft", "returned", "amending")


class PlanVersion(models.Model):
    """What a plan said when it was taken on record, before the unit amended it, and why it did."""

    plan = models.ForeignKey(CreationPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    goals = models.TextField()
    measures = models.TextField()
    first_responsible = models.CharField(max_length=60)
    milestones: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True)
    reason = models.TextField(_("修订理由"))
    amended_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class PlanTarget(models.Model):
    """Which nominee the plan aims to bring to the standard."""

    plan = models.ForeignKey(CreationPlan, on_delete=models.CASCADE, related_name="targets")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="targeted_by")
    category = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "nominee"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}→{self.nominee_id}"


class Milestone(models.Model):
    """里程碑: a dated piece of the plan and how far it is."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    plan = models.ForeignKey(CreationPlan, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("事项"), max_length=120)
    due_on = models.DateField(_("计划完成"))
    percent = models.PositiveSmallIntegerField(_("完成度"), default=0)
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.title


class PlanComment(models.Model):
    """指导意见 on a plan: from the working group, the association's secretariat or a superior; asks for nothing."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    plan = models.ForeignKey(CreationPlan, on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # spoken for
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("指导意见"))
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"comment {self.public_id}"


class Activity(models.Model):
    """创建活动记录: what a unit, its union or youth branch did around the theme."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="activities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(_("类型"), max_length=16, choices=list(rules.ACTIVITY_KINDS.items()))
    title = models.CharField(_("名称"), max_length=120)
    held_on = models.DateField(_("日期"))
    text = models.TextField(_("简述"), blank=True, default="")

    class Meta:
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """Its kind: its name may be a person's deeds."""
        return f"创建活动：{self.get_kind_display()}"


class JointMeeting(models.Model):
    """联席会议, called by the working group."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("议题"), max_length=120)
    held_at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=120)
    invited: "models.ManyToManyField[Organisation, Organisation]" = models.ManyToManyField(
        Organisation, related_name="joint_meetings"
    )
    agenda = models.TextField(_("议程"), blank=True, default="")
    minutes = models.TextField(_("纪要"), blank=True, default="")
    state = models.CharField(max_length=10, choices=list(rules.MEETING_STATES.items()), default="called")

    class Meta:
        ordering = ("-held_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """Of which round: its subject may be a person's deeds."""
        return f"{self.round.title}联席会议"


class Bulletin(models.Model):
    """通报/简报; a public one is also on show on the public site."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="bulletins")
    number = models.PositiveSmallIntegerField(_("期号"))
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"))
    public = models.BooleanField(_("对外公开"), default=False)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("-published_at",)
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="bulletin_number_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """Its number: what it is called may name a person."""
        return f"{self.round.title}第{self.number}期通报简报"


class Inspection(models.Model):
    """督查: a visit to a unit and what was found."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="inspections")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField(_("督查日期"))
    findings = models.TextField(_("督查情况"))
    conclusion = models.CharField(_("结论"), max_length=12, choices=list(rules.CONCLUSIONS.items()))

    class Meta:
        ordering = ("-inspected_on", "-id")

    def __str__(self) -> str:
        return f"inspection {self.public_id}"

    @property
    def journal_label(self) -> str:
        """Which unit."""
        return f"督查：{self.organisation.name}"


class Problem(models.Model):
    """问题清单: found, answered by the unit, closed by who raised it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="problems")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="problems")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="problems")
    # the body that raised it: the working group or the association's secretariat
    raised_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="problems_raised")
    title = models.CharField(_("问题"), max_length=160)
    detail = models.TextField(_("说明"), blank=True, default="")
    found_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=list(rules.PROBLEM_STATES.items()), default="open", db_index=True)
    answer = models.TextField(_("整改情况"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(_("销号意见"), blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-found_on", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """Which unit; the problem itself may speak of persons."""
        return f"问题清单（{self.organisation.name}）"


class ProblemTurn(models.Model):
    """One turn in the talk about a problem: raised, answered, sent back, closed; kept, never overwritten."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="turns")
    kind = models.CharField(max_length=8, choices=list(rules.TURN_KINDS.items()))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return f"{self.problem_id} {self.kind}"


class Survey(models.Model):
    """满意度调查 about one nominee: public esteem (群众评价) made measurable."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="surveys")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=160)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ("-opens_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def journal_label(self) -> str:
        """Never the nominee: it may be a person."""
        return f"{self.round.title}满意度调查"


class SurveyAnswer(models.Model):
    """One anonymous answer: satisfaction from 1 to 5 and a remark."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    satisfaction = models.PositiveSmallIntegerField()
    remark = models.CharField(max_length=300, blank=True, default="")
    answered_at = models.DateTimeField()
    once_key = models.CharField(max_length=64)  # salted hash of session: one answer a browser

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "once_key"], name="answer_once")]

    def __str__(self) -> str:
        return f"answer to {self.survey_id}"
