"""Input about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class ButtonForm(forms.Form):
    """No input, only a button: still a place where a refusal is shown."""
