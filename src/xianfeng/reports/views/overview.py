"""办理进度."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.models import Round
from xianfeng.programmes.queries import round_for_page, rounds
from xianfeng.reports import exports, policies, services
from xianfeng.reports.forms import UrgeForm
from xianfeng.reports.queries import overview
from xianfeng.ui import edge


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How the chosen round stands."""
    actor, now = edge.actor(request), clock.now()
    require(policies.may_see_overview, actor, None)
    row = round_here(request)
    if row is None:
        return edge.page(request, "reports/overview.html", {"row": None})
    seen = overview.scope(actor, row)
    found = overview.funnel(seen, row)
    listed = list(rounds().defer("version__source", "version__created_at"))
    context = {
        "row": row,
        "rounds": listed,
        "others": any(one.programme_id != row.programme_id for one in listed),
        "seen": seen,
        "categories": row.version.definition.categories,
        "quotas": overview.quotas(row),
        "funnel": found,
        "raised": overview.funnel(seen, row, "recommendation"),
        "groups": overview.groups(seen, row),
        "units": overview.units(seen, row, now),
        "overdue": overview.overdue(seen, now),
        "may_urge": bool(policies.may_urge(actor, row.programme)),
    }
    return edge.page(request, "reports/overview.html", context)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    actor = edge.actor(request)
    require(policies.may_see_overview, actor, None)
    row = _round(request)
    content = exports.overview_book(row, overview.scope(actor, row), clock.now())
    return edge.download(content, f"{row.title}办理进度.xlsx", exports.XLSX)


@login_required
@require_POST
def urge(request: HttpRequest, public_id: str) -> HttpResponse:
    """催办 one addressee; a refusal is told on the page it came from."""
    actor = edge.actor(request)
    row = round_for_page(public_id)
    require(policies.may_urge, actor, row.programme)
    form = UrgeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("催办的对象不完整。"), _("请刷新办理进度页面后重试。"))
    with edge.attempt(form) as attempt, journal.unit_of_work():
        number = services.overdue_urge(round_id=row.pk, actor=actor, now=clock.now(), **form.cleaned_data)
    if attempt.error is not None:
        messages.error(request, f"{attempt.error.message}{attempt.error.hint}")
    else:
        messages.success(request, _("已催办 %(number)s 件，对方会收到站内消息。") % {"number": number})
    return redirect(f"/overview/?round={row.public_id}#late")


def _round(request: HttpRequest) -> Round:
    row = round_here(request)
    if row is None:
        raise NotFoundHere(_("还没有启动任何批次。"), _("批次启动后，这里显示办理进度。"))
    return row
