"""The case page: one case as its reader may see it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xianfeng.cases import queries as cases
from xianfeng.cases import rules as case_rules
from xianfeng.nominations.queries import assessment_view
from xianfeng.reports import links
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
    title, tie = casepage.title_of(case)
    context = {
        "case": case,
        "reader": reader,
        "kind": case_rules.CASE_KINDS[case.kind],
        "word": word,
        "colour": colour,
        "stages": casepage.stage_line(case, steps),
        "waits": casepage.waits(case, steps, actor, reader),
        "facts": casepage.facts(case),
        "assessment": assessment_view(case) if casepage.assesses(case) else None,
        "opinions": casepage.opinions(case, steps, reader),
        "result": casepage.result_of(case, steps, reader),
        "panel": casepage.panel_of(case, actor, reader),
        "notices": [
            (one, links.first("publicity:notice", args=(one.notice.public_id,)))
            for one in casepage.notices(case, reader)
        ],
        "designation": title,
        "tie": tie,
        "designation_url": links.first("designations:title", args=(title.public_id,)) if title else "",
        "happenings": casepage.happenings(steps, reader),
        "proofs": casepage.proofs(case, reader),
        "may_withdraw": casepage.may_withdraw(case, reader),
    }
    return edge.page(request, "reports/case.html", context)
