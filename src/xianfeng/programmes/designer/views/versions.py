"""定义 list, a new programme, one version's overview, its next draft, giving it up."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.programmes import policies
from xianfeng.programmes.designer import queries, services
from xianfeng.programmes.designer.digest import digest
from xianfeng.programmes.designer.forms import NewProgrammeForm, PlainForm
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.queries import bodies as programme_bodies
from xianfeng.ui import edge


@login_required
def definitions(request: HttpRequest) -> HttpResponse:
    """Every programme one may design, with its versions."""
    actor = edge.actor(request)
    require(policies.may_design, actor, None)
    lines = queries.programme_lines()
    own = policies.designed_by(actor, [one.programme for one in lines])
    context = {"lines": [one for one in lines if one.programme in own], "nav": "designer"}
    return edge.page(request, "programmes/designer/list.html", context)


@login_required
def definition_new(request: HttpRequest) -> HttpResponse:
    """A new programme from any shipped or published definition."""
    actor = edge.actor(request)
    require(policies.may_design, actor, None)
    chosen = {"origin": request.GET["from"]} if "from" in request.GET else None
    form = NewProgrammeForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.programme_draft(**form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "草案已建立，可以逐部分修改。")
            return redirect("programmes:definition", made.public_id)
    return edge.page(request, "programmes/designer/new.html", {"form": form, "nav": "designer"}, form=form)


@login_required
def definition(request: HttpRequest, public_id: str) -> HttpResponse:
    """One version: what it says in a few words, what is still wrong, who plays which part."""
    return overview(request, shared.desk(request, public_id), PlainForm())


def overview(request: HttpRequest, found: shared.Desk, form: PlainForm) -> HttpResponse:
    """The overview, with a refusal on top when there was one."""
    notes = digest(found.study.value)
    context: dict[str, Any] = shared.base_context(found)
    context |= {
        "form": form,
        "study": found.study,
        "on_overview": True,
        "parts": [(one, notes.get(one.section.code, one.section.lead)) for one in context["sections"]],
        "seats": programme_bodies(found.row.programme, found.row) if found.study.definition else [],
        "other_draft": None if found.draft else queries.draft_of(found.row.programme),
        "years": [] if found.draft else queries.open_years(found.row),
    }
    return edge.page(request, "programmes/designer/overview.html", context, form=form)


@login_required
def definition_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the draft of the next version."""
    found = shared.desk(request, public_id)
    if request.method != "POST":
        return redirect("programmes:definition", public_id)
    form = PlainForm(request.POST)
    with edge.attempt(form) as attempt, journal.unit_of_work():
        made = services.version_draft(version_id=found.row.pk, actor=found.actor, now=clock.now())
    if attempt.ok:
        messages.success(request, f"第 {made.number} 版草案已建立，内容与第 {found.row.number} 版相同。")
        return redirect("programmes:definition", made.public_id)
    return overview(request, found, form)


@login_required
@require_POST
def design_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """One step back, and to the page one came from."""
    found = shared.draft_desk(request, public_id)
    form = PlainForm(request.POST)
    with edge.attempt(form) as attempt, journal.unit_of_work():
        made = services.draft_undo(
            draft_id=found.row.pk, seen=str(request.POST.get("seen", "")), actor=found.actor, now=clock.now()
        )
    if attempt.ok:
        messages.success(request, f"已{made.undo_what}。" if made.undo_what.startswith(services.UNDONE) else "已恢复。")
        return redirect("programmes:definition", public_id)
    return overview(request, found, form)


@login_required
def design_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a draft up, after asking."""
    found = shared.desk(request, public_id)
    if request.method != "POST":
        return redirect("programmes:definition", public_id)
    asked = edge.confirm(
        request,
        title="确认放弃这份草案？",
        text="草案中的全部修改都会删除，已发布的各版不受影响。",
        verb="放弃草案",
        back=f"/programmes/definitions/{public_id}/",
    )
    if asked:
        return asked
    form = PlainForm(request.POST)
    with edge.attempt(form) as attempt, journal.unit_of_work():
        services.draft_discard(
            draft_id=found.row.pk, seen=str(request.POST.get("seen", "")), actor=found.actor, now=clock.now()
        )
    if attempt.ok:
        messages.success(request, "草案已放弃。")
        return redirect("programmes:definitions")
    return overview(request, found, form)
