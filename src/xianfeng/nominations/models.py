"""What a nominee puts into a case: scores, evidence, and how the gates stand."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.cases.models import Case
from xianfeng.directory.models import User
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.fields import PointsField
from xianfeng.kernel.ids import new_id
from xianfeng.registry.models import Nominee


class SelfAssessment(models.Model):
    """自评: the nominee's own score with a statement; frozen totals once submitted."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="assessment")
    statement = models.TextField(_("主要事迹"), blank=True, default="")
    total = PointsField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"assessment of {self.case_id}"


class SelfScore(models.Model):
    """The nominee's own points on one indicator, with a word on why."""

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(max_length=64)
    points = PointsField(null=True, blank=True)  # NULL: not scored yet, or not applicable
    # what was entered where points are worked out from it (``answering``): a value in text, or counts by code
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "indicator"], name="self_score_once")]

    def __str__(self) -> str:
        return f"{self.indicator}={self.points}"


class Evidence(models.Model):
    """佐证材料: a file or a link that a nominee keeps and may use again in a reassessment."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(_("材料名称"), max_length=160)
    happened_on = models.DateField(_("形成日期"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    url = models.URLField(_("链接"), max_length=400, blank=True, default="")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class EvidenceLink(models.Model):
    """Which indicator of which case a piece of evidence supports."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence_links")
    indicator = models.CharField(max_length=64)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["case", "indicator", "evidence"], name="evidence_linked_once")]

    def __str__(self) -> str:
        return f"{self.indicator}:{self.evidence_id}"


class GateCheck(models.Model):
    """How a gate stood when the case was submitted or screened, and the facts that decided it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="gate_checks")
    gate = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[("met", "满足"), ("failed", "不满足"), ("unproven", "尚未证明")])
    effect = models.CharField(max_length=10, default="veto")
    sentence = models.CharField(max_length=400)
    facts: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)  # public ids of conduct records
    # the screener's word where the ledger has nothing: accepted on the evidence, with a reason
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_note = models.CharField(max_length=300, blank=True, default="")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["case", "gate"], name="gate_checked_once_a_case")]

    def __str__(self) -> str:
        return f"{self.gate}:{self.state}"
