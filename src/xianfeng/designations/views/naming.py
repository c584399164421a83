"""命名: a batch with the numbers it will get; plaques."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.cases.queries import OVERSEERS
from xianfeng.designations import queries, services
from xianfeng.designations.forms import DropForm, NameForm, PlaqueForm
from xianfeng.designations.models import DecisionItem, Designation, NumberSequence
from xianfeng.designations.rules import bands_of, grade_title
from xianfeng.designations.services.naming import full_title
from xianfeng.designations.views.common import require_body, round_of, scope, step_for_page, tier_of
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import acts_for, sits_in
from xianfeng.programmes.rules.numbering import number
from xianfeng.ui import edge


@login_required
def name_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the workbench: the batch the case belongs to."""
    step = step_for_page(request, public_id, "name")
    return redirect(f"{reverse('designations:naming')}?round={step.case.round.public_id}&tier={step.case.tier}")


@login_required
def naming(request: HttpRequest) -> HttpResponse:
    """Cases whose notice ended without objection, with their numbers to be; naming asks once."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    require_body(actor, row, *OVERSEERS)
    steps = queries.waiting_in_order(row, "name", tier)
    form = NameForm(request.POST or None, initial={"named_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        wanted = set(request.POST.getlist("chosen"))
        chosen = [one for one in steps if one.case.public_id in wanted]
        asked = edge.confirm(
            request,
            title=f"命名 {len(chosen)} 个？",
            text="将按名单顺序编号，写入名录并对外公开。编号一经使用不再重复。",
            verb="命名",
            back=request.get_full_path(),
            danger=False,
        )
        if chosen and asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            titles = services.designations_name(
                round_id=row.pk,
                tier=tier,
                case_ids=[one.case_id for one in chosen],
                named_on=form.cleaned_data["named_on"],
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, f"已命名 {len(titles)} 个。")
            return redirect(f"{reverse('designations:titles')}?year={row.year}&tier={tier}")
    context = scope(
        request,
        row,
        tier=tier,
        form=form,
        rows=_numbered(row, tier, steps),
        graded=bool(bands_of(row.version.definition)),
        runs=acts_for(actor, row.programme, "working_group", "office") is not None,
        mine=steps and all(one.organisation_id in actor.organisation_ids() for one in steps),
    )
    return edge.page(request, "designations/naming.html", context, form=form)


def _numbered(row: Round, tier: str, steps: list[Step]) -> list[dict[str, object]]:
    """Each case with the number it gets when the whole batch is named as listed."""
    definition = row.version.definition
    last = dict(
        NumberSequence.objects.filter(programme=row.programme, tier=tier, year=row.year).values_list("category", "last")
    )
    decided = DecisionItem.objects.filter(case__in=[one.case_id for one in steps], result="approved").order_by("id")
    grades = dict(decided.values_list("case_id", "grade"))
    rows = []
    for step in steps:
        category = step.case.category
        last[category] = last.get(category, 0) + 1
        rows.append(
            {
                "case": step.case,
                "step": step,
                "number": number(definition, tier, category, row.year, last[category], grades.get(step.case_id, "")),
                "grade": grade_title(definition, grades.get(step.case_id, "")),
                "title": full_title(definition, tier, category),
                "category": definition.category(category).title,
                "name": queries.public_name(step.case),
            }
        )
    return rows


@login_required
def drop(request: HttpRequest) -> HttpResponse:
    """放弃: one decided on gives the title up before it is named; the office records it."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    require_body(actor, row, "working_group", "office")
    steps = [*queries.waiting_in_order(row, "announce", tier), *queries.waiting_in_order(row, "name", tier)]
    cases = {one.case.public_id: one.case for one in steps}
    form = DropForm(request.POST or None, cases=[(code, one.name) for code, one in cases.items()])
    if request.method == "POST" and form.is_valid():
        chosen = cases[form.cleaned_data["case"]]
        asked = edge.confirm(
            request,
            title=f"记录“{chosen.name}”放弃？",
            text="该事项到此终止，不予命名，名额空出。此记录不能撤回。",
            verb="记录放弃",
            back=request.get_full_path(),
        )
        if asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.candidate_drop(case_id=chosen.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, f"已记录“{chosen.name}”放弃，名额空出。")
            return redirect(f"{reverse('designations:decisions')}?round={row.public_id}")
    return edge.page(request, "designations/drop.html", scope(request, row, form=form, tier=tier), form=form)


@login_required
def plaques(request: HttpRequest) -> HttpResponse:
    """Plaques handed out: one title from its page, or several chosen from the list."""
    actor = edge.actor(request)
    chosen = list(
        queries.titles(actor, {}).filter(public_id__in=request.POST.getlist("chosen") or request.GET.getlist("chosen"))
    )
    form = PlaqueForm(request.POST if "issued_on" in request.POST else None, initial={"issued_on": clock.today()})
    require(sits_in("working_group", "office"), actor, chosen[0].round.programme if chosen else None)
    if form.is_bound and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            issued = services.plaques_issue(
                designation_ids=[one.pk for one in chosen],
                issued_on=form.cleaned_data["issued_on"],
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, f"已记录颁发铭牌 {len(issued)} 块。")
            return _after(issued)
    context = {"form": form, "chosen": chosen}
    return edge.page(request, "designations/plaques.html", context, form=form)


def _after(issued: list[Designation]) -> HttpResponse:
    if len(issued) == 1:
        return redirect("designations:title", issued[0].public_id)
    return redirect("designations:titles")
