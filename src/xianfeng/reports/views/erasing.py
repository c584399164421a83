"""个人信息删除: what the record still holds of a person, and erasing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xianfeng.journal import queries, unit_of_work
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.reports import policies, services
from xianfeng.reports.forms import EraseForm
from xianfeng.reports.queries import audit
from xianfeng.ui import edge

SHORTEST = 2


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Search, preview, confirm, erase; what stays is said beside it."""
    actor = edge.actor(request)
    require(policies.may_erase, actor, None)
    asked = request.GET.get("q", "").strip()
    held = queries.personal_matching(asked) if len(asked) >= SHORTEST else []
    form = EraseForm(request.POST or None, held=[one.pk for one in held])
    if request.method == "POST" and form.is_valid():
        count = len(form.cleaned_data["chosen"])
        text = f"将从操作留痕中永久删除 {count} 项个人信息，不可恢复；条目本身和承诺值保留，这次删除也记入留痕。"
        if question := edge.confirm(request, title=f"删除 {count} 项个人信息？", text=text, verb="永久删除"):
            return question
        with edge.attempt(form) as attempt, unit_of_work():
            services.personal_erase(
                details=form.cleaned_data["chosen"],
                ground=form.cleaned_data["ground"],
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, f"已依法删除 {count} 项个人信息，并记入操作留痕。")
            return redirect("reports:erase")
    context = {
        "asked": asked,
        "short": 0 < len(asked) < SHORTEST,
        "held": held,
        "most": queries.MOST_HELD,
        "entries": len({one.entry.seq for one in held}),
        "stays": audit.elsewhere(asked) if held else [],
        "form": form,
        "chosen": set(request.POST.getlist("chosen")),
        "audits": bool(policies.may_audit(actor, None)),
    }
    return edge.page(request, "reports/erase.html", context, form=form)
