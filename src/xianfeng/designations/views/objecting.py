"""异议: the list and the handling of one. The objector is shown to those who handle it and to nobody else."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.cases.policies import not_own_case
from xianfeng.designations import queries, rules, services
from xianfeng.designations.forms import ObjectionForm
from xianfeng.designations.views.common import require_body
from xianfeng.files.serving import file_response
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.models import Programme
from xianfeng.programmes.policies import acts_for, may_run_rounds
from xianfeng.ui import edge

ACTS = {"accept": "受理", "refuse": "不予受理", "uphold": "认定异议成立", "dismiss": "认定异议不成立"}
DONE = {
    "accept": "已受理，请核查后答复。",
    "refuse": "已答复不予受理。",
    "uphold": "异议成立，该对象不予命名。",
    "dismiss": "已答复异议不成立。",
}


@login_required
def objections(request: HttpRequest) -> HttpResponse:
    """Objections of the programmes the reader runs, the open ones by default."""
    actor = edge.actor(request)
    programmes = [one for one in Programme.objects.all() if acts_for(actor, one, "working_group", "office")]
    if not programmes:
        require(may_run_rounds, actor, None)
    state = request.GET.get("state", "open")
    rows = queries.objections(state).filter(item__notice__round__programme__in=programmes)
    context = {"page": edge.paginate(request, rows), "state": state, "states": rules.OBJECTION_STATES}
    return edge.page(request, "designations/objections.html", context)


@login_required
def objection(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read an objection beside the case it is about, and answer it."""
    row = queries.objection_for_page(public_id)
    actor = edge.actor(request)
    require_body(actor, row.item.notice.round, "working_group", "office")
    row.item.step.case = row.item.case
    require(not_own_case, actor, row.item.step)
    refusals = rules.refusals(row.item.case.round.version.definition)
    form = ObjectionForm(request.POST or None, refusals=refusals)
    act = request.POST.get("act", "")
    if request.method == "POST" and act in ACTS and form.is_valid():
        if act == "uphold" and (asked := _ask(request)):
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            service = getattr(services, f"objection_{act}")
            more = {"refusal": form.cleaned_data["refusal"]} if act == "refuse" else {}
            service(objection_id=row.pk, reply=form.cleaned_data["reply"], actor=actor, now=clock.now(), **more)
        if attempt.ok:
            messages.success(request, DONE[act])
            return redirect("designations:objection", row.public_id)
        row = queries.objection_for_page(public_id)
    context = {
        "objection": row,
        "form": form,
        "moves": rules.OBJECTION_MOVES[row.state],
        "category": row.item.case.round.version.definition.category(row.item.case.category).title,
        "refusals": refusals,
    }
    return edge.page(request, "designations/objection.html", context, form=form)


@login_required
def objection_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file an objector gave as evidence, for those who handle it."""
    row = queries.objection_for_page(public_id)
    require_body(edge.actor(request), row.item.notice.round, "working_group", "office")
    row.item.step.case = row.item.case
    require(not_own_case, edge.actor(request), row.item.step)
    if row.file is None:
        raise NotFoundHere("这件异议没有附件。", "请查看证据说明。")
    return file_response(row.file)


def _ask(request: HttpRequest) -> HttpResponse | None:
    return edge.confirm(
        request,
        title="认定异议成立？",
        text="该对象的申报到此终止，不予命名，名额空出。此决定不能撤回。",
        verb="认定异议成立",
    )
