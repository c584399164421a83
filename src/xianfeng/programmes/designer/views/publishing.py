"""The text itself, two versions change by change, publication, and a round on what was published."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng import journal
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.programmes import policies, rules
from xianfeng.programmes import services as programmes
from xianfeng.programmes.designer import queries, services
from xianfeng.programmes.designer.forms import PlainForm, RoundForm, SourceForm
from xianfeng.programmes.designer.study import study
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.designer.wording import ChangeGroup, grouped
from xianfeng.programmes.rules.problems import DefinitionError, Problem
from xianfeng.programmes.rules.text import MAX_BYTES
from xianfeng.ui import edge

SHOWN = 50


@login_required
def design_source(request: HttpRequest, public_id: str) -> HttpResponse:
    """The text, to read, to fetch, and in a draft to edit; errors name their lines."""
    found = shared.desk(request, public_id)
    if request.GET.get("download"):
        return edge.download(found.row.source.encode(), f"{found.row.programme.code}.yaml", "application/yaml")
    form = SourceForm(request.POST, request.FILES) if request.method == "POST" else SourceForm(
        initial={"source": found.row.source}
    )  # fmt: skip
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.draft_replace(
                draft_id=found.row.pk,
                seen=str(request.POST.get("seen", "")),
                source=_text(form),
                actor=found.actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, "原文已保存。")
            return redirect(request.path)
        if isinstance(attempt.error, DefinitionError):
            problems = list(attempt.error.problems)
            form.errors["__all__"] = form.error_class([f"原文有 {len(problems)} 处错误，没有保存，见下。"])
    elif request.method == "GET":
        problems = rules.validate(found.row.source)[1]
    context = shared.base_context(found) | {
        "form": form,
        "tool": "source",
        "faults": problems[:SHOWN],
        "more_faults": max(0, len(problems) - SHOWN),
        "lines": list(enumerate(found.row.source.splitlines(), 1)),
    }
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    return edge.page(request, "programmes/designer/source.html", context, form=form)


def _text(form: SourceForm) -> str:
    """What was sent: a file wins over the box."""
    sent = form.cleaned_data.get("file")
    if sent is None:
        return str(form.cleaned_data["source"])
    if sent.size > MAX_BYTES:
        raise Invalid(f"文件过大：最多 {MAX_BYTES:,} 字节。", "请检查是不是选错了文件。")
    try:
        return str(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid("文件不是 UTF-8 文本。", "请另存为 UTF-8 编码后再试。") from error


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side; ``reason`` says why they cannot be compared."""

    groups: list[ChangeGroup]
    count: int
    reason: str = ""


def compare(before: str, after: str) -> Comparison:
    """Every change between two texts."""
    old, new = study(before), study(after)
    if old.definition is None or new.definition is None:
        return Comparison([], 0, "其中一份的写法有误，暂时无法逐项比较。")
    changes = rules.diff(old.definition, new.definition)
    return Comparison(grouped(changes, old.value, new.value), len(changes))


@login_required
def definition_compare(request: HttpRequest) -> HttpResponse:
    """Choose two versions and read what differs."""
    require(policies.may_design, edge.actor(request), None)
    texts = queries.texts()
    after = request.GET.get("after", "")
    before = request.GET.get("before", "") or _default_base(after)
    found = compare(queries.text_of(before), queries.text_of(after)) if before and after else None
    names = dict(texts)
    context = {
        "texts": texts,
        "before": before,
        "after": after,
        "before_name": names.get(before, ""),
        "after_name": names.get(after, ""),
        "comparison": found,
        "nav": "designer",
    }
    return edge.page(request, "programmes/designer/compare.html", context)


def _default_base(after: str) -> str:
    """What a version is compared with unless said otherwise: the one before it, or where it began."""
    sort, _, name = after.partition(":")
    if sort != "version":
        return ""
    row = queries.version_for_page(name)
    older = row.programme.versions.filter(state="published", number__lt=row.number).order_by("-number").first()
    return f"version:{older.public_id}" if older else row.origin


@login_required
def design_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """What changes, what is still wrong; then, after asking, publish."""
    found = shared.desk(request, public_id)
    if not found.draft:
        raise Conflict("这一版已经发布。", "请据此起草新版。")
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        asked = edge.confirm(
            request,
            title=f"确认发布第 {found.row.number} 版？",
            text="发布后内容不再改变，以摘要为准；新启动的年度批次将锁定这一版。",
            verb="发布",
            danger=False,
        )
        if asked:
            return asked
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = services.draft_publish(
                draft_id=found.row.pk, seen=str(request.POST.get("seen", "")), actor=found.actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"第 {made.number} 版已发布。")
            return redirect("programmes:definition", made.public_id)
    context: dict[str, Any] = shared.base_context(found) | {"form": form, "tool": "publish", "whole": True}
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    base = queries.base_of(found.row)
    context["base_name"] = base[1] if base else ""
    context["comparison"] = compare(queries.text_of(base[0]), found.row.source) if base else None
    return edge.page(request, "programmes/designer/publish.html", context, form=form)


@login_required
def design_round(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a year on this version."""
    found = shared.desk(request, public_id)
    if found.draft:
        raise Conflict("草案不能用来启动批次。", "请先发布。")
    years = queries.open_years(found.row)
    form = RoundForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            made = programmes.round_open(
                version=found.row, year=form.cleaned_data["year"], actor=found.actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"{made.title}已启动。")
            return redirect("programmes:round", made.public_id)
    context = shared.base_context(found) | {"form": form, "years": years}
    return edge.page(request, "programmes/designer/round.html", context, form=form)
