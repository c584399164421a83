"""One page per step: recommend, opine, conclude, rectify, recheck. What is asked on top, the act in the bar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.designations import forms, services
from xianfeng.designations.models import DesignationCase
from xianfeng.designations.queries import life
from xianfeng.designations.rules import ladder
from xianfeng.designations.views.common import opinions, step_for_page
from xianfeng.files.services import files_store
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.ui import edge


@dataclass(frozen=True)
class Work:
    """How one kind of step is worked on."""

    kind: str
    lead: str
    verb: str
    done: str
    form: type[django_forms.Form]
    run: Callable[[Step, dict[str, Any], Actor], object]
    ask: Mapping[str, str] = field(default_factory=dict)  # result -> what will happen


WORKS = {
    "recommend": Work(
        "recommend",
        "填写推荐意见，报上一级工作组审定。",
        "推荐申报",
        "已推荐申报。",
        forms.OpinionForm,
        lambda step, data, actor: services.step_recommend(step_id=step.pk, actor=actor, now=clock.now(), **data),
    ),
    "opine": Work(
        "opine",
        "根据自查、认定和平时掌握的情况，提出复评意见，提交领导小组办公室审定。",
        "提交复评意见",
        "已提交复评意见。",
        forms.OpineForm,
        lambda step, data, actor: services.step_opine(step_id=step.pk, actor=actor, now=clock.now(), **data),
    ),
    "conclude": Work(
        "conclude",
        "根据推进组的复评意见作出审定。",
        "审定",
        "已审定。",
        forms.ConcludeForm,
        lambda step, data, actor: services.step_conclude(step_id=step.pk, actor=actor, now=clock.now(), **data),
        {"revoked": "命名将被撤销，铭牌收回，对外显示“已撤销”；由它产生的高一层级命名按规定一并处理。此决定不能撤回。"},
    ),
    "rectify": Work(
        "rectify",
        "按审定意见逐条整改，期满前报送整改情况，由领导小组办公室验收。",
        "报送整改情况",
        "已报送，请等待验收。",
        forms.RectifyForm,
        lambda step, data, actor: services.rectification_report(step_id=step.pk, actor=actor, now=clock.now(), **data),
    ),
    "report": Work(
        "report",
        "写明这一期做了什么、成效如何、下一步打算。",
        "报送",
        "已报送。",
        forms.ReportForm,
        lambda step, data, actor: services.progress_report(step_id=step.pk, actor=actor, now=clock.now(), **data),
    ),
    "recheck": Work(
        "recheck",
        "对照审定意见核查整改情况。",
        "提交验收意见",
        "已提交验收意见。",
        forms.RecheckForm,
        lambda step, data, actor: services.step_recheck(step_id=step.pk, actor=actor, now=clock.now(), **data),
    ),
}


def _page(request: HttpRequest, public_id: str, work: Work) -> HttpResponse:
    step = step_for_page(request, public_id, work.kind)
    actor = edge.actor(request)
    initial = {"meeting_on": clock.today(), "result": _suggested(step)}
    tie = DesignationCase.objects.filter(case=step.case).select_related("designation__round__version").first()
    ladder_of = _ladder(step, tie) if work.kind in ("opine", "conclude") else None
    choices: dict[str, Any] = {"offered": ladder_of.offered} if ladder_of else {}
    if work.kind == "conclude":
        choices["causes"] = ladder.causes(step.case.version.definition)
    form = work.form(request.POST or None, request.FILES or None, initial=initial, **choices)
    if request.method == "POST" and form.is_valid():
        warning = work.ask.get(str(form.cleaned_data.get("result", "")))
        if warning and (asked := edge.confirm(request, title="撤销命名？", text=warning, verb="撤销命名")):
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            work.run(step, _given(form.cleaned_data, actor), actor)
        if attempt.ok:
            messages.success(request, work.done)
            return redirect(f"/cases/{step.case.public_id}/")
    definition = step.case.version.definition
    context = {
        "step": step,
        "case": step.case,
        "work": work,
        "form": form,
        "tie": tie,
        "proposal": ladder_of.proposal if ladder_of else None,
        "opinions": opinions(step.case),
        "category": definition.category(step.case.category).title,
        "tier": definition.tier(step.case.tier).title,
    }
    return edge.page(request, "designations/step.html", context, form=form)


def _given(cleaned: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """What the form brought, its uploads kept as files."""
    if "uploads" not in cleaned:
        return cleaned
    words = {name: value for name, value in cleaned.items() if name != "uploads"}
    return words | {"files": files_store(uploads=cleaned["uploads"], actor=actor, now=clock.now())}


@dataclass(frozen=True)
class _Ladder:
    """What may be concluded on a title, and what its ladder of sanctions says comes next."""

    offered: Mapping[str, str]
    proposal: ladder.Proposal | None


def _ladder(step: Step, tie: DesignationCase | None) -> _Ladder:
    definition = step.case.version.definition
    if tie is None:
        return _Ladder(ladder.offered(definition), None)
    title = tie.designation
    stands = life.standing_of(title, clock.today())
    return _Ladder(
        ladder.offered(definition, title.grade), ladder.proposal(definition, grade=title.grade, stands=stands)
    )


def _suggested(step: Step) -> str:
    """What the working group suggested last, as the form's first choice."""
    last = step.case.steps.filter(kind="opine", state="done").order_by("-id").first()
    return str(last.detail.get("suggestion", "")) if last else ""


@login_required
def recommend(request: HttpRequest, public_id: str) -> HttpResponse:
    """择优推荐, by the working group."""
    return _page(request, public_id, WORKS["recommend"])


@login_required
def opine(request: HttpRequest, public_id: str) -> HttpResponse:
    """复评意见, by the working group."""
    return _page(request, public_id, WORKS["opine"])


@login_required
def conclude(request: HttpRequest, public_id: str) -> HttpResponse:
    """复评审定, by the office."""
    return _page(request, public_id, WORKS["conclude"])


@login_required
def rectify(request: HttpRequest, public_id: str) -> HttpResponse:
    """限期整改, by the holder."""
    return _page(request, public_id, WORKS["rectify"])


@login_required
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """报送进展, by the nominee."""
    return _page(request, public_id, WORKS["report"])


@login_required
def recheck(request: HttpRequest, public_id: str) -> HttpResponse:
    """整改验收, by the office."""
    return _page(request, public_id, WORKS["recheck"])
