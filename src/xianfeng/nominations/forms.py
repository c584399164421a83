"""Input of the work pages: the standard's indicators as fields, evidence, opinions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from xianfeng.cases.models import Case
from xianfeng.files.rules import ACCEPT
from xianfeng.kernel.errors import Invalid
from xianfeng.nominations import rules
from xianfeng.nominations.answering import LONGEST, Count, Entered, counts, restored, worked_out
from xianfeng.nominations.queries import (
    AssessmentView,
    IndicatorRow,
    standard_of,
    superior_ranks,
    superior_scores,
)  # fmt: skip
from xianfeng.programmes.rules.schema.standards import Bonus, Graded, Indicator, Measured, Scored, YesNo
from xianfeng.programmes.rules.trace import show
from xianfeng.ui.forms import DateInput, ManyFilesInput, TextArea

FORM_ID = "assess"


class AssessmentForm(forms.Form):
    """What each kind of indicator naturally asks for (points, a level, a measured value, counts), a note and perhaps
    不适用 per indicator, and the statement; only what was posted is saved."""

    def __init__(self, data: Any = None, *, view: AssessmentView, only: "set[str] | None" = None) -> None:
        super().__init__(data)
        self.view = view
        self.rows = [row for row in view.rows if only is None or row.code in only]
        for row in self.rows:
            self._add(row)
        self.fields["statement"] = forms.CharField(
            label="主要事迹",
            required=False,
            max_length=rules.STATEMENT_LONGEST,
            initial=view.statement,
            widget=TextArea(8, {"form": FORM_ID}),
        )

    def _add(self, row: IndicatorRow) -> None:
        self.fields.update(score_fields(row))
        if row.indicator.may_not_apply:
            box = forms.CheckboxInput({"form": FORM_ID})
            self.fields[f"na-{row.code}"] = forms.BooleanField(
                label="不适用", required=False, initial=row.not_applicable, widget=box
            )
        self.fields[f"note-{row.code}"] = forms.CharField(
            label="说明",
            required=False,
            max_length=rules.NOTE_LONGEST,
            initial=row.note,
            widget=TextArea(2, {"form": FORM_ID, "placeholder": "完成情况，一两句即可"}),
        )

    def clean(self) -> dict[str, Any]:
        """Points as the standard allows them, told beside the field."""
        cleaned = super().clean() or {}
        for row in self.rows:
            names = self.asked(row)
            if not any(name in self.errors for name in names):
                try:
                    rules.checked(self.view.standard, row.code, self._given(row, names))
                except Invalid as refusal:
                    self.add_error(names[0], refusal.message)
        return cleaned

    def asked(self, row: IndicatorRow) -> list[str]:
        """Names of the fields an indicator is scored by: one, or one for each kind of fault or choice."""
        return [f"score-{row.code}.{one.code}" for one in counts(row.indicator)] or [f"score-{row.code}"]

    def posted(self, row: IndicatorRow) -> bool:
        """Whether the indicator's score came with this request."""
        return any(name in self.data for name in self.asked(row))

    def _given(self, row: IndicatorRow, names: list[str]) -> rules.Mark:
        values = [self.cleaned_data.get(name) for name in names]
        if all(one is None for one in values):
            return None
        if asked := counts(row.indicator):
            return Entered({one.code: value or 0 for one, value in zip(asked, values, strict=True)})
        given: Decimal | None = values[0]
        return Entered(given) if given is not None and worked_out(row.indicator) else given

    def marks(self) -> dict[str, tuple[rules.Mark, str]]:
        """What was posted, by indicator."""
        found: dict[str, tuple[rules.Mark, str]] = {}
        for row in self.rows:
            if self.posted(row):
                ticked = self.cleaned_data.get(f"na-{row.code}")
                mark = rules.NOT_APPLICABLE if ticked else self._given(row, self.asked(row))
                found[row.code] = (mark, self.cleaned_data.get(f"note-{row.code}") or "")
        return found

    @property
    def statement(self) -> str | None:
        """The statement, if it was posted."""
        return self.cleaned_data["statement"] if "statement" in self.data else None

    def errors_by_indicator(self) -> Mapping[str, str]:
        """Indicator → the sentence shown beside its score."""
        told = ((name.partition("-")[2].partition(".")[0], found) for name, found in self.errors.items() if "-" in name)
        return {code: "；".join(map(str, found)) for code, found in told}


MOST_TIMES = 999_999


def score_fields(row: IndicatorRow) -> dict[str, forms.Field]:
    """The fields an indicator is scored by, by name."""
    answer = restored(row.answer)
    if asked := counts(row.indicator):
        given = answer if isinstance(answer, Mapping) else {}
        return {f"score-{row.code}.{one.code}": _count_field(one, given.get(one.code)) for one in asked}
    if isinstance(row.indicator, Measured):
        return {f"score-{row.code}": _value_field(row, answer)}
    return {f"score-{row.code}": score_field(row)}


def _count_field(one: Count, given: int | None) -> forms.Field:
    return forms.IntegerField(
        label=one.title,
        required=False,
        min_value=0,
        max_value=MOST_TIMES,
        initial=given,
        help_text=one.note,
        widget=forms.NumberInput({"form": FORM_ID, "class": "xf-num", "inputmode": "numeric", "step": "1"}),
        error_messages={"invalid": "请填写不小于 0 的整数。"},
    )


def _value_field(row: IndicatorRow, answer: object) -> forms.Field:
    attrs = {"form": FORM_ID, "class": "xf-num", "inputmode": "decimal", "step": "any"}
    return forms.DecimalField(
        label=row.indicator.title,
        required=False,
        max_digits=LONGEST,
        decimal_places=4,
        initial=show(answer) if isinstance(answer, Decimal) else None,
        widget=forms.NumberInput({**attrs, "aria-describedby": f"about-{row.code}"}),
        error_messages={"invalid": "请填写数字。"},
    )


def score_field(row: IndicatorRow) -> forms.Field:
    """Points for most kinds of indicator; levels and yes/no are chosen from a list, worth what they are worth."""
    indicator = row.indicator
    if isinstance(indicator, Graded):
        choices = [(show(one.points), f"{one.title}（{show(one.points)} 分）") for one in indicator.levels]
        return _choice(row, choices)
    if isinstance(indicator, YesNo):
        return _choice(row, [(show(indicator.points), f"是（{show(indicator.points)} 分）"), ("0", "否（0 分）")])
    step = show(indicator.step) if isinstance(indicator, (Scored, Bonus)) else "any"
    attrs = {"form": FORM_ID, "class": "xf-num", "inputmode": "decimal", "step": step, "min": "0"}
    return forms.DecimalField(
        label=indicator.title,
        required=False,
        max_digits=12,
        decimal_places=4,
        initial=show(row.points) if row.points is not None else None,
        widget=forms.NumberInput({**attrs, "max": show(indicator.points), "aria-describedby": f"about-{row.code}"}),
        error_messages={"invalid": "请填写数字。"},
    )


def _choice(row: IndicatorRow, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.TypedChoiceField(
        label=row.indicator.title,
        required=False,
        choices=[("", "请选择"), *choices],
        coerce=Decimal,
        empty_value=None,
        initial=show(row.points) if row.points is not None else "",
        widget=forms.Select({"form": FORM_ID}),
    )


class ManyFilesField(forms.FileField):
    """Several files, each checked as a file."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """A list, empty when nothing was chosen."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [one for one in (super(ManyFilesField, self).clean(item, initial) for item in given) if one]


class EvidenceForm(forms.Form):
    """Files, a link, or something the nominee already keeps."""

    uploads = ManyFilesField(label="选择文件", required=False, widget=ManyFilesInput({"accept": ACCEPT}))
    url = forms.URLField(label="或填写链接", required=False, max_length=400, assume_scheme="https")
    title = forms.CharField(
        label="材料名称",
        required=False,
        max_length=160,
        widget=forms.TextInput({"placeholder": "不填则用文件名"}),
    )
    happened_on = forms.DateField(label="形成日期", required=False, widget=DateInput())
    existing = forms.MultipleChoiceField(label="从已有材料中选用", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: Any, kept: "list[tuple[str, str]]", **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["existing"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = kept
        if not kept:
            del self.fields["existing"]

    def clean(self) -> dict[str, Any]:
        """Something must be given."""
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("uploads") or cleaned.get("url") or cleaned.get("existing")):
            raise ValidationError("请选择文件、填写链接，或从已有材料中选用。")
        return cleaned


class SubmitForm(forms.Form):
    """The last look before submitting; a correction says what was mended."""

    note = forms.CharField(
        label="补正说明", max_length=2000, widget=TextArea(4), help_text="逐项写明补正情况，便于初审核对。"
    )
    promise = forms.BooleanField(label="以上内容真实准确，已经本党组织研究同意。")

    def __init__(self, *given: Any, correcting: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not correcting:
            del self.fields["note"]


class EndorseForm(forms.Form):
    """The superior's opinion, its points where they count, and the place where its order breaks ties."""

    opinion = forms.CharField(
        label="认定意见",
        required=False,
        max_length=2000,
        widget=TextArea(4),
        help_text="同意时可不填，默认“经研究，同意推荐。”；退回时请写明原因。",
    )
    score = forms.DecimalField(
        label="上级评分",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=4,
        widget=forms.NumberInput({"class": "xf-num", "inputmode": "decimal", "step": "any"}),
    )
    rank = forms.IntegerField(
        label="推荐排序",
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput({"class": "xf-num"}),
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        weights = case.version.definition.scoring.weights
        most = show(standard_of(case).total)
        share = show(weights.superior)
        self.fields["score"].help_text = f"认定同意时填写，0 至 {most} 分，占总分的 {share}%；退回时不填。"
        self.fields["rank"].help_text = "总分相同时，按上级党组织对本类别推荐对象的排序决定先后。"
        # Consent needs the points; who returns it has none to give yet.
        self.fields["score"].required = data is None or data.get("act") != "return"
        if not superior_scores(case):
            del self.fields["score"]
        if not superior_ranks(case):
            del self.fields["rank"]


class ScreenForm(forms.Form):
    """The office's opinion; ticks and gates' reasons are read from the rows beside them."""

    opinion = forms.CharField(
        label="初审意见",
        required=False,
        max_length=2000,
        widget=TextArea(3),
        help_text="退回补正、不予受理时告知对方。",
    )

    def __init__(self, data: Any = None, *, indicators: "list[Indicator]", gates: "list[str]") -> None:
        super().__init__(data)
        self.indicators, self.gates = indicators, gates

    @property
    def items(self) -> list[tuple[str, str]]:
        """Ticked indicators with what is wrong."""
        codes = [one.code for one in self.indicators]
        return [(code, self.data.get(f"why-{code}", "")) for code in codes if self.data.get(f"bad-{code}")]

    @property
    def accepted(self) -> dict[str, str]:
        """Unproven gates with the reason their proof is accepted."""
        return {code: said for code in self.gates if (said := self.data.get(f"accept-{code}", "").strip())}


class WithdrawForm(forms.Form):
    """Why a nomination is taken back."""

    reason = forms.CharField(label="撤回原因", required=False, max_length=500, widget=TextArea(3))
