"""年度批次: the list, one round with its stages, bodies, places and pinned definition, and its standards to read."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes import allotting, policies, queries, services, showing
from xianfeng.programmes.chosen import keep
from xianfeng.programmes.forms import AllotmentForm, ButtonForm, RoundForm, SeatForm, StageForm
from xianfeng.programmes.models import Programme, Round
from xianfeng.ui import edge
from xianfeng.ui.formats import cn_date


@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds, newest first."""
    actor = edge.actor(request)
    page = edge.paginate(request, queries.rounds().prefetch_related("stages"))
    today = clock.today()
    years = any(queries.years_to_open(one)[1] for one in _run_by(actor))
    lines = [(row, showing.present_stages(row, today)) for row in page.rows]
    return edge.page(request, "programmes/rounds.html", {"page": page, "lines": lines, "years": years})


def _run_by(actor: Actor) -> list[Programme]:
    """Programmes whose rounds the actor runs; a mere draft opens no round."""
    published = Programme.objects.filter(versions__state="published").distinct().order_by("title")
    return [one for one in published if policies.may_run_rounds(actor, one)]


@login_required
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a year of the newest published definition of a programme one runs; where one runs several, first which."""
    actor, asked = edge.actor(request), request.GET.get("programme", "")
    mine = _run_by(actor)
    if not mine:
        require(policies.may_run_rounds, actor, None)
        raise NotFoundHere("还没有可以启动批次的创建活动。", "请先发布活动定义，并指定它的工作机构。")
    programme = mine[0] if len(mine) == 1 else next((one for one in mine if one.public_id == asked), None)
    if programme is None:
        choices = [(one, queries.years_to_open(one)[1]) for one in mine]
        return edge.page(request, "programmes/round_new.html", {"choices": choices, "nav": "rounds"})
    version, years = queries.years_to_open(programme)
    form = RoundForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid() and version is not None:
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.round_open(version=version, year=form.cleaned_data["year"], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, f"{made.title}已启动。")
            return redirect("programmes:round", made.public_id)
    context = {"form": form, "version": version, "years": years, "programme": programme}
    return edge.page(request, "programmes/round_new.html", context, form=form)


@login_required
def round_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one round on one page."""
    actor = edge.actor(request)
    row = queries.round_for_page(public_id)
    keep(request, row)
    return _round(request, row, bool(policies.may_run_rounds(actor, row.programme)), ButtonForm())


def _round(request: HttpRequest, row: Round, runs: bool, form: ButtonForm) -> HttpResponse:
    stages = list(row.stages.all())
    categories, places = queries.quota_table(row)
    context = {
        "round": row,
        "line": showing.stage_line(stages, row.year, clock.today()),
        "stages": stages,
        "categories": categories,
        "places": places,
        "bodies": queries.bodies(row.programme, row.version),
        "definition": row.version.definition,
        "allotment": allotting.table(row, clock.today()),
        "runs": runs and row.state == "open",
        "form": form,
        "nav": "rounds",
    }
    return edge.page(request, "programmes/round.html", context, form=form)


@login_required
def round_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the round, after asking."""
    actor = edge.actor(request)
    row = queries.round_for_page(public_id)
    require(policies.may_run_rounds, actor, row.programme)
    if request.method != "POST":
        return redirect("programmes:round", row.public_id)
    asked = edge.confirm(
        request,
        title=f"确认办结{row.title}？",
        text="办结后不能再编制创建计划、提出问题和自荐申报；已命名的复评不受影响。",
        verb="办结批次",
        back=f"/programmes/rounds/{row.public_id}/",
    )
    if asked:
        return asked
    form = ButtonForm(request.POST)
    with edge.attempt(form) as attempt, journal.unit_of_work():
        services.round_close(round_id=row.pk, actor=actor, now=clock.now())
    if attempt.ok:
        messages.success(request, f"{row.title}已办结。")
        return redirect("programmes:round", row.public_id)
    return _round(request, row, bool(policies.may_run_rounds(actor, row.programme)), form)


@login_required
def stage_edit(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Change a stage's days, with a reason."""
    actor = edge.actor(request)
    row = queries.round_for_page(public_id)
    require(policies.may_run_rounds, actor, row.programme)
    stage = row.stages.filter(code=code).first()
    if stage is None:
        raise NotFoundHere("该批次没有这个阶段。", "请从批次页面进入。")
    form = StageForm(request.POST or None, initial={"starts_on": stage.starts_on, "ends_on": stage.ends_on})
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            moved = services.round_stage_move(stage_id=stage.pk, **form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, f"“{moved.title}”调整为{cn_date(moved.starts_on)}至{cn_date(moved.ends_on)}。")
            return redirect("programmes:round", row.public_id)
    context = {"round": row, "stage": stage, "form": form, "nav": "rounds"}
    return edge.page(request, "programmes/stage_edit.html", context, form=form)


@login_required
def bodies(request: HttpRequest) -> HttpResponse:
    """工作机构: for every programme which organisation is which body, since when, and who was before."""
    actor = edge.actor(request)
    require(policies.may_see_rounds, actor, None)
    lines = [
        (one, queries.bodies(one), bool(policies.may_seat(actor, one))) for one in Programme.objects.order_by("title")
    ]
    return edge.page(request, "programmes/bodies.html", {"lines": lines, "nav": "bodies"})


@login_required
def body_edit(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Say which organisation plays a body from a day on."""
    actor = edge.actor(request)
    programme = queries.programme_for_page(public_id)
    require(policies.may_seat, actor, programme)
    seat = next((one for one in queries.bodies(programme) if one.code == code), None)
    if seat is None:
        raise NotFoundHere("这项创建活动没有这个工作机构。", "请从工作机构页面进入。")
    form = SeatForm(request.POST or None, initial={"organisation": seat.today and seat.today.organisation_id})
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.body_assign(
                programme=programme, kind=code, title=seat.title, **form.cleaned_data, actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"“{seat.title}”由“{made.organisation.name}”承担。")
            return redirect("programmes:bodies")
    context = {"programme": programme, "seat": seat, "form": form, "nav": "bodies"}
    return edge.page(request, "programmes/body.html", context, form=form)


@login_required
def standards(request: HttpRequest, public_id: str) -> HttpResponse:
    """创建标准 as pinned by the round: parts, dimensions, indicators, evidence, gates."""
    row = queries.round_for_page(public_id)
    definition = row.version.definition
    category = showing.chosen(definition.categories, request.GET.get("category", ""))
    group = showing.chosen(definition.applicant_groups, request.GET.get("group", ""))
    standard = definition.standard(category.code, group.code)
    context = {
        "round": row,
        "definition": definition,
        "category": category,
        "group": group,
        "standard": standard,
        "parts": showing.parts_of(standard),
        "gates": showing.gates_of(definition, category.code, group.code),
        "nav": "rounds",
    }
    return edge.page(request, "programmes/standards.html", context)


@login_required
def allotments(request: HttpRequest, public_id: str) -> HttpResponse:
    """名额分配表: typed, or pasted from Excel and looked over before it is saved."""
    actor = edge.actor(request)
    row = queries.round_for_page(public_id)
    require(policies.may_run_rounds, actor, row.programme)
    table = allotting.table(row, clock.today())
    faults: list[str] = []
    if not table.categories:
        raise NotFoundHere("这个批次的定义没有按分配表推荐的类别。", "需要的，请修订活动定义。")
    form = AllotmentForm(request.POST if request.method == "POST" and "read" not in request.POST else None, table=table)
    if "read" in request.POST:
        cells, faults = allotting.pasted(request.POST.get("pasted", ""), table.bodies, table.categories)
        form = AllotmentForm(table=replace(table, cells=table.cells | cells))
    elif request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            changed = services.allotments_set(round_id=row.pk, places=form.places, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, f"名额分配表已保存，改动 {changed} 项。" if changed else "名额分配表没有改动。")
            return redirect("programmes:round", row.public_id)
    context = {
        "round": row,
        "form": form,
        "faults": faults,
        "read": "read" in request.POST,
        "pasted": request.POST.get("pasted", "") if faults else "",
        "nav": "rounds",
    }
    return edge.page(request, "programmes/allotments.html", context, form=form)
