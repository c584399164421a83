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
from xianfeng.designations.forms import DecisionForm, FillForm
from xianfeng.designations.models import Decision
from xianfeng.designations.papers import basis, decision_letter, heading
from xianfeng.designations.rules.meeting import is_contested, requirement, reserves
from xianfeng.designations.views.common import require_body, round_of, scope, step_for_page, tier_of
from xianfeng.directory.queries import people_acting_for
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import acts_for
from xianfeng.programmes.queries import body_organisation
from xianfeng.programmes.rules import candidates
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
    """The meeting's form: ranking order, places, result, votes, grade; judged and read over before it is submitted."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    definition = row.version.definition
    require_body(actor, row, definition.tier(tier).decided_by)
    laid = queries.table(row, tier)
    found = queries.candidates(row, tier, laid)
    form = DecisionForm(found, request.POST or None, definition=definition, initial=_initial(row, tier))
    act = request.POST.get("act", "")
    if request.method == "POST" and act != "edit" and form.is_valid():
        if act == "submit":
            with edge.attempt(form) as attempt, journal.unit_of_work():
                decision = _record(row, tier, form, actor)
            if attempt.ok:
                messages.success(request, "审定已经记录，有关事项已进入下一环节。")
                return redirect("designations:decision", decision.public_id)
        else:
            judged = laid.judge(form.meeting(), {line.case_id: line for line in form.lines()})
            if judged.fault is None:
                return edge.page(request, "designations/decide_check.html", _check(request, row, tier, form, judged))
            form.add_error(None, f"{judged.fault.message}{judged.fault.hint}")
    context = scope(
        request,
        row,
        form=form,
        tier=tier,
        groups=_groups(row, tier, form, laid),
        requirement=requirement(definition.vote),
        contest=is_contested(definition),
        reserve=reserves(definition),
        own=actor.organisation_ids(),
    )
    return edge.page(request, "designations/decide.html", context, form=None if act == "edit" else form)


def _record(row: Round, tier: str, form: DecisionForm, actor: Actor) -> Decision:
    names = ("meeting_on", "document_no", "members", "present", "note", "over_reason", "over_approval")
    given = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
    return services.decision_record(
        round_id=row.pk, tier=tier, items=form.lines(), actor=actor, now=clock.now(), **given
    )


def _initial(row: Round, tier: str) -> dict[str, object]:
    body = body_organisation(row.programme, row.version.definition.tier(tier).decided_by)
    members = people_acting_for(body.pk, clock.today()).count() if body else 0
    # A body whose members do not all sign in would be pre-filled with a wrong number.
    return {"meeting_on": clock.today(), "members": members if members >= LEAST_BODY else None}


def _groups(row: Round, tier: str, form: DecisionForm, laid: queries.Table) -> list[dict[str, object]]:
    """The form's rows by pool, each with its places, and whether its first in reserve may be put in."""
    places = {one.key: one for one in queries.quota_table(row) if one.tier == tier}
    rows = list(form.rows())
    return [
        {
            "pool": one,
            "places": places[one.key],
            "rows": chosen,
            "contested": laid.contested(one.key),
            "fill": any(line.candidate.reserve for line in chosen) and bool(places[one.key].left),
            "standing": candidates(row.version.definition, places[one.key].total or 0),
        }
        for one in row.version.definition.pools(tier, row.year)
        if (chosen := [line for line in rows if laid.pools[line.candidate.case.pk] == one.key])
    ]


def _check(
    request: HttpRequest, row: Round, tier: str, form: DecisionForm, judged: queries.Result
) -> dict[str, object]:
    by_case = {one.case.pk: one for one in form.candidates}
    lines = [
        {
            "one": by_case[line.case_id],
            "line": line,
            "sentence": judged.sentences[line.case_id],
            "grade": rules.grade_title(row.version.definition, line.grade) if line.result == "approved" else "",
            "reserve": judged.reserve.get(line.case_id),
        }
        for line in form.lines()
    ]
    carried = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "act")]
    approved = sum(line.result == "approved" for line in form.lines())
    titles = {one.key: one.title for one in row.version.definition.pools(tier, row.year)}
    return scope(
        request,
        row,
        form=form,
        tier=tier,
        lines=lines,
        carried=carried,
        approved=approved,
        over=judged.over,
        elections=[(titles[code], one.sentence) for code, one in judged.elections.items()],
        requirement=requirement(row.version.definition.vote),
        graded=bool(form.bands),
    )


@login_required
def fill(request: HttpRequest) -> HttpResponse:
    """递补: the first of a pool's reserve is put in, on a paper of its own."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    definition = row.version.definition
    require_body(actor, row, definition.tier(tier).decided_by)
    pool = request.GET.get("pool", "")
    laid = queries.table(row, tier)
    chosen = [(pk, number) for pk, number in laid.reserve.items() if laid.pools[pk] == pool]
    places = next((one for one in queries.quota_table(row) if (one.tier, one.key) == (tier, pool)), None)
    form = FillForm(request.POST or None, initial={"meeting_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            decision = services.reserve_fill(
                round_id=row.pk, tier=tier, pool=pool, actor=actor, now=clock.now(), **form.cleaned_data
            )
        if attempt.ok:
            messages.success(request, "已递补，该对象进入公示环节。")
            return redirect("designations:decision", decision.public_id)
    context = scope(
        request,
        row,
        form=form,
        tier=tier,
        title=places.title if places else "",
        places=places,
        line=[(laid.waiting[pk], number) for pk, number in chosen],
    )
    return edge.page(request, "designations/fill.html", context, form=form)


@login_required
def decision(request: HttpRequest, public_id: str) -> HttpResponse:
    """A decision as it stands on paper; prints as one A4 page."""
    row = queries.decision_for_page(public_id)
    require_body(edge.actor(request), row.round, *OVERSEERS)
    items = row.items.select_related("case__nominee", "case__unit", "decision__round__version")
    context = scope(request, row.round, decision=row, items=items, kinds=rules.DECISION_KINDS)
    return edge.page(
        request,
        "designations/decision.html",
        {
            **context,
            "titles": _titles(row.round),
            "heading": heading(row),
            "basis": basis(row.round.version.definition),
            "graded": bool(rules.bands_of(row.round.version.definition)) and row.kind in ("name", "fill"),
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
