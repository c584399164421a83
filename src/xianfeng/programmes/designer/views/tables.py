"""Tables of a draft: places by year, tier and category; stages by year with their dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xianfeng.kernel import clock
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.blanks import blank, fresh_code
from xianfeng.programmes.designer.forms import PlainForm
from xianfeng.programmes.designer.paths import Edit
from xianfeng.programmes.designer.shape import at
from xianfeng.programmes.designer.timeline import bars
from xianfeng.programmes.designer.views import shared
from xianfeng.programmes.rules.schema.definition import Stage
from xianfeng.ui import edge

MOST_PLACES = 100_000
MOST_YEARS = 30


@dataclass(frozen=True)
class Cell:
    """An input of a table: its name, what stands in it, what a screen reader calls it."""

    name: str
    value: Any
    label: str

    @property
    def number(self) -> int:
        """What counts in a sum: nothing while it is no number."""
        text = str(self.value).strip()
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True)
class SplitRow:
    """One tier × category of a year: its places by applicant group, their sum, and what it should be."""

    title: str
    cells: list[Cell]
    whole: int

    @property
    def total(self) -> int:
        """All groups together."""
        return sum(one.number for one in self.cells)

    @property
    def off(self) -> bool:
        """Whether anything is split, and does not add up."""
        return bool(self.total) and self.total != self.whole


@login_required
def design_quotas(request: HttpRequest, public_id: str) -> HttpResponse:
    """Places: a row for every year and tier, a column for every category."""
    found = shared.draft_desk(request, public_id)
    document = found.study.value
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.POST.get("remove") and (asked := _ask(request, f"{request.POST['remove']} 年度", "名额和阶段日期")):
        return asked
    if request.method == "POST":
        rounds = _typed_quotas(request, document, form)
        rounds = _years(request, document, rounds, form)
        edits = [Edit("put", ("rounds",), rounds)]
        if not form.errors and shared.save(request, found, form, edits, "年度名额"):
            messages.success(request, "年度名额已保存。")
            return redirect(request.path)
    context = shared.base_context(found, "quotas") | {
        "form": form,
        "categories": _categories(document),
        "groups": words.listed(document, "applicant_groups"),
        "years": [_year_lines(request, document, one) for one in document["rounds"]],
        "next_year": max((one["year"] for one in document["rounds"]), default=clock.today().year) + 1,
        "shared_result": (document.get("result") or {}).get("kind", "quota"),
    }
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    return edge.page(request, "programmes/designer/quotas.html", context, form=form)


def _ask(request: HttpRequest, name: str, what: str) -> HttpResponse | None:
    return edge.confirm(
        request,
        title=f"确认删除“{name}”？",
        text=f"它的{what}将从草案中删除，本页已填写的内容一并保存。删除以后还可以撤销。",
        verb="删除",
        back=request.path,
    )


def _year_lines(request: HttpRequest, document: Any, one: Any) -> dict[str, Any]:
    year, categories = one["year"], words.listed(document, "categories")
    lines = []
    for tier, title in words.listed(document, "tiers"):
        cells = []
        for category, name in categories:
            key = f"q.{year}.{tier}.{category}"
            stored = ((one.get("quotas") or {}).get(tier) or {}).get(category, 0)
            cells.append(Cell(key, request.POST.get(key, stored), f"{year} 年{title}{name}名额"))
        lines.append((title, cells, sum(cell.number for cell in cells)))
    return {
        "year": year,
        "title": request.POST.get(f"title.{year}", one.get("title", "")),
        "tiers": lines,
        "split": _split_rows(request, document, one, [cell for _, cells, _ in lines for cell in cells]),
        "is_split": any((one.get("group_quotas") or {}).values()),
    }


def _split_rows(request: HttpRequest, document: Any, one: Any, wholes: list[Cell]) -> list[SplitRow]:
    """A row for every tier × category; ``wholes`` are the cells of the table above, in the same order."""
    year, groups = one["year"], words.listed(document, "applicant_groups")
    names = [(tier, category) for tier in words.listed(document, "tiers") for category in _categories(document)]
    rows = []
    for ((tier, title), (category, name)), whole in zip(names, wholes, strict=True):
        stored = ((one.get("group_quotas") or {}).get(tier) or {}).get(category) or {}
        cells = []
        for group, word in groups:
            key = f"g.{year}.{tier}.{category}.{group}"
            value = request.POST.get(key, stored.get(group, 0 if stored else ""))
            cells.append(Cell(key, value, f"{year} 年{title}{name}分给{word}的名额"))
        rows.append(SplitRow(f"{title} · {name}", cells, whole.number))
    return rows


def _categories(document: Any) -> list[tuple[str, str]]:
    return words.listed(document, "categories")


def _typed_quotas(request: HttpRequest, document: Any, form: PlainForm) -> list[dict[str, Any]]:
    rounds = []
    for one in document["rounds"]:
        quotas: dict[str, dict[str, int]] = {}
        for tier, title in words.listed(document, "tiers"):
            for category, name in _categories(document):
                number = _number(request, f"q.{one['year']}.{tier}.{category}")
                if number is None:
                    form.add_error(None, _not_whole(one["year"], f"“{title}”{name}"))
                elif number or category in ((one.get("quotas") or {}).get(tier) or {}):
                    quotas.setdefault(tier, {})[category] = number
        made = {key: value for key, value in one.items() if key != "group_quotas"} | {"quotas": quotas}
        if split := _typed_split(request, document, one["year"], form):
            made["group_quotas"] = split
        title = str(request.POST.get(f"title.{one['year']}", "")).strip()
        rounds.append({**made, "title": title} if title else {k: v for k, v in made.items() if k != "title"})
    return rounds


def _typed_split(request: HttpRequest, document: Any, year: int, form: PlainForm) -> dict[str, Any]:
    """Places by applicant group, of the categories where any is given: the rest is not split."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    groups = words.listed(document, "applicant_groups")
    for tier, title in words.listed(document, "tiers"):
        for category, name in _categories(document):
            typed = {group: _number(request, f"g.{year}.{tier}.{category}.{group}") for group, _ in groups}
            given = {group: number for group, number in typed.items() if number is not None}
            if len(given) < len(typed):
                form.add_error(None, _not_whole(year, f"“{title}”{name}分给各类申报单位"))
            elif any(given.values()):
                found.setdefault(tier, {})[category] = given
    return found


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of places as typed, nothing being none; None for what is no such number."""
    text = str(request.POST.get(name, "0")).strip() or "0"
    whole = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if whole and int(text) <= MOST_PLACES else None


def _not_whole(year: int, what: str) -> str:
    return f"{year} 年{what}的名额应为 0 至 {MOST_PLACES:,} 的整数。"


def _years(request: HttpRequest, document: Any, rounds: list[Any], form: PlainForm) -> list[Any]:
    """Add or remove a year, as the buttons ask."""
    remove = str(request.POST.get("remove", ""))
    rounds = [one for one in rounds if str(one["year"]) != remove]
    if request.POST.get("add"):
        text = str(request.POST.get("new_year", "")).strip()
        if not (text.isascii() and text.isdigit() and 1949 <= int(text[:6]) <= 2200):
            form.add_error(None, "请填写要增加的年度，如 2027。")
        elif any(one["year"] == int(text) for one in rounds):
            form.add_error(None, f"{text} 年度已在表中。")
        elif len(rounds) >= MOST_YEARS:
            form.add_error(None, f"最多 {MOST_YEARS} 个年度。")
        else:
            rounds.append(_new_year(int(text), rounds[-1] if rounds else {}))
    return sorted(rounds, key=lambda one: int(one["year"]))


def _new_year(year: int, before: Any) -> dict[str, Any]:
    """A year like the one before, its dates moved on."""
    made: dict[str, Any] = {"year": year, "title": f"{year} 年度创建", "quotas": before.get("quotas") or {}}
    if split := before.get("group_quotas"):
        made["group_quotas"] = split
    by = year - before.get("year", year)
    made["stages"] = {
        code: {end: _later(day, by) for end, day in span.items()} for code, span in (before.get("stages") or {}).items()
    }
    return made


def _later(day: Any, years: int) -> Any:
    if not isinstance(day, date):
        return day
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@login_required
def design_stages(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stages in their order, and for every year from when until when."""
    found = shared.draft_desk(request, public_id)
    document = found.study.value
    form = PlainForm(request.POST if request.method == "POST" else None)
    act, _, code = str(request.POST.get("list", "")).partition(":")
    title = dict(words.listed(document, "stages")).get(code, "")
    if act == "remove" and (asked := _ask(request, title, "各年度的日期")):
        return asked
    if request.method == "POST":
        stages, rounds = _typed_stages(request, document, form)
        if not form.errors:
            edits = [Edit("put", ("stages",), stages), Edit("put", ("rounds",), rounds)]
            if shared.save(request, found, form, edits, "阶段与日期"):
                if not request.POST.get("list"):
                    messages.success(request, "阶段与日期已保存。")
                return redirect(request.path)
    lines = []
    for number, one in enumerate(document["stages"]):
        typed = {key: request.POST.get(f"s.{one['code']}.{key}", one.get(key, "")) for key in ("title", "summary")}
        where = f"stages.{number}"
        lines.append(
            {
                "code": one["code"],
                "where": where,
                **typed,
                "days": [_days(request, one, year) for year in document["rounds"]],
            }
        )
    context = shared.base_context(found, "stages") | {
        "form": form,
        "stages": lines,
        "years": [one["year"] for one in document["rounds"]],
        "charts": [bars(document, one) for one in document["rounds"]],
    }
    context["seen"] = request.POST.get("seen", found.row.content_hash)
    return edge.page(request, "programmes/designer/stages.html", context, form=form)


def _days(request: HttpRequest, stage: Any, one: Any) -> tuple[int, list[Cell]]:
    span = (one.get("stages") or {}).get(stage["code"]) or {}
    cells = []
    for end, word in (("since", "开始"), ("until", "结束")):
        key = f"d.{one['year']}.{stage['code']}.{end}"
        stored = span.get(end)
        shown = request.POST.get(key, stored.isoformat() if isinstance(stored, date) else "")
        cells.append(Cell(key, shown, f"{one['year']} 年“{stage['title']}”{word}"))
    return one["year"], cells


def _typed_stages(request: HttpRequest, document: Any, form: PlainForm) -> tuple[list[Any], list[Any]]:
    stages = []
    for one in document["stages"]:
        title = str(request.POST.get(f"s.{one['code']}.title", one["title"])).strip()
        summary = str(request.POST.get(f"s.{one['code']}.summary", one.get("summary", ""))).strip()
        if not title:
            form.add_error(None, "阶段名称不能为空。")
        made = {**one, "title": title[:200], "summary": summary}
        stages.append(made if summary else {k: v for k, v in made.items() if k != "summary"})
    rounds = [{**one, "stages": _typed_days(request, document, one, form)} for one in document["rounds"]]
    return _ordered(request, document, stages), rounds


def _typed_days(request: HttpRequest, document: Any, one: Any, form: PlainForm) -> dict[str, Any]:
    found = {}
    for stage in document["stages"]:
        span: dict[str, date] = {}
        for end in ("since", "until"):
            text = str(request.POST.get(f"d.{one['year']}.{stage['code']}.{end}", "")).strip()
            try:
                span |= {end: date.fromisoformat(text)} if text else {}
            except ValueError:
                form.add_error(None, f"{one['year']} 年“{stage['title']}”的日期写成 2026-03-01。")
        if len(span) == 1:
            form.add_error(None, f"{one['year']} 年“{stage['title']}”的开始和结束日期都要填。")
        if span:
            found[stage["code"]] = span
    return found


def _ordered(request: HttpRequest, document: Any, stages: list[Any]) -> list[Any]:
    """Add, remove or move a stage, as the buttons ask."""
    act, _, code = str(request.POST.get("list", "")).partition(":")
    if act == "add":
        return [*stages, blank(at(document, ("stages", 0)), document) | {"code": fresh_code(Stage, document)}]
    place = next((i for i, one in enumerate(stages) if one["code"] == code), None)
    if place is None:
        return stages
    one = stages.pop(place)
    if act in ("up", "down"):
        stages.insert(max(0, place - 1) if act == "up" else place + 1, one)
    return stages
