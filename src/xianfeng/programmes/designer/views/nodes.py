"""Editing pieces: a section, or any item of a list; buttons of lists save the form on their way."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.designer import shape as shapes
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.blanks import blank
from xianfeng.programmes.designer.nodeform import NodeForm
from xianfeng.programmes.designer.paths import Edit, apply, has, look, missing, parse, written
from xianfeng.programmes.designer.redraw import Posted
from xianfeng.programmes.designer.sections import section, section_of
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.words import KEYS
from xianfeng.ui import edge

MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Piece:
    """What a page edits and how the page is called."""

    path: Path
    section: str
    title: str
    lead: str
    back: str
    back_text: str
    only: tuple[str, ...] = ()


@login_required
def design_section(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """The keys of a section on one page."""
    found = shared.draft_desk(request, public_id)
    one = section(code)
    if one is None or one.page != "section":
        raise NotFoundHere("没有这个部分。", "请从草案概览进入。")
    back = f"/programmes/definitions/{public_id}/"
    return _edit(request, found, Piece((), code, one.title, one.lead, back, "返回草案概览", one.keys))


@login_required
def design_at(request: HttpRequest, public_id: str, where: str) -> HttpResponse:
    """One item: an indicator, a gate, a step …"""
    found = shared.draft_desk(request, public_id)
    path = parse(where)
    if not path or shapes.at(found.study.value, path).kind not in ("model", "union"):
        raise missing()
    value = look(found.study.value, path)
    one = section_of(path)
    name = str(value.get("title") or value.get("code") or "") if isinstance(value, dict) else ""
    back, text = _back(found, path)
    return _edit(request, found, Piece(path, one.code, name or one.title, trail(found.study.value, path), back, text))


def _back(found: shared.Desk, path: Path) -> tuple[str, str]:
    """The page on which this item stands in a list."""
    if path[0] == "standards" and len(path) > 1:
        category = found.study.value["standards"][path[1]].get("category", "")
        return f"/programmes/definitions/{found.row.public_id}/standards/{category}/", "返回创建标准"
    for length in range(len(path) - 2, 1, -1):
        if isinstance(path[length - 1], int):
            return shared.node_url(found.row, path[:length]), "返回上一级"
    one = section_of(path)
    return shared.section_url(found.row, one), f"返回{one.title}"


def trail(document: Any, path: Path) -> str:
    """``办理程序 › 自荐申报 › 环节``: where an item stands."""
    names = []
    for length in range(1, len(path)):
        step, value = path[length - 1], look(document, path[:length])
        if isinstance(step, int) and isinstance(value, dict):
            categories = dict(words.listed(document, "categories"))
            names.append(str(value.get("title") or categories.get(value.get("category", ""), "")))
        elif isinstance(step, str) and step not in ("parts", "versions", "dimensions", "indicators", "steps"):
            names.append(KEYS.get(step, step))
    return " › ".join(name for name in names if name)


def _edit(request: HttpRequest, found: shared.Desk, piece: Piece) -> HttpResponse:
    document = found.study.value
    posted = Posted(request.POST) if request.method == "POST" else None
    if posted is not None and (asked := shared.ask_before_removing(request, found)):
        return asked
    form = NodeForm(
        posted,
        document=document,
        path=piece.path,
        shape=shapes.at(document, piece.path),
        value=look(document, piece.path),
        only=piece.only,
        name=str(piece.path[-2])
        if len(piece.path) > 1 and isinstance(piece.path[-1], int)
        else str((*piece.path, "")[0]),
    )
    if posted is not None and not posted.redrawing and form.is_valid():
        answer = _save(request, found, piece, form)
        if answer is not None:
            return answer
    status = 200 if posted is not None and posted.redrawing else None
    context = shared.base_context(found, piece.section) | {"form": form, "piece": piece}
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    return edge.page(request, "programmes/designer/node.html", context, form=form, partial="editor", status=status)


def _save(request: HttpRequest, found: shared.Desk, piece: Piece, form: NodeForm) -> HttpResponse | None:
    edits = [Edit("put", piece.path, form.value())]
    there = None
    asked = str(request.POST.get("list", ""))
    if asked:
        here = parse(asked.partition(":")[2])
        value = apply(found.study.value, edits)
        if asked.startswith("add:") and not has(found.study.value, here) and has(value, here):
            there = f"{written(here)}.0"  # a kind just chosen has brought its first item along
        else:
            more, there = list_edit(value, asked)
            edits.append(more)
    saved = shared.save(request, found, form, edits, piece.title)
    if saved is None:
        return None
    if asked:
        if there is not None:
            return redirect("programmes:design_at", saved.public_id, there)
        return redirect(request.get_full_path())
    messages.success(request, f"“{piece.title}”已保存。")
    return redirect(request.get_full_path() if piece.only else piece.back)


def list_edit(document: Any, asked: str) -> tuple[Edit, str | None]:
    """The edit a list's button asks for, and the item it leads to: ``add:gates``, ``up:gates.3``, ``remove:…``."""
    act, _, where = asked.partition(":")
    path = parse(where)
    if act == "add":
        item = shapes.at(document, path).item
        values = look(document, path) if has(document, path) else []
        if item is None or not isinstance(values, list):
            raise missing()
        made = blank(item, document, path)
        if path[-1] == "bands" and values:  # from high to low: a new grade begins above the others
            return Edit("put", path, [{**made, "at_least": values[0]["at_least"] + 1}, *values]), f"{where}.0"
        return Edit("put", path, [*values, made]), f"{where}.{len(values)}"
    if act == "remove":
        return Edit("remove", path), None
    if act in MOVES:
        return Edit("move", path, by=MOVES[act]), None
    raise missing()
