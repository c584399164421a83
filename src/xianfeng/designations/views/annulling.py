"""批次作废: says what will happen, asks for the round's name, then does it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.designations import rules, services
from xianfeng.designations.forms import AnnulForm
from xianfeng.designations.models import Designation, PublicNotice
from xianfeng.designations.views.common import require_body, round_of, scope
from xianfeng.kernel import clock
from xianfeng.programmes.models import Round
from xianfeng.ui import edge


@login_required
def annul(request: HttpRequest) -> HttpResponse:
    """The office annuls a round."""
    row = round_of(request)
    actor = edge.actor(request)
    require_body(actor, row, "office")
    form = AnnulForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["typed"].strip() != row.title:
            form.add_error("typed", f"与批次名称“{row.title}”不一致。")
        else:
            with edge.attempt(form) as attempt, journal.unit_of_work():
                decision = services.round_annul(
                    round_id=row.pk,
                    reason=form.cleaned_data["reason"],
                    document_no=form.cleaned_data["document_no"],
                    actor=actor,
                    now=clock.now(),
                )
            if attempt.ok:
                messages.success(request, f"{row.title}已作废。")
                return redirect("designations:decision", decision.public_id)
    context = scope(request, row, form=form, consequences=_consequences(row))
    return edge.page(request, "designations/annul.html", context, form=form)


def _consequences(row: Round) -> list[tuple[int, str]]:
    held = Designation.objects.filter(round=row, state__in=rules.LIVE)
    counted = [
        (Case.objects.filter(round=row, state="open").count(), "件办理中的事项终止"),
        (held.count(), "个命名作废，名录和验证页显示“已撤销”"),
        (held.filter(plaque_issued_on__isnull=False).count(), "块铭牌收回"),
        (PublicNotice.objects.filter(round=row, state="open").count(), "个公示撤下"),
        (
            Designation.objects.filter(based_on__in=held, state__in=rules.LIVE).exclude(round=row).count(),
            "个由此产生的高一层级命名按规定处理",
        ),
    ]
    return [(n, words) for n, words in counted if n]
