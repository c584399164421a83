"""What the public and the offices type in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianfeng.creation.rules import SATISFACTION
from xianfeng.designations.models import Designation
from xianfeng.designations.queries import NoticeLine
from xianfeng.files import rules as files
from xianfeng.programmes.rules.schema.procedures import Objections
from xianfeng.ui.forms import TextArea


class ObjectionForm(forms.Form):
    """异议: real name, a way to reach the objector, facts, evidence."""

    item = forms.ChoiceField(label=_("对哪个公示对象提出异议"))
    name = forms.CharField(
        label=_("您的姓名或单位名称"),
        max_length=80,
        help_text=_("须为真实姓名或单位全称。您的身份不会告知被公示的对象，也不对外公开。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=120,
        help_text=_("电话、邮箱或通信地址，用于核查时与您联系。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    content = forms.CharField(
        label=_("异议内容"), max_length=4000, help_text=_("请写明时间、地点和经过。"), widget=TextArea(rows=7)
    )
    evidence_note = forms.CharField(
        label=_("证据说明"),
        max_length=2000,
        required=False,
        help_text=_("证据是什么、在哪里可以查到。与下面的文件至少提供一项。"),
        widget=TextArea(rows=4),
    )
    file = forms.FileField(
        label=_("证据文件"),
        required=False,
        help_text=_("一个文件，不超过 %(most)s。可上传：%(kinds)s。")
        % {"most": files.size_words(files.MAX_BYTES).replace(".0 ", " "), "kinds": files.IN_WORDS},
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
    )

    def __init__(self, *args: Any, lines: list[NoticeLine], asked: Objections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if not asked.real_name:
            self.fields["name"].required = False
            self.fields["name"].help_text = _("可以不填。您的身份不会告知被公示的对象，也不对外公开。")
        if not asked.evidence:
            self.fields["evidence_note"].help_text = _("有证据的，请写明是什么、在哪里可以查到。")
        self.lines = {str(line.item.position): line for line in lines}
        options = [(position, f"{line.category} · {line.name.text}") for position, line in self.lines.items()]
        self.fields["item"].choices = [("", "请选择"), *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Evidence in one form or the other; the service has the last word."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = not self.asked.evidence or "file" in self.errors
        if not given and not cleaned.get("file") and not cleaned.get("evidence_note", "").strip():
            self.add_error("evidence_note", _("请提供证据：上传文件，或写明证据是什么、在哪里可以查到。"))
        return cleaned


class StoryForm(forms.Form):
    """典型事迹."""

    designation = forms.ModelChoiceField(
        label=_("命名"), queryset=Designation.objects.none(), empty_label="请选择", to_field_name="public_id"
    )
    title = forms.CharField(label=_("标题"), max_length=120)
    body = forms.CharField(
        label=_("正文"),
        help_text=_("空一行即另起一段。未登记同意公开姓名的党员，请用岗位称呼。"),
        widget=TextArea(rows=14),
    )


class SurveyForm(forms.Form):
    """满意度: one of five words, and a remark."""

    satisfaction = forms.TypedChoiceField(
        label=_("总的来说，您是否满意"),
        coerce=int,
        choices=list(SATISFACTION.items()),
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("意见或建议"),
        max_length=300,
        required=False,
        help_text=_("不超过 300 字。请不要写下他人的个人信息。"),
        widget=TextArea(rows=4),
    )
