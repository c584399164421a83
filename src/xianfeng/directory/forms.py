"""What the directory's pages ask for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.directory import rules, words
from xianfeng.directory.models import Appointment, Organisation, User
from xianfeng.kernel import clock
from xianfeng.ui.forms import DateInput, TextArea


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day with the browser's own picker."""
    return forms.DateField(label=label, required=required, widget=DateInput(), help_text=help_text)


class OrganisationChoice(forms.ModelChoiceField[Organisation]):
    """A choice among organisations that still stand, by name."""

    def __init__(self, queryset: Any, **more: Any) -> None:
        super().__init__(queryset.filter(closed_on__isnull=True).order_by("kind", "code"), **more)

    def label_from_instance(self, obj: Any) -> str:
        """The full name: short names repeat."""
        return str(obj.name)


SORT_WORDS = {"unit": _("单位"), "party": _("党组织"), "body": _("工作机构")}


def kind_choices() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Kinds by sort, with those that the programmes in use add."""
    return [(SORT_WORDS[sort], list(kinds.items())) for sort, kinds in words.SORTS.items()]


class OrganisationForm(forms.Form):
    """Register an organisation, or correct or rename one."""

    kind = forms.ChoiceField(label=_("类型"), choices=kind_choices)
    code = forms.CharField(label=_("编码"), max_length=32, help_text=_("本单位自定的编号，登记后不再改变。"))
    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if organisation is None:
            return
        self.fields["code"].disabled = True
        kinds = words.SORTS[words.sort_of(organisation.kind)]
        self.fields["kind"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.fields["on"] = day_field(
            _("更名日期"), required=False, help_text=_("名称有变化时，新名称自这一天起使用；不填为今天。原名称保留。")
        )

    def clean_credit_code(self) -> str:
        """Upper case, and the check digit right."""
        code = str(self.cleaned_data["credit_code"]).strip().upper()
        if code and (fault := rules.credit_code_fault(code)):
            raise forms.ValidationError(fault + "。")
        return code


class RelationForm(forms.Form):
    """Set the superior, the unit or the association of an organisation."""

    target = OrganisationChoice(Organisation.objects.all(), label="", empty_label=_("请选择"))
    since = day_field(_("起始日期"), required=False, help_text=_("原有的关系到前一天为止；不填为今天。"))

    def __init__(self, *args: Any, kind: str, organisation: Organisation, **more: Any) -> None:
        super().__init__(*args, **more)
        choice = self.fields["target"]
        choice.label = rules.RELATION_KINDS[kind] if kind != "membership" else "所属协会"
        wanted = Organisation.objects.filter(
            kind__in=words.of_sort(rules.RELATION_ENDS[kind][1]), closed_on__isnull=True
        )
        choice.queryset = wanted.exclude(pk=organisation.pk).order_by("kind", "code")  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day of something, and why."""

    on = day_field(_("最后一天"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class CloseForm(forms.Form):
    """Write down that an organisation was merged or dissolved."""

    on = day_field(_("撤并日期"))
    successor = OrganisationChoice(
        Organisation.objects.none(),
        label=_("并入"),
        required=False,
        empty_label=_("没有承继的组织（撤销）"),
        help_text=_("它的下级、所属单位关系、服务点、党员和命名随之由承继的组织接手。"),
    )
    reason = forms.CharField(label=_("原因"), widget=TextArea(3), max_length=300)

    def __init__(self, *args: Any, organisation: Organisation, **more: Any) -> None:
        super().__init__(*args, **more)
        same = Organisation.objects.filter(
            kind__in=words.of_sort(words.sort_of(organisation.kind)), closed_on__isnull=True
        )
        choice = self.fields["successor"]
        choice.queryset = same.exclude(pk=organisation.pk).order_by("kind", "code")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("原因"), widget=TextArea(3), max_length=200)


class UserForm(forms.Form):
    """A new user, or a correction of one."""

    username = forms.CharField(
        label=_("用户名"), max_length=40, help_text=_("登录用，2至40个字母、数字或 _ . @ -，登记后不再改变。")
    )
    name = forms.CharField(label=_("姓名"), max_length=40)
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("用于提醒；不会公开。"))

    def __init__(self, *args: Any, user: User | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if user is not None:
            self.fields["username"].disabled = True

    def clean_username(self) -> str:
        """Refuse what the sign-in page could not take."""
        username = str(self.cleaned_data["username"]).strip()
        if fault := rules.username_fault(username):
            raise forms.ValidationError(fault + "。")
        return username


DUTY_CHOICES = [
    (_("办理事项"), [(code, word) for code, word in rules.DUTIES.items() if code in rules.ACTING_DUTIES]),
    (_("评审"), [("expert", rules.DUTIES["expert"])]),
    (_("系统管理（须由专人担任）"), [(c, w) for c, w in rules.DUTIES.items() if c in rules.ADMIN_DUTIES]),
]


class AppointmentForm(forms.Form):
    """Give a user a duty in an organisation."""

    organisation = OrganisationChoice(Organisation.objects.all(), label=_("组织"), empty_label=_("请选择"))
    duty = forms.ChoiceField(label=_("职责"), choices=[("", _("请选择")), *DUTY_CHOICES])
    title = forms.CharField(label=_("职务"), max_length=40, required=False, help_text=_("如“组织人事科科长”。"))
    since = day_field(_("起始日期"))
    until = day_field(_("截止日期"), required=False, help_text=_("最后一天；不填为长期。"))

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        return _in_order(super().clean() or {}, self)


class DeputyForm(forms.Form):
    """Let somebody exercise another's appointment for a time."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=_("代理人"), empty_label=_("请选择"))
    since = day_field(_("代理开始"))
    until = day_field(_("代理结束"), help_text=_("最后一天。代理须有期限，到期自动失效。"))

    def __init__(self, *args: Any, principal: Appointment, **more: Any) -> None:
        super().__init__(*args, **more)
        others = User.objects.filter(is_active=True).exclude(pk=principal.user_id).order_by("name", "username")
        choice = self.fields["deputy"]
        choice.queryset = others  # type: ignore[attr-defined]
        choice.label_from_instance = lambda one: f"{one.name}（{one.username}）"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        return _in_order(super().clean() or {}, self)


def _in_order(cleaned: dict[str, Any], form: forms.Form) -> dict[str, Any]:
    since, until = cleaned.get("since"), cleaned.get("until")
    if isinstance(since, date) and isinstance(until, date) and until < since:
        form.add_error("until", "截止日期早于起始日期。")
    return cleaned


class CalendarForm(forms.Form):
    """The office's word on one day."""

    day = day_field(_("日期"))
    working = forms.ChoiceField(
        label=_("当天"), choices=[("yes", _("上班")), ("no", _("休息"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("说明"), max_length=60, required=False, help_text=_("如“台风停工”。"))


def today_first(**initial: Any) -> dict[str, Any]:
    """Initial values with today as the first day."""
    return {"since": clock.today(), "on": clock.today(), **initial}
