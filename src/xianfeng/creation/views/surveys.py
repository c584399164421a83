"""满意度调查: opened and read here; the public answers on the public site."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.creation import forms, policies, queries, rules, services
from xianfeng.creation.models import Survey
from xianfeng.creation.views.shared import Here, in_round
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.registry.queries import nominees_of
from xianfeng.ui import edge


def state_of(survey: Survey) -> str:
    """Before, open or over, by the programme's clock."""
    now = clock.now()
    return "before" if now < survey.opens_at else "open" if now < survey.closes_at else "over"


@in_round
def surveys(request: HttpRequest, here: Here) -> HttpResponse:
    """All of the round, with how many answered and the average."""
    page = edge.paginate(request, queries.surveys(here.round, here.seen))
    found = queries.esteem_of([one.pk for one in page.rows])
    lines = [(one, state_of(one), found[one.pk]) for one in page.rows]
    return edge.page(
        request, "creation/surveys.html", here.context(page=page, lines=lines, tab="surveys", nav="guidance")
    )


@in_round
def survey_new(request: HttpRequest, here: Here) -> HttpResponse:
    """Open one for a nominee."""
    require(policies.may_guide, here.actor, here.round.programme)
    parties = queries.participants(here.round, clock.now()).values_list("pk", flat=True)
    nominees = nominees_of(set(parties), clock.today())
    initial = {"opens_on": clock.today()}
    form = forms.SurveyForm(request.POST or None, nominees=nominees, initial=initial)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        opens_at, closes_at = form.window(now)
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.survey_open(
                round_id=here.round.pk,
                nominee_id=form.cleaned_data["nominee"],
                title=form.cleaned_data["title"],
                opens_at=opens_at,
                closes_at=closes_at,
                actor=here.actor,
                now=now,
            )
        if attempt.ok:
            messages.success(request, "调查已设立，请把填写地址告知服务对象。")
            return redirect("creation:survey", made.public_id)
    context = here.context(form=form, title="开展满意度调查", verb="开展调查", back="creation:surveys", nav="guidance")
    return edge.page(request, "creation/form.html", context, form=form)


@login_required
def survey(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the public said: figure, chart, table, remarks."""
    row, _seen = queries.survey_for_page(public_id, edge.actor(request))
    counts = dict(row.answers.order_by().values_list("satisfaction").annotate(n=Count("pk")))
    esteem = rules.esteem(counts)
    words = list(rules.SATISFACTION.values())
    context = {
        "survey": row,
        "state": state_of(row),
        "esteem": esteem,
        "address": f"{settings.BASE_URL}/surveys/{row.public_id}/",
        "chart": _bars(words, list(esteem.counts.values())),
        "head": ["满意程度", "人数", "占比"],
        "rows": [(rules.SATISFACTION[mark], n, f"{_share(n, esteem.count)}%") for mark, n in esteem.counts.items()],
        "remarks": row.answers.exclude(remark="").order_by("-answered_at")[:50],
        "nav": "guidance",
    }
    return edge.page(request, "creation/survey.html", context)


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _bars(words: list[str], counts: list[int]) -> dict[str, Any]:
    return {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": words, "inverse": True},
        "series": [{"type": "bar", "data": counts, "label": {"show": True, "position": "right"}}],
        "tooltip": {},
    }
