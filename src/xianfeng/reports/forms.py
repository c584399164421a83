"""Input of the boards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.ui.forms import TextArea


class WithdrawForm(forms.Form):
    """Why a nomination is taken back."""

    reason = forms.CharField(
        label=_("撤回原因"),
        max_length=500,
        required=False,
        widget=TextArea(rows=3),
        help_text=_("写明原因便于上级党组织了解。"),
    )


class UrgeForm(forms.Form):
    """Who is reminded of what: hidden fields of the button."""

    addressee = forms.CharField(max_length=16)
    kind = forms.CharField(max_length=12)
