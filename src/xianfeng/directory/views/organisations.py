"""组织目录: the party line as a tree, all organisations as a list, one organisation and its dated ties."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import exports, listing, policies, queries, rules, services, words
from xianfeng.directory.forms import CloseForm, EndForm, OrganisationForm, RelationForm, today_first
from xianfeng.directory.models import Organisation
from xianfeng.directory.policies import may_manage_organisations, may_read_organisations
from xianfeng.journal import queries as journal_queries
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.ui import edge

HISTORY = 30


def _keeper(request: HttpRequest) -> Actor:
    actor = edge.actor(request)
    require(may_manage_organisations, actor, None)
    return actor


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """``?view=list`` is the list with its filters; otherwise the tree of the party line."""
    actor, today = edge.actor(request), clock.today()
    require(may_read_organisations, actor, None)
    context = {"may_manage": bool(may_manage_organisations(actor, None)), "today": today}
    if request.GET.get("view") != "list":
        tree = listing.party_tree(today)
        return edge.page(request, "directory/tree.html", {**context, "tree": tree})
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = listing.organisations(q, kind, request.GET.get("closed", ""), today)
    if request.GET.get("export"):
        found = list(rows)
        book = exports.organisations_book(found, listing.tied_names([one.pk for one in found], today))
        return edge.download(book, f"组织目录{chinese_date(today)}.xlsx", exports.XLSX)
    page = edge.paginate(request, rows)
    ties = listing.tied_names([one.pk for one in page], today)
    context |= {"page": page, "ties": ties, "q": q, "kind": kind, "kinds": words.every_kind()}
    return edge.page(request, "directory/organisations.html", context)


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who it is, what it belongs to and since when, what it was called, who acts for it."""
    actor, today = edge.actor(request), clock.today()
    require(may_read_organisations, actor, None)
    row = listing.organisation_for_page(public_id)
    sees_people = bool(policies.may_read_people(actor, None)) or row.pk in actor.organisation_ids()
    ties = listing.ties(row, today)
    context = {
        "organisation": row,
        "chain": list(reversed(queries.superior_chain(row.pk, today))) if row.is_party else [],
        "own_ties": [one for one in ties if one.own],
        "other_ties": [one for one in ties if not one.own and one.current],
        "names": list(row.names.order_by("-since")),
        "sees_people": sees_people,
        "people": listing.with_state(listing.appointments().filter(organisation=row), today) if sees_people else [],
        "may_manage": bool(may_manage_organisations(actor, None)),
        "may_read_accounts": bool(policies.may_read_accounts(actor, None)),
        "settable": [
            (kind, rules.RELATION_KINDS[kind] if kind != "membership" else "所属协会")
            for kind, ends in rules.RELATION_ENDS.items()
            if words.sort_of(row.kind) == ends[0]
        ],
        "history": listing.happenings(journal_queries.entries_for(row)[:HISTORY]) if sees_people else [],
        "today": today,
    }
    return edge.page(request, "directory/organisation.html", context)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    actor = _keeper(request)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Organisation.objects.filter(code=form.cleaned_data["code"]).exists():
            form.add_error("code", _("这个编码已经登记过组织，请换一个编码。"))
        else:
            with edge.attempt(form) as attempt, journal.unit_of_work():
                row = services.organisation_save(**form.cleaned_data, actor=actor, now=clock.now())
            if attempt.ok:
                messages.success(request, _("已登记，请继续设定它的归属。"))
                return redirect("directory:organisation", row.public_id)
    return edge.page(request, "directory/organisation_form.html", {"form": form, "organisation": None}, form=form)


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct what is registered; a new name counts from its day and the old one is kept."""
    actor = _keeper(request)
    row = listing.organisation_for_page(public_id)
    names = ("kind", "code", "name", "short_name", "credit_code")
    form = OrganisationForm(
        request.POST or None, organisation=row, initial={name: getattr(row, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.organisation_save(**form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已保存。"))
            return redirect("directory:organisation", row.public_id)
    return edge.page(request, "directory/organisation_form.html", {"form": form, "organisation": row}, form=form)


@login_required
def relate(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Set its superior, unit or association from a day on."""
    actor = _keeper(request)
    row = listing.organisation_for_page(public_id)
    if kind not in rules.RELATION_ENDS or words.sort_of(row.kind) != rules.RELATION_ENDS[kind][0]:
        raise NotFoundHere(_("这个组织没有这种归属关系。"), _("请从组织页面进入。"))
    today = clock.today()
    current = queries.related(row.pk, kind, today)
    form = RelationForm(request.POST or None, kind=kind, organisation=row)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.relation_set(
                kind=kind,
                organisation=row.code,
                target=form.cleaned_data["target"].code,
                since=form.cleaned_data["since"],
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, _("已设定。"))
            return redirect("directory:organisation", row.public_id)
    context = {"form": form, "organisation": row, "current": current, "word": form.fields["target"].label}
    return edge.page(request, "directory/relation_form.html", context, form=form)


@login_required
def unrelate(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """End a relation without a successor."""
    actor = _keeper(request)
    row = listing.organisation_for_page(public_id)
    current = queries.related(row.pk, kind, clock.today())
    if current is None:
        raise NotFoundHere(_("没有可以终止的关系。"), _("请从组织页面进入。"))
    form = EndForm(request.POST or None, initial=today_first())
    del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.relation_end(
                kind=kind, organisation=row.code, until=form.cleaned_data["on"], actor=actor, now=clock.now()
            )
        if attempt.ok:
            messages.success(request, _("已终止。"))
            return redirect("directory:organisation", row.public_id)
    context = {"form": form, "organisation": row, "current": current, "word": rules.RELATION_KINDS[kind]}
    return edge.page(request, "directory/relation_end.html", context, form=form)


@login_required
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down that it was merged or dissolved."""
    actor = _keeper(request)
    row = listing.organisation_for_page(public_id)
    form = CloseForm(request.POST or None, initial=today_first(), organisation=row)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.organisation_close(organisation_id=row.pk, **form.cleaned_data, actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已登记撤并。"))
            return redirect("directory:organisation", row.public_id)
    below = [one for one in listing.ties(row, clock.today()) if one.current and not one.own]
    return edge.page(request, "directory/close.html", {"form": form, "organisation": row, "below": below}, form=form)
