"""Input of stages 1 and 2."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from xianfeng.creation import rules
from xianfeng.creation.models import Milestone
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock, workdays
from xianfeng.registry.models import Nominee
from xianfeng.ui.forms import DateInput, DateTimeInput, TextArea

NOMINEE_WORDS = {"organisation": "党组织", "service_point": "服务点", "member": "党员"}
BLANK_ROWS = 3


class ButtonForm(forms.Form):
    """No input, only a button: still a place where a refusal is shown."""


class LaterField(forms.CharField):
    """Needed before submission, not while a draft is written: shown as needed, never refused when empty."""

    def validate(self, value: Any) -> None:
        """An empty draft is a draft."""


class PlanForm(forms.Form):
    """Goals, measures, who answers for it, what it aims at; a draft may be incomplete."""

    use_required_attribute = False
    goals = LaterField(
        label=_("创建目标"),
        max_length=4000,
        widget=TextArea(6),
        help_text=_("对照创建标准，写明本年度要达到的具体目标。"),
    )
    measures = LaterField(
        label=_("工作措施"),
        max_length=8000,
        widget=TextArea(8),
        help_text=_("为实现目标采取的措施，逐条写明。"),
    )
    first_responsible = LaterField(label=_("第一责任人"), max_length=60, help_text=_("一般为党组织书记。"))
    targets = forms.TypedMultipleChoiceField(
        label=_("创建对象"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("计划带动哪些党组织、服务点和党员达到创建标准。"),
    )

    def __init__(self, data: Any = None, *, nominees: Iterable[Nominee] = (), **more: Any) -> None:
        super().__init__(data, **more)
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in nominees:
            groups.setdefault(NOMINEE_WORDS[one.kind], []).append((one.pk, one.name))
        self.fields["targets"].choices = list(groups.items())  # type: ignore[attr-defined]
        if not groups:
            del self.fields["targets"]


class MilestoneForm(forms.Form):
    """One row; a row without words and day is left out."""

    public_id = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    title = forms.CharField(label=_("事项"), required=False, max_length=120)
    due_on = forms.DateField(label=_("计划完成"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        cleaned = super().clean() or {}
        title, due_on = cleaned.get("title"), cleaned.get("due_on")
        if title and not due_on and "due_on" not in self.errors:
            self.add_error("due_on", _("请填写计划完成的日期。"))
        if due_on and not title:
            self.add_error("title", _("请填写事项。"))
        return cleaned


def milestone_rows(data: Any, milestones: Sequence[Milestone]) -> "BaseFormSet[MilestoneForm]":
    """The milestones and a few blank rows."""
    factory = formset_factory(MilestoneForm, extra=BLANK_ROWS, max_num=60)
    initial = [{"public_id": one.public_id, "title": one.title, "due_on": one.due_on} for one in milestones]
    return factory(data, initial=initial, prefix="m")


def milestone_lines(rows: "BaseFormSet[MilestoneForm]") -> list[tuple[str, date, str]]:
    """What the service takes: the filled rows."""
    filled = (form.cleaned_data for form in rows if form.cleaned_data.get("title"))
    return [(one["title"], one["due_on"], one["public_id"]) for one in filled]


class ProgressForm(forms.Form):
    """How far one milestone is."""

    percent = forms.IntegerField(label=_("完成度（%）"), min_value=0, max_value=100)
    note = forms.CharField(label=_("进展说明"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, title: str, **more: Any) -> None:
        super().__init__(data, **more)
        for field in self.fields.values():  # in a table the head is the label; a screen reader needs the row's too
            field.widget.attrs["aria-label"] = f"{title}：{field.label}"


class ReplyForm(forms.Form):
    """The working group's word on a plan."""

    reply = forms.CharField(label=_("推进组意见"), required=False, max_length=2000, widget=TextArea(4))


class TextForm(forms.Form):
    """One text: a comment, an answer, minutes, a reason."""

    text = forms.CharField(max_length=8000, widget=TextArea(5))

    def __init__(self, data: Any = None, *, label: Any, rows: int = 5, required: bool = True, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["text"].label = label
        self.fields["text"].required = required
        self.fields["text"].widget.attrs["rows"] = rows


class _OfOrganisation(forms.Form):
    """A form that is about one of some organisations."""

    organisation = forms.TypedChoiceField(label=_("单位"), coerce=int)

    def __init__(self, data: Any = None, *, organisations: Iterable[Organisation], **more: Any) -> None:
        super().__init__(data, **more)
        choices = [(one.pk, one.name) for one in organisations]
        self.fields["organisation"].choices = choices if len(choices) == 1 else [("", "请选择"), *choices]  # type: ignore[attr-defined]


class ActivityForm(_OfOrganisation):
    """创建活动."""

    kind = forms.ChoiceField(label=_("类型"), choices=[("", _("请选择")), *rules.ACTIVITY_KINDS.items()])
    title = forms.CharField(label=_("名称"), max_length=120)
    held_on = forms.DateField(label=_("日期"), widget=DateInput)
    text = forms.CharField(
        label=_("简述"),
        required=False,
        max_length=4000,
        widget=TextArea(5),
        help_text=_("参加人员、主要内容和成效，供其他单位学习交流。"),
    )


class MeetingForm(forms.Form):
    """联席会议."""

    title = forms.CharField(label=_("议题"), max_length=120)
    held_at = forms.DateTimeField(label=_("时间"), widget=DateTimeInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    agenda = forms.CharField(label=_("议程"), required=False, max_length=4000, widget=TextArea(5))
    invited = forms.TypedMultipleChoiceField(
        label=_("参会单位"), coerce=int, widget=forms.CheckboxSelectMultiple, help_text=_("保存后立即通知。")
    )

    def __init__(self, data: Any = None, *, organisations: Iterable[Organisation], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["invited"].choices = [(one.pk, one.name) for one in organisations]  # type: ignore[attr-defined]


class BulletinForm(forms.Form):
    """通报简报."""

    title = forms.CharField(label=_("标题"), max_length=120)
    body = forms.CharField(label=_("正文"), max_length=20000, widget=TextArea(14))
    public = forms.BooleanField(
        label=_("同时在公众网站公开"), required=False, help_text=_("公开的内容不得含有个人信息。")
    )


class ProblemForm(_OfOrganisation):
    """问题清单."""

    title = forms.CharField(label=_("问题"), max_length=160)
    detail = forms.CharField(label=_("说明"), required=False, max_length=4000, widget=TextArea(4))
    found_on = forms.DateField(label=_("发现日期"), widget=DateInput)
    working_days = forms.IntegerField(
        label=_("整改期限（工作日）"), min_value=1, max_value=120, initial=rules.ANSWER_WORKING_DAYS
    )


class ReopenForm(forms.Form):
    """Sent back: what is still wrong, and until when."""

    note = forms.CharField(label=_("核查意见"), required=False, max_length=2000, widget=TextArea(3))
    working_days = forms.IntegerField(
        label=_("退回时的整改期限（工作日）"), min_value=1, max_value=120, initial=rules.AGAIN_WORKING_DAYS
    )


class InspectionForm(_OfOrganisation):
    """督查, with a few problems at once: one a line."""

    inspected_on = forms.DateField(label=_("督查日期"), widget=DateInput)
    findings = forms.CharField(label=_("督查情况"), max_length=8000, widget=TextArea(8))
    conclusion = forms.ChoiceField(label=_("结论"), choices=list(rules.CONCLUSIONS.items()), widget=forms.RadioSelect)
    problems = forms.CharField(
        label=_("发现的问题"),
        required=False,
        max_length=8000,
        widget=TextArea(5),
        help_text=_("每行一个，列入问题清单；“问题：说明”的形式可附说明。"),
    )
    working_days = forms.IntegerField(
        label=_("整改期限（工作日）"), min_value=1, max_value=120, initial=rules.ANSWER_WORKING_DAYS
    )

    def clean_problems(self) -> list[tuple[str, str]]:
        """(problem, detail) of each line."""
        lines = [line.strip() for line in self.cleaned_data["problems"].splitlines()]
        parts = [line.replace(":", "：", 1).partition("：") for line in lines if line]
        return [(title[:160], detail.strip()) for title, _mark, detail in parts]


class SurveyForm(forms.Form):
    """满意度调查: whole days, both included."""

    nominee = forms.TypedChoiceField(label=_("创建对象"), coerce=int)
    title = forms.CharField(label=_("标题"), max_length=160)
    opens_on = forms.DateField(label=_("开始"), widget=DateInput)
    closes_on = forms.DateField(label=_("结束"), widget=DateInput, help_text=_("含当日。"))

    def __init__(self, data: Any = None, *, nominees: Iterable[Nominee], **more: Any) -> None:
        super().__init__(data, **more)
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in nominees:
            groups.setdefault(NOMINEE_WORDS[one.kind], []).append((one.pk, one.name))
        self.fields["nominee"].choices = [("", "请选择"), *groups.items()]  # type: ignore[attr-defined]

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """First and last day as instants, the end exclusive; a survey that starts today starts now."""
        first, last = self.cleaned_data["opens_on"], self.cleaned_data["closes_on"]
        opens = now if first == clock.local_day(now) else clock.instant(first)
        return opens, workdays.deadline_instant(last)


def usual_meeting_time(now: datetime) -> datetime:
    """Two in the afternoon a week from now: where the form of a meeting begins."""
    day = clock.local_day(now) + timedelta(days=7)
    return datetime.combine(day, time(14), tzinfo=clock.SHANGHAI)
