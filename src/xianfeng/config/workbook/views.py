"""The workbook's pages: template, upload, what would happen, confirm."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.config.workbook import contents, importing
from xianfeng.directory.policies import may_appoint, may_manage_users
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.errors import Invalid, UserError
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import Problem, read_workbook
from xianfeng.kernel.workbook import problems_by_sheet, summary
from xianfeng.registry import queries, services
from xianfeng.registry.models import WorkbookImport
from xianfeng.registry.policies import may_keep
from xianfeng.ui import edge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Each row is saved under its own keeper's permission; rows that change nothing ask for none.
may_import = may_manage_users | may_appoint | may_keep


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="工作簿",
        help_text="xlsx 文件，不超过 8 MB。上传后先检查，确认后才写入。",
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{XLSX}"}),
        error_messages={"required": "请选择要导入的工作簿。", "empty": "这个文件是空的，请重新选择。"},
    )


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; it is checked and kept, nothing else is written yet."""
    actor = edge.actor(request)
    require(may_import, actor, None)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        with edge.attempt(form) as attempt:
            kept = _look_into(form, actor)
        if attempt.ok:
            return redirect("workbook:preview", kept.public_id)
    recent = [(row, summary(_tallies(row))) for row in queries.recent_imports()]
    keepers: dict[str, list[str]] = {}
    for spec in contents.SPECS:
        keepers.setdefault(spec.keeper, []).append(spec.name)
    context = {"form": form, "recent": recent, "keepers": list(keepers.items())}
    return edge.page(request, "registry/import.html", context, form=form)


def _look_into(form: UploadForm, actor: Actor) -> WorkbookImport:
    sent = form.cleaned_data["file"]
    if sent.size > importing.LIMITS.file:
        most = {"most": importing.LIMITS.file >> 20}
        raise Invalid(_("文件太大：最多 %(most)s MB。") % most, _("请拆成几个工作簿分别导入。"))
    content, now = sent.read(), clock.now()
    report = importing.look_into(content, sent.name, actor=actor, now=now)
    with journal.unit_of_work():
        return services.workbook_keep(
            name=report.name,
            content=content,
            content_hash=report.content_hash,
            counts=report.counts(),
            problems=[[one.sheet, one.row, one.column, one.reason] for one in report.problems],
            actor=actor,
            now=now,
        )


@login_required
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    require(may_import, edge.actor(request), None)
    return edge.download(contents.template(), "创建活动基础数据工作簿.xlsx", XLSX)


@login_required
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """What importing the workbook would do, or what is wrong with it; confirming does it."""
    actor = edge.actor(request)
    require(may_import, actor, None)
    row = queries.waiting_import(public_id, actor)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if request.POST.get("act") == "give_up":
            with journal.unit_of_work():
                services.workbook_give_up(public_id=public_id, actor=actor)
            messages.info(request, _("已放弃导入，没有写入任何内容。"))
            return redirect("workbook:upload")
        with edge.attempt(form) as attempt:
            report = _bring_in(row, actor)
        if attempt.ok:
            total = report.total
            said = {"created": total.created, "updated": total.updated, "unchanged": total.unchanged}
            messages.success(
                request, _("导入完成：新增 %(created)s 条，更新 %(updated)s 条，%(unchanged)s 条没有变化。") % said
            )
            return redirect("workbook:upload")
    problems = [Problem(*one) for one in row.problems]
    page = edge.paginate(request, problems, 100)
    tallies = _tallies(row)
    context = {
        "form": form,
        "import": row,
        "page": page,
        "sheets": list(problems_by_sheet(problems).items()),
        "tallies": list(tallies.items()),
        "total": summary(tallies),
    }
    return edge.page(request, "registry/import_preview.html", context, form=form)


def _bring_in(row: WorkbookImport, actor: Actor) -> importing.Report:
    content = bytes(row.content or b"")
    report = importing.bring_in(content, row.name, actor=actor, now=clock.now(), kept=row.public_id)
    if not report.ok:
        # The data changed between upload and confirmation; the fresh report belongs on the page.
        first = report.problems[0]
        raise UserError(_("现在不能导入：%(problem)s。") % {"problem": first}, _("请重新上传检查。"), status=409)
    return report


@login_required
def errors(request: HttpRequest, public_id: str) -> HttpResponse:
    """The uploaded workbook with the reasons in a last column of each sheet."""
    actor = edge.actor(request)
    require(may_import, actor, None)
    row = queries.waiting_import(public_id, actor)
    sheets = read_workbook(bytes(row.content or b""), importing.LIMITS)
    marked = contents.with_remarks(sheets, [Problem(*one) for one in row.problems])
    return edge.download(marked, f"待改正-{row.name}", XLSX)


def _tallies(row: WorkbookImport) -> dict[str, Tally]:
    order = {spec.name: place for place, spec in enumerate(contents.SPECS)}
    found = {name: Tally(**counts) for name, counts in row.counts.items()}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], 99)))
