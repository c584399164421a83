"""What the registry's pages ask for."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.directory.models import Organisation, User
from xianfeng.kernel import clock
from xianfeng.kernel.vocabulary import Words
from xianfeng.registry import rules, words
from xianfeng.registry.listing import Subject
from xianfeng.registry.models import Member, Project, ServicePoint
from xianfeng.registry.services import ConductData, MemberData, ProjectPartyData, ServicePointData
from xianfeng.ui.forms import DateInput, TextArea


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A day with the browser's own picker."""
    return forms.DateField(label=label, required=required, widget=DateInput(), help_text=help_text)


def units() -> Any:
    """Units that still stand."""
    return Organisation.objects.units().filter(closed_on__isnull=True).order_by("code")


def parties() -> Any:
    """Party organisations that still stand."""
    return Organisation.objects.parties().filter(closed_on__isnull=True).order_by("code")


def _or_none(known: Words) -> list[tuple[str, Any]]:
    return [("", _("请选择")), *known.items()]


class CodedForm(forms.Form):
    """A form whose code is given once and never changes; what may be chosen is read when the form is made."""

    def __init__(self, *args: Any, fixed_code: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if fixed_code:
            self.fields["code"].disabled = True


CODE_HELP = _("登记后不再改变。")


def code_field(help_text: Any = CODE_HELP) -> forms.CharField:
    """The office's own code."""
    return forms.CharField(label=_("编码"), max_length=32, help_text=help_text)


class ServicePointForm(CodedForm):
    """A service point."""

    code = code_field()
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类型"), choices=partial(_or_none, words.SERVICE_POINTS))
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("所属单位"), empty_label=_("请选择"))
    party_organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("党组织"),
        empty_label=_("请选择"),
        help_text=_("由这个党组织代为申报。"),
    )
    staff_count = forms.IntegerField(label=_("固定工作人员数"), min_value=0, max_value=100_000)
    member_count = forms.IntegerField(label=_("其中党员数"), min_value=0, max_value=100_000)
    leader_is_member = forms.BooleanField(label=_("负责人中有党员"), required=False)
    closed_on = day_field(_("撤销日期"), help_text=_("服务点撤销时填写，撤销后不能再申报。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _choose_home(self)

    def clean(self) -> dict[str, Any]:
        """No more members than staff."""
        cleaned = super().clean() or {}
        staff, members = cleaned.get("staff_count"), cleaned.get("member_count")
        if staff is not None and members is not None and members > staff:
            self.add_error("member_count", "党员数不能多于固定工作人员数。")
        return cleaned

    def data_given(self) -> ServicePointData:
        """What the service takes."""
        return ServicePointData(**_codes(self.cleaned_data))


class MemberForm(CodedForm):
    """A member: the least that the programme needs."""

    code = code_field(_("用工号等内部编号，不要用身份证号；登记后不再改变。"))
    name = forms.CharField(label=_("姓名"), max_length=40)
    post = forms.CharField(label=_("岗位"), max_length=60)
    status = forms.ChoiceField(label=_("党员身份"), choices=words.STATUSES.items)
    in_post = forms.BooleanField(label=_("在职"), required=False, initial=True)
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("所属单位"), empty_label=_("请选择"))
    party_organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("党组织"), empty_label=_("请选择"))
    username = forms.CharField(
        label=_("用户名"), max_length=40, required=False, help_text=_("这名党员本人是系统用户时填写，用于评审回避。")
    )
    publication_consent_on = day_field(
        _("同意公开日期"), help_text=_("本人书面同意公开姓名的日期；没有的，公示和名录中不显示姓名。")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _choose_home(self)

    def clean_username(self) -> str:
        """Somebody who signs in, or nobody."""
        username = str(self.cleaned_data["username"]).strip()
        if username and not User.objects.filter(username=username).exists():
            raise forms.ValidationError("没有这个用户名，请核对或留空。")
        return username

    def data_given(self) -> MemberData:
        """What the service takes."""
        return MemberData(**_codes(self.cleaned_data))


def _choose_home(form: forms.Form) -> None:
    for name, rows in (("unit", units()), ("party_organisation", parties())):
        choice = form.fields[name]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows


def _codes(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {name: one.code if hasattr(one, "code") else one for name, one in cleaned.items()}


class ConsentForm(forms.Form):
    """The day a member agreed to the publication of their name."""

    on = day_field(_("同意公开日期"), required=True)

    def clean_on(self) -> Any:
        """Not a day to come."""
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError("日期不能晚于今天。")
        return self.cleaned_data["on"]


class ProjectForm(CodedForm):
    """A works project."""

    code = code_field()
    name = forms.CharField(label=_("名称"), max_length=160)
    started_on = day_field(_("开工日期"))
    finished_on = day_field(_("完工日期"))


class PartForm(forms.Form):
    """A unit's part in a project."""

    unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("单位"), empty_label=_("请选择"))
    role = forms.ChoiceField(label=_("方式"), choices=list(rules.PROJECT_ROLES.items()), widget=forms.RadioSelect)
    service_point = forms.CharField(
        label=_("服务点编码"), required=False, max_length=32, help_text=_("落实到服务点的填写，须属于上面的单位。")
    )
    member = forms.CharField(
        label=_("党员编码"), required=False, max_length=32, help_text=_("落实到党员的填写，须属于上面的单位。")
    )
    since = day_field(_("起始日期"))
    until = day_field(_("截止日期"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choice = self.fields["unit"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = units()

    def clean(self) -> dict[str, Any]:
        """The service point and the member exist and are the unit's; the days are in order."""
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        for name, model, word in (("service_point", ServicePoint, "服务点"), ("member", Member, "党员")):
            code = cleaned.get(name)
            if unit is None or not code:
                continue
            if not model.objects.filter(code=code, unit=unit).exists():
                self.add_error(name, f"这个单位没有编码为“{code}”的{word}。")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "截止日期早于起始日期。")
        return cleaned

    def data_given(self, project: Project) -> ProjectPartyData:
        """What the service takes."""
        given = {name: one for name, one in self.cleaned_data.items() if name != "since" or one}
        return ProjectPartyData(project=project.code, **{**given, "unit": given["unit"].code})


class ConductForm(forms.Form):
    """One fact; which fields matter follows from its kind (the page shows only those, by style alone)."""

    subject = forms.ChoiceField(label=_("对象"))
    kind = forms.ChoiceField(label=_("事实类别"), choices=partial(_or_none, words.FACTS))
    title = forms.CharField(label=_("事由"), max_length=200, help_text=_("写清是什么事，如“2019年度区级文明单位”。"))
    happened_on = day_field(_("发生日期"), required=True, help_text=_("获奖、考核、发生的日期。"))
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("工程项目"), required=False, empty_label=_("与工程项目无关")
    )
    level = forms.ChoiceField(label=_("级别"), required=False, choices=[("", "—"), *rules.LEVELS.items()])
    grade = forms.ChoiceField(label=_("事故等级"), required=False, choices=[("", "—"), *rules.ACCIDENT_GRADES.items()])
    result = forms.ChoiceField(
        label=_("考评结果"), required=False, choices=[("", "—"), *reversed(rules.APPRAISAL_RESULTS.items())]
    )
    stars = forms.IntegerField(label=_("星级"), required=False, min_value=1, max_value=rules.MAX_STARS)
    tags = forms.MultipleChoiceField(
        label=_("标签"), required=False, choices=words.TAGS.items, widget=forms.CheckboxSelectMultiple
    )
    issuer = forms.CharField(label=_("授予或认定单位"), required=False, max_length=120)
    document_no = forms.CharField(
        label=_("文号"), required=False, max_length=80, help_text=_("证书、通报或文件的编号。")
    )
    valid_until = day_field(_("有效期至"))
    rectified_on = day_field(_("整改完成日期"))
    confirmed = forms.BooleanField(
        label=_("已核对来源，直接登记为已核实"), required=False, help_text=_("不勾选则登记为待核实。")
    )
    KEY = ("subject", "kind", "title", "happened_on", "project")  # what makes a fact the same fact
    # Which of the fields above each kind uses, beyond those that all use; a programme's own kind may use any.
    ANY = "level grade result stars tags"
    USED = {
        "honour": "level tags", "accident": "grade tags", "appraisal": "result level tags",
        "rating": "stars level tags",
        "certificate": "tags level", "complaint": "", "penalty": "level", "illegal_case": "level", "bad_faith": "level",
    }  # fmt: skip

    def __init__(
        self,
        *args: Any,
        subjects: dict[str, list[Subject]],
        projects: Any,
        keeps: bool,
        fixed: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        groups = [(name, [(one.value, one.name) for one in rows]) for name, rows in subjects.items()]
        choices = [("", _("请选择")), *groups]
        self.fields["subject"].choices = choices  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        if fixed or not keeps:
            del self.fields["confirmed"]
        for name in self.KEY if fixed else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """What the gates need for this kind; days in order; what the kind does not use is dropped."""
        cleaned = super().clean() or {}
        kind, happened = cleaned.get("kind"), cleaned.get("happened_on")
        if kind:
            used = self.USED.get(kind, self.ANY).split()
            for name, blank in (("level", ""), ("grade", ""), ("result", ""), ("stars", None), ("tags", [])):
                if name not in used and name in cleaned:
                    cleaned[name] = blank
            given = {name: cleaned.get(name) or "" for name in ("level", "grade", "result")}
            fault = rules.conduct_fault(kind, stars=cleaned.get("stars"), **given)
            needed = {"honour": "level", "accident": "grade", "appraisal": "result", "rating": "stars"}.get(kind)
            if fault and needed and needed not in self.errors:
                self.add_error(needed, fault + "。")
        if happened and happened > clock.today():
            self.add_error("happened_on", "发生日期不能晚于今天。")
        for name in ("valid_until", "rectified_on"):
            if happened and cleaned.get(name) and cleaned[name] < happened:
                self.add_error(name, "不能早于发生日期。")
        return cleaned

    def data_given(self) -> ConductData:
        """What the service takes."""
        given = {**self.cleaned_data}
        kind, code = given.pop("subject").split(":", 1)
        project = given.pop("project")
        state = "confirmed" if given.pop("confirmed", False) else "reported"
        tags = tuple(given.pop("tags"))
        return ConductData(
            subject_kind=kind, subject=code, project=project.code if project else "", tags=tags, state=state, **given
        )


class RefuteForm(forms.Form):
    """Why a reported fact is not true."""

    reason = forms.CharField(label=_("不属实的理由"), widget=TextArea(3), max_length=300)
