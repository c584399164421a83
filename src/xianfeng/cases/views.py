"""The engine's own pages: an optional step is not needed this time; a file that was handed in with a step."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.cases import pages, policies, queries, services
from xianfeng.files.serving import file_response
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.ui import edge
from xianfeng.ui.forms import TextArea


class SkipForm(forms.Form):
    """Why it is not needed."""

    reason = forms.CharField(
        label="理由", max_length=500, widget=TextArea(3), help_text="一句话即可，会记入事项的办理过程。"
    )


@login_required
def skip(request: HttpRequest, public_id: str) -> HttpResponse:
    """不需要: whoever is asked for an optional step says why it is left out; the case goes on."""
    actor = edge.actor(request)
    step = queries.step_for_skipping(public_id)
    require(policies.may_close, actor, step)
    form = SkipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.step_skip(step_id=step.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已记为不需要，事项转入下一环节。"))
            return redirect("/work/")
    context = {"step": step, "form": form, "title": step.title, "back": pages.url_for(step)}
    return edge.page(request, "cases/skip.html", context, form=form)


@login_required
def file(request: HttpRequest, public_id: str, file_id: str) -> HttpResponseBase:
    """A file handed in with a step."""
    return file_response(queries.file_of_step(public_id, file_id, edge.actor(request)))
