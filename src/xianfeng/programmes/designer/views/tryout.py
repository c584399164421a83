"""试算: type a case, see what the rules make of it; in a draft, keep it as an example."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict
from xianfeng.programmes import rules, showing
from xianfeng.programmes.designer import trying
from xianfeng.programmes.designer.nodeform import NodeForm
from xianfeng.programmes.designer.paths import Edit
from xianfeng.programmes.designer.redraw import Posted
from xianfeng.programmes.designer.shape import Shape
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.rules.schema.definition import Example
from xianfeng.ui import edge

KEYS = ("year", "on", "nominee", "facts", "superior", "survey")


@login_required
def design_try(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything on one page; nothing is kept unless asked."""
    found = shared.desk(request, public_id)
    definition = found.study.definition
    if definition is None:
        raise Conflict("这份草案的写法有误，暂时不能试算。", "请先在“原文”页面改正。")
    category = showing.chosen(definition.categories, request.GET.get("category", ""))
    group = showing.chosen(definition.applicant_groups, request.GET.get("group", ""))
    standard = definition.standard(category.code, group.code)
    columns = trying.columns(_sheets(request), request.POST)
    first = _first(found, definition, category.code, group.code)
    posted = Posted(request.POST) if request.method == "POST" else None
    form = NodeForm(
        posted,
        document=found.study.value,
        path=("examples", 0),
        shape=Shape("model", model=Example),
        value=first,
        only=KEYS,
    )
    verdict = None
    if posted is not None and not posted.redrawing and form.is_valid():
        with edge.attempt(form) as attempt:
            case = trying.example_of(definition, columns, request.POST, form.value())
            verdict = trying.judge(definition, {**case, "title": "试算"})
        if attempt.ok and verdict is not None and request.POST.get("keep"):
            answer = _keep(request, found, form, case, verdict.outcome)
            if answer is not None:
                return answer
    context = shared.base_context(found) | {
        "form": form,
        "tool": "try",
        "definition": definition,
        "category": category,
        "group": group,
        "columns": columns,
        "sheets": len(columns) - 1,
        "sheet_choices": range(1, trying.MOST_SHEETS + 1),
        "rows": trying.rows(standard, columns, request.POST),
        "verdict": verdict,
        "problems": [],
    }
    status = 200 if posted is not None and posted.redrawing else None
    return edge.page(request, "programmes/designer/try.html", context, form=form, partial="editor", status=status)


def _sheets(request: HttpRequest) -> int:
    asked = request.GET.get("sheets", "3")
    return min(max(int(asked), 1), trying.MOST_SHEETS) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 3


def _first(found: shared.Desk, definition: rules.Definition, category: str, group: str) -> dict[str, Any]:
    years = [one.year for one in definition.rounds]
    year = clock.today().year if clock.today().year in years else years[-1]
    return {
        "title": "试算",
        "category": category,
        "group": group,
        "year": year,
        "on": clock.today().replace(year=year, day=min(clock.today().day, 28)),
        "nominee": _eligible(definition, category),
        "expect": {},
    }


def _eligible(definition: rules.Definition, category: str) -> dict[str, Any]:
    """Particulars with which one may apply, to begin from."""
    who = definition.category(category).eligibility
    wanted = {
        "organisation_kind": who.organisation_kinds[:1],
        "service_point_kind": who.service_point_kinds[:1],
        "member_status": who.member_status[:1],
    }
    return {key: codes[0] for key, codes in wanted.items() if codes} | ({"in_post": True} if who.in_post else {})


def _keep(
    request: HttpRequest, found: shared.Desk, form: NodeForm, case: dict[str, Any], outcome: rules.Outcome
) -> HttpResponse | None:
    """Add the case to the draft's examples, with what came out as what must come out."""
    title = str(request.POST.get("title", "")).strip()[:200]
    if not title:
        form.add_error(None, "请写明示例的名称。")
        return None
    example = {**case, "title": title, "expect": trying.expectations(outcome)}
    known = [*(found.study.value.get("examples") or ()), example]
    if shared.save(request, found, form, [Edit("put", ("examples",), known)], f"示例“{title}”") is None:
        return None
    messages.success(request, f"已存为示例“{title}”，每次校验都会重算。")
    return redirect("programmes:design_section", found.row.public_id, "examples")
