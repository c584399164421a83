"""审定: the round's decisions, the meeting's form with its check, a decision on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.cases.queries import OVERSEERS
from xianfeng.designations import queries, rules, services
from xianfeng.designations.forms import DecisionForm
from xianfeng.designations.papers import basis, decision_letter, heading
from xianfeng.designations.views.common import require_body, round_of, scope, step_for_page, tier_of
from xianfeng.directory.queries import people_acting_for
from xianfeng.kernel import clock
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import acts_for
from xianfeng.programmes.queries import body_organisation
from xianfeng.ui import edge

LEAST_BODY = 3
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
def decisions(request: HttpRequest) -> HttpResponse:
    """The round's quota, what awaits a decision per tier, and the decisions taken."""
    row = round_of(request)
    actor = edge.actor(request)
    require_body(actor, row, *OVERSEERS)
    waiting: dict[str, int] = {}
    for tier in queries.waiting(row, "decide").values_list("case__tier", flat=True):
        waiting[tier] = waiting.get(tier, 0) + 1
    mine = {one.code for one in row.version.definition.tiers if acts_for(actor, row.programme, one.decided_by)}
    context = scope(
        request,
        row,
        places=queries.quota_table(row),
        waiting=waiting,
        mine=mine,
        page=edge.paginate(request, queries.decisions(row)),
        kinds=rules.DECISION_KINDS,
        may_annul=acts_for(actor, row.programme, "office") is not None,
    )
    return edge.page(request, "designations/decisions.html", context)


@login_required
def decide_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the workbench: the case's place on the meeting's form."""
    step = step_for_page(request, public_id, "decide")
    return redirect(f"{_address(step)}#case-{step.case.public_id}")


def _address(step: Step) -> str:
    return f"{reverse('designations:decide_round')}?round={step.case.round.public_id}&tier={step.case.tier}"


@login_required
def decide_round(request: HttpRequest) -> HttpResponse:
    """The meeting's form: ranking order, quota, result and votes; checked once more before it is submitted."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    require_body(actor, row, row.version.definition.tier(tier).decided_by)
    found = queries.candidates(row, tier)
    form = DecisionForm(found, request.POST or None, initial=_initial(row, tier))
    act = request.POST.get("act", "")
    if request.method == "POST" and act != "edit" and form.is_valid():
        if act == "submit":
            with edge.attempt(form) as attempt, journal.unit_of_work():
                decision = services.decision_record(
                    round_id=row.pk,
                    tier=tier,
                    items=form.lines(),
                    meeting_on=form.cleaned_data["meeting_on"],
                    document_no=form.cleaned_data["document_no"],
                    members=form.cleaned_data["members"],
                    present=form.cleaned_data["present"],
                    note=form.cleaned_data["note"],
                    actor=actor,
                    now=clock.now(),
                )
            if attempt.ok:
                messages.success(request, "审定已经记录，有关事项已进入下一环节。")
                return redirect("designations:decision", decision.public_id)
        else:
            return edge.page(request, "designations/decide_check.html", _check(request, row, tier, form))
    context = scope(
        request,
        row,
        form=form,
        tier=tier,
        groups=_groups(row, tier, form),
        vote=row.version.definition.vote,
        own=actor.organisation_ids(),
    )
    return edge.page(request, "designations/decide.html", context, form=None if act == "edit" else form)


def _initial(row: Round, tier: str) -> dict[str, object]:
    body = body_organisation(row.programme, row.version.definition.tier(tier).decided_by)
    members = people_acting_for(body.pk, clock.today()).count() if body else 0
    # A body whose members do not all sign in would be pre-filled with a wrong number.
    return {"meeting_on": clock.today(), "members": members if members >= LEAST_BODY else None}


def _groups(row: Round, tier: str, form: DecisionForm) -> list[dict[str, object]]:
    """The form's rows by category, each with its places."""
    places = {one.category: one for one in queries.quota_table(row) if one.tier == tier}
    rows = list(form.rows())
    return [
        {"category": one, "places": places[one.code], "rows": chosen}
        for one in row.version.definition.categories
        if (chosen := [line for line in rows if line.candidate.case.category == one.code])
    ]


def _check(request: HttpRequest, row: Round, tier: str, form: DecisionForm) -> dict[str, object]:
    by_case = {one.case.pk: one for one in form.candidates}
    lines = [(by_case[line.case_id], line, rules.DECISION_RESULTS[line.result]) for line in form.lines()]
    carried = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "act")]
    approved = sum(line.result == "approved" for _, line, _ in lines)
    return scope(request, row, form=form, tier=tier, lines=lines, carried=carried, approved=approved)


@login_required
def decision(request: HttpRequest, public_id: str) -> HttpResponse:
    """A decision as it stands on paper; prints as one A4 page."""
    row = queries.decision_for_page(public_id)
    require_body(edge.actor(request), row.round, *OVERSEERS)
    items = row.items.select_related("case__nominee", "case__unit", "case__round__version")
    context = scope(request, row.round, decision=row, items=items, kinds=rules.DECISION_KINDS)
    return edge.page(
        request,
        "designations/decision.html",
        {
            **context,
            "titles": _titles(row.round),
            "heading": heading(row),
            "basis": basis(row.round.version.definition),
        },
    )


def _titles(row: Round) -> dict[str, str]:
    return {one.code: one.title for one in row.version.definition.categories}


@login_required
def decision_document(request: HttpRequest, public_id: str) -> HttpResponse:
    """The decision as a Word file the office can go on editing."""
    row = queries.decision_for_page(public_id)
    require_body(edge.actor(request), row.round, *OVERSEERS)
    return edge.download(decision_letter(row), f"审定决定 {row.document_no}.docx", WORD)
