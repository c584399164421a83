"""Template tags of the components: ``{% load ui %}``. See docs/ui.md.

What stands in rows (chip, deadline, points, bars) is built as a string; only what stands once a page is a template.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from xianfeng.ui import chips, drawing, edge, formats, navigation

register = template.Library()

register.filter("cn_date", formats.cn_date)
register.filter("cn_day", formats.cn_day)
register.filter("cn_time", formats.cn_time)
register.filter("cn_datetime", formats.cn_datetime)
register.filter("points", formats.points)


@register.filter
def when(moment: date | datetime | None) -> SafeString:
    """A past moment, machine-readable: ``<time>11月22日 14:02</time>``; a plain date without a time."""
    if not moment:
        return mark_safe("—")
    words = formats.cn_day(moment)
    if isinstance(moment, datetime):
        words = f"{words} {formats.cn_time(moment)}"
    return format_html('<time datetime="{}">{}</time>', formats.local(moment).isoformat(), words)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look a key up in a mapping; None when it is not there."""
    return mapping.get(key) if mapping else None


@register.filter
def chip_word(state: Any, kind: str) -> str:
    """Only the word of a state: ``{{ step.state|chip_word:"step" }}``."""
    return chips.word(kind, state)


@register.simple_tag
def chip(kind: str, state: Any) -> SafeString:
    """A state's word in its colour: ``{% chip "case" case.state %}``."""
    return drawing.chip(*chips.find(kind, state))


@register.simple_tag
def label(word: str, colour: str = "grey") -> SafeString:
    """A chip of one's own words, where no registered state fits."""
    return drawing.chip(word, colour)


@register.simple_tag
def deadline(due: datetime | None, done: bool = False, empty: str = "不限期") -> SafeString:
    """还有 3 天 · 11月25日 17:00; ``done`` writes only the moment, quietly."""
    return drawing.deadline(due, done=done, empty=empty)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An outline icon; hidden from screen readers, so a word must stand beside it or in aria-label."""
    return drawing.icon(name, size)


@register.simple_tag
def pips(total: int, filled: int, notice: int = 0, words: bool = True) -> SafeString:
    """Places as small plaques: named, on notice, open."""
    return drawing.pips(total, filled, notice, words=words)


@register.simple_tag
def score_bar(
    value: Decimal | None,
    maximum: Decimal,
    floor: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> SafeString:
    """Points out of maximum, the floor as a tick, the experts' spread as a whisker."""
    return drawing.score_bar(value, maximum, floor, low, high)


@register.simple_tag
def share_bar(part: Decimal | int, whole: Decimal | int, words: str = "") -> SafeString:
    """Progress: part of whole, with its words beside it (percent by default)."""
    return drawing.share_bar(part, whole, words)


@register.inclusion_tag("ui/stage_line.html")
def stage_line(stages: Iterable[Any], label: str = "进程") -> dict[str, Any]:
    """The stages as one line; each a ``parts.Stage`` or a dict of title, state, when."""
    return {"stages": stages, "label": label}


@register.inclusion_tag("ui/chart.html")
def chart(code: str, option: dict[str, Any], title: str, height: str = "m", note: str = "") -> dict[str, Any]:
    """An ECharts figure from an option dict (tooltips are set to rich text by the loader); height s, m, l or xl.

    Follow it with ``{% include "ui/data_table.html" with head=… rows=… %}``: what it shows must be readable as a table.
    """
    return {"code": code, "option": option, "title": title, "height": height, "note": note}


@register.simple_tag(takes_context=True)
def sort_head(context: RequestContext, title: str, field: str, number: bool = False) -> SafeString:
    """A sortable ``<th>`` whose link keeps the filters; the view reads ``?sort=field`` or ``-field``."""
    request: HttpRequest = context["request"]
    now = request.GET.get("sort", "")
    state = {"": "none", field: "ascending", f"-{field}": "descending"}.get(now, "none")
    query = request.GET.copy()
    query["sort"] = f"-{field}" if state == "ascending" else field
    query.pop("page", None)
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a class="xf-sort" href="?{}">{}{}</a></th>',
        state,
        mark_safe(' class="xf-num"') if number else "",
        query.urlencode(),
        title,
        {"ascending": " ↑", "descending": " ↓"}.get(state, ""),
    )


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: "edge.Page[Any]", unit: str = "条") -> dict[str, Any]:
    """第 1–50 条，共 128 条, with links that keep the filters."""
    request: HttpRequest = context["request"]

    def address(number: int) -> str:
        query = request.GET.copy()
        query[page.param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "unit": unit,
        "numbers": [(number, address(number) if number else "") for number in page.window],
        "previous": address(page.previous) if page.previous else "",
        "next": address(page.next) if page.next else "",
    }


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def work_navigation(context: RequestContext) -> dict[str, Any]:
    """The side navigation and the phone's bottom bar; a page may name its place by ``nav`` in its context."""
    request: HttpRequest = context["request"]
    found = navigation.links(edge.actor(request), request.path, str(context.get("nav") or ""))
    split = navigation.PHONE_ENTRIES if len(found) > navigation.PHONE_ENTRIES + 1 else len(found)
    rest = found[split:]
    return {
        "links": found,
        "first": found[:split],
        "rest": rest,
        "rest_current": any(one.current for one in rest),
        "rest_count": sum(one.count for one in rest),
    }


@register.simple_tag(takes_context=True)
def public_navigation(context: RequestContext) -> list[navigation.Link]:
    """The public header's links."""
    request: HttpRequest = context["request"]
    return navigation.public_links(request.path, str(context.get("nav") or ""))
