"""How forms are drawn, and the few widgets that need a type of their own."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _


class Renderer(DjangoTemplates):
    """Draw every form with our templates: ``FORM_RENDERER = "xianfeng.ui.forms.Renderer"``."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "ui/formset.html"


class DateInput(forms.DateInput):
    """The browser's own date picker (works on phones, by keyboard, without a script)."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date-and-time picker, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class TextArea(forms.Textarea):
    """A prose box of a few rows that grows with its text."""

    def __init__(self, rows: int = 4, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": rows, **(attrs or {})})


class PointsInput(forms.NumberInput):
    """A narrow right-aligned number with a decimal keypad on phones."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "decimal", "class": "xf-num", "step": "any", **(attrs or {})})


class ManyFilesInput(forms.ClearableFileInput):
    """Several files in one choice."""

    allow_multiple_selected = True


def shorten_messages() -> None:
    """Say 请填写此项 where Django says 这个字段是必填项, and 请选择 where it draws dashes, in every form."""
    forms.Field.default_error_messages = {**forms.Field.default_error_messages, "required": _("请填写此项。")}
    for choosing in (forms.ChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField, forms.FileField):
        choosing.default_error_messages = {**choosing.default_error_messages, "required": _("请选择。")}
    (forms.ModelChoiceField.__init__.__kwdefaults__ or {})["empty_label"] = _("请选择")
    BLANK_CHOICE_DASH[:] = [("", _("请选择"))]  # type: ignore[list-item]  # a lazy word: drawn in the reader's language
