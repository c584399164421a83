"""Case (事项) and Step (环节): the one engine every procedure runs on.

A case is one nominee going through one procedure under one pinned definition version. A step is one request
to one organisation or person, with a due time. What a step can end in is in ``cases.rules``; which steps a
case has comes from the definition.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianfeng.cases import rules
from xianfeng.directory.models import Organisation, User
from xianfeng.files.models import StoredFile
from xianfeng.kernel.ids import new_id
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.registry.models import Nominee


class CaseQuerySet(models.QuerySet["Case"]):
    """Common cuts through the cases."""

    def open(self) -> "CaseQuerySet":
        """Not yet ended."""
        return self.filter(state="open")

    def for_page(self) -> "CaseQuerySet":
        """With what every list row shows, in one query."""
        return self.select_related("nominee", "round__version", "party", "unit")


class Case(models.Model):
    """事项. ``name`` and ``snapshot`` keep what was true when it was submitted."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=list(rules.CASE_KINDS.items()))
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="cases")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cases")
    version = models.ForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="cases")
    tier = models.CharField(max_length=40)  # codes of the definition
    category = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_as_party")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_as_unit")
    name = models.CharField(_("创建对象"), max_length=160)
    snapshot: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=[("open", "办理中"), ("ended", "已办结")], default="open")
    outcome = models.CharField(max_length=24, blank=True, default="")  # rules.CASE_OUTCOMES
    stage = models.CharField(max_length=44)  # code of the procedure's step it stands at, its level or turn behind
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # "programme:kind:tier:category:nominee" while open, NULL afterwards: one open case of its kind, in every database
    open_key = models.CharField(max_length=140, null=True, unique=True)  # noqa: DJ001  NULL is "ended": docs/adr/0004

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = [
            models.Index(fields=["round", "kind", "tier", "category", "state"]),
            models.Index(fields=["party", "state"]),
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["stage", "state"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_label(self) -> str:
        """How the journal names the case: never a member's name."""
        if self.snapshot.get("kind") == "member":
            return f"{rules.CASE_KINDS[self.kind]}：{self.snapshot.get('party', '')}党员"
        return f"{rules.CASE_KINDS[self.kind]}：{self.name}"


class StepQuerySet(models.QuerySet["Step"]):
    """Common cuts through the steps."""

    def open(self) -> "StepQuerySet":
        """Still asked for."""
        return self.filter(state="open")

    def lapsing(self) -> "StepQuerySet":
        """Those that a missed deadline ends by itself."""
        return self.filter(Q(kind="wait") | ~Q(on_missed="remind"))

    def addressed_to(self, *, user_id: int | None, organisation_ids: "set[int] | frozenset[int]") -> "StepQuerySet":
        """Asked of this person, or of an organisation they act for."""
        return self.filter(Q(user_id=user_id) | Q(user__isnull=True, organisation_id__in=organisation_ids))


class Step(models.Model):
    """环节: one request inside a case, and how it ended."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=44)  # the procedure's step as spelt out, or its kind when an outcome opened it
    kind = models.CharField(max_length=12, choices=list(rules.STEP_KINDS.items()))
    title = models.CharField(_("名称"), max_length=220)  # as the definition calls it
    level = models.PositiveSmallIntegerField(default=1)  # endorsement level
    body_kind = models.CharField(max_length=40, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="steps"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # exclusive instant
    due_known = models.BooleanField(default=True)  # False: 节假日安排尚未公布
    on_missed = models.CharField(max_length=12, default="remind")  # the definition's word on a missed deadline
    optional = models.BooleanField(default=False)  # whoever is asked may say it is not needed
    state = models.CharField(max_length=10, choices=list(rules.STEP_STATES.items()), default="open")
    outcome = models.CharField(max_length=16, blank=True, default="")
    opinion = models.TextField(_("意见"), blank=True, default="")
    detail: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    files: "models.ManyToManyField[StoredFile, StoredFile]" = models.ManyToManyField(StoredFile, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="closed_steps")
    closed_as = models.CharField(max_length=160, blank=True, default="")  # organisation and post as of that day

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["state", "organisation", "due_at"]),
            models.Index(fields=["state", "user", "due_at"]),
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["case", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.code}"

    @property
    def attached(self) -> list[tuple[str, str]]:
        """Name and address of what was handed in with the answer."""
        return [(one.name, f"/steps/{self.public_id}/files/{one.public_id}/") for one in self.files.all()]

    @property
    def called(self) -> str:
        """What those asked are told the step is about: the nominee, or an alias where they must not know (盲审)."""
        return str(self.detail.get("alias") or self.case.name)
