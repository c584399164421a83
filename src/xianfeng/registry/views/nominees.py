"""创建对象: three kinds in tabs, each with its line, projects and facts; edited by who keeps the registry."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.directory import queries as directory
from xianfeng.directory import words as directory_words
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.registry import exports, listing, queries, services, words
from xianfeng.registry.filters import nominee_filter
from xianfeng.registry.forms import ConsentForm, MemberForm, ServicePointForm
from xianfeng.registry.models import Member, Nominee, ServicePoint
from xianfeng.registry.policies import may_keep
from xianfeng.registry.services import MemberData
from xianfeng.ui import edge

SUBS = {
    "organisation": directory_words.PARTIES,
    "service_point": words.SERVICE_POINTS,
    "member": words.STATUSES,
}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Nominees of one kind; ``?export=1`` gives what is filtered."""
    actor, today = edge.actor(request), clock.today()
    seen = listing.scope(actor, today)
    asked = nominee_filter(request.GET)
    rows = listing.nominees(asked, seen, today)
    if request.GET.get("export"):
        found = list(rows)
        units = listing.units_of_parties([one.party.pk for one in found], today)
        book = exports.nominees_book(asked.kind, found, units)
        return edge.download(book, f"{listing.KINDS[asked.kind]}{chinese_date(today)}.xlsx", exports.XLSX)
    page = edge.paginate(request, rows)
    context = {
        "page": page,
        "asked": asked,
        "kinds": listing.KINDS,
        "subs": dict(SUBS[asked.kind]),
        "units": listing.unit_choices(seen),
        "parties": listing.party_choices(seen),
        "keeps": seen.keeps,
        "lacking": listing.lacking_nominees() if seen.keeps and asked.kind == "organisation" else 0,
        "homes": _homes(page.rows, asked.kind),
    }
    return edge.page(request, f"registry/{asked.kind}s.html", context)


def _homes(rows: list[Nominee], kind: str) -> dict[int, Any]:
    return listing.units_of_parties([one.party.pk for one in rows], clock.today()) if kind == "organisation" else {}


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who it is, its unit and superiors, projects, what the ledger says."""
    actor, today = edge.actor(request), clock.today()
    seen = listing.scope(actor, today)
    row = listing.nominee_for_page(public_id, seen)
    unit = queries.unit_of(row, today)
    facts = list(listing.conduct_of(row, unit, today))
    context = {
        "nominee": row,
        "unit": unit,
        "chain": list(reversed(directory.superior_chain(row.party.pk, today))),
        "parts": list(listing.parts_of(row, unit)),
        "facts": facts,
        "keeps": seen.keeps,
        "reports": seen.keeps or unit.pk in {one.pk for one in listing.homes(actor, today)},
        "consent": ConsentForm(initial={"on": today}) if row.kind == "member" else None,
    }
    return edge.page(request, "registry/nominee.html", context)


@login_required
@require_POST
def ensure(request: HttpRequest) -> HttpResponse:
    """Make every party organisation a nominee that is none yet."""
    actor = edge.actor(request)
    require(may_keep, actor, None)
    with journal.unit_of_work():
        made = services.nominees_ensure(actor=actor, now=clock.now())
    messages.success(request, f"已将 {made} 个党组织列为创建对象。")
    return redirect("registry:nominees")


@login_required
def point_add(request: HttpRequest) -> HttpResponse:
    """Register a service point; it becomes a nominee."""
    return _point(request, None)


@login_required
def point_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a service point."""
    row = ServicePoint.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这个服务点。"), _("请从创建对象列表进入。"))
    return _point(request, row)


def _point(request: HttpRequest, row: ServicePoint | None) -> HttpResponse:
    actor = edge.actor(request)
    require(may_keep, actor, None)
    initial = _values(row, ServicePointForm) if row else {}
    form = ServicePointForm(request.POST or None, initial=initial, fixed_code=row is not None)
    if request.method == "POST" and form.is_valid() and _code_free(form, row, ServicePoint):
        with edge.attempt(form) as attempt, journal.unit_of_work():
            saved = services.service_point_save(data=form.data_given(), actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已保存。"))
            return redirect("registry:nominee", saved.nominee.public_id)
    context = {"form": form, "row": row, "word": "服务点", "kind": "service_point"}
    return edge.page(request, "registry/nominee_form.html", context, form=form)


@login_required
def member_add(request: HttpRequest) -> HttpResponse:
    """Register a member; they become a nominee."""
    return _member(request, None)


@login_required
def member_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a member."""
    return _member(request, _member_for_page(public_id))


def _member_for_page(public_id: str) -> Member:
    row = Member.objects.select_related("unit", "party_organisation", "user", "nominee").filter(public_id=public_id)
    found = row.first()
    if found is None:
        raise NotFoundHere(_("没有找到这名党员。"), _("请从创建对象列表进入。"))
    return found


def _member(request: HttpRequest, row: Member | None) -> HttpResponse:
    actor = edge.actor(request)
    require(may_keep, actor, None)
    initial = {}
    if row is not None:
        initial = {**_values(row, MemberForm), "username": row.user.username if row.user else ""}
    form = MemberForm(request.POST or None, initial=initial, fixed_code=row is not None)
    if request.method == "POST" and form.is_valid() and _code_free(form, row, Member):
        with edge.attempt(form) as attempt, journal.unit_of_work():
            saved = services.member_save(data=form.data_given(), actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已保存。"))
            return redirect("registry:nominee", saved.nominee.public_id)
    context = {"form": form, "row": row, "word": "党员", "kind": "member"}
    return edge.page(request, "registry/nominee_form.html", context, form=form)


def _values(row: ServicePoint | Member, form: type[ServicePointForm] | type[MemberForm]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


def _code_free(form: Any, row: object, model: Any) -> bool:
    """Saving is by code: adding under a code already used would silently change another row."""
    if row is None and model.objects.filter(code=form.cleaned_data["code"]).exists():
        form.add_error("code", _("这个编码已经登记过，请换一个编码，或打开已有的登记。"))
        return False
    return True


@login_required
@require_POST
def consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down that a member agreed to the publication of their name, or took it back."""
    actor = edge.actor(request)
    require(may_keep, actor, None)
    row = _member_for_page(public_id)
    withdraw = request.POST.get("act") == "withdraw"
    form = ConsentForm(request.POST)
    if withdraw or form.is_valid():
        on = None if withdraw else form.cleaned_data["on"]
        data = MemberData(
            code=row.code,
            name=row.name,
            post=row.post,
            unit=row.unit.code,
            party_organisation=row.party_organisation.code,
            status=row.status,
            in_post=row.in_post,
            username=row.user.username if row.user else "",
            publication_consent_on=on,
        )
        with journal.unit_of_work():
            services.member_save(data=data, actor=actor, now=clock.now())
        messages.success(request, _("已登记撤回同意。") if withdraw else _("已登记同意公开。"))
    else:
        messages.error(request, "".join(str(one) for errors in form.errors.values() for one in errors))
    return redirect("registry:nominee", row.nominee.public_id)
