"""申报: the offices' list, filtered in the address, exported as it stands."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from xianfeng.nominations import exports, listing
from xianfeng.programmes import queries as programmes
from xianfeng.programmes.chosen import round_here
from xianfeng.ui import edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """Cases of a round that one may read."""
    actor = edge.actor(request)
    row = round_here(request)
    filters = listing.Filters.of(request.GET.dict())
    page = edge.paginate(request, listing.case_list(actor, row, filters))
    context = {
        "round": row,
        "rounds": list(programmes.rounds()),
        "filters": filters,
        "choices": listing.filter_choices(actor, row),
        "page": page,
        "rows": [
            {
                "case": case,
                "category": case.version.definition.category(case.category).title,
                "word": listing.stage_word(case),
                "colour": listing.stage_colour(case),
                "assessment": getattr(case, "assessment", None),
            }
            for case in page
        ],
    }
    return edge.page(request, "nominations/list.html", context)


@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a workbook."""
    row = round_here(request)
    filters = listing.Filters.of(request.GET.dict())
    found = listing.case_list(edge.actor(request), row, filters)
    title = f"{row.title}申报.xlsx" if row else "申报.xlsx"
    return edge.download(exports.cases_workbook(found), title, XLSX)
