"""评审组: the board of a round, one panel with who reviews what, one assignment."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.kernel import clock
from xianfeng.kernel.canonical import canonical_bytes
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.queries import rounds
from xianfeng.review import board as boards
from xianfeng.review import queries, scoring, services
from xianfeng.review.forms import AimsForm, AssignForm, PanelForm, ReasonForm
from xianfeng.review.models import Expert, Panel
from xianfeng.review.policies import may_run_panels
from xianfeng.review.rules import allotment
from xianfeng.review.services import allotting
from xianfeng.review.settled import stated
from xianfeng.ui import edge


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """The categories of a round; posting opens one's panel."""
    actor = edge.actor(request)
    row = round_here(request)
    require(may_run_panels, actor, row.programme if row else None)
    form = PanelForm(request.POST or None)
    if request.method == "POST" and row and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            panel = services.panel_open(round_id=row.pk, **form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, f"{panel.title}评审组已组建，请抽取专家。")
            return redirect("review:panel", panel.public_id)
    context = {
        "round": row,
        "rounds": rounds(),
        "cards": boards.board(row) if row else [],
        "scoring": row.version.definition.scoring if row else None,
        "form": form,
    }
    return edge.page(request, "review/board.html", context, form=form)


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cases × experts, conflicts, what is still missing; posting names an expert by hand."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    found = boards.matrix(panel)
    form = _assign_form(request, found)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.assignment_add(
                panel_id=panel.pk, case_id=chosen["case"], expert_id=chosen["expert"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, "已指定专家并发出评分任务。")
            return redirect("review:panel", panel.public_id)
    context = {
        "panel": panel,
        "matrix": found,
        "form": form,
        "places": queries.places_of(panel),
        "late": queries.late_cases(panel).count(),
        "past": list(panel.rankings.filter(superseded_at__isnull=False)),
        "draws": list(panel.draws.all()),
        "stated": stated(panel.rules),
    }
    return edge.page(request, "review/panel.html", context, form=form)


def _assign_form(request: HttpRequest, found: boards.Matrix) -> AssignForm:
    return AssignForm(
        request.POST or None,
        cases=[line.case for line in found.lines],
        experts=found.pool,
        initial={"case": request.GET.get("case", "")},
    )


@login_required
def settings(request: HttpRequest, public_id: str) -> HttpResponse:
    """How experts are chosen from here on."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    initial = {name: getattr(panel, name) for name in AimsForm.base_fields}
    form = AimsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.panel_change(panel_id=panel.pk, **form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "评审组设置已保存。")
            return redirect("review:panel", public_id)
    return edge.page(request, "review/settings.html", {"panel": panel, "form": form}, form=form)


@login_required
@require_POST
def replay(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make every draw again from its kept inputs and seed, and compare."""
    panel = boards.panel_for_page(public_id, edge.actor(request))
    draws = list(panel.draws.all())
    wrong = [number for number, one in enumerate(draws, start=1) if not allotting.replay(one)]
    if wrong:
        numbers = "、".join(str(one) for one in wrong)
        messages.error(request, f"第 {numbers} 次抽取重演的结果与记录不一致，请联系平台管理员核查。")
    else:
        messages.success(request, f"已由记录的种子和输入重演 {len(draws)} 次抽取，结果逐对一致。")
    return redirect("review:panel", public_id)


@login_required
def draws_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every draw with its inputs and seed: ``xianfeng review redraw`` makes it again anywhere, without the database."""
    panel = boards.panel_for_page(public_id, edge.actor(request))
    content = {
        "format": allotment.FORMAT,
        "panel": {"id": panel.public_id, "round": panel.round.title, "title": panel.title, "seed": panel.seed},
        "draws": [allotting.written(one) for one in panel.draws.all()],
    }
    name = f"{panel.round.title}·{panel.title}·抽取记录.json"
    return edge.download(canonical_bytes(content), name, "application/json")


@login_required
@require_POST
def draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw experts for every case that lacks some."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    with journal.unit_of_work():
        made = services.panel_draw(panel_id=panel.pk, actor=actor, now=clock.now())
    messages.success(request, f"已抽取，分派 {len(made)} 件次，评分任务已发给专家。")
    return redirect("review:panel", public_id)


@login_required
@require_POST
def remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remind the experts whose sheets are not signed: all of them, or the one whose button was pressed."""
    actor = edge.actor(request)
    panel = boards.panel_for_page(public_id, actor)
    chosen = Expert.objects.filter(public_id=request.POST.get("expert", "")).values_list("pk", flat=True)
    if request.POST.get("expert") and not chosen:
        raise NotFoundHere("没有找到这位专家。", "请刷新页面查看。")
    with journal.unit_of_work():
        count = services.panel_remind(panel_id=panel.pk, expert_ids=list(chosen), actor=actor, now=clock.now())
    messages.success(request, f"已提醒 {count} 位专家（每人每天至多一次）。")
    return redirect("review:panel", public_id)


@login_required
def assignment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One expert on one case: the sheet, and what the working group may do about it, with a reason."""
    actor = edge.actor(request)
    row = boards.assignment_for_page(public_id, actor)
    form = ReasonForm(request.POST or None)
    signed = row.step.state == "done"
    if request.method == "POST" and form.is_valid():
        # Named by the page: one gone stale must not give back a sheet that was signed meanwhile.
        reopens = request.POST.get("act") == "reopen" or ("act" not in request.POST and signed)
        act = services.scorecard_reopen if reopens else services.assignment_remove
        with edge.attempt(form) as attempt, journal.unit_of_work():
            act(assignment_id=row.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "评分表已退回专家。" if reopens else "分派已撤回。")
            return redirect("review:panel", row.panel.public_id)
    context = {"row": row, "form": form, "signed": signed, "sheet": scoring.sheet(row)}
    return edge.page(request, "review/assignment.html", context, form=form)


@login_required
def step(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the panel step of a case to its panel, or to the board where none is open yet."""
    found = Step.objects.select_related("case__round__programme").filter(public_id=public_id, kind="panel").first()
    if found is None:
        raise NotFoundHere("没有找到这个环节。", "请从工作台进入。")
    case = found.case
    require(may_run_panels, edge.actor(request), case.round.programme)
    panel = Panel.objects.filter(round=case.round, tier=case.tier, category=case.category).first()
    if panel is None:
        return redirect(f"/review/?round={case.round.public_id}")
    return redirect("review:panel", panel.public_id)
