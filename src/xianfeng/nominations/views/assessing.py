"""自评 and 补正: the work page in three columns, its autosave, and the last look before submitting."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.cases import pages
from xianfeng.cases.models import Step
from xianfeng.kernel import clock
from xianfeng.kernel.errors import UserError
from xianfeng.nominations import queries, rules, services
from xianfeng.nominations.answering import worked_out
from xianfeng.nominations.forms import AssessmentForm, EvidenceForm, SubmitForm
from xianfeng.nominations.queries import AssessmentView
from xianfeng.nominations.views.shared import case_address, closed
from xianfeng.programmes.showing import how
from xianfeng.ui import edge

KINDS = ("assess", "correct")


def editable(view: AssessmentView, step: Step) -> set[str] | None:
    """Indicators whose score may change: in a correction only those returned."""
    return {row.code for row in view.rows if row.problem} if step.kind == "correct" else None


@login_required
def work(request: HttpRequest, public_id: str) -> HttpResponse:
    """The work page; without a script its form saves all that was typed."""
    actor = edge.actor(request)
    step = queries.step_for_page(public_id, actor, *KINDS)
    if step.state != "open" and request.method != "POST":
        return closed(request, step)
    view = queries.assessment_view(step.case, live_gates=True)
    form = AssessmentForm(request.POST if request.method == "POST" else None, view=view, only=editable(view, step))
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            _save(step, form, actor)
        if attempt.ok:
            if request.POST.get("next") == "review":
                return redirect("nominations:review", step.public_id)
            messages.success(request, _("已保存。"))
            return redirect(pages.url_for(step))
    return edge.page(request, "nominations/assess.html", work_context(request, step, view, form), form=form)


def _save(step: Step, form: AssessmentForm, actor: Any) -> None:
    services.assessment_save(
        case_id=step.case_id, scores=form.marks(), statement=form.statement, actor=actor, now=clock.now()
    )


def work_context(request: HttpRequest, step: Step, view: AssessmentView, form: AssessmentForm) -> dict[str, Any]:
    """What the work page draws: each row with its bound fields."""
    correcting = step.kind == "correct"
    wanted = form.fields
    errors = form.errors_by_indicator() if form.is_bound else {}
    parts = [
        {
            "part": part,
            "dimensions": [
                {
                    "dimension": one.dimension,
                    "view": one,
                    "rows": [
                        {
                            "row": row,
                            "scores": [form[name] for name in form.asked(row) if name in wanted],
                            "counted": worked_out(row.indicator) and row.indicator.kind != "measured",
                            "how": how(row.indicator),
                            "na": form[f"na-{row.code}"] if f"na-{row.code}" in wanted else None,
                            "note": form[f"note-{row.code}"] if f"note-{row.code}" in wanted else None,
                            "error": errors.get(row.code, ""),
                        }
                        for row in one.rows
                        if not correcting or row.problem or "all" in request.GET
                    ],
                }
                for one in part.dimensions
            ],
        }
        for part in view.parts
    ]
    adding = request.GET.get("add", "")
    return {
        "step": step,
        "case": step.case,
        "view": view,
        "form": form,
        "parts": parts,
        "correcting": correcting,
        "problems": [row for row in view.rows if row.problem],
        "returned": last_opinion(step),
        "adding": adding,
        "evidence_form": EvidenceForm(kept=kept(step, view, adding)) if adding else None,
        "back": case_address(step.case),
        "round": step.case.round,
    }


def kept(step: Step, view: AssessmentView, code: str) -> list[tuple[str, str]]:
    """The nominee's other evidence, to choose from for an indicator."""
    used = {one.pk for row in view.rows if row.code == code for one in row.evidence}
    return [(one.public_id, one.title) for one in queries.library(step.case) if one.pk not in used]


def last_opinion(step: Step) -> Step | None:
    """Why it came back: the last closed step of the case, when that returned it."""
    last = step.case.steps.filter(state="done").order_by("-closed_at", "-id").first()
    return last if last is not None and last.outcome == "returned" else None


@login_required
@require_POST
def autosave(request: HttpRequest, public_id: str) -> HttpResponse:
    """One endpoint for every field: saves what was posted, answers with the running score."""
    actor = edge.actor(request)
    step = queries.step_for_page(public_id, actor, *KINDS)
    before = queries.assessment_view(step.case, live_gates=True)
    form = AssessmentForm(request.POST, view=before, only=editable(before, step))
    refusal: UserError | None = None
    if form.is_valid():
        try:
            with journal.unit_of_work():
                _save(step, form, actor)
        except UserError as error:
            refusal = error
    view = queries.assessment_view(step.case, live_gates=True)
    posted = [row for row in view.rows if form.posted(row)]
    errors = form.errors_by_indicator()
    context = {
        "step": step,
        "case": step.case,
        "view": view,
        "correcting": step.kind == "correct",
        "refusal": refusal,
        "rows": [{"row": row, "error": errors.get(row.code, "")} for row in posted],
        "swap": True,
    }
    status = refusal.status if refusal else 200 if form.is_valid() else 422
    return edge.page(request, "nominations/_autosave.html", context, status=status)


@login_required
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """核对并提交: everything once more, then the one act."""
    actor = edge.actor(request)
    step = queries.step_for_page(public_id, actor, *KINDS)
    if step.state != "open" and request.method != "POST":
        return closed(request, step)
    correcting = step.kind == "correct"
    form = SubmitForm(request.POST if request.method == "POST" else None, correcting=correcting)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            if correcting:
                services.correction_submit(
                    step_id=step.pk, note=form.cleaned_data["note"], actor=actor, now=clock.now()
                )
            else:
                services.assessment_submit(step_id=step.pk, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _submitted_words(step))
            return redirect(case_address(step.case))
    view = queries.assessment_view(step.case, live_gates=True)
    context = {
        "step": step,
        "case": step.case,
        "view": view,
        "form": form,
        "correcting": correcting,
        "back": pages.url_for(step),
        "ready": not view.gaps and bool(view.statement),
        "statement_url": reverse(f"nominations:{step.kind}", args=[step.public_id]) + "#statement",
        "statement_longest": rules.STATEMENT_LONGEST,
    }
    return edge.page(request, "nominations/review.html", context, form=form)


def _submitted_words(step: Step) -> str:
    following = step.case.steps.filter(state="open").select_related("organisation").order_by("-id").first()
    if following is None or following.organisation is None:
        return _("已提交。")
    return _("已提交，等待“%(name)s”办理。") % {"name": following.organisation.name}
