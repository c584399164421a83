"""公示 and 异议: reading the list, objecting to an entry, following the objection by its receipt."""

import textwrap

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict
from xianfeng.publicity import rules, services
from xianfeng.publicity.forms import ObjectionForm
from xianfeng.publicity.queries import notices as queries
from xianfeng.publicity.throttle import let_through
from xianfeng.publicity.views.caching import briefly
from xianfeng.ui import edge


@require_safe
@briefly(30)
def notices(request: HttpRequest) -> HttpResponse:
    """Open notices, then ended ones."""
    rows = queries.notice_rows()
    running = [one for one in rows if one.open]
    past = edge.paginate(request, [one for one in rows if not one.open], 20)
    return edge.page(request, "publicity/notices.html", {"running": running, "past": past})


@require_safe
@briefly(30)
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice with its list, how to object, and a print as it hangs on the board."""
    found = queries.notice_page(public_id)
    return edge.page(request, "publicity/notice.html", {"found": found, "notice": found.row.notice})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """提出异议; a refusal keeps what was typed (browsers never keep a chosen file: the page says so)."""
    found = queries.notice_page(public_id)
    lines = queries.objectable(found)
    if not lines:
        raise Conflict("公示期已满，不再受理异议。", "如有新的情况，请按公示上的联系方式直接反映。")
    form = ObjectionForm(
        request.POST or None,
        request.FILES or None,
        lines=lines,
        asked=found.row.notice.round.version.definition.notice.objections,
        initial={"item": request.GET.get("item", "")},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        receipt = ""
        with edge.attempt(form) as attempt, journal.unit_of_work():
            let_through(request, "objection")
            upload = given["file"]
            receipt = services.objection_submit(
                item_id=form.lines[given["item"]].item.pk,
                name=given["name"],
                contact=given["contact"],
                content=given["content"],
                evidence_note=given["evidence_note"],
                file=upload.file if upload else None,
                file_name=upload.name if upload else "",
                now=clock.now(),
            ).receipt
        if attempt.ok:
            return redirect(reverse("publicity:objection", args=[receipt]) + "?done=1")
    context = {"form": form, "found": found, "notice": found.row.notice, "had_file": bool(request.FILES)}
    return edge.page(request, "publicity/objection_new.html", context, form=form)


@never_cache
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """Enter a receipt."""
    if receipt := "".join(request.GET.get("receipt", "").split()):
        return redirect("publicity:objection", receipt=receipt[:40])
    return edge.page(request, "publicity/objections.html")


@never_cache
@require_safe
def objection(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of an objection, for whoever holds the receipt."""
    row = queries.objection_by_receipt(receipt)
    word, sentence = rules.OBJECTOR_WORDS[row.state]
    context = {
        "objection": row,
        "receipt": " ".join(textwrap.wrap(row.receipt, 4)),
        "word": word,
        "sentence": sentence,
        "about": queries.objected_to(row.item),
        "done": request.GET.get("done") == "1" and row.state == "received",
    }
    return edge.page(request, "publicity/objection.html", context)
