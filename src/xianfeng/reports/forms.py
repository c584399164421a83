"""Input of the boards."""

from collections.abc import Iterable
from typing import Any

from django import forms

from xianfeng.journal.rules import GROUNDS


class UrgeForm(forms.Form):
    """Who is reminded of what: hidden fields of the button."""

    addressee = forms.CharField(max_length=16)
    kind = forms.CharField(max_length=12)


class EraseForm(forms.Form):
    """Which personal values are erased, and on what ground."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "请勾选要删除的个人信息。"})
    ground = forms.ChoiceField(label="依据", choices=[("", "请选择"), *GROUNDS.items()])

    def __init__(self, *given: Any, held: Iterable[int], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["chosen"].choices = [(one, one) for one in held]  # type: ignore[attr-defined]
