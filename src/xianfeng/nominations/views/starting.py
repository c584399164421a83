"""自荐: my organisation's nominees and cases, starting a nomination, taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.cases import pages
from xianfeng.cases import queries as cases
from xianfeng.cases import services as engine
from xianfeng.cases.procedure import may_withdraw
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere, UserError
from xianfeng.kernel.policies import require
from xianfeng.nominations import eligibility, listing, policies, services
from xianfeng.nominations.forms import WithdrawForm
from xianfeng.nominations.views.shared import case_address
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.models import Round
from xianfeng.programmes.queries import open_rounds
from xianfeng.programmes.rules.schema.definition import Category
from xianfeng.ui import edge


def chosen_round(request: HttpRequest) -> Round:
    """The round in the address, else the current one; 404 while there is none."""
    row = round_here(request)
    if row is None:
        raise NotFoundHere(_("还没有启动任何批次。"), _("推进组启动批次后即可自荐。"))
    return row


def chosen_category(row: Round, code: str) -> Category:
    """A category of the round's definition."""
    try:
        return row.version.definition.category(code)
    except KeyError:
        raise NotFoundHere(_("没有这个申报类别。"), _("请从“开始自荐”重新选择。")) from None


def window_words(row: Round) -> str:
    """Why one cannot start today; empty when one can."""
    try:
        eligibility.window_check(row, clock.today())
    except UserError as refusal:
        return str(refusal)
    return ""


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Cases of my party organisations, and the way to a new one."""
    actor = edge.actor(request)
    row = round_here(request)
    found = listing.own_cases(actor)
    under_way = open_rounds()
    context = {
        "rounds": under_way,
        "several": len({one.programme_id for one in under_way}) > 1,
        "round": row,
        "stage": eligibility.application_stage(row) if row else None,
        "closed_window": window_words(row) if row else "",
        "turns": [one for one in found if one.work_url],
        "running": [one for one in found if one.case.state == "open" and not one.work_url],
        "ended": [one for one in found if one.case.state != "open"],
        "speaks": listing.speaks_for_a_party(actor),
    }
    return edge.page(request, "nominations/mine.html", context)


@login_required
def choose_category(request: HttpRequest) -> HttpResponse:
    """开始自荐, first: in which category."""
    row = chosen_round(request)
    context = {
        "round": row,
        "choices": listing.category_choices(edge.actor(request), row),
        "closed_window": window_words(row),
    }
    return edge.page(request, "nominations/start.html", context)


@login_required
def choose_nominee(request: HttpRequest, category: str) -> HttpResponse:
    """开始自荐, second: whom."""
    row = chosen_round(request)
    chosen = chosen_category(row, category)
    choices = listing.nominee_choices(edge.actor(request), row, chosen)
    context = {"round": row, "category": chosen, "choices": choices, "closed_window": window_words(row)}
    return edge.page(request, "nominations/start_category.html", context)


@login_required
def begin(request: HttpRequest, category: str, public_id: str) -> HttpResponse:
    """开始自荐, last: what awaits it, and the start."""
    row, actor = chosen_round(request), edge.actor(request)
    chosen = chosen_category(row, category)
    found = listing.preview(actor, row, chosen, public_id)
    if found is None:
        raise NotFoundHere(_("没有找到这个创建对象，或者不由您所在的组织自荐。"), _("请从“开始自荐”重新选择。"))
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            case = services.nomination_start(
                round_id=row.pk,
                nominee_id=found.choice.nominee.pk,
                category=chosen.code,
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            step = cases.open_step(case, "assess")
            return redirect(pages.url_for(step) if step else case_address(case))
    context = {
        "round": row,
        "category": chosen,
        "preview": found,
        "standard": row.version.definition.standard(chosen.code, row.version.definition.applicant_groups[0].code),
        "tier": row.version.definition.tier(eligibility.nominated_tier(row.version.definition)),
        "closed_window": window_words(row),
        "form": form,
    }
    return edge.page(request, "nominations/begin.html", context, form=form)


@login_required
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """撤回自荐, until it is put before the public."""
    actor = edge.actor(request)
    case = cases.case_for_page(public_id, actor)
    require(policies.speaks_for, actor, case.nominee)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            engine.case_withdraw(case_id=case.pk, actor=actor, now=clock.now(), reason=form.cleaned_data["reason"])
        if attempt.ok:
            messages.success(request, _("已撤回“%(name)s”的自荐。") % {"name": case.name})
            return redirect(reverse("nominations:mine"))
    may = may_withdraw(case)
    context = {"case": case, "form": form, "may": may, "back": case_address(case)}
    return edge.page(request, "nominations/withdraw.html", context, form=form)
