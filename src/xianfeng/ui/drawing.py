"""The small components that stand in rows, as strings: no template is rendered for them (see traps: cost per row)."""

from datetime import datetime
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from xianfeng.ui import formats, icons

EMPTY = SafeString("")


def chip(word: str, colour: str) -> SafeString:
    """A state's word in its colour."""
    return format_html('<span class="xf-chip is-{}">{}</span>', colour, word)


def icon(name: str, size: int = 20) -> SafeString:
    """An outline icon, invisible to screen readers; an unknown name draws nothing."""
    path = icons.PATHS.get(name)
    if path is None:
        return EMPTY
    return format_html(
        '<svg class="xf-icon" width="{0}" height="{0}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{1}"/></svg>',
        size,
        path,
    )


def deadline(due: datetime | None, *, done: bool = False, empty: str = "") -> SafeString:
    """A due time: distance, moment, urgency by class and words."""
    if not due:
        return format_html('<span class="xf-deadline is-none">{}</span>', empty)
    words = formats.deadline(due)
    if done:
        return format_html('<time class="xf-deadline is-done" datetime="{}">{}</time>', words.iso, words.moment)
    return format_html(
        '<time class="xf-deadline is-{}" datetime="{}"><b>{}</b><span> · {}</span></time>',
        words.urgency,
        words.iso,
        words.distance,
        words.moment,
    )


def pips(total: int, filled: int, notice: int = 0, *, words: bool = True) -> SafeString:
    """Places of a quota as small plaques: filled, on notice, open; more than places is drawn as over."""
    kinds = ["filled"] * filled + ["notice"] * notice
    over = max(0, len(kinds) - total)
    kinds += ["open"] * (total - len(kinds))
    marks = format_html_join("", '<i class="is-{}"></i>', ((kind,) for kind in kinds))
    said = pips_words(total, filled, notice, over)
    shown = format_html('<span class="xf-pips-words">{}</span>', said) if words else EMPTY
    return format_html('<span class="xf-pips"><span role="img" aria-label="{}">{}</span>{}</span>', said, marks, shown)


def pips_words(total: int, filled: int, notice: int, over: int) -> str:
    """名额 5 · 已命名 2 · 公示中 1 · 空余 2."""
    parts = [f"名额 {total}", f"已命名 {filled}"]
    if notice:
        parts.append(f"公示中 {notice}")
    if over:
        parts.append(f"超出 {over}")
    elif total > filled + notice:
        parts.append(f"空余 {total - filled - notice}")
    return " · ".join(parts)


def percent(value: Decimal | int, maximum: Decimal | int) -> str:
    """A share of 100 for an SVG attribute, kept within the bar."""
    share = Decimal(value) / Decimal(maximum) * 100 if maximum else Decimal(0)
    return f"{min(max(share, Decimal(0)), Decimal(100)):.2f}"


def score_bar(
    value: Decimal | None, maximum: Decimal, floor: Decimal | None, low: Decimal | None, high: Decimal | None
) -> SafeString:
    """Points out of maximum as an SVG bar with floor tick and spread whisker, the figures beside it."""
    said = f"{formats.points(value)} / {formats.points(maximum)}"
    below = value is not None and floor is not None and value < floor
    marks = [format_html('<rect class="fill" width="{}" height="8"/>', percent(value or 0, maximum))]
    if low is not None and high is not None:
        left, right = percent(low, maximum), percent(high, maximum)
        marks.append(format_html('<path class="spread" d="M{0} 4H{1}M{0} 1.5V6.5M{1} 1.5V6.5"/>', left, right))
        said = f"{said}，专家 {formats.points(low)}–{formats.points(high)}"
    if floor is not None:
        marks.append(format_html('<path class="floor" d="M{0} -3V11"/>', percent(floor, maximum)))
        said = f"{said}，底线 {formats.points(floor)}{'，未达' if below else ''}"
    return format_html(
        '<span class="xf-bar{}"><svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" width="100" height="8"/>{}</svg><span class="xf-bar-words" aria-hidden="true">'
        "<b>{}</b> / {}</span></span>",
        " is-below" if below else "",
        said,
        mark_safe("".join(marks)),
        formats.points(value),
        formats.points(maximum),
    )


def share_bar(part: Decimal | int, whole: Decimal | int, words: str = "") -> SafeString:
    """Progress as an SVG bar; percent in words when none are given."""
    share = percent(part, whole)
    said = words or f"{Decimal(share):.0f}%"
    return format_html(
        '<span class="xf-bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{0}">'
        '<rect class="track" width="100" height="8"/><rect class="fill" width="{1}" height="8"/></svg>'
        '<span class="xf-bar-words" aria-hidden="true">{0}</span></span>',
        said,
        share,
    )
