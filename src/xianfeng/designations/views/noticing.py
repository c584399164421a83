"""公示: the list, a new notice with its preview, one notice with its objections, closing and withdrawing."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.cases.models import Step
from xianfeng.cases.queries import OVERSEERS
from xianfeng.designations import queries, services
from xianfeng.designations.forms import MOST_DAYS, NoticeForm, ReasonForm
from xianfeng.designations.models import NoticeItem, PublicNotice
from xianfeng.designations.papers import basis, notice_letter, objecting
from xianfeng.designations.services.notices import Terms, counted_days, notice_period, objections_until, terms_of
from xianfeng.designations.views.common import require_body, round_of, scope, step_for_page, tier_of
from xianfeng.designations.views.deciding import WORD
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.workdays import ONE_DAY
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import acts_for
from xianfeng.programmes.rules import notice_due
from xianfeng.ui import edge


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """The round's notices, and what waits to be put on one."""
    row = round_of(request)
    actor = edge.actor(request)
    require_body(actor, row, *OVERSEERS)
    waiting: dict[str, int] = {}
    listed = _listed(row)
    for pk, tier in queries.waiting(row, "announce").values_list("pk", "case__tier"):
        waiting[tier] = waiting.get(tier, 0) + (pk not in listed)
    mine = {one.code for one in row.version.definition.tiers if acts_for(actor, row.programme, one.announced_by)}
    context = scope(
        request,
        row,
        page=edge.paginate(request, queries.notices(row)),
        waiting={code: n for code, n in waiting.items() if n},
        mine=mine,
        now=clock.now(),
    )
    return edge.page(request, "designations/notices.html", context)


@login_required
def announce_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the workbench: the notice the case is on, else a new one with it chosen."""
    step = step_for_page(request, public_id, "announce")
    item = queries.open_item_of(step)
    if item is not None:
        return redirect("designations:notice", item.notice.public_id)
    address = reverse("designations:notice_new")
    return redirect(f"{address}?round={step.case.round.public_id}&tier={step.case.tier}")


@login_required
def notice_new(request: HttpRequest) -> HttpResponse:
    """Choose cases, write the notice, see it as the public will, publish."""
    row = round_of(request)
    tier = tier_of(request, row)
    actor = edge.actor(request)
    listed = _listed(row)
    waiting = [one for one in queries.waiting_in_order(row, "announce", tier) if one.pk not in listed]
    _require_announcer(actor, row, tier, waiting)
    now = clock.now()
    turns = _turns(row, waiting, now)
    asked = request.GET.get("turn", "")
    terms = next((one for one in turns if str(one.turn) == asked), next(iter(turns), _usual(row, now)))
    steps = turns.get(terms, [])
    form = NoticeForm(request.POST or None, initial=_draft(row, tier, terms), terms=terms)
    chosen = _chosen(request, steps)
    act = request.POST.get("act", "")
    if request.method == "POST" and act != "edit" and form.is_valid():
        if not chosen:
            form.add_error(None, "还没有勾选公示对象。")
        elif act == "publish":
            with edge.attempt(form) as attempt, journal.unit_of_work():
                notice = services.notice_publish(
                    round_id=row.pk,
                    tier=tier,
                    case_ids=[one.case_id for one in chosen],
                    actor=actor,
                    now=clock.now(),
                    **form.cleaned_data,
                )
            if attempt.ok:
                messages.success(request, "公示已经发布，公众可以查看。")
                return redirect("designations:notice", notice.public_id)
        else:
            return edge.page(
                request, "designations/notice_preview.html", _preview(request, row, tier, form, chosen, terms)
            )
    ids = {one.pk for one in chosen} if request.method == "POST" else {one.pk for one in steps}
    context = scope(
        request, row, tier=tier, form=form, rows=_rows(steps), chosen=ids, turns=turns, **_period(row, form, terms)
    )
    return edge.page(request, "designations/notice_new.html", context, form=None if act == "edit" else form)


def _require_announcer(actor: Actor, row: Round, tier: str, waiting: list[Step]) -> None:
    """The body that announces the tier, or one that a waiting step asks (a notice in the unit first, say)."""
    if not any(one.organisation_id in actor.organisation_ids() for one in waiting):
        require_body(actor, row, row.version.definition.tier(tier).announced_by)


def _turns(row: Round, waiting: list[Step], now: datetime) -> dict[Terms, list[Step]]:
    """What waits, by the terms of its notice: the first round of notice before the second."""
    found: dict[Terms, list[Step]] = {}
    for step in waiting:
        found.setdefault(terms_of(row, step, now), []).append(step)
    return dict(sorted(found.items(), key=lambda one: one[0].turn))


def _usual(row: Round, now: datetime) -> Terms:
    return Terms(*counted_days(notice_due(row.version.definition), row, now))


def _listed(row: Round) -> set[int]:
    """Steps that already stand on an open notice."""
    return set(NoticeItem.objects.filter(notice__round=row, result="open").values_list("step_id", flat=True))


def _chosen(request: HttpRequest, steps: list[Step]) -> list[Step]:
    wanted = set(request.POST.getlist("chosen"))
    return [one for one in steps if one.case.public_id in wanted]


def _rows(steps: list[Step]) -> list[dict[str, Any]]:
    return [
        {
            "step": one,
            "case": one.case,
            "name": queries.public_name(one.case),
            "category": one.case.round.version.definition.category(one.case.category).title,
        }
        for one in steps
    ]


def _draft(row: Round, tier: str, terms: Terms) -> dict[str, object]:
    definition = row.version.definition
    spec = definition.tier(tier)
    decided = row.decisions.filter(kind__in=("name", "fill"), tier=tier).order_by("-id").first()
    decider = definition.body(spec.decided_by).title
    paper = f"（{decided.document_no}）" if decided else ""
    nth = f"（第{'一二三四五六七八九十'[terms.turn - 1]}次）" if 1 < terms.times <= 10 else ""
    return {
        "title": f"关于{row.year}年度“{spec.title}”拟命名名单的公示{nth}",
        "document_no": "",
        "body": f"根据{basis(definition)}，经{decider}审定{paper}，现将拟命名名单予以公示。\n\n"
        f"公示期内，{objecting(definition)}",
        "days": terms.days,
    }


def _period(row: Round, form: NoticeForm, terms: Terms) -> dict[str, object]:
    typed, now = str(form["days"].value() or ""), clock.now()
    days = int(typed) if typed.isdigit() and 0 < int(typed) <= MOST_DAYS else terms.days
    shown = notice_period(days, now, working=terms.working)
    until = objections_until(row.version.definition, row, shown, now)
    return {
        "period": shown,
        "terms": replace(terms, days=days),
        "least": terms,
        "objections": clock.local_day(until - ONE_DAY) if until != shown.ends_at else None,
    }


@login_required
def period(request: HttpRequest) -> HttpResponse:
    """The dates of a period of so many days, as the office types."""
    row = round_of(request)
    require_body(edge.actor(request), row, *OVERSEERS)
    typed = {name: request.GET.get(name, "") for name in ("least", "turn", "times")}
    usual = _usual(row, clock.now())
    given = {name: int(text) for name, text in typed.items() if text.isdigit() and 0 < int(text) <= MOST_DAYS}
    terms = Terms(
        given.get("least", usual.days),
        request.GET.get("working", "1" if usual.working else "") == "1",
        given.get("turn", 1),
        given.get("times", 1),
    )
    form = NoticeForm(initial={"days": request.GET.get("days", "")}, terms=terms)
    return edge.page(request, "designations/period.html", _period(row, form, terms))


def _preview(
    request: HttpRequest, row: Round, tier: str, form: NoticeForm, chosen: list[Step], terms: Terms
) -> dict[str, object]:
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "act")
    ]
    rows = _rows(chosen)
    withheld = sum(one["name"].withheld for one in rows)
    return scope(
        request, row, tier=tier, form=form, rows=rows, carried=carried, withheld=withheld, **_period(row, form, terms)
    )


@login_required
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice: its list, its objections; close it when its days are over, or withdraw it."""
    row = queries.notice_for_page(public_id)
    actor = edge.actor(request)
    require_body(actor, row.round, *OVERSEERS)
    act = request.POST.get("act", "")
    withdraw = ReasonForm(request.POST if act == "withdraw" else None)
    withdraw.fields["reason"].label = "撤回原因"
    form = withdraw if act == "withdraw" else forms.Form(request.POST or None)
    if act in ("close", "withdraw") and form.is_valid():
        asked = _ask(request, act)
        if asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            if act == "close":
                services.notice_close(notice_id=row.pk, actor=actor, now=clock.now())
            else:
                services.notice_withdraw(notice_id=row.pk, actor=actor, now=clock.now(), **form.cleaned_data)
        if attempt.ok:
            messages.success(request, "公示已办结，无异议的对象可以命名。" if act == "close" else "公示已撤回。")
            return redirect("designations:notice", row.public_id)
    items = row.items.select_related("case__nominee__member", "case__round__version", "case__unit")
    context = scope(
        request,
        row.round,
        notice=row,
        form=form,
        withdraw=withdraw,
        lines=[{"item": one, "name": queries.public_name(one.case), "category": _category(one)} for one in items],
        objections=queries.objections().filter(item__notice=row) if _may_see(actor, row.round) else None,
        over=clock.now() >= row.over_at,
        mine=_announces(actor, row),
        runs=_may_see(actor, row.round),
    )
    return edge.page(request, "designations/notice.html", context, form=form)


def _announces(actor: Actor, row: PublicNotice) -> bool:
    """Whether the actor closes or withdraws this notice: the tier's announcing body, or whom its steps ask."""
    body = row.round.version.definition.tier(row.tier).announced_by
    asked = set(row.items.values_list("step__organisation_id", flat=True))
    return acts_for(actor, row.round.programme, body) is not None or bool(asked & actor.organisation_ids())


def _ask(request: HttpRequest, act: str) -> HttpResponse | None:
    if act == "close":
        return edge.confirm(
            request, title="办结公示？", text="名单上没有异议成立的对象将进入命名环节。", verb="办结公示", danger=False
        )
    return edge.confirm(
        request,
        title="撤回公示？",
        text="公示将从公开页面撤下，有关事项回到待公示，更正后重新公示，公示期重新计算。",
        verb="撤回公示",
    )


def _category(item: NoticeItem) -> str:
    return item.case.round.version.definition.category(item.case.category).title


def _may_see(actor: Any, row: Round) -> bool:
    return acts_for(actor, row.programme, "working_group", "office") is not None


@login_required
def notice_document(request: HttpRequest, public_id: str) -> HttpResponse:
    """The notice as a Word file for the board."""
    row = queries.notice_for_page(public_id)
    require_body(edge.actor(request), row.round, *OVERSEERS)
    return edge.download(notice_letter(row), f"{row.title}.docx", WORD)
