"""专家库."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.queries import choose_round
from xianfeng.review import queries, services
from xianfeng.review.forms import ExpertForm
from xianfeng.review.models import Expert
from xianfeng.review.policies import may_run_panels
from xianfeng.ui import edge


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The pool, searched by name, employer or field."""
    require(may_run_panels, edge.actor(request), None)
    rows = Expert.objects.select_related("user", "employer")
    word = request.GET.get("q", "").strip()
    if word:
        rows = rows.filter(
            Q(user__name__icontains=word) | Q(employer_name__icontains=word) | Q(employer__name__icontains=word)
        )
    if request.GET.get("state") in ("in", "out"):
        rows = rows.filter(active=request.GET["state"] == "in")
    page = edge.paginate(request, rows)
    round_ = choose_round("")
    loads = queries.loads(round_.pk) if round_ else {}
    for row in page.rows:
        row.load = loads.get(row.pk, 0)
    return edge.page(request, "review/experts.html", {"page": page, "round": round_, "q": word})


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a user into the pool."""
    actor = edge.actor(request)
    require(may_run_panels, actor, None)
    form = ExpertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.expert_register(
                user_id=form.cleaned_data["user"].pk, **form.values(), actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"“{form.cleaned_data['user'].name}”已入库。")
            return redirect("review:experts")
    return edge.page(request, "review/expert_form.html", {"form": form, "expert": None}, form=form)


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an expert, or take one out of the pool."""
    actor = edge.actor(request)
    require(may_run_panels, actor, None)
    expert = Expert.objects.select_related("user", "employer").filter(public_id=public_id).first()
    if expert is None:
        raise NotFoundHere("没有找到这位专家。", "请从专家库进入。")
    initial = {
        "employer": expert.employer_id,
        "employer_name": "" if expert.employer_id else expert.employer_name,
        "fields_text": "、".join(expert.fields),
        "max_load": expert.max_load,
        "active": expert.active,
    }
    form = ExpertForm(request.POST or None, expert=expert, initial=initial)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.expert_change(
                expert_id=expert.pk, **form.values(), active=form.cleaned_data["active"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, "已保存。")
            return redirect("review:experts")
    return edge.page(request, "review/expert_form.html", {"form": form, "expert": expert}, form=form)
