"""The sheet as a form: each kind of indicator asked for what an expert naturally enters."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from xianfeng.kernel.errors import Invalid
from xianfeng.nominations import answering
from xianfeng.nominations.answering import Count, Entered
from xianfeng.programmes.rules.answers import points_of
from xianfeng.programmes.rules.schema.standards import Bonus, Graded, Indicator, Measured, Scored, YesNo
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.trace import show
from xianfeng.review.models import Mark
from xianfeng.ui.forms import PointsInput, TextArea

MOST_TIMES = 999_999


class SheetForm(forms.Form):
    """One field of points and one of remarks for each indicator, a tick where it may not apply, a closing remark."""

    remark = forms.CharField(label="综合评语", required=False, widget=TextArea(3))

    def __init__(self, *args: Any, standard: Standard, marks: Mapping[str, Mark], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        for indicator in standard.indicators:
            mark = marks.get(indicator.code)
            for name, field in _asked(indicator, mark).items():
                self.fields[name] = field
            self.fields[f"r_{indicator.code}"] = forms.CharField(
                label=f"{indicator.title}：评语", required=False, max_length=300, strip=True,
                initial=mark.remark if mark else "",
                widget=forms.TextInput(attrs={"placeholder": "评语（选填）", "class": "rv-remark"}),
            )  # fmt: skip
            if indicator.may_not_apply:
                self.fields[f"n_{indicator.code}"] = forms.BooleanField(
                    label="不适用", required=False, initial=mark is not None and not mark.applies
                )

    def asked(self, indicator: Indicator) -> list[tuple[BoundField, Count | None]]:
        """The fields an indicator is marked by, with what each counts where it asks for numbers."""
        found = answering.counts(indicator)
        return [(self[f"p_{indicator.code}__{one.code}"], one) for one in found] or [
            (self[f"p_{indicator.code}"], None)
        ]

    def marks(self) -> dict[str, tuple[Decimal | Entered | None, str]]:
        """What is valid so far, by indicator: an autosave keeps it even when another field is not."""
        found: dict[str, tuple[Decimal | Entered | None, str]] = {}
        for indicator in self.standard.indicators:
            names = [field.name for field, _ in self.asked(indicator)]
            if not any(name in self.errors for name in names):
                given = self._given(indicator, names)
                found[indicator.code] = (given, self.cleaned_data.get(f"r_{indicator.code}", ""))
        return found

    def _given(self, indicator: Indicator, names: list[str]) -> Decimal | Entered | None:
        values = [self.cleaned_data.get(name) for name in names]
        if all(one in (None, "") for one in values):
            return None
        if codes := [one.code for one in answering.counts(indicator)]:
            return Entered({code: int(one or 0) for code, one in zip(codes, values, strict=True)})
        value = Decimal(str(values[0]))
        return Entered(value) if isinstance(indicator, Measured) else value

    def clean(self) -> dict[str, Any]:
        """Counts that make no points together (a vote with too few votes) are refused at their first field."""
        for indicator in self.standard.indicators:
            names = [field.name for field, _ in self.asked(indicator)]
            given = None if any(name in self.errors for name in names) else self._given(indicator, names)
            if isinstance(given, Entered):
                try:
                    points_of(indicator, given.answer)
                except Invalid as error:
                    self.add_error(names[0], error.message)
        return self.cleaned_data

    def inapplicable(self) -> set[str]:
        """Indicators ticked as not applicable."""
        return {one.code for one in self.standard.indicators if self.cleaned_data.get(f"n_{one.code}")}


def _asked(indicator: Indicator, mark: Mark | None) -> dict[str, forms.Field]:
    """Fields by name: points, a level, a measured value, or a number for each fault or choice."""
    answer = answering.restored(mark.answer) if mark else None
    counts = answering.counts(indicator)
    if counts:
        given = answer if isinstance(answer, Mapping) else {}
        return {f"p_{indicator.code}__{one.code}": _count_field(one, given.get(one.code)) for one in counts}
    if isinstance(indicator, Measured):
        return {f"p_{indicator.code}": _value_field(indicator, answer)}
    return {f"p_{indicator.code}": points_field(indicator, mark.points if mark else None)}


def _count_field(one: Count, given: int | None) -> forms.Field:
    attrs = {"min": "0", "max": str(MOST_TIMES), "step": "1", "class": "xf-num rv-points", "data-each": show(one.each)}
    if one.most is not None:
        attrs["data-most"] = show(one.most)
    wrong = "请填写不小于 0 的整数。"
    return forms.IntegerField(
        label=one.title, required=False, initial=given, min_value=0, max_value=MOST_TIMES,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        widget=forms.NumberInput(attrs={**attrs, "inputmode": "numeric"}),
    )  # fmt: skip


def _value_field(indicator: Measured, answer: object) -> forms.Field:
    return forms.DecimalField(
        label=f"{indicator.title}（{indicator.unit}）", required=False, max_digits=answering.LONGEST, decimal_places=4,
        initial=show(answer) if isinstance(answer, Decimal) else None,
        error_messages={"invalid": "请填写数字。"},
        widget=PointsInput(attrs={"step": "any", "class": "xf-num rv-points"}),
    )  # fmt: skip


def points_field(indicator: Indicator, points: Decimal | None) -> forms.Field:
    """A number within the indicator's range and step, or a choice of its levels."""
    initial = None if points is None else show(points)
    if isinstance(indicator, (Graded, YesNo)):
        levels = (
            [(show(one.points), f"{one.title}（{show(one.points)}）") for one in indicator.levels]
            if isinstance(indicator, Graded)
            else [(show(indicator.points), f"是（{show(indicator.points)}）"), ("0", "否（0）")]
        )
        return forms.ChoiceField(
            label=indicator.title, required=False, initial=initial, choices=[("", "未评"), *levels],
            widget=forms.Select(attrs={"class": "rv-points"}),
        )  # fmt: skip
    step = indicator.step if isinstance(indicator, (Scored, Bonus)) else None
    attrs = {
        "min": "0",
        "max": show(indicator.points),
        "step": show(step) if step else "any",
        "class": "xf-num rv-points",
    }
    return forms.DecimalField(
        label=indicator.title, required=False, initial=initial, min_value=Decimal(0), max_value=indicator.points,
        step_size=step, max_digits=10, decimal_places=4,
        error_messages={
            "max_value": f"应在 0 与 {show(indicator.points)} 分之间。",
            "min_value": f"应在 0 与 {show(indicator.points)} 分之间。",
            "step_size": f"应是 {show(step or Decimal(1))} 分的整数倍。",
            "invalid": "请填写数字。",
        },
        widget=PointsInput(attrs=attrs),
    )  # fmt: skip
