"""创建标准: the tree with its running totals, and the Excel table in and out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng.kernel.errors import Invalid, NotFoundHere
from xianfeng.programmes import rules
from xianfeng.programmes.designer import sheet, tree, words
from xianfeng.programmes.designer.blanks import blank
from xianfeng.programmes.designer.dump import dump
from xianfeng.programmes.designer.forms import XLSX, PlainForm, UploadForm
from xianfeng.programmes.designer.paths import Edit, apply, parse
from xianfeng.programmes.designer.shape import at
from xianfeng.programmes.designer.sheet_merge import Merger, write_standard
from xianfeng.programmes.designer.study import shape_problems
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.designer.views.nodes import list_edit
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.text import read
from xianfeng.ui import edge


@login_required
def design_standards(request: HttpRequest, public_id: str) -> HttpResponse:
    """The first category's standard."""
    found = shared.draft_desk(request, public_id)
    first = words.listed(found.study.value, "categories")[0][0]
    return redirect("programmes:design_standard", public_id, first)


def _category(found: shared.Desk, category: str) -> tuple[str, int | None]:
    titles = dict(words.listed(found.study.value, "categories"))
    if category not in titles:
        raise NotFoundHere("没有这个类别。", "请从草案概览进入。")
    return titles[category], tree.place_of(found.study.value, category)


@login_required
def design_standard(request: HttpRequest, public_id: str, category: str) -> HttpResponse:
    """The tree of a category: titles and points typed in place, everything saved by any of its buttons."""
    found = shared.draft_desk(request, public_id)
    title, place = _category(found, category)
    form = PlainForm(request.POST if request.method == "POST" else None)
    typed = tree.typed_of(request.POST)
    if request.method == "POST":
        answer = shared.ask_before_removing(request, found) or _save(request, found, category, place, form, typed)
        if answer is not None:
            return answer
    context = shared.base_context(found, "standards") | {
        "form": form,
        "category": category,
        "title": title,
        "categories": words.listed(found.study.value, "categories"),
        "tree": None if place is None else tree.grow(found.study.value, place, typed),
        "where": "standards" if place is None else f"standards.{place}",
    }
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    return edge.page(request, "programmes/designer/standards.html", context, form=form, partial="editor")


def _save(
    request: HttpRequest, found: shared.Desk, category: str, place: int | None, form: PlainForm, typed: dict[str, str]
) -> HttpResponse | None:
    document, there, asked = found.study.value, "", str(request.POST.get("list", ""))
    edits: list[Edit] = []
    if place is None:
        made = blank(at(document, ("standards", 0)), document) | {"category": category}
        edits.append(Edit("put", ("standards",), [*document["standards"], made]))
    else:
        found_typed = tree.collect(document, place, typed)
        for fault in found_typed.faults:
            form.add_error(None, fault)
        if found_typed.faults:
            return None
        edits += found_typed.edits
    if asked and place is not None:
        more, where = list_edit(apply(document, edits), asked)
        edits.append(more)
        there = where or ".".join(asked.partition(":")[2].split(".")[:-2])
        if parse(asked.partition(":")[2])[:2] != ("standards", place):
            raise Invalid("这个按钮不属于本页。", "请刷新页面后重试。")
    if shared.save(request, found, form, edits, f"创建标准“{category}”") is None:
        return None
    if not asked:
        messages.success(request, "创建标准已保存。")
    address = f"/programmes/definitions/{found.row.public_id}/standards/{category}/"
    return redirect(f"{address}#{there}" if there and not edge.is_partial(request) else address)


@login_required
def standard_export(request: HttpRequest, public_id: str, category: str) -> HttpResponse:
    """The standard as the table offices keep."""
    found = shared.desk(request, public_id)
    title, place = _category(found, category)
    if place is None:
        raise NotFoundHere("这个类别还没有创建标准。", "请先建立标准。")
    content = write_standard(found.study.value, place, title)
    return edge.download(content, f"{title}创建标准.xlsx", XLSX)


@login_required
def standard_import(request: HttpRequest, public_id: str, category: str) -> HttpResponse:
    """Read a table, show what would change; confirming replaces the category's standard in the draft."""
    found = shared.draft_desk(request, public_id)
    title, place = _category(found, category)
    if place is None:
        raise NotFoundHere("这个类别还没有创建标准。", "请先建立标准，再导入。")
    context = shared.base_context(found, "standards") | {"category": category, "title": title}
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    if "parts" in request.POST:
        return _bring_in(request, found, place, context)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context["form"] = form
    if form.is_bound and form.is_valid():
        with edge.attempt(form) as attempt:
            context |= _look_into(form, found, place, title)
        if attempt.ok and not context.get("faults"):
            return edge.page(request, "programmes/designer/import_preview.html", context)
    status = 422 if context.get("faults") else None
    return edge.page(request, "programmes/designer/import.html", context, form=form, status=status)


def _look_into(form: UploadForm, found: shared.Desk, place: int, title: str) -> dict[str, object]:
    sent, document = form.cleaned_data["file"], found.study.value
    if sent.size > sheet.LIMITS.file:
        raise Invalid(f"文件太大：最多 {sheet.LIMITS.file >> 20} MB。", "标准表只需文字，请删去图片和多余的工作表。")
    groups = words.listed(document, "applicant_groups")
    table = sheet.read_standard(sent.read(), category=title, groups=groups)
    if table.problems:
        return {"faults": table.problems, "file_name": sent.name}
    parts = Merger(document, place).parts(table)
    total = sum(part["points"] for part in parts)
    value = apply(document, _edits(place, parts))
    problems = shape_problems(value)
    if problems or found.study.definition is None:
        raise Invalid("；".join(one.message for one in problems[:5]) or "草案有误，不能导入。")
    changes = rules.diff(found.study.definition, Definition.model_validate(value))
    count = sum(len(d["indicators"]) for part in parts for v in part["versions"] for d in v["dimensions"])
    return {
        "parts": dump(parts).partition("\n")[2],
        "changes": changes,
        "count": count,
        "total": total,
        "expected": document["standards"][place].get("total", 100),
        "file_name": sent.name,
        "part_lines": [(part["title"], part["points"]) for part in parts],
    }


def _edits(place: int, parts: object) -> list[Edit]:
    return [Edit("put", ("standards", place, "parts"), parts)]


def _bring_in(request: HttpRequest, found: shared.Desk, place: int, context: dict[str, object]) -> HttpResponse:
    form = PlainForm(request.POST)
    with edge.attempt(form) as attempt:
        parts = read(str(request.POST["parts"])).value
    if attempt.ok and shared.save(request, found, form, _edits(place, parts), f"导入{context['title']}创建标准"):
        messages.success(request, f"{context['title']}创建标准已按表格更新。")
        return redirect("programmes:design_standard", found.row.public_id, context["category"])
    return edge.page(request, "programmes/designer/import.html", context | {"form": form}, form=form)
