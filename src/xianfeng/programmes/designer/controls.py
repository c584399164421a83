"""From a leaf of the language to a control of a form, and from what was entered back to a plain value."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zlib import crc32

from django import forms
from django.core.exceptions import ValidationError

from xianfeng.kernel.errors import UserError
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.dump import dump
from xianfeng.programmes.designer.shape import PROSE, Shape, Slot
from xianfeng.programmes.rules.text import read
from xianfeng.programmes.rules.trace import show
from xianfeng.ui.forms import DateInput, PointsInput, TextArea

YES_NO = [("", "不填"), ("true", "是"), ("false", "否")]


class LinesField(forms.CharField):
    """One item a line; numbers where the list holds numbers."""

    def __init__(self, *, numbers: bool = False, **more: Any) -> None:
        self.numbers = numbers
        super().__init__(widget=TextArea(3), **more)

    def prepare_value(self, value: Any) -> Any:
        """A list is shown line by line."""
        if isinstance(value, (list, tuple)):
            return "\n".join(show(Decimal(one)) if self.numbers else str(one) for one in value)
        return value

    def to_python(self, value: Any) -> Any:
        """The filled lines."""
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if not self.numbers:
            return lines
        try:
            return [_exact(Decimal(line)) for line in lines]
        except InvalidOperation as error:
            raise ValidationError("每行写一个数，如 0.8。") from error


class WordsField(forms.CharField):
    """Words of the programme's own: ``代码：名称`` a line; a name without a code gets one."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=TextArea(3), **more)

    def prepare_value(self, value: Any) -> Any:
        """A line for each word."""
        return "\n".join(f"{code}：{title}" for code, title in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Code → name; None when nothing was written."""
        found: dict[str, str] = {}
        for line in str(value or "").splitlines():
            pieces = [one.strip() for one in re.split(r"[：:=]", line, maxsplit=1) if one.strip()]
            if not pieces:
                continue
            code, title = pieces if len(pieces) == 2 else (f"word_{crc32(pieces[0].encode()):08x}", pieces[0])
            if code in found:
                raise ValidationError(f"“{code}”写了两次。")
            found[code] = title
        return found or None


class FragmentField(forms.CharField):
    """A piece for which there is no form: written in the language itself."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=TextArea(4, attrs={"class": "font-monospace", "spellcheck": "false"}), **more)

    def prepare_value(self, value: Any) -> Any:
        """The value as YAML, without the note on top."""
        if value in (None, "", [], {}):
            return ""
        return value if isinstance(value, str) else dump(value).partition("\n")[2].strip()

    def to_python(self, value: Any) -> Any:
        """The value the text stands for."""
        if not str(value or "").strip():
            return None
        try:
            return read(str(value)).value
        except UserError as error:
            raise ValidationError(error.message) from error


class NumberField(forms.DecimalField):
    """An exact number, shown without superfluous zeros."""

    widget = PointsInput

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return show(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """A decimal; whole ones as integers, which is how they are written."""
        found = super().clean(value)
        return None if found is None else _exact(found)


def _exact(value: Decimal) -> Decimal | int:
    if not value.is_finite():
        raise ValidationError("请填写数字。")
    return int(value) if value == value.to_integral_value() and abs(value) < 10**12 else value


def control(slot: Slot, document: Mapping[str, Any], value: Any) -> forms.Field:
    """The control for a leaf (or for a piece that has no form of its own)."""
    settled = slot.shape.kind in ("choice", "whole", "number") and not slot.shape.optional  # there is always a value
    base: dict[str, Any] = {
        "label": words.label(slot), "help_text": words.help_text(slot), "required": slot.required or settled,
    }  # fmt: skip
    return leaf(slot, slot.shape, base, words.references(slot, document), value)


def leaf(slot: Slot, shape: Shape, base: dict[str, Any], known: words.Choices | None, value: Any) -> forms.Field:
    """A control by shape; ``known`` are the codes it may hold."""
    if shape.kind == "list" and shape.leaf:
        return _several(slot, shape, base, known, value)
    if known is not None or shape.kind == "choice":
        options = known if known is not None else words.values(slot, shape.values)
        return _one_of(options, base, value, written=shape.kind == "choice" and not shape.optional)
    if shape.kind == "flag":
        if shape.optional:
            return forms.ChoiceField(choices=YES_NO, **{**base, "required": False})
        return forms.BooleanField(**{**base, "required": False})
    if shape.kind == "text" and shape.longest >= PROSE:
        return forms.CharField(widget=TextArea(3), max_length=shape.longest, **base)
    if shape.kind == "map" and shape.item is not None and shape.item.kind == "text":
        return WordsField(**{**base, "required": False})
    simple: dict[str, Any] = {
        "whole": lambda: forms.IntegerField(**base),
        "number": lambda: NumberField(max_digits=16, decimal_places=4, **base),
        "day": lambda: forms.DateField(widget=DateInput, **base),
        "text": lambda: forms.CharField(max_length=shape.longest or 200, **base),
    }
    made: forms.Field = simple.get(shape.kind, lambda: FragmentField(**{**base, "required": False}))()
    if isinstance(made, FragmentField):
        made.help_text = base["help_text"] or "按定义语言书写，可以留空。"
    return made


def _one_of(options: words.Choices, base: dict[str, Any], value: Any, *, written: bool) -> forms.Field:
    shown = list(options)
    if isinstance(value, str) and value and value not in dict(shown):
        shown.append((value, f"{value}（不存在）"))
    if not (base["required"] or written) or not value:
        shown.insert(0, ("", "请选择" if base["required"] else "不选"))
    return forms.ChoiceField(choices=shown, **base)


def _several(slot: Slot, shape: Shape, base: dict[str, Any], known: words.Choices | None, value: Any) -> forms.Field:
    item = shape.item or Shape("text")
    if known is None and item.kind != "choice":
        numbers = item.kind == "number"
        return LinesField(numbers=numbers, **{**base, "help_text": base["help_text"] or "每行一项。"})
    options = list(known if known is not None else words.values(slot, item.values))
    strange = [one for one in (value or ()) if one not in dict(options)]
    options += [(one, f"{one}（不存在）") for one in strange]
    return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **base)


def initial(shape: Shape, value: Any) -> Any:
    """The value as the control shows it first."""
    if shape.kind == "flag" and shape.optional:
        return "" if value is None else "true" if value else "false"
    if shape.kind == "number" and isinstance(value, str) and value:
        return Decimal(value)
    return value


def entered(shape: Shape, value: Any) -> Any:
    """The plain value of what was entered; None for nothing."""
    if shape.kind == "flag" and shape.optional:
        return None if value == "" else value == "true"
    if isinstance(value, str):
        # A browser sends line ends as two characters; the language knows one.
        return value.replace("\r\n", "\n").strip() or None
    return value if isinstance(value, (bool, int, Decimal, date, dict)) else (value or None)
