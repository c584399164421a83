"""活动, 联席会议, 通报简报: what is done and said while units build."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from xianfeng import journal
from xianfeng.creation import exports, forms, policies, queries, rules, services
from xianfeng.creation.models import Activity, Bulletin
from xianfeng.creation.views.shared import Here, in_round, query
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, NotFoundHere, NotPermitted
from xianfeng.kernel.policies import require
from xianfeng.ui import edge

# --- 活动 --------------------------------------------------------------------------------------------------------


def _activities(request: HttpRequest, here: Here) -> QuerySet[Activity]:
    rows = Activity.objects.filter(round=here.round).select_related("organisation")
    if q := request.GET.get("q", "").strip():
        rows = rows.filter(Q(title__contains=q) | Q(organisation__name__contains=q) | Q(text__contains=q))
    if (kind := request.GET.get("kind", "")) in rules.ACTIVITY_KINDS:
        rows = rows.filter(kind=kind)
    if request.GET.get("mine"):
        rows = rows.filter(organisation_id__in=here.seen.own)
    return rows


@in_round
def activities(request: HttpRequest, here: Here) -> HttpResponse:
    """创建活动 of everybody: seen by all who take part, as exchange."""
    page = edge.paginate(request, _activities(request, here))
    context = here.context(page=page, kinds=rules.ACTIVITY_KINDS, tab="activities", nav="guidance")
    return edge.page(request, "creation/activities.html", context)


@in_round
def activities_export(request: HttpRequest, here: Here) -> HttpResponse:
    """The filtered list as a workbook."""
    return exports.activities(_activities(request, here), f"{here.round.title}创建活动")


@in_round
def activity_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Record one."""
    own = here.own()
    if not own:
        raise NotPermitted("您没有代表任何单位或党组织的任职，不能记录活动。", "请由有关单位的经办人记录。")
    form = forms.ActivityForm(request.POST or None, organisations=own, initial={"held_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.activity_add(
                round_id=here.round.pk,
                organisation_id=given.pop("organisation"),
                actor=here.actor,
                now=clock.now(),
                **given,
            )
        if attempt.ok:
            messages.success(request, "活动已记录。")
            return redirect(reverse("creation:activities") + query(here.round))
    context = here.context(form=form, title="记录创建活动", verb="保存活动", back="creation:activities", nav="guidance")
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def activity(request: HttpRequest, public_id: str) -> HttpResponse:
    """One activity, for others to learn from."""
    row = Activity.objects.select_related("organisation", "round").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这项活动。", "请从活动列表进入。")
    return edge.page(request, "creation/activity.html", {"activity": row, "nav": "guidance"})


# --- 联席会议 -----------------------------------------------------------------------------------------------------


@in_round
def meetings(request: HttpRequest, here: Here) -> HttpResponse:
    """Those one is invited to; all of them for the bodies."""
    rows = queries.meetings(here.round, here.seen).annotate(guests=Count("invited", distinct=True))
    context = here.context(page=edge.paginate(request, rows), tab="meetings", nav="guidance")
    return edge.page(request, "creation/meetings.html", context)


@in_round
def meeting_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Call one."""
    require(policies.may_guide, here.actor, here.round.programme)
    guests = list(queries.participants(here.round, clock.now()))
    initial = {"held_at": forms.usual_meeting_time(clock.now()), "invited": [one.pk for one in guests]}
    form = forms.MeetingForm(request.POST or None, organisations=guests, initial=initial)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.meeting_call(round_id=here.round.pk, **form.cleaned_data, actor=here.actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "已召集会议，并通知参会单位。")
            return redirect("creation:meeting", made.public_id)
    context = here.context(form=form, title="召集联席会议", verb="召集并通知", back="creation:meetings", nav="guidance")
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """One meeting; the working group writes its minutes or cancels it."""
    actor = edge.actor(request)
    row, seen = queries.meeting_for_page(public_id, actor)
    act = request.POST.get("act", "")
    posted = request.POST if act else None
    form = forms.TextForm(posted if act == "minute" else None, label="会议纪要", rows=12, initial={"text": row.minutes})
    cancel = forms.TextForm(posted if act == "cancel" else None, label="取消的原因", rows=2, prefix="cancel")
    bound = cancel if act == "cancel" else form if act == "minute" else None
    if bound is not None and bound.is_valid():
        text, now = bound.cleaned_data["text"], clock.now()
        with edge.attempt(bound) as attempt, journal.unit_of_work():
            if act == "cancel":
                services.meeting_cancel(meeting_id=row.pk, reason=text, actor=actor, now=now)
            else:
                services.meeting_minute(meeting_id=row.pk, minutes=text, actor=actor, now=now)
        if attempt.ok:
            messages.success(
                request, "会议已取消，已通知参会单位。" if act == "cancel" else "纪要已保存，已发参会单位。"
            )
            return redirect("creation:meeting", row.public_id)
        if isinstance(attempt.error, Conflict):  # the form may not be offered any more
            raise attempt.error
        row, seen = queries.meeting_for_page(public_id, actor)
    context = {
        "meeting": row,
        "seen": seen,
        "guests": row.invited.all(),
        "begun": row.held_at <= clock.now(),
        "form": form,
        "cancel": cancel,
        "nav": "guidance",
    }
    return edge.page(request, "creation/meeting.html", context, form=bound)


# --- 通报简报 -----------------------------------------------------------------------------------------------------


@in_round
def bulletins(request: HttpRequest, here: Here) -> HttpResponse:
    """All that were published."""
    rows = Bulletin.objects.filter(round=here.round)
    context = here.context(page=edge.paginate(request, rows), tab="bulletins", nav="guidance")
    return edge.page(request, "creation/bulletins.html", context)


@in_round
def bulletin_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Write and publish; published is published, so it asks once more."""
    require(policies.may_guide, here.actor, here.round.programme)
    form = forms.BulletinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        where = "并在公众网站公开" if form.cleaned_data["public"] else ""
        asked = edge.confirm(
            request, title="确认印发？", text=f"印发后通知全部创建单位{where}，不能修改。", verb="印发", danger=False
        )
        if asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.bulletin_publish(
                round_id=here.round.pk, **form.cleaned_data, actor=here.actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"第{made.number}期已印发。")
            return redirect("creation:bulletin", made.public_id)
    context = here.context(
        form=form,
        title="编写通报简报",
        verb="印发",
        back="creation:bulletins",
        nav="guidance",
        confirm="印发后通知全部创建单位，不能修改。",
    )
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def bulletin(request: HttpRequest, public_id: str) -> HttpResponse:
    """One to read."""
    row = Bulletin.objects.select_related("round").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这期通报简报。", "请从列表进入。")
    return edge.page(request, "creation/bulletin.html", {"bulletin": row, "nav": "guidance"})
