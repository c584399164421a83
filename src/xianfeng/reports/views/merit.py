"""两优一先推荐名单."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.queries import rounds
from xianfeng.reports import exports, policies
from xianfeng.reports.queries import merit
from xianfeng.ui import edge


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Live titles by superior party organisation; ``?export=1`` gives the workbook of what is filtered."""
    actor = edge.actor(request)
    require(policies.may_see_merit, actor, None)
    asked = {name: request.GET.get(name, "").strip() for name in ("tier", "category", "q")}
    row = round_here(request)
    lines = merit.merit(actor, row.programme, **asked) if row else []
    if request.GET.get("export"):
        name = f"两优一先推荐名单{chinese_date(clock.today())}.xlsx"
        return edge.download(exports.merit_book(lines), name, exports.XLSX)
    listed = list(rounds().defer("version__source"))
    context = {
        "page": edge.paginate(request, lines, 100),
        "asked": asked,
        "round": row,
        "rounds": listed,
        "several": len({one.programme_id for one in listed}) > 1,
        "definition": row.version.definition if row else None,
    }
    return edge.page(request, "reports/merit.html", context)
