"""Decision, public notice, objection, and the title itself with its dated history."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianfeng.cases.models import Case, Step
from xianfeng.designations import rules
from xianfeng.directory.models import Organisation, User
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.ids import new_id
from xianfeng.programmes.models import Programme, Round
from xianfeng.registry.models import Nominee


class Decision(models.Model):
    """审定: what a body decided in a meeting, with its document number and votes."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=list(rules.DECISION_KINDS.items()))
    tier = models.CharField(max_length=40)
    body_kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    meeting_on = models.DateField(_("会议日期"))
    document_no = models.CharField(_("文号"), max_length=80)
    members = models.PositiveSmallIntegerField(_("应到人数"), default=0)
    present = models.PositiveSmallIntegerField(_("到会人数"), default=0)
    note = models.TextField(_("会议意见"), blank=True, default="")
    over_reason = models.TextField(_("超出名额的理由"), blank=True, default="")
    over_approval = models.CharField(_("超出名额的批准文号"), max_length=80, blank=True, default="")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at",)

    def __str__(self) -> str:
        return self.document_no

    @property
    def journal_label(self) -> str:
        """Its document number."""
        return f"{rules.DECISION_KINDS[self.kind]} {self.document_no}"


class DecisionItem(models.Model):
    """The decision on one case."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decision_items")
    # not one-to-one: one kept in reserve is decided on again when a place comes free
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="decision_items")
    result = models.CharField(max_length=12)  # an outcome of the step's kind, or "reserve"
    rank = models.PositiveSmallIntegerField(null=True)  # its place in the ranking as the meeting saw it
    votes_for = models.PositiveSmallIntegerField(_("赞成"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("反对"), default=0)
    verdict = models.CharField(_("表决结果"), max_length=200, blank=True, default="")  # the vote rule's sentence
    grade = models.CharField(_("等次"), max_length=40, blank=True, default="")  # code of a band
    proposed_grade = models.CharField(_("按规则应评等次"), max_length=40, blank=True, default="")
    trace: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)  # how the grade came about
    reserve = models.PositiveSmallIntegerField(_("递补顺序"), null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case_id}:{self.result}"

    @property
    def grade_title(self) -> str:
        """The grade in words; empty where the programme knows none."""
        return rules.grade_title(self.decision.round.version.definition, self.grade)


class PublicNotice(models.Model):
    """公示: a list put before the public for a number of working or calendar days, once or several times."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notices")
    tier = models.CharField(max_length=40)
    title = models.CharField(_("标题"), max_length=160)
    document_no = models.CharField(_("文号"), max_length=80, blank=True, default="")
    body = models.TextField(_("正文"), blank=True, default="")
    contact = models.CharField(_("联系方式"), max_length=160, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()  # last day, inclusive
    ends_at = models.DateTimeField()  # exclusive instant
    days = models.PositiveSmallIntegerField()
    working = models.BooleanField(default=True)  # working days; calendar days otherwise
    turn = models.PositiveSmallIntegerField(default=1)  # 第几次公示
    objections_until = models.DateTimeField()  # exclusive instant; may be earlier or later than the notice's end
    calendar_known = models.BooleanField(default=True)
    state = models.CharField(
        max_length=10,
        choices=[("open", "公示中"), ("closed", "已结束"), ("withdrawn", "已撤回")],
        default="open",
        db_index=True,
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-starts_on", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def days_in_words(self) -> str:
        """5 个工作日; 7 个日历日."""
        return f"{self.days} 个{rules.DAY_UNITS[self.working]}"

    @property
    def objections_last(self) -> date:
        """The last day on which objections are taken."""
        return clock.local_day(self.objections_until - timedelta(days=1))

    @property
    def over_at(self) -> datetime:
        """When it may be closed: its own days are over, and the time to object with them."""
        return max(self.ends_at, self.objections_until)

    @property
    def journal_label(self) -> str:
        """Its round and number: what the office called it may name a person."""
        return f"{self.round.title}公示 {self.document_no}".strip()


class NoticeItem(models.Model):
    """One case on a notice."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notice_items")
    # not one-to-one: a notice withdrawn for a mistake is published again for the same step
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="notice_items")
    position = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(
        max_length=10,
        choices=[("open", "公示中"), ("cleared", "无异议"), ("upheld", "异议成立"), ("dropped", "已撤回")],
        default="open",
    )

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.case_id}"


class Objection(models.Model):
    """异议: written, real-name, with evidence. The objector is never shown to the nominee."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    item = models.ForeignKey(NoticeItem, on_delete=models.PROTECT, related_name="objections")
    name = models.CharField(_("姓名或单位"), max_length=80)
    contact = models.CharField(_("联系方式"), max_length=120)
    content = models.TextField(_("异议内容"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence_note = models.TextField(_("证据说明"), blank=True, default="")
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=list(rules.OBJECTION_STATES.items()), default="received", db_index=True
    )
    refusal = models.CharField(max_length=12, choices=list(rules.REFUSALS.items()), blank=True, default="")
    reply = models.TextField(_("处理意见"), blank=True, default="")
    answer_by = models.DateField(_("答复期限"), null=True, blank=True)
    handled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    # the receipt that lets the objector read the reply without an account
    receipt = models.CharField(max_length=16, default=new_id, unique=True, editable=False)

    class Meta:
        ordering = ("-received_at",)

    def __str__(self) -> str:
        return self.public_id


class Designation(models.Model):
    """命名: the title itself. Not a case: cases create and change it, and it outlives them."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="designations")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="designations")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="designations")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="designation")
    tier = models.CharField(max_length=40)  # codes of the definition
    category = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    grade = models.CharField(max_length=40, blank=True, default="")  # where the programme gives grades
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="titles_as_party")  # answers for it
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="titles_as_unit")
    carried_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="titles_carried")
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="raised_to")
    number = models.CharField(_("编号"), max_length=60, unique=True)
    holder = models.CharField(_("命名对象"), max_length=160)  # as named; publishable only with consent for a person
    unit_name = models.CharField(max_length=160)
    title = models.CharField(max_length=160)  # full title as on the plaque
    snapshot: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    named_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=list(rules.DESIGNATION_STATES.items()), default="active", db_index=True
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_cause = models.CharField(max_length=40, blank=True, default="")  # a revocation's, where programmes name it
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)  # its last day; None: as long as confirmed
    reassess_by = models.DateField(null=True, blank=True)
    renew_from = models.DateField(null=True, blank=True)  # from then on the holder may ask for renewal
    self_check_by = models.DateField(null=True, blank=True, db_index=True)  # the next self-check not yet handed in
    # the timer's two markers: what is not due costs it nothing, however many titles there are
    attend_on = models.DateField(null=True, blank=True, db_index=True, default=clock.today)
    credential_due_at = models.DateTimeField(null=True, blank=True, db_index=True, default=clock.real_now)
    plaque_issued_on = models.DateField(null=True, blank=True)
    # NULL once the title has ended: one live title per nominee, tier and category of a programme
    live_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  NULL is "not live": docs/adr/0004

    class Meta:
        ordering = ("-named_on", "number")
        indexes = [
            models.Index(fields=["programme", "tier", "category", "state"]),
            models.Index(fields=["state", "reassess_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.holder}"

    @property
    def journal_label(self) -> str:
        """Number and title; the holder may be a person."""
        return f"{self.number} {self.title}"

    @property
    def grade_title(self) -> str:
        """The grade in words; empty where the programme knows none."""
        return rules.grade_title(self.round.version.definition, self.grade)

    @property
    def title_in_full(self) -> str:
        """The title with its grade, as certificates and plaques bear it."""
        return f"{self.title}（{self.grade_title}）" if self.grade else self.title

    @property
    def is_live(self) -> bool:
        """Whether the title is held today."""
        return self.state in rules.LIVE


class DesignationEvent(models.Model):
    """One dated line in a title's history; public ones are shown on the verification page."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="history")
    kind = models.CharField(max_length=16, choices=list(rules.HISTORY_KINDS.items()))
    happened_on = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day on which a sanction counts
    recorded_at = models.DateTimeField()
    text = models.CharField(max_length=400, blank=True, default="")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return f"{self.designation_id}:{self.kind}"


class SelfCheck(models.Model):
    """年度自查: one that was handed in, or one that was missed; what is still to come is a sum of the definition."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="self_checks")
    due_on = models.DateField()  # the last day, inclusive
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("自查情况"), blank=True, default="")
    files: "models.ManyToManyField[StoredFile, StoredFile]" = models.ManyToManyField(StoredFile, related_name="+")
    missed_on = models.DateField(null=True, blank=True)  # the day on which the timer found it missing
    consequence = models.CharField(max_length=12, blank=True, default="")  # what missing it meant: on_missed

    class Meta:
        ordering = ("-due_on",)
        constraints = [models.UniqueConstraint(fields=["designation", "due_on"], name="self_check_once")]

    def __str__(self) -> str:
        return f"{self.designation_id}:{self.due_on}"


class DesignationCase(models.Model):
    """Ties a later case (a recommendation or a reassessment) to the title it is about."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="about")
    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="later_cases")
    trigger = models.CharField(max_length=12, choices=list(rules.TRIGGERS.items()))
    reason = models.CharField(max_length=300, blank=True, default="")
    # what the title goes back to should the case end without a result (annulled with its round)
    state_before = models.CharField(max_length=12, default="active")

    def __str__(self) -> str:
        return f"{self.case_id} about {self.designation_id}"


class NumberSequence(models.Model):
    """The last number given out per programme, tier, category and year."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "tier", "category", "year"], name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.tier}/{self.category}/{self.year}: {self.last}"


class IssuerKey(models.Model):
    """The public half of a key that signs credentials; the private half is an encrypted file of the same name.

    Never deleted: what it signed is verified by it. A retired key signs no more; a struck one counts for nothing that
    was signed from an instant on.
    """

    name = models.CharField(_("名称"), max_length=32, unique=True)  # the fragment of its address: did:web:…#name
    multibase = models.CharField(_("公钥"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"))
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    struck_from = models.DateTimeField(_("作废起始时间"), null=True, blank=True)
    struck_reason = models.CharField(_("作废原因"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("签发密钥")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        """Its name, which is public: the journal's handle."""
        return self.name

    @property
    def journal_label(self) -> str:
        """Its name."""
        return self.name


class Credential(models.Model):
    """A signed credential of a title, byte for byte as it was issued; a title has one current one."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="credentials")
    # NULL once another was issued in its place (its key was struck)
    current_for = models.OneToOneField(Designation, on_delete=models.PROTECT, null=True, related_name="credential")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="credentials")
    document = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = _("数字凭证")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.sha256[:16]


class PrintBatch(models.Model):
    """A round's certificates or plaques, set by a background task into one zip."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="print_batches")
    tier = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=12, choices=list(rules.PRINTS.items()))
    state = models.CharField(max_length=8, choices=list(rules.PRINT_STATES.items()), default="waiting")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("批量打印")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def journal_label(self) -> str:
        """What is printed."""
        return f"{self.round.title}·{rules.PRINTS[self.kind]}"
