"""Certificates and plaques to take away: one title's, or a whole round's with its progress."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from xianfeng import journal
from xianfeng.designations import printing, queries, rules, tasks
from xianfeng.designations.forms import PrintForm
from xianfeng.designations.models import PrintBatch
from xianfeng.designations.services import printing as services
from xianfeng.designations.views.common import require_body, round_of, scope
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.ui import edge

RUNNERS = ("working_group", "office")


@login_required
def sheet(request: HttpRequest, public_id: str, kind: str, extension: str) -> HttpResponse:
    """A title's certificate or plaque as PDF or SVG."""
    row = queries.title_for_page(public_id, edge.actor(request))
    form, media_type = printing.FORMATS[extension]
    content = printing.single(row, kind, form)
    return edge.download(
        content, f"{rules.PRINTS[kind]} {row.number}.{extension}", media_type, inline="show" in request.GET
    )


@login_required
def prints(request: HttpRequest) -> HttpResponse:
    """Ask for a round's certificates or plaques; those made before."""
    row, actor = round_of(request), edge.actor(request)
    require_body(actor, row, *RUNNERS)
    form = PrintForm(request.POST or None, tiers=[(one.code, one.title) for one in row.version.definition.tiers])
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            batch = services.batch_ask(round_id=row.pk, actor=actor, now=clock.now(), **form.cleaned_data)
            tasks.print_batch.enqueue(batch.pk)
        if attempt.ok:
            return redirect("designations:print_batch", batch.public_id)
    made = PrintBatch.objects.filter(round=row).select_related("asked_by")[:20]
    names = {one.code: one.title for one in row.version.definition.tiers}
    living = services.titles_of(PrintBatch(round=row)).count()
    context = scope(request, row, form=form, made=made, names=names, living=living)
    return edge.page(request, "designations/prints.html", context, form=form)


def _batch(request: HttpRequest, public_id: str) -> PrintBatch:
    batch = PrintBatch.objects.select_related("round__programme", "round__version").filter(public_id=public_id).first()
    if batch is None:
        raise NotFoundHere("没有找到这次制作。", "请从命名名录重新进入。")
    require_body(edge.actor(request), batch.round, *RUNNERS)
    return batch


@login_required
def batch(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far it is; the file once it is ready. Asks again by itself, with or without JavaScript."""
    row = _batch(request, public_id)
    context = {"batch": row, "going": row.state in ("waiting", "running"), "kind": rules.PRINTS[row.kind]}
    return edge.page(request, "designations/print_batch.html", context, partial="progress")


@login_required
def batch_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The zip."""
    row = _batch(request, public_id)
    path = services.path_of(row)
    if row.state != "ready" or not default_storage.exists(path):
        raise NotFoundHere("文件还没有制作好，或者已经清理。", "请重新制作。")
    name = f"{row.round.title}{rules.PRINTS[row.kind]}.zip"
    response = FileResponse(default_storage.open(path, "rb"), content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
