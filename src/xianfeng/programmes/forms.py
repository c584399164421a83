"""Input about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.directory.forms import OrganisationChoice
from xianfeng.directory.models import Organisation
from xianfeng.programmes.allotting import Cells, Table
from xianfeng.programmes.queries import possible_players
from xianfeng.programmes.rules import Category
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


class AllotmentForm(forms.Form):
    """名额分配表: a number for each body and category; an empty cell is not in the table."""

    def __init__(self, data: Any = None, *, table: Table, **more: Any) -> None:
        super().__init__(data, **more)
        self.table = table
        for body in table.bodies:
            for category in table.categories:
                self.fields[_cell(body, category)] = forms.IntegerField(
                    label=f"{body.name}：{category.title}",
                    required=False,
                    min_value=0,
                    max_value=100_000,
                    initial=table.cells.get((body.pk, category.code)),
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "xf-num dg-short"}),
                )

    @property
    def lines(self) -> list[tuple[Organisation, list[forms.BoundField]]]:
        """A row for each body, those with a number first."""
        columns = self.table.categories
        given = {body.pk for body, _ in self.table.lines}
        bodies = sorted(self.table.bodies, key=lambda one: one.pk not in given)
        return [(body, [self[_cell(body, category)] for category in columns]) for body in bodies]

    @property
    def places(self) -> Cells:
        """What was typed."""
        both = [(body, category) for body in self.table.bodies for category in self.table.categories]
        return {(body.pk, one.code): self.cleaned_data[_cell(body, one)] for body, one in both}


def _cell(body: Organisation, category: Category) -> str:
    return f"{body.public_id}.{category.code}"


class ButtonForm(forms.Form):
    """No input, only a button: still a place where a refusal is shown."""
