"""工作台."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xianfeng.kernel import clock
from xianfeng.reports.queries import admin, workbench
from xianfeng.ui import edge


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What waits for me, by when; then my rounds; for an administrator the desk's own doors."""
    actor, now = edge.actor(request), clock.now()
    context = {"bench": workbench.bench(actor, now), "desks": admin.desks(actor)}
    return edge.page(request, "reports/workbench.html", context)
