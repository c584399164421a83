"""Organisations, their dated relations and names; users and their appointments; the office calendar."""

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianfeng.directory import rules, words
from xianfeng.kernel.ids import new_id


class Dated(models.Model):
    """A fact that holds from a day to a day, both inclusive; an open end has no ``until``."""

    since = models.DateField(_("起"), default=date(2000, 1, 1))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        abstract = True


def holds_on(day: date, prefix: str = "") -> Q:
    """Filter for dated rows that hold on ``day``; ``prefix`` walks a relation (``appointments__``)."""
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Common cuts through the organisations."""

    def parties(self) -> "OrganisationQuerySet":
        """Party organisations only (党委/党总支/党支部/党小组)."""
        return self.filter(kind__in=words.of_sort("party"))

    def units(self) -> "OrganisationQuerySet":
        """Units only (单位)."""
        return self.filter(kind__in=words.of_sort("unit"))


class Organisation(models.Model):
    """单位/党组织/工作机构. A unit is not its party organisation: dated relations tie them."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    code = models.CharField(_("编码"), max_length=32, unique=True)  # the office's own, kept as text
    kind = models.CharField(_("类型"), max_length=40)  # a code of directory.words
    name = models.CharField(_("名称"), max_length=120)  # today's; dated names are OrganisationName
    short_name = models.CharField(_("简称"), max_length=40, blank=True, default="")
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)
    # the organisation it was merged into, from that day on; none where it was dissolved
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        indexes = [models.Index(fields=["kind", "code"])]

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:
        """The kind's word; programmes add kinds, so there are no fixed choices."""
        return words.kind_word(self.kind)

    @property
    def journal_label(self) -> str:
        """How the journal calls it."""
        return self.name

    @property
    def label(self) -> str:
        """Short name where there is one."""
        return self.short_name or self.name

    @property
    def is_party(self) -> bool:
        """Whether this is a party organisation."""
        return words.sort_of(self.kind) == "party"


class OrganisationName(Dated):
    """A name an organisation bore (更名 is dated)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ("since",)

    def __str__(self) -> str:
        return self.name


class Relation(Dated):
    """A dated relation: ``organisation`` has ``target`` as its superior, its unit or its association."""

    kind = models.CharField(max_length=12, choices=list(rules.RELATION_KINDS.items()))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="relations")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="related")

    class Meta:
        ordering = ("organisation", "kind", "since")
        indexes = [models.Index(fields=["kind", "target"]), models.Index(fields=["kind", "organisation"])]
        constraints = [models.CheckConstraint(name="relation_not_to_itself", condition=~Q(organisation=F("target")))]

    def __str__(self) -> str:
        return f"{self.organisation_id}-{self.kind}-{self.target_id}"


class UserManager(BaseUserManager["User"]):
    """Creates users by username; e-mail is optional in an office."""

    def create_user(self, username: str, password: str | None = None, **extra: object) -> "User":
        """A new sign-in; without a password it cannot be used until one is set."""
        user = self.model(username=username, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Usernames are matched exactly."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """A sign-in. What its holder may do follows from appointments, never from flags here."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    journal_label = "用户"  # never the name
    username = models.CharField(_("用户名"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(_("电子邮箱"), blank=True, default="")
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name


class Appointment(Dated):
    """任职: a user holds a duty in an organisation for a time, perhaps deputising for another appointment."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    duty = models.CharField(_("职责"), max_length=16, choices=list(rules.DUTIES.items()))
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")

    class Meta:
        ordering = ("organisation", "duty")
        indexes = [models.Index(fields=["organisation", "duty"])]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "duty", "since"], name="appointment_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.organisation_id}:{self.duty}"


class CalendarDay(models.Model):
    """The office's word on one day, above the published calendar (节假日与调休)."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=60, blank=True, default="")

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.working else '休'}"

    @property
    def public_id(self) -> str:
        """The day itself: how the journal knows it."""
        return self.day.isoformat()


class SignIn(models.Model):
    """Access log: who came in or was refused, when and from where. Not the journal: no decision is made here."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="sign_ins")
    username = models.CharField(max_length=150)
    outcome = models.CharField(max_length=12, choices=[("in", "登录"), ("out", "退出"), ("refused", "失败")])
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(db_index=True)
    address = models.CharField(max_length=45, blank=True, default="")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.username} {self.outcome}"
