"""Small forms of the designer; pieces of a definition have ``nodeform``."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.programmes.designer import queries
from xianfeng.ui.forms import TextArea

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewProgrammeForm(forms.Form):
    """From what, and under which name."""

    origin = forms.ChoiceField(
        label=_("从哪份定义开始"), help_text=_("照抄全部内容，再逐处修改；“空白”只有能办通一年的最少内容。")
    )
    title = forms.CharField(label=_("活动名称"), max_length=160)
    short_title = forms.CharField(label=_("简称"), max_length=200, help_text=_("列表和导航里用。"))
    code = forms.CharField(
        label=_("代码"),
        max_length=60,
        help_text=_("小写字母、数字和连字符，如 qingnian-gangwei-2027；定下后不再改动。"),
    )
    keep_bodies = forms.BooleanField(
        label=_("沿用原活动的工作机构安排"), required=False, initial=True,
        help_text=_("由同样的组织担任推进组、办公室等；随附的定义没有这项安排。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["origin"].choices = queries.origins()  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    """The text itself, typed or as a file."""

    source = forms.CharField(
        label=_("定义原文"), required=False, strip=False,
        widget=TextArea(28, attrs={"class": "font-monospace dg-source", "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip
    file = forms.FileField(label=_("或从文件读入"), required=False, help_text=_("YAML 文本，UTF-8 编码，不超过 1 MB。"))


class UploadForm(forms.Form):
    """A standards workbook."""

    file = forms.FileField(
        label=_("标准表"), help_text=_("xlsx 文件，不超过 2 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{XLSX}"}),
        error_messages={"required": _("请选择要导入的标准表。"), "empty": _("这个文件是空的，请重新选择。")},
    )  # fmt: skip


class PlainForm(forms.Form):
    """No fields of its own: a place where a refusal is shown."""


class RoundForm(forms.Form):
    """Which year to open."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, data: Any = None, *, years: list[int]) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(one, f"{one} 年度") for one in years]  # type: ignore[attr-defined]
