"""汇总排名: made once, shown to who runs and who decides, taken away as a table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.review import board, exports, insight, packet, packets, paper, services
from xianfeng.review import result as results
from xianfeng.review.forms import ReasonForm
from xianfeng.review.models import Ranking
from xianfeng.review.policies import may_run_panels
from xianfeng.review.rules.again import first_difference
from xianfeng.ui import edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_POST
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rank a panel whose sheets are all signed."""
    actor = edge.actor(request)
    panel = board.panel_for_page(public_id, actor)
    text = "汇总后评分表不能再改，申报转入审定。"
    if asked := edge.confirm(request, title="确认汇总排名？", text=text, verb="汇总排名", danger=False):
        return asked
    with journal.unit_of_work():
        services.panel_rank(panel_id=panel.pk, actor=actor, now=clock.now())
    messages.success(request, "已汇总排名，申报已转入审定。")
    return redirect("review:ranking", public_id)


def _asked_for(request: HttpRequest, public_id: str) -> Ranking:
    """The panel's ranking in force, or the one ``?no=`` names."""
    return results.ranking_for_page(public_id, edge.actor(request), request.GET.get("no", ""))


@login_required
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The official order with its line."""
    ranking = _asked_for(request, public_id)
    found = results.result(ranking)
    runs = bool(may_run_panels(edge.actor(request), ranking.panel.round.programme))
    advice = insight.advice_of(ranking, [one.row for one in found.places], office=runs)
    context = {
        "result": found,
        "runs": runs,
        "version": ranking.panel.round.version,
        "advice": advice,
        "charts": [_chart(field, advice) for field in found.fields],
        "whose": {one.row.pk: field.title for field in found.fields for one in field.places},
        "head": insight.HEAD,
        "again": bool(request.GET.get("no")),
    }
    return edge.page(request, "review/ranking.html", context)


def _chart(field: results.Field, advice: insight.Advice) -> dict[str, Any]:
    """One field's chart, its words and its table; ``name`` tells charts of a page apart."""
    rows = [one.row for one in field.places]
    drawn = insight.around(rows)
    return {
        "name": f"scores{field.at or ''}",
        "option": insight.chart(drawn, advice, field.line.last),
        "words": insight.charted(len(drawn), len(rows), field.line.last, field.title),
        "rows": insight.table(rows, advice),
    }


@login_required
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the ranking back, with a reason, so that late cases can join; before the decision only."""
    actor = edge.actor(request)
    panel = board.panel_for_page(public_id, actor)
    found = results.result(results.ranking_for_page(public_id, actor))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.ranking_reopen(panel_id=panel.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, "汇总排名已撤回。请为后到的申报补派专家，签名后重新汇总。")
            return redirect("review:panel", public_id)
    return edge.page(request, "review/reopen.html", {"panel": panel, "result": found, "form": form}, form=form)


def _ranking_with_packet(request: HttpRequest, public_id: str) -> tuple[Ranking, bool]:
    ranking = _asked_for(request, public_id)
    if not ranking.inputs:
        raise NotFoundHere("这次汇总没有留下决策包。", "请查看汇总排名。")
    return ranking, bool(may_run_panels(edge.actor(request), ranking.panel.round.programme))


@login_required
def packet_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The decision packet as a canonical file: ``xianfeng review recompute`` makes the ranking again from it."""
    ranking, office = _ranking_with_packet(request, public_id)
    name = f"{ranking.panel.round.title}·{ranking.panel.title}·决策包.json"
    return edge.download(packet.packet_bytes(ranking, office=office), name, "application/json")


@login_required
def packet_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The packet on paper."""
    ranking, office = _ranking_with_packet(request, public_id)
    page = packets.readable(packet.packet_of(ranking, office=office))
    name = f"{ranking.panel.round.title}·{ranking.panel.title}·决策包.pdf"
    return edge.download(paper.packet_pdf(page, ranking.computed_at), name, "application/pdf")


@login_required
def packet_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same to read and to print: every sheet, recusal, draw, and how the ranking came about."""
    ranking, office = _ranking_with_packet(request, public_id)
    content = packet.packet_of(ranking, office=office)
    context = {
        "ranking": ranking,
        "packet": packets.readable(content),
        "same": not first_difference(content),
        "office": office,
    }
    return edge.page(request, "review/packet.html", context)


@login_required
def export(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as a workbook."""
    found = results.result(_asked_for(request, public_id))
    return edge.download(exports.ranking_book(found), exports.ranking_name(found), XLSX)


@login_required
@require_POST
def lots(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw lots where nothing else tells rows apart across the line."""
    actor = edge.actor(request)
    ranking = results.ranking_for_page(public_id, actor)
    with journal.unit_of_work():
        services.lots_draw(ranking_id=ranking.pk, actor=actor, now=clock.now())
    messages.success(request, "已抽签并记录种子，名次已更新。")
    return redirect("review:ranking", public_id)
