"""办公日历: which days are worked, and the office's own word on single days."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import daysheet, services
from xianfeng.directory.forms import CalendarForm
from xianfeng.directory.models import CalendarDay
from xianfeng.directory.policies import may_read_organisations, may_set_calendar
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.kernel.workdays import Calendar
from xianfeng.ui import edge
from xianfeng.ui.formats import cn_date


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """A year of twelve months, or one month with its words; ``?day=`` is the day being set."""
    actor = edge.actor(request)
    require(may_read_organisations, actor, None)
    chosen = _chosen(request.GET.get("day", ""))
    year = chosen.year if chosen and "year" not in request.GET else daysheet.year_from(request.GET.get("year", ""))
    number = daysheet.month_from(request.GET.get("month", ""))
    own = daysheet.own_days(year)
    may_set = bool(may_set_calendar(actor, None))
    unset = request.method == "POST" and "unset" in request.POST
    posted = None if unset else request.POST or None
    form = CalendarForm(posted, initial=_initial(chosen, own)) if may_set else None
    if request.method == "POST":
        require(may_set_calendar, actor, None)
        if unset:
            return _unset(request, actor)
        assert form is not None  # whoever may set was given one
        if form.is_valid():
            values = {**form.cleaned_data, "working": form.cleaned_data["working"] == "yes"}
            with edge.attempt(form) as attempt, journal.unit_of_work():
                services.calendar_day_set(**values, actor=actor, now=clock.now())
            if attempt.ok:
                day = values["day"]
                messages.success(request, f"已设定{cn_date(day)}{'上班' if values['working'] else '休息'}。")
                shown = f"?year={day.year}" + (f"&month={number}" if number else "")
                return redirect(reverse("directory:calendar") + shown)
    context = {
        "year": year,
        "number": number,
        "months": [daysheet.month(year, number, own)] if number else daysheet.months(year, own),
        "known": daysheet.year_known(year),
        "own": [row for day, row in sorted(own.items()) if day.year == year],
        "form": form,
        "chosen": chosen,
        "before": _step(year, number, -1),
        "after": _step(year, number, 1),
        "may_set": may_set,
    }
    return edge.page(request, "directory/calendar.html", context, form=form)


def _unset(request: HttpRequest, actor: Actor) -> HttpResponse:
    day = _chosen(request.POST["unset"])
    if day is None:
        raise NotFoundHere(_("没有这一天。"), _("请刷新页面查看。"))
    with journal.unit_of_work():
        services.calendar_day_unset(day=day, actor=actor, now=clock.now())
    messages.success(request, f"已取消对{cn_date(day)}的设定，恢复国家公布的安排。")
    return redirect(f"{reverse('directory:calendar')}?year={day.year}")


def _chosen(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _initial(chosen: date | None, own: dict[date, CalendarDay]) -> dict[str, Any]:
    if chosen is None:
        return {}
    row = own.get(chosen)
    works = row.working if row else Calendar().is_working(chosen)
    # The usual wish is the opposite of what stands; a day already set is shown as it was set.
    return {"day": chosen, "working": "yes" if works == bool(row) else "no", "note": row.note if row else ""}


def _step(year: int, number: int, by: int) -> str:
    if not number:
        return f"?year={year + by}"
    at = year * 12 + number - 1 + by
    return f"?year={at // 12}&month={at % 12 + 1}"
