"""创建计划: the heat table, the editor, one plan with its milestones and words on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.creation import board as boards
from xianfeng.creation import exports, forms, policies, queries, rules, services
from xianfeng.creation.models import CreationPlan
from xianfeng.creation.services.access import plan_due
from xianfeng.creation.views.shared import Here, in_round, query
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.registry.queries import nominees_of
from xianfeng.ui import edge, parts

FILTERS: dict[str, Callable[[boards.Line], bool]] = {
    "late": lambda line: bool(line.late or line.overdue),
    "none": lambda line: line.state == "none",
    "draft": lambda line: line.state == "draft",
    "submitted": lambda line: line.state == "submitted",
    "returned": lambda line: line.state == "returned",
    "accepted": lambda line: line.state == "accepted",
    "amending": lambda line: line.state == "amending",
}


def _any(_line: boards.Line) -> bool:
    return True


def _chosen(request: HttpRequest, board: boards.Board) -> boards.Board:
    """The board as the address filters it."""
    q, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    keep = FILTERS.get(state, _any)
    lines = [one for one in board.lines if keep(one) and q in one.organisation.name + one.organisation.code]
    return boards.Board(lines, board.months)


@in_round
def plans(request: HttpRequest, here: Here) -> HttpResponse:
    """The office: every unit's progress by month, late ones first. A unit with one plan goes straight to it."""
    now = clock.now()
    due = plan_due(here.round)
    whole = boards.board(here.round, here.seen, due, now)
    if not here.seen.everything and len(whole.lines) == 1 and whole.lines[0].mine and whole.lines[0].plan:
        return redirect("creation:plan", whole.lines[0].plan.public_id)
    found = _chosen(request, whole)
    today = clock.local_day(now)
    context = here.context(
        board=whole,
        page=edge.paginate(request, found.lines),
        states=[("late", "有滞后"), ("none", "未编制"), *rules.PLAN_STATES.items()],
        figures={state: whole.count(state) for state in ("none", "submitted", "accepted")},
        urls={state: query(here.round, state=state) for state in FILTERS},
        due=due,
        pending=bool(whole.count("none", "draft")),
        month=(today.year, today.month),
    )
    return edge.page(request, "creation/plans.html", context)


@in_round
def plans_export(request: HttpRequest, here: Here) -> HttpResponse:
    """The filtered board as a workbook."""
    whole = boards.board(here.round, here.seen, plan_due(here.round), clock.now())
    return exports.plans(_chosen(request, whole), f"{here.round.title}创建进度")


@in_round
def plan_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Begin a plan: straight to the editor when there is one organisation to write for, else choose."""
    own = list(queries.participants(here.round, clock.now()).filter(pk__in=here.seen.own))
    asked = request.GET.get("organisation", "")
    chosen = next((one for one in own if one.public_id == asked), own[0] if len(own) == 1 else None)
    if chosen is None:
        return edge.page(request, "creation/plan_new.html", here.context(own=own, nav="plans"))
    existing = CreationPlan.objects.filter(round=here.round, organisation=chosen).first()
    if existing is not None:
        return redirect("creation:plan_edit", existing.public_id)
    require(policies.speaks_for, here.actor, chosen)
    return _editor(request, here, chosen, None)


@login_required
def plan_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rewrite a draft or a returned plan."""
    actor = edge.actor(request)
    plan, seen = queries.plan_for_page(public_id, actor)
    require(policies.speaks_for, actor, plan.organisation)
    if not plan.editable:
        messages.info(request, f"创建计划{rules.PLAN_STATES[plan.state]}，不能再修改。")
        return redirect("creation:plan", plan.public_id)
    return _editor(request, Here(actor, plan.round, seen), plan.organisation, plan)


def _editor(request: HttpRequest, here: Here, organisation: Organisation, plan: CreationPlan | None) -> HttpResponse:
    today = clock.today()
    nominees = nominees_of({organisation.pk} | directory.below(organisation.pk, today), today)
    initial: dict[str, Any] = {}
    if plan is not None:
        initial = {"goals": plan.goals, "measures": plan.measures, "first_responsible": plan.first_responsible}
        initial["targets"] = list(plan.targets.values_list("nominee_id", flat=True))
    form = forms.PlanForm(request.POST or None, nominees=nominees, initial=initial)
    rows = forms.milestone_rows(request.POST or None, list(plan.milestones.all()) if plan else [])
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            saved = services.plan_save(
                round_id=here.round.pk,
                organisation_id=organisation.pk,
                goals=form.cleaned_data["goals"],
                measures=form.cleaned_data["measures"],
                first_responsible=form.cleaned_data["first_responsible"],
                milestones=forms.milestone_lines(rows),
                targets=form.cleaned_data.get("targets", []),
                actor=here.actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, "创建计划已保存。")
            more = request.POST.get("then") == "more"
            return redirect("creation:plan_edit" if more else "creation:plan", saved.public_id)
    context = {
        "form": form,
        "rows": rows,
        "plan": plan,
        "organisation": organisation,
        "round": here.round,
        "due": plan.due_at if plan else plan_due(here.round),
        "nav": "plans",
    }
    status = 422 if request.method == "POST" and not rows.is_valid() else None
    return edge.page(request, "creation/plan_edit.html", context, form=form, status=status)


@login_required
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """One plan; posting submits it, replies to it, or gives advice on it."""
    actor = edge.actor(request)
    row, seen = queries.plan_for_page(public_id, actor)
    act = request.POST.get("act", "")
    reply = forms.ReplyForm(request.POST if act in ("accept", "return") else None)
    comment = forms.TextForm(request.POST if act == "comment" else None, label="指导意见", rows=3)
    submit = forms.ButtonForm(request.POST if act == "submit" else None)
    amend = forms.TextForm(request.POST if act == "amend" else None, label="修订理由", rows=3)
    bound = next((one for one in (reply, comment, submit, amend) if one.is_bound), None)
    if bound is not None and bound.is_valid():
        with edge.attempt(bound) as attempt, journal.unit_of_work():
            said = _act(row, act, bound.cleaned_data, actor)
        if attempt.ok:
            messages.success(request, said)
            return redirect("creation:plan", row.public_id)
        if isinstance(attempt.error, Conflict):  # the form may not be offered any more
            raise attempt.error
        row, seen = queries.plan_for_page(public_id, actor)
    context = {
        "plan": row,
        "round": row.round,
        "seen": seen,
        "reply": reply,
        "comment": comment,
        "amend": amend,
        "refused": bound if bound is submit else None,
        **_about(row, seen, actor),
    }
    return edge.page(request, "creation/plan.html", context, form=bound)


def _act(row: CreationPlan, act: str, given: dict[str, Any], actor: Actor) -> str:
    """Call the service an act asks for; what to say when it went through."""
    now = clock.now()
    if act == "submit":
        services.plan_submit(plan_id=row.pk, actor=actor, now=now)
        return "创建计划已报送推进组。"
    if act == "accept":
        services.plan_accept(plan_id=row.pk, reply=given["reply"], actor=actor, now=now)
        return "创建计划已备案，已通知该单位。"
    if act == "return":
        services.plan_return(plan_id=row.pk, reply=given["reply"], actor=actor, now=now)
        return "创建计划已退回完善，已通知该单位。"
    if act == "amend":
        services.plan_amend(plan_id=row.pk, reason=given["text"], actor=actor, now=now)
        return "可以修订了。改好后请重新报送，由推进组备案；原计划留存备查。"
    services.plan_comment(plan_id=row.pk, text=given["text"], actor=actor, now=now)
    return "指导意见已发出。"


def _about(row: CreationPlan, seen: queries.Scope, actor: Actor) -> dict[str, Any]:
    """What the page shows beside the plan itself."""
    today = clock.today()
    milestones = list(row.milestones.all())
    states = [rules.milestone_state(one.percent, one.due_on, today) for one in milestones]
    running = row.round.state == "open"
    targets = row.targets.select_related("nominee__organisation", "nominee__service_point", "nominee__member")
    versions = list(row.versions.all())
    comments = row.comments.select_related("organisation", "user")
    return {
        "milestones": list(zip(milestones, states, strict=True)),
        "late": states.count("late"),
        "targets": targets,
        "versions": [
            (one, [{**m, "due_on": date.fromisoformat(m["due_on"])} for m in one.milestones]) for one in versions
        ],
        "definition": row.round.version.definition,
        "happenings": [
            parts.Happening(
                one.organisation.label, one.made_at, one.user.name if one.user else "", one.text, "", "blue"
            )
            for one in comments
        ],
        "problems": row.round.problems.filter(organisation_id=row.organisation_id).order_by("state", "-id")[:20],
        "mine": row.organisation_id in seen.own and running,
        "may_reply": seen.guides and row.state == "submitted" and running,
        "may_comment": running and policies.comments_as(actor, row) is not None,
        "may_raise": running and policies.guide_of(actor, row.round.programme, row.organisation) is not None,
    }


@login_required
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far each milestone is: all on one page, only what changed is written."""
    actor = edge.actor(request)
    row, _seen = queries.plan_for_page(public_id, actor)
    require(policies.speaks_for, actor, row.organisation)
    milestones = list(row.milestones.all())
    if not milestones:
        raise NotFoundHere("创建计划还没有里程碑。", "请先在计划中填写。")
    today, posted = clock.today(), request.POST or None
    lines = [
        forms.ProgressForm(
            posted, title=one.title, prefix=one.public_id, initial={"percent": one.percent, "note": one.note}
        )
        for one in milestones
    ]
    form = forms.ButtonForm(request.POST or None)
    valid = [line.is_valid() for line in lines].count(False) == 0  # every line, so that every line says its error
    if request.method == "POST" and form.is_valid() and valid:
        with edge.attempt(form) as attempt, journal.unit_of_work():
            for one, line in zip(milestones, lines, strict=True):
                if line.has_changed():
                    services.milestone_update(milestone_id=one.pk, **line.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "进度已更新。")
            return redirect(reverse("creation:plan", args=[row.public_id]))
    states = [rules.milestone_state(one.percent, one.due_on, today) for one in milestones]
    context = {
        "plan": row,
        "form": form,
        "lines": list(zip(milestones, states, lines, strict=True)),
        "nav": "plans",
        "back": query(row.round),
    }
    status = 422 if request.method == "POST" and not valid else None
    return edge.page(request, "creation/progress.html", context, form=form, status=status)
