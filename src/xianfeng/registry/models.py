"""Who and what can be nominated, the works projects around them, and the conduct ledger."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianfeng.directory.models import Dated, Organisation, User
from xianfeng.directory.queries import answers_for
from xianfeng.kernel import clock
from xianfeng.kernel.ids import new_id
from xianfeng.registry import rules, words


class ServicePoint(models.Model):
    """服务点: a station or window, or a standing team, of a unit and of one of its party organisations."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    code = models.CharField(_("编码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=40)  # a code of words.SERVICE_POINTS
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_points_of_unit")
    party_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_points")
    staff_count = models.PositiveIntegerField(_("固定工作人员数"), default=0)
    member_count = models.PositiveIntegerField(_("其中党员数"), default=0)
    leader_is_member = models.BooleanField(_("负责人中有党员"), default=False)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:
        """The kind's word; programmes add kinds, so there are no fixed choices."""
        return words.SERVICE_POINTS.word(self.kind)

    @property
    def journal_label(self) -> str:
        """How the journal calls it."""
        return self.name


class Member(models.Model):
    """党员. The least that the programme needs: name, branch, post, standing."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    journal_label = "党员"  # never the name
    code = models.CharField(_("编码"), max_length=32, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("岗位"), max_length=60)
    status = models.CharField(_("党员身份"), max_length=40, default="full")  # a code of words.STATUSES
    in_post = models.BooleanField(_("在职"), default=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members_of_unit")
    party_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="member")
    # PIPL: a name is published only with this on record
    publication_consent_on = models.DateField(_("同意公开日期"), null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_status_display(self) -> str:
        """The standing's word."""
        return words.STATUSES.word(self.status)


class Nominee(models.Model):
    """创建对象: one identity for life of a party organisation, a service point or a member."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    kind = models.CharField(
        max_length=16, choices=[("organisation", "党组织"), ("service_point", "服务点"), ("member", "党员")]
    )
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, null=True, related_name="nominee")
    service_point = models.OneToOneField(ServicePoint, on_delete=models.PROTECT, null=True, related_name="nominee")
    member = models.OneToOneField(Member, on_delete=models.PROTECT, null=True, related_name="nominee")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nominee_is_exactly_one",
                condition=Q(
                    kind="organisation",
                    organisation__isnull=False,
                    service_point__isnull=True,
                    member__isnull=True,
                )
                | Q(
                    kind="service_point",
                    organisation__isnull=True,
                    service_point__isnull=False,
                    member__isnull=True,
                )
                | Q(kind="member", organisation__isnull=True, service_point__isnull=True, member__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def journal_label(self) -> str:
        """The name, unless it is a person's."""
        return "党员" if self.kind == "member" else self.name

    @property
    def subject(self) -> "Organisation | ServicePoint | Member":
        """The thing itself."""
        chosen = self.organisation or self.service_point or self.member
        assert chosen is not None  # the check constraint's word
        return chosen

    @property
    def name(self) -> str:
        """Today's name; what was submitted or named keeps a snapshot of its own."""
        return self.subject.name

    @property
    def party(self) -> Organisation:
        """The party organisation that speaks for the nominee: itself or its own, or who answers for that one today."""
        owner = self.service_point or self.member
        own = self.organisation or (owner.party_organisation if owner else None)
        assert own is not None  # the check constraint's word
        return own if own.closed_on is None else answers_for(own, clock.today())


class Project(models.Model):
    """工程项目 that units supervise (受监) or take part in (参建)."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    code = models.CharField(_("编码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=160)
    started_on = models.DateField(_("开工日期"), null=True, blank=True)
    finished_on = models.DateField(_("完工日期"), null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def journal_label(self) -> str:
        """How the journal calls it."""
        return self.name


class ProjectParty(Dated):
    """A unit's part in a project, perhaps through one of its service points or members."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="parties")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="project_parts")
    role = models.CharField(max_length=12, choices=[("supervises", "受监"), ("takes_part", "参建")])
    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("project", "unit")

    def __str__(self) -> str:
        return f"{self.project_id}/{self.unit_id}"


class ConductRecord(models.Model):
    """诚信台账: one dated fact about an organisation, a service point or a member, perhaps on a project."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    journal_label = "诚信台账"
    kind = models.CharField(_("事实类别"), max_length=40)  # a code of words.FACTS
    title = models.CharField(_("事由"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="conduct"
    )
    service_point = models.ForeignKey(
        ServicePoint, on_delete=models.PROTECT, null=True, blank=True, related_name="conduct"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="conduct")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="conduct")
    happened_on = models.DateField(_("发生日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    level = models.CharField(_("级别"), max_length=20, choices=list(rules.LEVELS.items()), blank=True, default="")
    grade = models.CharField(
        _("事故等级"), max_length=16, choices=list(rules.ACCIDENT_GRADES.items()), blank=True, default=""
    )
    result = models.CharField(
        _("考评结果"), max_length=16, choices=list(rules.APPRAISAL_RESULTS.items()), blank=True, default=""
    )
    stars = models.PositiveSmallIntegerField(_("星级"), null=True, blank=True)
    tags = models.JSONField(_("标签"), default=list)  # a list of words.TAGS codes, filtered in Python
    issuer = models.CharField(_("授予或认定单位"), max_length=120, blank=True, default="")
    document_no = models.CharField(_("文号"), max_length=80, blank=True, default="")
    rectified_on = models.DateField(_("整改完成日期"), null=True, blank=True)
    state = models.CharField(
        max_length=12,
        choices=[("reported", "待核实"), ("confirmed", "已核实"), ("refuted", "不属实")],
        default="reported",
        db_index=True,
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-happened_on", "id")
        constraints = [
            models.CheckConstraint(
                name="conduct_is_about_exactly_one",
                condition=Q(organisation__isnull=False, service_point__isnull=True, member__isnull=True)
                | Q(organisation__isnull=True, service_point__isnull=False, member__isnull=True)
                | Q(organisation__isnull=True, service_point__isnull=True, member__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """The fact kind's word."""
        return words.FACTS.word(self.kind)

    @property
    def subject(self) -> "Organisation | ServicePoint | Member":
        """Whom the fact is about."""
        chosen = self.organisation or self.service_point or self.member
        assert chosen is not None
        return chosen


class WorkbookImport(models.Model):
    """A workbook on its way in: kept from upload to decision, then only its hash and counts."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_hash = models.CharField(max_length=64)
    content = models.BinaryField(null=True)  # taken away once imported or given up
    state = models.CharField(
        max_length=10,
        choices=[("waiting", "待确认"), ("imported", "已导入"), ("given_up", "已放弃")],
        default="waiting",
    )
    counts: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)  # by sheet
    problems: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)  # sheet, row, column, reason
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def journal_label(self) -> str:
        """The file's name."""
        return self.name
