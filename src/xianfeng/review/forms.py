"""Input of the panel's pages."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest

from xianfeng.cases.models import Case
from xianfeng.directory.models import Organisation, User
from xianfeng.programmes.rules.standard import Standard
from xianfeng.review import signing
from xianfeng.review.models import FINDINGS, OBJECTIVES, Expert
from xianfeng.ui.forms import DateInput, TextArea


class ExpertForm(forms.Form):
    """An expert of the pool; ``user`` is asked for only when adding one."""

    user = forms.ModelChoiceField(User.objects.none(), label="用户", help_text="先在组织目录中建立用户。")
    employer = forms.ModelChoiceField(
        Organisation.objects.none(), label="工作单位（系统内）", required=False, help_text="回避按工作单位判断。"
    )
    employer_name = forms.CharField(
        label="工作单位（系统外）", required=False, max_length=120, help_text="不在组织目录中的，填写全称。"
    )
    fields_text = forms.CharField(label="专业领域", required=False, max_length=200, help_text="多个领域用顿号隔开。")
    max_load = forms.IntegerField(label="最多评审件数", min_value=1, max_value=500, initial=20)
    active = forms.BooleanField(label="在库，可以抽取和指定", required=False, initial=True)

    def __init__(self, *args: Any, expert: Expert | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employer = self.fields["employer"]
        assert isinstance(employer, forms.ModelChoiceField)
        employer.queryset = Organisation.objects.units().filter(closed_on__isnull=True)
        if expert is None:
            user = self.fields["user"]
            assert isinstance(user, forms.ModelChoiceField)
            user.queryset = User.objects.filter(is_active=True, expert__isnull=True).order_by("name")
            del self.fields["active"]
        else:
            del self.fields["user"]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        words = cleaned["fields_text"].replace("，", "、").replace(",", "、").split("、")
        return {
            "employer_id": cleaned["employer"].pk if cleaned["employer"] else None,
            "employer_name": cleaned["employer_name"],
            "fields": [one for one in words if one.strip()],
            "max_load": cleaned["max_load"],
        }


class PanelForm(forms.Form):
    """Opening a panel."""

    tier = forms.CharField(widget=forms.HiddenInput)
    category = forms.CharField(widget=forms.HiddenInput)
    per_case = forms.IntegerField(label="每件专家数", min_value=1, max_value=15)


class AimsForm(forms.Form):
    """How a panel's experts are chosen, and when sheets count as far apart."""

    objective = forms.ChoiceField(
        label="分派办法", choices=list(OBJECTIVES.items()),
        help_text="专业匹配：专家的专业领域与创建标准的文字相合的程度，相同的仍按种子抽取。",
    )  # fmt: skip
    institution_cap = forms.IntegerField(label="每件同一单位至多", required=False, min_value=1, max_value=15)
    least_load = forms.IntegerField(label="每位专家至少", min_value=0, max_value=500, help_text="件；0 为不要求。")
    spread_limit = forms.DecimalField(
        label="分歧提示线", min_value=Decimal("0.5"), max_digits=8, decimal_places=2,
        help_text="一件申报最高分与最低分相差达到这个分数时，提示合议、现场核查或送第二评审组。",
    )  # fmt: skip


class DiscussionForm(forms.Form):
    """Sending a case to discussion or a site visit."""

    kind = forms.ChoiceField(
        label="方式",
        choices=[("discussion", "合议"), ("visit", "现场核查")],
        widget=forms.RadioSelect,
        initial="discussion",
    )
    reason = forms.CharField(label="事由", max_length=300, widget=TextArea(3))
    expert = forms.TypedChoiceField(
        label="增派一位专家", coerce=int, empty_value=None, required=False, help_text="增派的专家同样要评分、签名。"
    )

    def __init__(self, *args: Any, experts: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["expert"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "不增派"), *experts]


class SecondForm(forms.Form):
    """Sending cases to a second panel."""

    cases = forms.TypedMultipleChoiceField(label="申报", coerce=int, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label="事由", max_length=300, widget=TextArea(3))

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cases"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(choices)


class MinutesForm(forms.Form):
    """What a discussion or visit came to; a visit has a finding and a note for each indicator looked at."""

    held_on = forms.DateField(label="日期", widget=DateInput())
    place = forms.CharField(label="地点", max_length=120, required=False)
    present = forms.CharField(label="参加人员", max_length=300)
    minutes = forms.CharField(
        label="纪要", widget=TextArea(6), help_text="评审这件申报的专家可以看到纪要，看不到参加人员。"
    )

    def __init__(self, *args: Any, standard: Standard | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = standard.indicators if standard else ()
        for one in self.indicators:
            self.fields[f"f_{one.code}"] = forms.ChoiceField(
                label=one.title, required=False, choices=[("", "未核查"), *FINDINGS.items()]
            )
            self.fields[f"n_{one.code}"] = forms.CharField(
                label=f"{one.title}：说明", required=False, max_length=300,
                widget=forms.TextInput(attrs={"placeholder": "说明（选填）"}),
            )  # fmt: skip

    def findings(self) -> list[tuple[str, str, str]]:
        """Indicators that were looked at."""
        given = self.cleaned_data
        return [
            (one.code, given[f"f_{one.code}"], given[f"n_{one.code}"])
            for one in self.indicators
            if given.get(f"f_{one.code}")
        ]

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The visit's sheet."""
        return [(self[f"f_{one.code}"], self[f"n_{one.code}"]) for one in self.indicators]


class AssignForm(forms.Form):
    """Naming an expert for a case by hand."""

    case = forms.TypedChoiceField(label="申报", coerce=int)
    expert = forms.TypedChoiceField(label="专家", coerce=int)

    def __init__(self, *args: Any, cases: Iterable[Case], experts: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("case", [(one.pk, one.name) for one in cases]),
            ("expert", list(experts)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "请选择"), *choices]


class ReasonForm(forms.Form):
    """An act that needs a reason on record."""

    reason = forms.CharField(label="事由", max_length=300, widget=TextArea(3))


class SignForm(forms.Form):
    """The password once more, before a sheet is signed."""

    password = forms.CharField(
        label="登录密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="签名前请再次输入登录密码。签名后不能修改。",
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        """Refuse a wrong password, and after five of them every password for ten minutes."""
        given = str(self.cleaned_data["password"])
        if signing.locked_out(self.user):
            raise forms.ValidationError("密码连续输错多次，请 10 分钟后再签名。已填的评分都已保存。")
        if not self.user.check_password(given):
            signing.note_refused(self.request, self.user)
            raise forms.ValidationError("密码不正确，请重新输入。")
        return given


class UploadForm(forms.Form):
    """An offline sheet handed back."""

    file = forms.FileField(label="填好的评分表（xlsx）", widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class ProfileForm(forms.Form):
    """An expert's own profile."""

    fields_text = forms.CharField(label="专业领域", required=False, max_length=200, help_text="多个领域用顿号隔开。")
    max_load = forms.IntegerField(label="一个批次最多评审件数", min_value=1, max_value=500)
    away_since = forms.DateField(label="不能评审起", required=False, widget=DateInput())
    away_until = forms.DateField(label="不能评审止", required=False, widget=DateInput())
    trained_on = forms.DateField(label="最近培训日期", required=False, widget=DateInput())
    training = forms.CharField(label="培训情况", required=False, max_length=200)
    served = forms.CharField(
        label="以往评审经历", required=False, max_length=300, help_text="本系统之外的；本系统中的列在下面。"
    )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = dict(self.cleaned_data)
        words = cleaned.pop("fields_text").replace("，", "、").replace(",", "、").split("、")
        return {**cleaned, "fields": [one for one in words if one.strip()]}


class EmploymentForm(forms.Form):
    """One place where an expert works or worked."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="单位（系统内）", required=False)
    name = forms.CharField(
        label="单位（系统外）", required=False, max_length=120, help_text="不在组织目录中的，填写全称。"
    )
    since = forms.DateField(label="起", widget=DateInput())
    until = forms.DateField(label="止", required=False, widget=DateInput(), help_text="现在仍在任的留空。")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].queryset = Organisation.objects.units()  # type: ignore[attr-defined]


class LeftForm(forms.Form):
    """When a place was left."""

    until = forms.DateField(label="离任日期", widget=DateInput())
