"""评分: an expert's queue, one sheet, its signature, a declared recusal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.directory.models import User
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.policies import require
from xianfeng.review import offline as offline_sheet
from xianfeng.review import scoring, services
from xianfeng.review.forms import ReasonForm, SignForm, UploadForm
from xianfeng.review.models import Assignment
from xianfeng.review.policies import is_expert
from xianfeng.review.sheetform import SheetForm
from xianfeng.ui import edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits to be scored, and what is signed."""
    actor = edge.actor(request)
    require(is_expert, actor, None)
    waiting, signed = scoring.queue(actor)
    return edge.page(request, "review/queue.html", {"waiting": waiting, "signed": signed})


def _sheet_form(request: HttpRequest, row: Assignment, sheet: scoring.Sheet) -> SheetForm:
    marks = {one.indicator: one for one in sheet.card.marks.all()} if sheet.card else {}
    remark = sheet.card.remark if sheet.card else ""
    posted = request.POST if request.method == "POST" else None
    return SheetForm(posted, standard=sheet.standard, marks=marks, initial={"remark": remark})


@login_required
def score(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet: saves while it is written; pressing 去签名 saves and goes on."""
    actor = edge.actor(request)
    row = scoring.assignment_for_expert(public_id, actor)
    sheet = scoring.sheet(row)
    if row.step.state != "open":
        return edge.page(request, "review/signed.html", {"row": row, "sheet": sheet})
    form = _sheet_form(request, row, sheet)
    if request.method == "POST":
        form.is_valid()
        with edge.attempt(form), journal.unit_of_work():
            services.scorecard_save(
                step_id=row.step_id,
                marks=form.marks(),
                inapplicable=form.inapplicable(),
                remark=form.cleaned_data.get("remark"),
                actor=actor,
                now=clock.now(),
            )
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204 if form.is_valid() else edge.form_status(form))
        if form.is_valid():
            return redirect("review:sign", public_id)
    following = scoring.next_step(actor, row.step)
    talks = row.case.discussions.filter(state="closed").exclude(kind="second")
    if row.second:  # a second panel judges for itself: it does not read what the first one said
        sent = row.case.discussions.filter(kind="second").exclude(state="off").values("pk")[:1]
        talks = talks.exclude(kind="discussion", pk__lt=Subquery(sent))
    context = {"row": row, "sheet": sheet, "form": form, "following": following, "talks": talks}
    return edge.page(request, "review/score.html", context, form=form)


@login_required
def offline(request: HttpRequest, public_id: str) -> HttpResponse:
    """The expert's own sheet by Excel: fetched by GET, handed back by POST and checked like typed input."""
    actor = edge.actor(request)
    row = scoring.assignment_for_expert(public_id, actor)
    if row.step.state != "open":
        return redirect("review:score", public_id)
    sheet = scoring.sheet(row)
    if request.GET.get("download"):
        return edge.download(offline_sheet.book(sheet), f"评分表·{row.shown_name}.xlsx", XLSX)
    form = UploadForm(request.POST or None, request.FILES or None)
    found = None
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            found = offline_sheet.read(form.cleaned_data["file"].read(), sheet.standard, row.step.public_id)
            if found.problems:
                raise Invalid(f"表中有 {len(found.problems)} 处需要改正，没有保存。", "改正后请重新上传。")
            services.scorecard_save(
                step_id=row.step_id, marks=found.marks, inapplicable=found.inapplicable, remark=found.remark,
                actor=actor, now=clock.now(),
            )  # fmt: skip
        if attempt.ok:
            messages.success(request, f"已读入 {len(found.marks)} 项评分，请核对后签名。" if found else "")
            return redirect("review:score", public_id)
    problems = found.problems if found else []
    return edge.page(request, "review/offline.html", {"row": row, "form": form, "problems": problems}, form=form)


@login_required
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check the totals, give the password, sign; then the next sheet."""
    actor = edge.actor(request)
    row = scoring.assignment_for_expert(public_id, actor)
    if row.step.state != "open":
        return redirect("review:score", public_id)
    sheet = scoring.sheet(row)
    user = request.user
    assert isinstance(user, User)
    form = SignForm(request.POST or None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.scorecard_sign(step_id=row.step_id, actor=actor, now=clock.now())
        if attempt.ok:
            following = scoring.next_step(actor, row.step)
            rest = "下一份已打开。" if following else "全部评分任务已完成。"
            messages.success(request, f"“{row.shown_name}”的评分表已签名提交。{rest}")
            return redirect("review:score", following.public_id) if following else redirect("review:queue")
    return edge.page(request, "review/sign.html", {"row": row, "sheet": sheet, "form": form}, form=form)


@login_required
def recuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Declare a tie to the nominee; somebody else is asked instead."""
    actor = edge.actor(request)
    row = scoring.assignment_for_expert(public_id, actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.expert_recuse(
                step_id=row.step_id, reason=form.cleaned_data["reason"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"已申报回避“{row.shown_name}”，感谢您的说明。")
            return redirect("review:queue")
    return edge.page(request, "review/recuse.html", {"row": row, "form": form}, form=form)
