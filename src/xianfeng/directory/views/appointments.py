"""任职: who holds which duty where, from when to when, and who deputises."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import exports, listing, rules, services
from xianfeng.directory.forms import AppointmentForm, DeputyForm, EndForm, today_first
from xianfeng.directory.models import Organisation
from xianfeng.directory.policies import may_appoint, may_read_accounts
from xianfeng.kernel import clock
from xianfeng.kernel.errors import Conflict
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.ui import edge


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All appointments, one a row."""
    actor, today = edge.actor(request), clock.today()
    require(may_read_accounts, actor, None)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "duty", "state")}
    rows = listing.appointments_found(asked["q"], asked["duty"], asked["state"], today)
    if request.GET.get("export"):
        book = exports.appointments_book(rows, today)
        return edge.download(book, f"任职{chinese_date(today)}.xlsx", exports.XLSX)
    page = edge.paginate(request, rows)
    for row in page.rows:
        row.state = listing.state_of(row, today)
    return edge.page(request, "directory/appointments.html", {"page": page, "asked": asked, "duties": rules.DUTIES})


@login_required
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a user a duty; a clash of administrator duties comes back as a sentence on the form."""
    actor = edge.actor(request)
    require(may_appoint, actor, None)
    person = listing.user_for_page(public_id)
    initial: dict[str, Any] = today_first()
    if wanted := request.GET.get("organisation"):
        initial["organisation"] = Organisation.objects.filter(public_id=wanted).first()
    form = AppointmentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        organisation = values.pop("organisation")
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.appointment_give(
                user_id=person.pk, organisation_id=organisation.pk, **values, actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, f"已任命“{person.name}”为{organisation.label}{rules.DUTIES[values['duty']]}。")
            return redirect("directory:user", person.public_id)
    held = listing.duties_of([person.pk], clock.today()).get(person.pk, [])
    context = {"form": form, "person": person, "held": held}
    return edge.page(request, "directory/appointment_form.html", context, form=form)


@login_required
def deputise(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Let somebody exercise this appointment for a time: same organisation, same duty."""
    actor = edge.actor(request)
    require(may_appoint, actor, None)
    row = listing.appointment_for_page(appointment_id)
    if row.deputy_for_id is not None or row.duty not in rules.ACTING_DUTIES:
        raise Conflict(_("代理他人的任职、评审专家和管理员不能再由他人代理。"), _("请另行任命。"))
    form = DeputyForm(request.POST or None, principal=row, initial=today_first())
    if request.method == "POST" and form.is_valid():
        deputy = form.cleaned_data["deputy"]
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.appointment_give(
                user_id=deputy.pk,
                organisation_id=row.organisation_id,
                duty=row.duty,
                title=row.title,
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                deputy_for_id=row.pk,
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, f"已由“{deputy.name}”代理“{row.user.name}”。")
            return redirect("directory:user", row.user.public_id)
    return edge.page(request, "directory/deputy_form.html", {"form": form, "row": row}, form=form)


@login_required
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """End an appointment on a day."""
    actor = edge.actor(request)
    require(may_appoint, actor, None)
    row = listing.appointment_for_page(appointment_id)
    form = EndForm(request.POST or None, initial=today_first())
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.appointment_end(appointment_id=row.pk, **form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已登记终止任职。"))
            return redirect("directory:user", row.user.public_id)
    return edge.page(request, "directory/appointment_end.html", {"form": form, "row": row}, form=form)
