"""上级认定 and 初审."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.cases import policies, rules
from xianfeng.cases import queries as cases
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.kernel.policies import Refused
from xianfeng.nominations import queries, services
from xianfeng.nominations.capacity import Share, share_of
from xianfeng.nominations.forms import EndorseForm, ScreenForm
from xianfeng.nominations.views.shared import WORKBENCH, case_address, closed
from xianfeng.ui import edge
from xianfeng.ui.parts import Opinion

COLOURS = {"returned": "amber", "not_accepted": "red", "passed": "green", "consented": "green"}


def opinions_of(step: Step) -> list[Opinion]:
    """The chain of opinions so far, oldest first, as on the paper form."""
    done = step.case.steps.filter(state__in=("done", "lapsed")).order_by("closed_at", "id").select_related("closed_by")
    done = done.prefetch_related("files")
    return [
        Opinion(
            title=one.title,
            text=one.opinion,
            verdict=rules.outcome_label(one.kind, one.outcome, step.case.kind),
            colour=COLOURS.get(one.outcome, "grey"),
            name=one.closed_by.name if one.closed_by else "",
            post=one.closed_as.rpartition("·")[0] or one.closed_as,
            at=one.closed_at,
            files=one.attached,
        )
        for one in done
    ]


def recusal(request: HttpRequest, step: Step) -> str:
    """Why this actor may look but not act: their own unit's nominee."""
    verdict = policies.not_own_case(edge.actor(request), step)
    return f"{verdict.reason}{verdict.hint}" if isinstance(verdict, Refused) else ""


@login_required
def endorse(request: HttpRequest, public_id: str) -> HttpResponse:
    """上级认定: consent, or return to be improved."""
    actor = edge.actor(request)
    step = queries.step_for_page(public_id, actor, "endorse")
    if step.state != "open" and request.method != "POST":
        return closed(request, step)
    form = EndorseForm(request.POST if request.method == "POST" else None, case=step.case)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            _endorse(request, step, form.cleaned_data)
        if attempt.ok:
            returned = request.POST.get("act") == "return"
            messages.success(request, _("已退回完善。") if returned else _("已认定同意。"))
            return redirect(WORKBENCH)
    context = {
        "nav": "cases",
        "step": step,
        "case": step.case,
        "form": form,
        "view": queries.assessment_view(step.case),
        "opinions": opinions_of(step),
        "recusal": recusal(request, step),
        "share": _share(step.case),
        "back": case_address(step.case),
    }
    return edge.page(request, "nominations/endorse.html", context, form=form)


def _share(case: Case) -> Share | None:
    """The superior's places, while a nomination waits for its consent."""
    if case.kind != "nomination":
        return None
    return share_of(case.round, case.party, case.category, clock.today(), leave_out=case.pk)


def _endorse(request: HttpRequest, step: Step, given: dict[str, Any]) -> None:
    shared: dict[str, Any] = {
        "step_id": step.pk,
        "opinion": given["opinion"],
        "actor": edge.actor(request),
        "now": clock.now(),
    }
    if request.POST.get("act") == "return":
        services.step_return(**shared)
    else:
        services.step_endorse(**shared, rank=given.get("rank"), score=given.get("score"))


@login_required
def screen(request: HttpRequest, public_id: str) -> HttpResponse:
    """初审: evidence beside the standard, gates with their facts, one of three results."""
    actor = edge.actor(request)
    step = queries.step_for_page(public_id, actor, "screen")
    if step.state != "open" and request.method != "POST":
        return closed(request, step)
    view = queries.assessment_view(step.case, live_gates=True)
    form = ScreenForm(
        request.POST if request.method == "POST" else None,
        indicators=[row.indicator for row in view.rows],
        gates=[gate.code for gate in view.gates],
    )
    if request.method == "POST" and form.is_valid():
        if asked := _ask(request, step):
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.step_screen(
                step_id=step.pk,
                result=request.POST.get("act", ""),
                opinion=form.cleaned_data["opinion"],
                items=form.items,
                accepted_gates=form.accepted,
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            return _screened(request, step)
    context = {
        "nav": "cases",
        "step": step,
        "case": step.case,
        "form": form,
        "view": view,
        "opinions": opinions_of(step),
        "recusal": recusal(request, step),
        "following": queries.next_screening(actor, step),
        "remaining": cases.open_steps(actor).filter(kind="screen").count() - 1,
        "typed": request.POST,
        "back": case_address(step.case),
    }
    return edge.page(request, "nominations/screen.html", context, form=form)


def _ask(request: HttpRequest, step: Step) -> HttpResponse | None:
    if request.POST.get("act") != "not_accepted":
        return None
    return edge.confirm(
        request,
        title=_("确认不予受理？"),
        text=_("“%(name)s”的本次自荐就此办结，理由将告知申报单位。") % {"name": step.case.name},
        verb=_("不予受理"),
    )


def _screened(request: HttpRequest, step: Step) -> HttpResponse:
    step.refresh_from_db()
    label = rules.outcome_label("screen", step.outcome)
    following = queries.next_screening(edge.actor(request), step)
    said = _("“%(name)s”：%(label)s。") % {"name": step.case.name, "label": label}
    if following is None:
        messages.success(request, said + _("初审已全部办完。"))
        return redirect(WORKBENCH)
    messages.success(request, said + _("这是下一份。"))
    return redirect("nominations:screen", following.public_id)
