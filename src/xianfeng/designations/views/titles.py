"""命名名录: the list with its exports, one title with its life, the certificate, and what may be begun from it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.cases.queries import OVERSEERS
from xianfeng.designations import exports, printing, queries, rules, services
from xianfeng.designations.forms import ReasonForm, ReassessForm, RecommendForm
from xianfeng.designations.models import Credential, Designation
from xianfeng.designations.policies import speaks_for_holder
from xianfeng.designations.queries.life import newest_version, renewable
from xianfeng.designations.queries.office import DUE_WITHIN_MONTHS
from xianfeng.designations.queries.record import entries_of
from xianfeng.designations.rules.turns import opening
from xianfeng.designations.services.recommending import recommendation_refusal, tiers_above
from xianfeng.designations.views.common import require_body, round_of, scope
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.policies import require
from xianfeng.programmes.policies import acts_for, sits_in
from xianfeng.programmes.queries import current_round
from xianfeng.ui import edge
from xianfeng.ui.formats import cn_date
from xianfeng.ui.parts import Happening, Stage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def titles(request: HttpRequest) -> HttpResponse:
    """Filter by year, tier, category, state and words; export exactly that."""
    actor = edge.actor(request)
    row = round_of(request)
    filters = {key: request.GET.get(key, "") for key in ("year", "tier", "category", "state", "due", "check", "q")}
    rows = queries.titles(actor, filters).filter(programme=row.programme)
    definition = row.version.definition
    if request.GET.get("export") == "xlsx":
        return edge.download(exports.titles_book(rows), f"命名名录 {cn_date(clock.today())}.xlsx", XLSX)
    if request.GET.get("export") == "merit":
        book = exports.merit_book(rows.filter(state__in=rules.LIVE))
        return edge.download(book, f"纳入两优一先评选名单 {cn_date(clock.today())}.xlsx", XLSX)
    tiers = {one.code: one.title for one in definition.tiers}
    oversees = acts_for(actor, row.programme, *OVERSEERS) is not None
    context = scope(
        request,
        row,
        page=edge.paginate(request, rows),
        filters=filters,
        states=rules.DESIGNATION_STATES,
        names={**{one.code: one.title for one in definition.categories}, **tiers},
        places=queries.quota_table(row) if oversees else [],
        oversees=oversees,
        to_name=queries.waiting(row, "name").count() if oversees else 0,
        runs=acts_for(actor, row.programme, "working_group", "office") is not None,
        due=queries.due_for_reassessment(actor).filter(programme=row.programme).count(),
        soon=DUE_WITHIN_MONTHS,
    )
    return edge.page(request, "designations/titles.html", context)


@login_required
def title(request: HttpRequest, public_id: str) -> HttpResponse:
    """One title: plaque, stages, history, and what its reader may begin."""
    actor = edge.actor(request)
    row = queries.title_for_page(public_id, actor)
    definition = row.round.version.definition
    context = {
        "title": row,
        "definition": definition,
        "category": definition.category(row.category).title,
        "tier": definition.tier(row.tier),
        "stages": stages(row),
        "happenings": happenings(row),
        "record": entries_of(row),
        "later": row.later_cases.select_related("case").order_by("-id"),
        "raised": row.raised_to.all(),
        "actions": actions(row, actor),
        "checks": self_checks(row),
        "public": queries.public_name(row),
    }
    return edge.page(request, "designations/title.html", context)


def self_checks(row: Designation) -> dict[str, Any] | None:
    """The self-checks of a title: the one asked for, and those handed in or missed; None where none are asked for."""
    rows = list(row.self_checks.select_related("handed_in_by").prefetch_related("files"))
    if not rows and row.self_check_by is None:
        return None
    today = clock.today()
    opens = opening(row.self_check_by) if row.self_check_by else None
    return {
        "rows": rows,
        "due": row.self_check_by,
        "opens": opens,
        "open": opens is not None and opens <= today,
        "late": row.self_check_by is not None and row.self_check_by < today,
    }


def stages(row: Designation) -> list[Stage]:
    """A title's own line: named, plaque, reassessment, end."""
    ended = row.state not in rules.LIVE
    line = [
        Stage("命名", "done", cn_date(row.named_on)),
        Stage("颁发铭牌", "done" if row.plaque_issued_on else "todo", cn_date(row.plaque_issued_on)),
    ]
    if ended:
        return [*line, Stage(rules.DESIGNATION_STATES[row.state], "failed", cn_date(row.ended_on))]
    line.append(Stage("有效期内" if row.state == "active" else rules.DESIGNATION_STATES[row.state], "current"))
    coming = [(row.self_check_by, "年度自查"), (row.reassess_by, "下次复评"), (row.valid_until, "有效期至")]
    known = sorted((day, word) for day, word in coming if day)
    line += [Stage(word, "todo", cn_date(day) + ("" if word == "有效期至" else "前")) for day, word in known]
    return line if known else [*line, Stage("下次复评", "todo", "未定")]


COLOURS = {
    **dict.fromkeys(("revoke", "annul", "end", "expire"), "red"),
    **dict.fromkeys(("warn", "rectify", "downgrade", "suspension", "suspend", "check_missed", "merged"), "amber"),
    **dict.fromkeys(("named", "raised", "renewed"), "brass"),
}


def happenings(row: Designation) -> list[Happening]:
    """The history, newest first."""
    return [
        Happening(
            title=rules.HISTORY_KINDS[one.kind],
            at=one.happened_on,  # type: ignore[arg-type]  # a plain day: the template shows it without a time
            text="；".join(part for part in (one.text, f"影响期至{cn_date(one.until)}" if one.until else "") if part),
            colour=COLOURS.get(one.kind, "grey"),
        )
        for one in row.history.order_by("-happened_on", "-id")
    ]


def actions(row: Designation, actor: Actor) -> dict[str, Any]:
    """What this reader may begin on this title, and why a recommendation is not possible."""
    programme = row.programme
    runs = acts_for(actor, programme, "working_group", "office") is not None
    office = acts_for(actor, programme, "office") is not None
    running = current_round(programme)
    above = tiers_above(running.version.definition, row.tier) if running else []
    guided = [one for one in above if acts_for(actor, programme, one.recommended_by or "working_group")]
    refusals = {one.code: recommendation_refusal(row, running, one, clock.now()) for one in guided if running}
    return {
        "recommend": [one for one in guided if not refusals[one.code]],
        "recommend_refusal": "；".join(filter(None, refusals.values())) if row.state in rules.LIVE else "",
        "reassess": runs and rules.moved(row.state, "reassess") is not None,
        "plaque": runs and row.state in rules.LIVE and row.plaque_issued_on is None,
        "self_check": bool(speaks_for_holder(actor, row)) and _check_open(row),
        "renew": bool(speaks_for_holder(actor, row)) and renewable(row, clock.today()),
        "suspend": office and rules.moved(row.state, "suspend") is not None,
        "restore": office and rules.moved(row.state, "restore") is not None,
    }


def _check_open(row: Designation) -> bool:
    return row.state in rules.LIVE and row.self_check_by is not None and opening(row.self_check_by) <= clock.today()


# --- acts begun from a title -----------------------------------------------------------------------------------


def _act(
    request: HttpRequest,
    public_id: str,
    form_class: type[forms.Form],
    run: Callable[[Designation, dict[str, Any], Actor], object],
    words: dict[str, str],
    seats: tuple[str, ...] = ("working_group", "office"),
) -> HttpResponse:
    actor = edge.actor(request)
    row = queries.title_for_page(public_id, actor)
    require_body(actor, row.round, *seats)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            run(row, form.cleaned_data, actor)
        if attempt.ok:
            messages.success(request, words["done"])
            return redirect("designations:title", row.public_id)
    context = {"title": row, "form": form, "words": words, "definition": newest_version(row.programme).definition}
    return edge.page(request, "designations/title_act.html", context, form=form)


@login_required
def recommend_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the title forward for the tier above."""
    words = {
        "heading": "推荐申报高一层级",
        "lead": "启动后由推进组填写推荐意见，再报上一级工作组审定。",
        "verb": "启动推荐",
        "done": "已启动择优推荐，请在工作台填写推荐意见。",
    }

    def run(row: Designation, data: dict[str, Any], actor: Actor) -> object:
        tier = request.GET.get("tier", "")
        return services.recommendation_open(designation_id=row.pk, tier=tier, actor=actor, now=clock.now(), **data)

    return _act(request, public_id, RecommendForm, run, words)


@login_required
def reassess_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start a reassessment."""
    words = {
        "heading": "启动复评",
        "lead": "启动后请持有单位先自查，经上级认定，由推进组提出复评意见，领导小组办公室审定。",
        "verb": "启动复评",
        "done": "复评已启动，已通知持有单位自查。",
    }

    def run(row: Designation, data: dict[str, Any], actor: Actor) -> object:
        return services.reassessment_open(designation_id=row.pk, actor=actor, now=clock.now(), **data)

    return _act(request, public_id, ReassessForm, run, words)


@login_required
def reassess_many(request: HttpRequest) -> HttpResponse:
    """Start the reassessment of several titles chosen from the list."""
    actor = edge.actor(request)
    wanted = request.POST.getlist("chosen") or request.GET.getlist("chosen")
    chosen = list(queries.titles(actor, {}).filter(public_id__in=wanted))
    require(sits_in("working_group", "office"), actor, chosen[0].round.programme if chosen else None)
    form = ReassessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            cases = services.reassessments_open(
                designation_ids=[one.pk for one in chosen], actor=actor, now=clock.now(), **form.cleaned_data
            )
        if attempt.ok:
            messages.success(request, f"已启动复评 {len(cases)} 件，已通知持有单位自查。")
            return redirect(f"{reverse('designations:titles')}?state=reassessing")
    context = {"form": form, "chosen": chosen}
    return edge.page(request, "designations/reassess_many.html", context, form=form)


@login_required
def suspend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Suspend a title."""
    words = {
        "heading": "暂停命名",
        "lead": "核查期间暂停：不能推荐申报，不影响对外公开的状态。",
        "verb": "暂停命名",
        "done": "已暂停。",
    }

    def run(row: Designation, data: dict[str, Any], actor: Actor) -> object:
        return services.title_suspend(designation_id=row.pk, actor=actor, now=clock.now(), **data)

    return _act(request, public_id, ReasonForm, run, words, seats=("office",))


@login_required
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a suspension."""
    words = {"heading": "恢复命名", "lead": "查清后恢复为有效。", "verb": "恢复命名", "done": "已恢复。"}

    def run(row: Designation, data: dict[str, Any], actor: Actor) -> object:
        return services.title_restore(designation_id=row.pk, actor=actor, now=clock.now(), **data)

    return _act(request, public_id, ReasonForm, run, words, seats=("office",))


# --- certificate --------------------------------------------------------------------------------------------------


@login_required
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The certificate as it prints, and the plaque's artwork, to look at and take away."""
    row = queries.title_for_page(public_id, edge.actor(request))
    definition = row.round.version.definition
    context = {
        "title": row,
        "category": definition.category(row.category).title,
        "tier": definition.tier(row.tier),
        "address": printing.address(row),
        "has_credential": Credential.objects.filter(current_for=row).exists(),
    }
    return edge.page(request, "designations/certificate.html", context)
