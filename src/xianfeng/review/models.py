"""The panel: experts, who reviews what, their sheets, and the ranking they lead to."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.cases.models import Case, Step
from xianfeng.directory.models import Organisation, User
from xianfeng.kernel.fields import PointsField
from xianfeng.kernel.ids import new_id
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.schema.scoring import Panel as PanelRules

STANDINGS = {
    "inside": "入围",
    "undecided": "同分待定",
    "reserve": "递补",
    "outside": "未入围",
    "unqualified": "未达最低要求",
    "qualified": "达到要求",
}


class Expert(models.Model):
    """评审专家: a user in the expert pool."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="expert")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="experts")
    employer_name = models.CharField(_("工作单位"), max_length=120, blank=True, default="")
    fields: "models.JSONField[list[str], list[str]]" = models.JSONField(_("专业领域"), default=list)
    max_load = models.PositiveSmallIntegerField(_("最多评审件数"), default=20)
    active = models.BooleanField(_("在库"), default=True)
    away_since = models.DateField(_("不能评审起"), null=True, blank=True)
    away_until = models.DateField(_("不能评审止"), null=True, blank=True)
    trained_on = models.DateField(_("最近培训日期"), null=True, blank=True)
    training = models.CharField(_("培训情况"), max_length=200, blank=True, default="")
    served = models.CharField(
        _("以往评审经历"), max_length=300, blank=True, default=""
    )  # before or outside this system

    class Meta:
        ordering = ("user__username",)

    def __str__(self) -> str:
        return self.user.name

    @property
    def journal_label(self) -> str:
        """No name: an entry about an expert carries it as a commitment."""
        return "评审专家"

    @property
    def employer_label(self) -> str:
        """Where the expert works, as shown in lists."""
        return self.employer.label if self.employer else self.employer_name

    def is_away(self, day: date) -> bool:
        """Whether the expert said not to be free on a day."""
        if self.away_since is None and self.away_until is None:
            return False
        return (self.away_since or date.min) <= day <= (self.away_until or date.max)


class ExpertEmployment(models.Model):
    """任职经历: where an expert worked, from and until when; former employers count for conflicts some years."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="employments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="former_experts"
    )
    name = models.CharField(_("单位"), max_length=120)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ("-since", "id")

    def __str__(self) -> str:
        return f"{self.expert_id}@{self.name}"


OBJECTIVES = {"chance": "随机抽取", "total": "专业匹配最好", "fair": "兼顾匹配最弱的申报"}


class Panel(models.Model):
    """One category's review in a round: the cases that passed screening, before their experts."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="panels")
    tier = models.CharField(max_length=32)
    category = models.CharField(max_length=32)
    per_case = models.PositiveSmallIntegerField(_("每件专家数"), default=3)
    seed = models.CharField(max_length=32)  # the draw can be repeated from it
    state = models.CharField(max_length=8, choices=[("scoring", "评分中"), ("ranked", "已汇总")], default="scoring")
    opened_at = models.DateTimeField()
    ranked_at = models.DateTimeField(null=True, blank=True)
    # how experts are chosen, and what is asked of them
    objective = models.CharField(_("分派办法"), max_length=8, choices=list(OBJECTIVES.items()), default="chance")
    institution_cap = models.PositiveSmallIntegerField(_("每件同一单位至多"), null=True, blank=True)
    least_load = models.PositiveSmallIntegerField(_("每位专家至少"), default=0)
    spread_limit = PointsField(_("分歧提示线"), default=10)  # highest minus lowest sheet of a case

    class Meta:
        ordering = ("round", "category")
        constraints = [models.UniqueConstraint(fields=["round", "tier", "category"], name="panel_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.category}"

    @property
    def journal_label(self) -> str:
        """Round and category: never a person."""
        return f"{self.round.title}·{self.title}评审组"

    @property
    def title(self) -> str:
        """The category's name."""
        return self.round.version.definition.category(self.category).title

    @property
    def rules(self) -> PanelRules:
        """What the round's definition says of every panel: least sheets, blindness, recusal, the second panel."""
        return self.round.version.definition.scoring.panel

    @property
    def blind(self) -> bool:
        """Whether experts do not see who the nominee is."""
        return self.rules.blind


CAUSES = {"draw": "抽取", "top_up": "补派", "second": "第二组"}


class Draw(models.Model):
    """抽取: one allotment of experts with all that went into it, so that anybody can make it again."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="draws")
    made_at = models.DateTimeField()
    cause = models.CharField(max_length=8, choices=list(CAUSES.items()), default="draw")
    inputs: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    pairs: "models.JSONField[list[list[str]], list[list[str]]]" = models.JSONField(default=list)
    report: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"draw {self.public_id}"


def alias_of(case: Case) -> str:
    """What a nominee is called in a blind review."""
    return f"申报 {case.public_id[-6:].upper()}"


class Assignment(models.Model):
    """分派: one expert asked to score one case, through a score step."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="assignments")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="assignment")
    state = models.CharField(
        max_length=8,
        choices=[("active", "评审中"), ("recused", "已回避"), ("removed", "已撤回")],
        default="active",
    )
    origin = models.CharField(
        max_length=8, choices=[("draw", "抽取"), ("manual", "指定"), ("top_up", "补派")], default="draw"
    )
    second = models.BooleanField(_("第二评审组"), default=False)  # judges what the first panel differed on
    assigned_at = models.DateTimeField()
    note = models.CharField(_("事由"), max_length=300, blank=True, default="")  # why it was removed or reopened

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["case", "expert"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.expert_id}→{self.case_id}"

    @property
    def shown_name(self) -> str:
        """What the expert's pages call the nominee: in a blind review a number."""
        return alias_of(self.case) if self.panel.blind else self.case.name

    @property
    def shown_unit(self) -> str:
        """The nominee's unit, unless the review is blind."""
        return "盲审" if self.panel.blind else self.case.unit.name


class Recusal(models.Model):
    """回避: an expert does not review a case, by rule or by their own word."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recusals")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="recusals")
    source = models.CharField(max_length=8, choices=[("declared", "本人申报"), ("office", "工作组决定")])
    reason = models.CharField(_("事由"), max_length=300)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["case", "expert"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.expert_id}⊥{self.case_id}"


class Scorecard(models.Model):
    """评分表: one expert's sheet on one case; signed sheets do not change."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="scorecard")
    state = models.CharField(max_length=8, choices=[("draft", "未签"), ("signed", "已签名")], default="draft")
    total = PointsField(default=0)
    remark = models.TextField(_("评语"), blank=True, default="")
    saved_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"sheet {self.public_id}"

    @property
    def journal_label(self) -> str:
        """No name: who reviews whom is not for every reader of the record."""
        return "评分表"


class Mark(models.Model):
    """One indicator's points on a sheet."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="marks")
    indicator = models.CharField(max_length=64)
    points = PointsField(null=True)  # none yet (a remark only), or none at all where it does not apply
    applies = models.BooleanField(default=True)
    # what was entered where points are worked out from it: a measured value, counts of faults, votes by choice
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    remark = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "indicator"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.indicator}={self.points}"


FINDINGS = {"true": "属实", "partly": "部分属实", "false": "不属实", "unclear": "无法核实"}


KINDS = {"discussion": "合议", "visit": "现场核查", "second": "第二评审组"}


class Discussion(models.Model):
    """What is done about a case on which experts differ widely: 合议 or 现场核查 with what it came to, or 第二评审组.

    A second panel's work is its sheets: its row says when and why the case was sent there, and is in force until it is
    called off.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="discussions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="discussions")
    kind = models.CharField(max_length=12, choices=list(KINDS.items()))
    state = models.CharField(
        max_length=8, choices=[("open", "进行中"), ("closed", "已结束"), ("off", "已撤回")], default="open"
    )
    reason = models.CharField(_("事由"), max_length=300)
    opened_at = models.DateTimeField()
    held_on = models.DateField(_("日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True, default="")
    present = models.CharField(_("参加人员"), max_length=300, blank=True, default="")
    minutes = models.TextField(_("纪要"), blank=True, default="")
    findings: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state="open") & ~models.Q(kind="second"),
                name="discussion_open_once",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind="second") & ~models.Q(state="off"), name="second_panel_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def journal_label(self) -> str:
        """What it is, of which category; never a person."""
        return f"{self.get_kind_display()}（{self.panel.title}）"


class Ranking(models.Model):
    """汇总排名: a panel's frozen result with the definition hash and the number of places it was cut at.

    One is in force at a time; reopening supersedes it, and what it was stays to be read.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="rankings")
    places = models.PositiveIntegerField(null=True)  # None: the programme knows no quota
    content_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    # all the result was made from, frozen; personal reasons enter it as salted commitments (see ``packet``)
    inputs: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, blank=True, default="")
    secrets: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)  # the office's part
    lots: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)  # seed and order
    advice: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)  # beside, never instead
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("重新汇总的原因"), max_length=300, blank=True, default="")  # why it was superseded

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["panel"], condition=models.Q(superseded_at__isnull=True), name="ranking_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"ranking of {self.panel_id}"


class RankingRowQuerySet(models.QuerySet["RankingRow"]):
    """Rows are read by those who decide: they want the ranking in force."""

    def in_force(self) -> "RankingRowQuerySet":
        """Without what a later ranking superseded."""
        return self.filter(ranking__superseded_at__isnull=True)


class RankingRow(models.Model):
    """One case's place in a ranking, with its exact score and why ties fell as they did."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="rows")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ranking_rows")
    rank = models.PositiveSmallIntegerField()
    score = PointsField()
    parts: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    sources: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)  # points by source
    inside = models.BooleanField()  # within the quota; without one, whether it reached what is asked
    standing = models.CharField(max_length=12, choices=list(STANDINGS.items()), default="outside")
    grade = models.CharField(max_length=40, blank=True, default="")  # code of the band, where there are grades
    sheets: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)  # key, total, dropped
    basis: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)  # of tie-breaks
    note = models.CharField(max_length=300, blank=True, default="")
    trace: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)

    objects = RankingRowQuerySet.as_manager()

    class Meta:
        ordering = ("rank",)
        constraints = [models.UniqueConstraint(fields=["ranking", "case"], name="ranked_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.case_id}"
