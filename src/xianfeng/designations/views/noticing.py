"""公示: the list, a new notice with its preview, one notice with its objections, closing and withdrawing."""

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
from xianfeng.designations.forms import NoticeForm, ReasonForm
from xianfeng.designations.models import NoticeItem
from xianfeng.designations.papers import basis, notice_letter
from xianfeng.designations.services.notices import notice_period
from xianfeng.designations.views.common import require_body, round_of, scope, step_for_page, tier_of
from xianfeng.designations.views.deciding import WORD
from xianfeng.kernel import clock
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import acts_for
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
    require_body(actor, row, row.version.definition.tier(tier).announced_by)
    listed = _listed(row)
    steps = [one for one in queries.waiting_in_order(row, "announce", tier) if one.pk not in listed]
    form = NoticeForm(request.POST or None, initial=_draft(row, tier))
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
            return edge.page(request, "designations/notice_preview.html", _preview(request, row, tier, form, chosen))
    ids = {one.pk for one in chosen} if request.method == "POST" else {one.pk for one in steps}
    context = scope(request, row, tier=tier, form=form, rows=_rows(steps), chosen=ids, **_period(row, form))
    return edge.page(request, "designations/notice_new.html", context, form=None if act == "edit" else form)


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


def _draft(row: Round, tier: str) -> dict[str, object]:
    definition = row.version.definition
    spec = definition.tier(tier)
    decided = row.decisions.filter(kind="name", tier=tier).order_by("-id").first()
    decider = definition.body(spec.decided_by).title
    paper = f"（{decided.document_no}）" if decided else ""
    return {
        "title": f"关于{row.year}年度“{spec.title}”拟命名名单的公示",
        "document_no": "",
        "body": f"根据{basis(definition)}，经{decider}审定{paper}，现将拟命名名单予以公示。\n\n"
        "公示期内，对公示对象有异议的，请以书面形式署真实姓名或单位反映，并提供证据；匿名、没有证据或与公示内容无关的不予受理。",
        "days": definition.notice.working_days,
    }


def _period(row: Round, form: NoticeForm) -> dict[str, object]:
    typed = str(form["days"].value() or "")
    days = int(typed) if typed.isdigit() and 0 < int(typed) <= 30 else row.version.definition.notice.working_days
    return {"period": notice_period(days, clock.now()), "days": days}


@login_required
def period(request: HttpRequest) -> HttpResponse:
    """The dates of a period of so many working days, as the office types."""
    row = round_of(request)
    require_body(edge.actor(request), row, *OVERSEERS)
    form = NoticeForm(initial={"days": request.GET.get("days", "")})
    return edge.page(request, "designations/period.html", _period(row, form))


def _preview(request: HttpRequest, row: Round, tier: str, form: NoticeForm, chosen: list[Step]) -> dict[str, object]:
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "act")
    ]
    rows = _rows(chosen)
    withheld = sum(one["name"].withheld for one in rows)
    return scope(
        request, row, tier=tier, form=form, rows=rows, carried=carried, withheld=withheld, **_period(row, form)
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
        over=clock.now() >= row.ends_at,
        mine=acts_for(actor, row.round.programme, row.round.version.definition.tier(row.tier).announced_by) is not None,
    )
    return edge.page(request, "designations/notice.html", context, form=form)


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
