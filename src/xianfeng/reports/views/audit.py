"""留痕: the audit administrator's pages."""

from time import perf_counter

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from xianfeng.directory.models import SignIn
from xianfeng.journal import queries as journal
from xianfeng.journal import showing, unit_of_work
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.reports import exports, policies, services
from xianfeng.reports.queries import audit
from xianfeng.ui import edge


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The record searched, newest first; ``?export=1`` gives what is filtered."""
    require(policies.may_audit, edge.actor(request), None)
    asked = audit.filters_from(request.GET)
    found = audit.entries(asked)
    if request.GET.get("export"):
        rows = found[: exports.LONGEST_LOG]
        return edge.download(
            exports.journal_book(rows.iterator(2000)), f"留痕{chinese_date(clock.today())}.xlsx", exports.XLSX
        )
    shown = edge.paginate(request, found)
    people = audit.people_of(shown.rows)
    context = {
        "page": shown,
        "rows": [(one, journal.phrase(one), people.get(one.actor_id, "")) for one in shown],
        "asked": asked,
        "kinds": audit.kind_choices(),
        "count": journal.entry_count(),
        "sealed": journal.sealed_size(),
    }
    return edge.page(request, "reports/audit.html", context)


@login_required
@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: the sentence, what was before and after, its data, its proof."""
    require(policies.may_audit, edge.actor(request), None)
    view = audit.entry_view(seq)
    return edge.page(request, "reports/audit_entry.html", {"view": view, **showing.context(view.entry)})


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now, and say what was found."""
    began = perf_counter()
    require(policies.may_audit, edge.actor(request), None)
    result = journal.verify()
    with unit_of_work():
        services.check_note(result=result, actor=edge.actor(request), now=clock.now())
    context = {"result": result, "seconds": f"{perf_counter() - began:.1f}", "at": clock.real_now()}
    return edge.page(request, "reports/audit_verify.html", context)


@login_required
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The access log; ``?export=1`` gives what is filtered."""
    require(policies.may_audit, edge.actor(request), None)
    asked = {name: request.GET.get(name, "").strip() for name in ("username", "outcome", "since", "until")}
    rows = audit.sign_ins(
        asked["username"], asked["outcome"], audit.day_of(asked["since"]), audit.day_of(asked["until"])
    )
    if request.GET.get("export"):
        content = exports.sign_in_book(rows[: exports.LONGEST_LOG].iterator(2000))
        return edge.download(content, f"登录日志{chinese_date(clock.today())}.xlsx", exports.XLSX)
    outcomes = SignIn._meta.get_field("outcome").choices
    context = {"page": edge.paginate(request, rows), "asked": asked, "outcomes": outcomes}
    return edge.page(request, "reports/sign_ins.html", context)
