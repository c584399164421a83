"""满意度调查: one answer a browser, told by a cookie that says nothing else."""

from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng import journal
from xianfeng.creation.services import survey_answer
from xianfeng.creation.services.surveys import has_answered
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor
from xianfeng.publicity.forms import SurveyForm
from xianfeng.publicity.queries.surveys import survey_page
from xianfeng.publicity.throttle import let_through
from xianfeng.ui import edge

COOKIE = "answered"
COOKIE_AGE = 400 * 24 * 60 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form while the survey runs; afterwards, and for who has answered, a word instead."""
    found = survey_page(public_id)
    token = request.COOKIES.get(COOKIE, "")
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            let_through(request, "survey")
            survey_answer(
                survey_id=found.survey.pk,
                satisfaction=form.cleaned_data["satisfaction"],
                remark=form.cleaned_data["remark"],
                once_key=token,
                actor=public_actor(),
                now=clock.now(),
            )
        if attempt.ok:
            return redirect("publicity:survey_thanks", public_id=public_id)
    answered = has_answered(found.survey, token)
    context = {"form": form, "found": found, "survey": found.survey, "answered": answered}
    response = edge.page(request, "publicity/survey.html", context, form=form)
    if not token:
        response.set_cookie(
            COOKIE, token_urlsafe(16), max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
    return response


@never_cache
@require_safe
def thanks(request: HttpRequest, public_id: str) -> HttpResponse:
    """谢谢."""
    return edge.page(request, "publicity/survey_thanks.html", {"found": survey_page(public_id)})
