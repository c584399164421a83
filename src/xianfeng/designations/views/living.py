"""What the holder of a title does while it holds: hand in its self-checks, ask for renewal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.designations import queries, services
from xianfeng.designations.forms import RenewForm, SelfCheckForm
from xianfeng.designations.models import Designation
from xianfeng.designations.policies import speaks_for_holder
from xianfeng.designations.queries import life
from xianfeng.designations.rules.turns import WARNINGS
from xianfeng.files.services import files_store
from xianfeng.files.serving import file_response
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.ui import edge


def _own(request: HttpRequest, public_id: str) -> Designation:
    actor = edge.actor(request)
    row = queries.title_for_page(public_id, actor)
    require(speaks_for_holder, actor, row)
    return row


@login_required
def self_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand in the self-check that is asked for: what was kept up, what is lacking, with files."""
    row = _own(request, public_id)
    version = life.newest_version(row.programme)
    asked = life.checks_of(row, version, clock.today())
    form = SelfCheckForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actor, now = edge.actor(request), clock.now()
        with edge.attempt(form) as attempt, journal.unit_of_work():
            files = files_store(uploads=form.cleaned_data["uploads"], actor=actor, now=now)
            text = form.cleaned_data["text"]
            services.self_check_hand_in(designation_id=row.pk, text=text, files=files, actor=actor, now=now)
        if attempt.ok:
            messages.success(request, "自查已报送。")
            return redirect("designations:title", row.public_id)
    rule = version.definition.title_life.self_check
    context = {
        "title": row,
        "form": form,
        "asked": asked,
        "early": asked.opens is not None and clock.today() < asked.opens,
        "consequence": WARNINGS[rule.on_missed] if rule else "",
    }
    return edge.page(request, "designations/self_check.html", context, form=form)


@login_required
def self_check_file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponseBase:
    """A file of a self-check, for whoever may read the title."""
    row = life.self_check_for_page(public_id, queries.titles(edge.actor(request), {}))
    found = row.files.filter(public_id=file_id).first()
    if found is None:
        raise NotFoundHere("没有找到这个附件。", "请从命名页面进入。")
    return file_response(found)


@login_required
def renew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for renewal of a title whose term is nearly over."""
    row = _own(request, public_id)
    form = RenewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.title_renew(designation_id=row.pk, actor=edge.actor(request), now=clock.now(), **form.cleaned_data)
        if attempt.ok:
            messages.success(request, "已申请续期，请在工作台完成自查。")
            return redirect("designations:title", row.public_id)
    words = {
        "heading": "申请续期",
        "lead": "申请后请先自查，经上级认定，由推进组提出意见，领导小组办公室审定；审定保留命名的，有效期顺延一期。",
        "verb": "申请续期",
    }
    return edge.page(request, "designations/title_act.html", {"title": row, "form": form, "words": words}, form=form)
