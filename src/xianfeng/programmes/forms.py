"""Input about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.directory.forms import OrganisationChoice
from xianfeng.directory.models import Organisation
from xianfeng.programmes.queries import possible_players
from xianfeng.ui.forms import DateInput, TextArea


class RoundForm(forms.Form):
    """Which year to open."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, data: Any = None, *, years: list[int], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["year"].choices = [(one, f"{one}年度") for one in years]  # type: ignore[attr-defined]


class StageForm(forms.Form):
    """When a stage runs, and why that changes."""

    starts_on = forms.DateField(label=_("开始"), widget=DateInput)
    ends_on = forms.DateField(label=_("结束"), widget=DateInput, help_text=_("含当日。"))
    reason = forms.CharField(
        label=_("调整原因"), max_length=300, widget=TextArea(3), help_text=_("记入操作留痕，各单位可见。")
    )


class SeatForm(forms.Form):
    """Which organisation plays a body, from when, on what paper."""

    organisation = OrganisationChoice(Organisation.objects.all(), label=_("由哪个组织承担"), empty_label=_("请选择"))
    since = forms.DateField(
        label=_("起始日期"), required=False, widget=DateInput,
        help_text=_("不填为今天（第一次指定的，自活动开始）。原来承担的组织到前一天为止。"),
    )  # fmt: skip
    document_no = forms.CharField(
        label=_("依据文号"),
        required=False,
        max_length=80,
        help_text=_("成立或调整工作机构的文件，如“沪水务党〔2019〕示例1号”。"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].queryset = possible_players()  # type: ignore[attr-defined]


class ButtonForm(forms.Form):
    """No input, only a button: still a place where a refusal is shown."""
