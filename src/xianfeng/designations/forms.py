"""Forms of the office pages; names of fields are those of the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from xianfeng.designations import rules
from xianfeng.designations.queries import Candidate
from xianfeng.designations.rules.meeting import Line, Meeting, reserves
from xianfeng.designations.services.notices import Terms
from xianfeng.nominations.forms import ManyFilesField
from xianfeng.programmes.rules import Definition
from xianfeng.programmes.rules.schema.scoring import QuotaResult
from xianfeng.ui.forms import DateInput, TextArea

LATER = ("", "暂不审定")
MOST_DAYS = 90


@dataclass(frozen=True)
class DecisionRow:
    """A candidate with its fields of the form; ``grade`` only where the programme gives grades."""

    candidate: Candidate
    result: BoundField
    votes_for: BoundField
    votes_against: BoundField
    reason: BoundField
    grade: BoundField | None = None


class DecisionForm(forms.Form):
    """One meeting: its paper, and for each candidate a result with votes, and a grade where there are grades."""

    meeting_on = forms.DateField(label="会议日期", widget=DateInput())
    document_no = forms.CharField(
        label="文号", max_length=80, widget=forms.TextInput(attrs={"placeholder": "示例〔2019〕12号"})
    )
    members = forms.IntegerField(label="应到人数", min_value=1, max_value=500)
    present = forms.IntegerField(label="到会人数", min_value=1, max_value=500)
    note = forms.CharField(label="会议意见", required=False, widget=TextArea(rows=2), max_length=2000)
    over_reason = forms.CharField(label="超出名额的理由", required=False, widget=TextArea(rows=2), max_length=1000)
    over_approval = forms.CharField(label="批准文号", required=False, max_length=80)

    def __init__(
        self,
        candidates: list[Candidate],
        data: Mapping[str, Any] | None = None,
        *,
        definition: Definition,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.candidates = candidates
        self.over_by = definition.result.over_by if isinstance(definition.result, QuotaResult) else 0
        self.bands = [(band.code, band.title) for band in rules.bands_of(definition)]
        self.results = [one for one in rules.DECISION_RESULTS.items() if one[0] != "reserve" or reserves(definition)]
        if not self.over_by:
            del self.fields["over_reason"], self.fields["over_approval"]
        for one in candidates:
            self._add(one)

    def _add(self, one: Candidate) -> None:
        key, name = one.case.public_id, one.case.name
        self.fields[f"result_{key}"] = forms.ChoiceField(
            label=f"{name}：结果",
            required=False,
            choices=[*self.results, LATER],
            initial=self._likely(one),
            widget=forms.Select(attrs={"aria-label": f"{name} 结果"}),
        )
        for word, label in (("for", "赞成"), ("against", "反对")):
            self.fields[f"{word}_{key}"] = forms.IntegerField(
                label=f"{name}：{label}票",
                required=False,
                min_value=0,
                max_value=500,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "aria-label": f"{name} {label}票"}),
            )
        if self.bands:
            self.fields[f"grade_{key}"] = forms.ChoiceField(
                label=f"{name}：等次",
                required=False,
                choices=[("", "请选择"), *self.bands],
                initial=one.proposal.grade if one.proposal else "",
                widget=forms.Select(attrs={"aria-label": f"{name} 等次"}),
            )
        self.fields[f"reason_{key}"] = forms.CharField(
            label=f"{name}：理由",
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"aria-label": f"{name} 理由", "placeholder": "与排名或规定不同时填写"}),
        )

    def _likely(self, one: Candidate) -> str:
        """What the ranking suggests; those in reserve wait."""
        if one.reserve:
            return ""
        standing = one.ranking.standing if one.ranking else "inside"
        if standing == "reserve" and len(self.results) > len(rules.DECISION_RESULTS) - 1:
            return "reserve"
        return "rejected" if standing in ("reserve", "outside", "unqualified") else "approved"

    def rows(self) -> Iterator[DecisionRow]:
        """The candidates in their order with their fields."""
        for one in self.candidates:
            key = one.case.public_id
            yield DecisionRow(
                one,
                self[f"result_{key}"],
                self[f"for_{key}"],
                self[f"against_{key}"],
                self[f"reason_{key}"],
                self[f"grade_{key}"] if self.bands else None,
            )

    def meeting_fields(self) -> list[BoundField]:
        """The fields of the meeting itself."""
        return [self[name] for name in ("meeting_on", "document_no", "members", "present")]

    def clean(self) -> dict[str, Any]:
        """Votes are needed where something was decided, and something must be."""
        cleaned = super().clean() or {}
        decided = 0
        for one in self.candidates:
            key = one.case.public_id
            if not cleaned.get(f"result_{key}"):
                continue
            decided += 1
            if cleaned.get(f"for_{key}") is None:
                self.add_error(f"for_{key}", "请填写赞成票数。")
        if not decided:
            self.add_error(None, "还没有选择任何审定结果。")
        members, present = cleaned.get("members"), cleaned.get("present")
        if members and present and present > members:
            self.add_error("present", "到会人数多于应到人数。")
        return cleaned

    def lines(self) -> list[Line]:
        """What the service takes: the decided ones only."""
        data = self.cleaned_data
        return [
            Line(
                one.case.pk,
                data[f"result_{one.case.public_id}"],
                data[f"for_{one.case.public_id}"] or 0,
                data[f"against_{one.case.public_id}"] or 0,
                data[f"reason_{one.case.public_id}"],
                data.get(f"grade_{one.case.public_id}", ""),
            )
            for one in self.candidates
            if data[f"result_{one.case.public_id}"]
        ]

    def meeting(self) -> Meeting:
        """What the results are judged by."""
        data = self.cleaned_data
        return Meeting(data["members"], data["present"], data.get("over_reason", ""), data.get("over_approval", ""))


class FillForm(forms.Form):
    """The paper on which the first of the reserve is put in."""

    meeting_on = forms.DateField(label="决定日期", widget=DateInput())
    document_no = forms.CharField(label="文号", max_length=80)
    reason = forms.CharField(label="递补缘由", widget=TextArea(rows=3), max_length=300)


class DropForm(forms.Form):
    """Who gives the title up before it is named, and how that is on record."""

    case = forms.ChoiceField(label="放弃的对象")
    reason = forms.CharField(label="情况说明", widget=TextArea(rows=2), max_length=300)

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["case"].choices = [("", "请选择"), *cases]  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """A notice before it is published."""

    title = forms.CharField(label="标题", max_length=160)
    document_no = forms.CharField(label="文号", max_length=80, required=False)
    body = forms.CharField(label="正文", required=False, widget=TextArea(rows=5), max_length=4000)
    contact = forms.CharField(label="受理异议的联系方式", max_length=160, help_text="科室、电话或地址，对外公开。")
    days = forms.IntegerField(label="公示期", min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, terms: Terms, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["days"].label = f"公示期（{rules.DAY_UNITS[terms.working]}）"
        self.fields["days"].help_text = f"不少于 {terms.in_words}。"


class ReasonForm(forms.Form):
    """A reason and nothing else."""

    reason = forms.CharField(label="理由", widget=TextArea(rows=3), max_length=300)


class RecommendForm(forms.Form):
    """Why a title is put forward."""

    reason = forms.CharField(label="推荐理由", widget=TextArea(rows=4), max_length=300)


class ReassessForm(forms.Form):
    """How a reassessment begins."""

    trigger = forms.ChoiceField(
        label="启动方式",
        choices=[("periodic", "定期复评"), ("triggered", "触发复评（因发生的事实）")],
        widget=forms.RadioSelect,
        initial="periodic",
    )
    reason = forms.CharField(label="缘由", required=False, widget=TextArea(rows=3), max_length=300)


class RenewForm(forms.Form):
    """Why a title should hold for another term."""

    reason = forms.CharField(
        label="申请理由", widget=TextArea(rows=4), max_length=300, help_text="写明有效期内保持标准的情况。"
    )


class SelfCheckForm(forms.Form):
    """A year's self-check."""

    text = forms.CharField(
        label="自查情况",
        widget=TextArea(rows=10),
        max_length=8000,
        help_text="对照创建标准，写明保持情况、存在的不足和改进措施。",
    )
    uploads = ManyFilesField(label="附件", required=False, help_text="自查报告、照片等，最多 10 个。")


class OpinionForm(forms.Form):
    """An opinion."""

    opinion = forms.CharField(label="意见", widget=TextArea(rows=5), max_length=2000)


class OpineForm(OpinionForm):
    """The working group's opinion with what it suggests."""

    suggestion = forms.ChoiceField(label="复评建议", widget=forms.RadioSelect)
    field_order = ("suggestion", "opinion")

    def __init__(self, *args: Any, offered: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        _choose(self, "suggestion", offered)


class ConcludeForm(OpinionForm):
    """The office's conclusion."""

    result = forms.ChoiceField(label="审定结果", widget=forms.RadioSelect)
    meeting_on = forms.DateField(label="会议日期", widget=DateInput())
    document_no = forms.CharField(label="文号", max_length=80)
    cause = forms.ChoiceField(
        label="撤销缘由", required=False, help_text="只在撤销命名时选择；它决定多久以后可以再次申报。"
    )
    field_order = ("result", "cause", "opinion", "meeting_on", "document_no")

    def __init__(self, *args: Any, offered: Mapping[str, str], causes: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        _choose(self, "result", offered)
        if causes and "revoked" in offered:
            _choose(self, "cause", {"": "不属于以下缘由", **causes})
        else:
            del self.fields["cause"]


def _choose(form: forms.Form, name: str, offered: Mapping[str, str]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(offered.items())


class RectifyForm(forms.Form):
    """What the nominee has put right."""

    text = forms.CharField(
        label="整改情况", widget=TextArea(rows=8), max_length=4000, help_text="逐条写明问题、措施和结果。"
    )
    uploads = ManyFilesField(label="佐证材料", required=False, help_text="整改前后的照片、文件等，最多 10 个。")


class ReportForm(forms.Form):
    """How the nominee is getting on."""

    text = forms.CharField(label="进展情况", widget=TextArea(rows=8), max_length=4000)
    uploads = ManyFilesField(label="佐证材料", required=False, help_text="文件、照片等，最多 10 个。")


class RecheckForm(OpinionForm):
    """The office's look at the rectification."""

    passed = forms.TypedChoiceField(
        label="验收结果",
        choices=[("yes", "合格，保留命名"), ("no", "不合格，回到复评审定")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("passed", "opinion")


class ObjectionForm(forms.Form):
    """The answer to an objection; which fields matter depends on the act."""

    refusal = forms.ChoiceField(label="不予受理的理由", required=False)
    reply = forms.CharField(
        label="处理意见", required=False, widget=TextArea(rows=4), max_length=2000, help_text="异议人凭回执可以看到。"
    )

    def __init__(self, *args: Any, refusals: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["refusal"].choices = [("", "请选择"), *refusals.items()]  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """The day of naming."""

    named_on = forms.DateField(label="命名日期", widget=DateInput())


class PlaqueForm(forms.Form):
    """The day plaques were handed out."""

    issued_on = forms.DateField(label="颁发日期", widget=DateInput())


class PrintForm(forms.Form):
    """What of a round is printed."""

    kind = forms.ChoiceField(label="内容", choices=list(rules.PRINTS.items()), widget=forms.RadioSelect)
    tier = forms.ChoiceField(label="层级", required=False)

    def __init__(self, *args: Any, tiers: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].initial = "certificate"
        choice = self.fields["tier"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "全部"), *tiers]


class AnnulForm(forms.Form):
    """The office's decision to annul a round."""

    document_no = forms.CharField(label="文号", max_length=80)
    reason = forms.CharField(label="作废原因", widget=TextArea(rows=4), max_length=300)
    typed = forms.CharField(label="请输入批次名称确认", max_length=160)
