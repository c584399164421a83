"""合议、现场核查与第二评审组: sending cases there, and recording what it came to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.rules.trace import show
from xianfeng.review import board as boards
from xianfeng.review import queries, services
from xianfeng.review.forms import DiscussionForm, MinutesForm, ReasonForm, SecondForm
from xianfeng.review.models import FINDINGS, Discussion
from xianfeng.review.policies import may_run_panels
from xianfeng.ui import edge


@login_required
def begin(request: HttpRequest, public_id: str, case_id: str) -> HttpResponse:
    """Send a case to discussion or a site visit."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    found = boards.matrix(panel)
    line = next((one for one in found.lines if one.case.public_id == case_id), None)
    if line is None:
        raise NotFoundHere("这件申报不在该评审组。", "请从评审组进入。")
    form = DiscussionForm(request.POST or None, experts=found.pool)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        with edge.attempt(form) as attempt, journal.unit_of_work():
            row = services.discussion_open(
                panel_id=panel.pk, case_id=line.case.pk, kind=chosen["kind"], reason=chosen["reason"],
                expert_id=chosen["expert"], actor=actor, now=clock.now(),
            )  # fmt: skip
        if attempt.ok:
            messages.success(request, f"已提请{row.get_kind_display()}，并通知评审专家。")
            return redirect("review:discussion", row.public_id)
    return edge.page(request, "review/discuss.html", {"panel": panel, "line": line, "form": form}, form=form)


@login_required
def second(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send cases to a second panel; its experts are drawn at once."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    found = boards.matrix(panel)
    choices = [(line.case.pk, _described(line)) for line in found.may_go_on]
    wide = [line.case.pk for line in found.wide]
    form = SecondForm(request.POST or None, choices=choices, initial={"cases": wide})
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.second_panel_open(
                panel_id=panel.pk, case_ids=form.cleaned_data["cases"], reason=form.cleaned_data["reason"],
                actor=actor, now=clock.now(),
            )  # fmt: skip
        if attempt.ok:
            messages.success(request, f"已送第二评审组，抽取专家 {len(made)} 件次，评分任务已发出。")
            return redirect("review:panel", public_id)
    context = {"panel": panel, "form": form, "choices": choices}
    return edge.page(request, "review/second.html", context, form=form)


def _described(line: boards.Line) -> str:
    spread = f"（最高最低相差 {show(line.spread)} 分）" if line.spread is not None else ""
    return f"{line.case.name}{spread}"


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The record: filled in while it is open, read afterwards."""
    actor = edge.actor(request)
    rows = Discussion.objects.select_related("panel__round__programme", "panel__round__version", "case__version")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这次合议或现场核查。", "请从评审组进入。")
    require(may_run_panels, actor, row.panel.round.programme)
    return _sent(request, row, actor) if row.kind == "second" else _talk(request, row, actor)


def _sent(request: HttpRequest, row: Discussion, actor: Actor) -> HttpResponse:
    """What a second panel does: both panels' sheets beside each other; called off only before one is signed."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.second_panel_call_off(
                discussion_id=row.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, "第二评审组已撤回，以第一评审组的评分表为准。")
            return redirect("review:panel", row.panel.public_id)
    seats = list(queries.active_assignments(row.panel).filter(case=row.case))
    benches = [(word, [one for one in seats if one.second == which]) for word, which in BENCHES]
    may_end = row.state == "open" and row.panel.state == "scoring" and not any(map(queries.is_signed, benches[1][1]))
    context = {"row": row, "form": form, "benches": benches, "may_end": may_end, "rules": row.panel.rules}
    return edge.page(request, "review/second_panel.html", context, form=form)


BENCHES = (("第一评审组", False), ("第二评审组", True))


def _talk(request: HttpRequest, row: Discussion, actor: Actor) -> HttpResponse:
    """A discussion or visit: filled in while it is open, read afterwards."""
    standard = queries.standard_of(row.case)
    form = MinutesForm(
        request.POST or None, standard=standard if row.kind == "visit" else None, initial={"held_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.discussion_close(
                discussion_id=row.pk, held_on=given["held_on"], present=given["present"], minutes=given["minutes"],
                place=given["place"], findings=form.findings(), actor=actor, now=clock.now(),
            )  # fmt: skip
        if attempt.ok:
            messages.success(request, f"{row.get_kind_display()}纪要已记录。需要改分的，请在评审组中退回评分表。")
            return redirect("review:panel", row.panel.public_id)
    findings = [
        (standard.indicator(one["indicator"]).title, FINDINGS[one["finding"]], one["note"]) for one in row.findings
    ]
    context = {"row": row, "form": form, "findings": findings}
    return edge.page(request, "review/discussion.html", context, form=form)
