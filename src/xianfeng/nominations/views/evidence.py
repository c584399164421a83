"""佐证材料: added and taken off beside the indicator; read by whoever may read the case."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.cases import pages
from xianfeng.cases.models import Step
from xianfeng.files.services import file_store
from xianfeng.files.serving import file_response
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.nominations import queries, services
from xianfeng.nominations.forms import EvidenceForm
from xianfeng.nominations.models import Evidence
from xianfeng.nominations.views.assessing import KINDS, kept
from xianfeng.nominations.views.shared import closed
from xianfeng.ui import edge


def _step(request: HttpRequest, public_id: str, code: str) -> tuple[Step, queries.AssessmentView]:
    step = queries.step_for_page(public_id, edge.actor(request), *KINDS)
    view = queries.assessment_view(step.case, live_gates=True)
    if not any(row.code == code for row in view.rows):
        raise NotFoundHere(_("标准中没有这个指标。"), _("请刷新页面后再试。"))
    return step, view


@login_required
def add(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """The panel that adds evidence to an indicator; a plain page link opens the work page with it."""
    step, view = _step(request, public_id, code)
    if step.state != "open":
        return closed(request, step)
    if request.method == "GET" and not edge.is_partial(request):
        return HttpResponseRedirect(f"{pages.url_for(step)}?add={code}#{code}")
    choices = kept(step, view, code)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*bound, kept=choices)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            _add(step, code, form.cleaned_data, edge.actor(request))
        if attempt.ok:
            if not edge.is_partial(request):
                messages.success(request, _("材料已添加。"))
                return HttpResponseRedirect(f"{pages.url_for(step)}#{code}")
            return _row(request, step, code)
    return _row(request, step, code, form)


def _add(step: Step, code: str, given: dict[str, Any], actor: Actor) -> None:
    now = clock.now()
    uploads = given.get("uploads") or []
    shared: dict[str, Any] = {"case_id": step.case_id, "indicators": [code], "actor": actor, "now": now}
    for upload in uploads:
        stored = file_store(content=upload.file, name=upload.name, actor=actor, now=now)
        title = given["title"] if len(uploads) == 1 else ""
        services.evidence_add(**shared, title=title, file=stored, happened_on=given["happened_on"])
    if given.get("url"):
        services.evidence_add(
            **shared, title=given["title"] if not uploads else "", url=given["url"], happened_on=given["happened_on"]
        )
    for public_id in given.get("existing") or []:
        row = Evidence.objects.filter(public_id=public_id).first()
        services.evidence_link(**shared, evidence_id=row.pk if row else 0)


def _row(request: HttpRequest, step: Step, code: str, form: EvidenceForm | None = None) -> HttpResponse:
    view = queries.assessment_view(step.case, live_gates=True)
    row = next(one for one in view.rows if one.code == code)
    context = {
        "step": step,
        "case": step.case,
        "view": view,
        "row": row,
        "rows": [{"row": row, "error": ""}],
        "evidence_form": form,
        "correcting": step.kind == "correct",
        "swap": form is None or not form.is_bound,
        "adding": code if form is not None else "",
    }
    if form is not None and not edge.is_partial(request):
        from xianfeng.nominations.forms import AssessmentForm
        from xianfeng.nominations.views.assessing import editable, work_context

        whole = AssessmentForm(view=view, only=editable(view, step))
        page = {**work_context(request, step, view, whole), "adding": code, "evidence_form": form}
        return edge.page(request, "nominations/assess.html", page, form=form)
    return edge.page(request, "nominations/_evidence.html", context, form=form)


@login_required
@require_POST
def unlink(request: HttpRequest, public_id: str, code: str, evidence: str) -> HttpResponse:
    """Take evidence off an indicator."""
    step, _view = _step(request, public_id, code)
    row = Evidence.objects.filter(public_id=evidence, nominee=step.case.nominee_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这份材料。"), _("请刷新页面后再试。"))
    with journal.unit_of_work():
        services.evidence_unlink(
            case_id=step.case_id, evidence_id=row.pk, indicator=code, actor=edge.actor(request), now=clock.now()
        )
    if edge.is_partial(request):
        return _row(request, step, code)
    messages.success(request, _("已从该指标移除“%(title)s”。") % {"title": row.title})
    return HttpResponseRedirect(f"{pages.url_for(step)}#{code}")


@login_required
def download(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """A piece of evidence: the file, or on to its link."""
    row = queries.evidence_for_download(public_id, edge.actor(request))
    if row.file is None:
        return redirect(row.url)
    return file_response(row.file, inline="save" not in request.GET)
