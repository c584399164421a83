"""专家库."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.chosen import round_here
from xianfeng.review import queries, services
from xianfeng.review.forms import EmploymentForm, ExpertForm, LeftForm, ProfileForm
from xianfeng.review.models import Assignment, Expert
from xianfeng.review.policies import is_expert, may_run_panels
from xianfeng.review.sheets import pool_book
from xianfeng.ui import edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The pool, searched by name, employer or field."""
    require(may_run_panels, edge.actor(request), None)
    page = edge.paginate(request, _chosen(request))
    round_ = round_here(request)
    loads = queries.loads(round_.pk) if round_ else {}
    for row in page.rows:
        row.load, row.away = loads.get(row.pk, 0), row.active and row.is_away(clock.today())
    context = {"page": page, "round": round_, "q": request.GET.get("q", "").strip()}
    return edge.page(request, "review/experts.html", context)


def _chosen(request: HttpRequest) -> QuerySet[Expert]:
    """What is filtered on screen."""
    rows = Expert.objects.select_related("user", "employer")
    word = request.GET.get("q", "").strip()
    if word:
        rows = rows.filter(
            Q(user__name__icontains=word) | Q(employer_name__icontains=word) | Q(employer__name__icontains=word)
        )
    if request.GET.get("state") in ("in", "out"):
        rows = rows.filter(active=request.GET["state"] == "in")
    return rows


@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The experts on screen as a workbook that can be changed and imported again; ``?empty=1`` gives the template."""
    require(may_run_panels, edge.actor(request), None)
    empty = bool(request.GET.get("empty"))
    content = pool_book([] if empty else _chosen(request))
    return edge.download(content, "专家库模板.xlsx" if empty else "专家库.xlsx", XLSX)


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """An expert's own entry in the pool: what they know, how much they take, when they are away, where they worked."""
    actor = edge.actor(request)
    require(is_expert, actor, None)
    expert = Expert.objects.select_related("user", "employer").get(user_id=actor.user_id or 0)
    return _profile(request, expert, back="review:profile")


@login_required
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same for the working group."""
    actor = edge.actor(request)
    require(may_run_panels, actor, None)
    expert = Expert.objects.select_related("user", "employer").filter(public_id=public_id).first()
    if expert is None:
        raise NotFoundHere("没有找到这位专家。", "请从专家库进入。")
    return _profile(request, expert, back="review:experts", runs=True)


def _profile(request: HttpRequest, expert: Expert, *, back: str, runs: bool = False) -> HttpResponse:
    actor = edge.actor(request)
    act = request.POST.get("act", "")
    form = ProfileForm(request.POST if act == "profile" else None, initial=_described(expert))
    place = EmploymentForm(request.POST if act == "place" else None, prefix="place")
    if act == "profile" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.expert_describe(expert_id=expert.pk, **form.values(), actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "已保存。")
            return redirect(request.path)
    if act == "place" and place.is_valid():
        given = place.cleaned_data
        with edge.attempt(place) as attempt, journal.unit_of_work():
            services.employment_add(
                expert_id=expert.pk, organisation_id=given["organisation"].pk if given["organisation"] else None,
                name=given["name"], since=given["since"], until=given["until"], actor=actor, now=clock.now(),
            )  # fmt: skip
        if attempt.ok:
            messages.success(request, "任职经历已加入，回避按它判断。")
            return redirect(request.path)
    left = LeftForm(request.POST if act.startswith("left:") else None)
    if act.startswith("left:") and left.is_valid():
        mine = expert.employments.filter(pk=act[5:] if act[5:].isdigit() else 0).first()
        with edge.attempt(left) as attempt, journal.unit_of_work():
            services.employment_end(
                employment_id=mine.pk if mine else 0, until=left.cleaned_data["until"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, "离任日期已登记。")
            return redirect(request.path)
    if act.startswith("remove:") and act[7:].isdigit() and runs:
        with journal.unit_of_work():
            services.employment_remove(employment_id=int(act[7:]), actor=actor, now=clock.now())
        return redirect(request.path)
    service = Assignment.objects.filter(expert=expert, scorecard__state="signed").values("panel__round__title")
    asked = {"place": place, "left": left}.get(act.partition(":")[0], form)
    context = {
        "expert": expert, "form": form, "place": place, "left": left, "runs": runs, "back": back,
        "employments": expert.employments.all(),
        "service": service.annotate(count=Count("id")).order_by("-panel__round__year"),
    }  # fmt: skip
    return edge.page(request, "review/profile.html", context, form=asked)


def _described(expert: Expert) -> dict[str, object]:
    names = ("max_load", "away_since", "away_until", "trained_on", "training", "served")
    return {"fields_text": "、".join(expert.fields), **{name: getattr(expert, name) for name in names}}


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
