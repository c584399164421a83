"""The case page: one case as its reader may see it, its entries in the record, and taking a nomination back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng import journal
from xianfeng.cases import queries as cases
from xianfeng.cases import rules as case_rules
from xianfeng.cases import services as case_services
from xianfeng.kernel import clock
from xianfeng.nominations.queries import assessment_view
from xianfeng.reports import links
from xianfeng.reports.forms import WithdrawForm
from xianfeng.reports.queries import casepage
from xianfeng.ui import edge


@login_required
@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one case."""
    actor = edge.actor(request)
    case = cases.case_for_page(public_id, actor)
    reader = casepage.reader_of(case, actor)
    steps = list(cases.timeline(case))
    for step in steps:
        step.case = case
    word, colour = casepage.chip_of(case, steps, reader)
    title = casepage.designation(case)
    context = {
        "case": case,
        "reader": reader,
        "kind": case_rules.CASE_KINDS[case.kind],
        "word": word,
        "colour": colour,
        "stages": casepage.stage_line(case, steps),
        "waits": casepage.waits(case, steps, actor, reader),
        "facts": casepage.facts(case),
        "assessment": assessment_view(case),
        "assessment_templates": ["nominations/_assessment.html", "reports/_assessment.html"],
        "opinions": casepage.opinions(case, steps, reader),
        "result": casepage.result_of(case, steps, reader),
        "panel": casepage.panel_of(case, actor, reader),
        "notices": [
            (one, links.first("publicity:notice", args=(one.notice.public_id,))) for one in casepage.notices(case)
        ],
        "designation": title,
        "designation_url": links.first("designations:title", args=(title.public_id,)) if title else "",
        "happenings": casepage.happenings(steps, reader),
        "proofs": casepage.proofs(case, reader),
        "may_withdraw": casepage.may_withdraw(case, reader),
    }
    return edge.page(request, "reports/case.html", context)


@login_required
@require_safe
def entry(request: HttpRequest, public_id: str, seq: int) -> HttpResponse:
    """One entry of the record about this case, as a sentence with its hashes."""
    actor = edge.actor(request)
    case = cases.case_for_page(public_id, actor)
    reader = casepage.reader_of(case, actor)
    context = {"case": case, "proof": casepage.proof(case, seq, reader), "reader": reader}
    return edge.page(request, "reports/case_entry.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """撤回自荐, with a reason and a question."""
    actor = edge.actor(request)
    case = cases.case_for_page(public_id, actor)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = edge.confirm(
            request,
            title=_("确认撤回自荐？"),
            text=_("撤回后，已有的上级认定和初审意见不再有效；本批次自荐期内可以重新自荐。"),
            verb=_("撤回自荐"),
            back=f"/cases/{case.public_id}/",
        )
        if asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            case_services.case_withdraw(
                case_id=case.pk, actor=actor, now=clock.now(), reason=form.cleaned_data["reason"]
            )
        if attempt.ok:
            messages.success(request, _("已撤回自荐。"))
            return redirect("reports:case", public_id)
    return edge.page(request, "reports/case_withdraw.html", {"form": form, "case": case}, form=form)
