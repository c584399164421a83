"""问题清单 and 督查."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.creation import exports, forms, policies, queries, rules, services
from xianfeng.creation.models import Problem, ProblemTurn
from xianfeng.creation.views.shared import Here, in_round
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.kernel.policies import require
from xianfeng.ui import edge, parts

TURN_COLOURS = {"raise": "amber", "answer": "blue", "reopen": "red", "close": "green"}
ORDER = Case(  # what waits for the unit, then what waits for the working group, then what is over
    When(state="open", then=Value(0)),
    When(state="answered", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def _problems(request: HttpRequest, here: Here) -> QuerySet[Problem]:
    rows = queries.problems(here.round, here.seen)
    if q := request.GET.get("q", "").strip():
        rows = rows.filter(Q(title__contains=q) | Q(organisation__name__contains=q))
    state = request.GET.get("state", "")
    if state in rules.PROBLEM_STATES:
        rows = rows.filter(state=state)
    elif state == "late":
        rows = rows.filter(state="open", due_at__lte=clock.now())
    return rows.order_by(ORDER, F("due_at").asc(nulls_last=True), "-id")


@in_round
def problems(request: HttpRequest, here: Here) -> HttpResponse:
    """The list: open ones first, the most urgent on top."""
    counts = {
        one["state"]: one["n"]
        for one in queries.problems(here.round, here.seen).order_by().values("state").annotate(n=Count("pk"))
    }
    late = queries.problems(here.round, here.seen).filter(state="open", due_at__lte=clock.now()).count()
    context = here.context(
        page=edge.paginate(request, _problems(request, here)),
        states=[*rules.PROBLEM_STATES.items(), ("late", "逾期未答复")],
        counts=counts,
        late=late,
        tab="problems",
        nav="guidance",
    )
    return edge.page(request, "creation/problems.html", context)


@in_round
def problems_export(request: HttpRequest, here: Here) -> HttpResponse:
    """The filtered list as a workbook."""
    return exports.problems(_problems(request, here), f"{here.round.title}问题清单")


@in_round
def problem_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Raise one."""
    if not here.seen.advises:
        raise NotPermitted("问题清单由推进组办理；协会秘书处办理会员单位的问题。", "您不在其中，请联系推进组。")
    initial = {"found_on": clock.today(), "organisation": request.GET.get("organisation", "")}
    form = forms.ProblemForm(request.POST or None, organisations=here.guided(), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.problem_raise(
                round_id=here.round.pk,
                organisation_id=given.pop("organisation"),
                actor=here.actor,
                now=clock.now(),
                **given,
            )
        if attempt.ok:
            messages.success(request, "问题已列入清单，已通知该单位。")
            return redirect("creation:problem", made.public_id)
    context = here.context(form=form, title="提出问题", verb="列入清单", back="creation:problems", nav="guidance")
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def problem(request: HttpRequest, public_id: str) -> HttpResponse:
    """One problem: the unit answers, who guides it closes it or sends it back."""
    actor = edge.actor(request)
    row, seen = queries.problem_for_page(public_id, actor)
    act = request.POST.get("act", "")
    answer = forms.TextForm(request.POST if act == "answer" else None, label="整改情况", rows=5)
    check = forms.ReopenForm(request.POST if act in ("close", "reopen") else None)
    bound = answer if act == "answer" else check if act in ("close", "reopen") else None
    if bound is not None and bound.is_valid():
        with edge.attempt(bound) as attempt, journal.unit_of_work():
            said = _act(row, act, bound.cleaned_data, actor)
        if attempt.ok:
            messages.success(request, said)
            return redirect("creation:problem", row.public_id)
        if isinstance(attempt.error, Conflict):  # the form may not be offered any more
            raise attempt.error
        row, seen = queries.problem_for_page(public_id, actor)
    running = row.round.state == "open"
    turns = row.turns.select_related("organisation", "user").order_by("-made_at", "-id")
    context = {
        "problem": row,
        "answer": answer,
        "check": check,
        "happenings": [
            parts.Happening(
                rules.TURN_KINDS[one.kind],
                one.made_at,
                _who(one),
                one.text,
                "",
                TURN_COLOURS[one.kind],
            )
            for one in turns
        ],
        "may_answer": row.state == "open" and row.organisation_id in seen.own and running,
        "may_check": row.state == "answered"
        and running
        and policies.guide_of(actor, row.round.programme, row.organisation) is not None,
        "nav": "guidance",
    }
    return edge.page(request, "creation/problem.html", context, form=bound)


def _who(turn: ProblemTurn) -> str:
    """Organisation and person of one turn."""
    return "·".join(
        part for part in (turn.organisation.label if turn.organisation else "", str(turn.user or "")) if part
    )


def _act(row: Problem, act: str, given: dict[str, Any], actor: Actor) -> str:
    now = clock.now()
    if act == "answer":
        services.problem_answer(problem_id=row.pk, answer=given["text"], actor=actor, now=now)
        return "整改情况已报送。"
    if act == "close":
        services.problem_close(problem_id=row.pk, note=given["note"], actor=actor, now=now)
        return "问题已销号，已通知该单位。"
    services.problem_reopen(problem_id=row.pk, **given, actor=actor, now=now)
    return "已退回整改，已通知该单位。"


# --- 督查 --------------------------------------------------------------------------------------------------------


@in_round
def inspections(request: HttpRequest, here: Here) -> HttpResponse:
    """What was inspected, and how it stood."""
    rows = queries.inspections(here.round, here.seen).annotate(
        found=Count("problems"), closed=Count("problems", filter=Q(problems__state="closed"))
    )
    if (conclusion := request.GET.get("conclusion", "")) in rules.CONCLUSIONS:
        rows = rows.filter(conclusion=conclusion)
    context = here.context(
        page=edge.paginate(request, rows), conclusions=rules.CONCLUSIONS, tab="inspections", nav="guidance"
    )
    return edge.page(request, "creation/inspections.html", context)


@in_round
def inspection_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Record a visit, with its problems."""
    require(policies.may_guide, here.actor, here.round.programme)
    initial = {"inspected_on": clock.today(), "conclusion": "fair"}
    form = forms.InspectionForm(request.POST or None, organisations=here.guided(), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.inspection_record(
                round_id=here.round.pk,
                organisation_id=given.pop("organisation"),
                actor=here.actor,
                now=clock.now(),
                **given,
            )
        if attempt.ok:
            messages.success(request, "督查已记录，已通知该单位。")
            return redirect("creation:inspection", made.public_id)
    context = here.context(form=form, title="记录督查", verb="保存督查", back="creation:inspections", nav="guidance")
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def inspection(request: HttpRequest, public_id: str) -> HttpResponse:
    """One inspection and its problems."""
    row, _seen = queries.inspection_for_page(public_id, edge.actor(request))
    context = {"inspection": row, "problems": row.problems.order_by("id"), "nav": "guidance"}
    return edge.page(request, "creation/inspection.html", context)
