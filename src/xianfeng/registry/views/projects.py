"""工程项目: which units supervise it or take part, and what the ledger says of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.registry import listing, queries, rules, services
from xianfeng.registry.forms import PartForm, ProjectForm
from xianfeng.registry.models import Project
from xianfeng.registry.policies import may_keep
from xianfeng.ui import edge


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Projects of the units in scope."""
    actor, today = edge.actor(request), clock.today()
    seen = listing.scope(actor, today)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "unit", "role")}
    page = edge.paginate(request, listing.projects(**asked, seen=seen))
    ids = [one.pk for one in page]
    context = {
        "page": page,
        "asked": asked,
        "units": listing.unit_choices(seen),
        "roles": rules.PROJECT_ROLES,
        "parts": listing.units_of_projects(ids),
        "facts": listing.facts_of_projects(ids),
        "keeps": seen.keeps,
    }
    return edge.page(request, "registry/projects.html", context)


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A project, its parties, the facts that name it (those about others only for who sees all)."""
    actor, today = edge.actor(request), clock.today()
    seen = listing.scope(actor, today)
    row = listing.project_for_page(public_id, seen)
    facts = queries.ledger().filter(listing.ledger_seen(seen), project=row)
    parts = listing.parts().filter(project=row).order_by("role", "unit__code", "id")
    context = {"project": row, "facts": facts, "parts": parts, "keeps": seen.keeps, "today": today}
    return edge.page(request, "registry/project.html", context)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Register a project."""
    return _form(request, None)


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a project."""
    return _form(request, listing.project_for_page(public_id, listing.ALL))


def _form(request: HttpRequest, row: Project | None) -> HttpResponse:
    actor = edge.actor(request)
    require(may_keep, actor, None)
    initial = {name: getattr(row, name) for name in ProjectForm.base_fields} if row else {}
    form = ProjectForm(request.POST or None, initial=initial, fixed_code=row is not None)
    if request.method == "POST" and form.is_valid():
        if row is None and Project.objects.filter(code=form.cleaned_data["code"]).exists():
            form.add_error("code", _("这个编码已经登记过，请换一个编码。"))
        else:
            with edge.attempt(form) as attempt, journal.unit_of_work():
                saved = services.project_save(**form.cleaned_data, actor=actor, now=clock.now())
            if attempt.ok:
                messages.success(request, _("已保存。"))
                return redirect("registry:project", saved.public_id)
    return edge.page(request, "registry/project_form.html", {"form": form, "project": row}, form=form)


@login_required
def part_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down a unit's part in the project; the same part again corrects its days."""
    actor = edge.actor(request)
    require(may_keep, actor, None)
    row = listing.project_for_page(public_id, listing.ALL)
    form = PartForm(request.POST or None, initial={"role": "takes_part"})
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.project_party_set(data=form.data_given(row), actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已登记。"))
            return redirect("registry:project", row.public_id)
    return edge.page(request, "registry/part_form.html", {"form": form, "project": row}, form=form)
