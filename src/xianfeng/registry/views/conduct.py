"""诚信台账: facts reported, confirmed or found untrue."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xianfeng import journal
from xianfeng.directory.listing import happenings, organisation_for_page
from xianfeng.directory.models import Organisation
from xianfeng.journal import queries as journal_queries
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotPermitted, UserError
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.registry import exports, listing, queries, rules, services, words
from xianfeng.registry.filters import STATES, ledger_filter
from xianfeng.registry.forms import ConductForm, RefuteForm
from xianfeng.registry.models import ConductRecord, Project
from xianfeng.registry.policies import may_keep
from xianfeng.ui import edge
from xianfeng.ui.parts import Happening


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The ledger filtered; ``?export=1`` gives what is filtered."""
    actor, today = edge.actor(request), clock.today()
    seen = listing.scope(actor, today)
    asked = ledger_filter(request.GET)
    all_seen = queries.ledger().filter(listing.ledger_seen(seen))
    rows = asked.apply(all_seen.select_related("service_point__unit", "member__unit"), today)
    if request.GET.get("export"):
        return edge.download(exports.ledger_book(rows), f"诚信台账{chinese_date(today)}.xlsx", exports.XLSX)
    context = {
        "page": edge.paginate(request, rows),
        "asked": asked,
        "kinds": dict(words.FACTS),
        "levels": rules.LEVELS,
        "states": STATES,
        "units": listing.unit_choices(seen),
        "years": listing.years(all_seen),
        "keeps": seen.keeps,
        "reports": seen.keeps or bool(listing.homes(actor, today)),
        "adverse": rules.ADVERSE_KINDS,
    }
    return edge.page(request, "registry/ledger.html", context)


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One fact, where it comes from, who reported and who confirmed it."""
    actor = edge.actor(request)
    seen = listing.scope(actor, clock.today())
    row = listing.record_for_page(public_id, seen)
    form = RefuteForm(request.POST or None) if seen.keeps and row.state != "refuted" else None
    if request.method == "POST":
        require(may_keep, actor, None)
        if form is None:
            raise UserError(_("这条记录已登记为不属实。"), _("请刷新页面查看结果。"), status=409)
        if form.is_valid():
            # Named, not derived from the state: a page gone stale must not do the other thing.
            withdraws = request.POST.get("act") == "withdraw"
            settle = services.conduct_withdraw if withdraws else services.conduct_refute
            with edge.attempt(form) as attempt, journal.unit_of_work():
                settle(record_id=row.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
            if attempt.ok:
                messages.success(request, _("已登记为不属实。"))
                return redirect("registry:record", row.public_id)
    owner = row.service_point or row.member
    context = {
        "row": row,
        "owner": owner,
        "tags": [words.TAGS.word(one) for one in row.tags],
        "adverse": row.kind in rules.ADVERSE_KINDS,
        "history": _history(row),
        "form": form,
        "keeps": seen.keeps,
    }
    return edge.page(request, "registry/record.html", context, form=form)


def _history(row: ConductRecord) -> list[Happening]:
    colours = {"reported": "amber", "confirmed": "green", "refuted": "red", "withdrawn": "red"}
    return happenings(journal_queries.entries_for(row), colours)


@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen facts, in one unit of work; what somebody else has settled meanwhile is left as it is."""
    actor = edge.actor(request)
    require(may_keep, actor, None)
    chosen = request.POST.getlist("chosen")
    rows = ConductRecord.objects.filter(public_id__in=chosen, state="reported").order_by("id")
    ids = list(rows.values_list("pk", flat=True))
    try:
        with journal.unit_of_work():
            for pk in ids:
                services.conduct_confirm(record_id=pk, actor=actor, now=clock.now())
    except UserError as error:
        messages.error(request, str(error))
    else:
        left = len(set(chosen)) - len(ids)
        said = f"已核实 {len(ids)} 条。" if ids else _("没有可以核实的记录，请选择待核实的记录。")
        messages.success(request, said + (f"另有 {left} 条此前已核实过，未作改动。" if left and ids else ""))
    back = request.POST.get("back", "")
    if len(chosen) == 1 and back == "record":
        return redirect("registry:record", chosen[0])
    return redirect(reverse("registry:conduct") + (f"?{back}" if back else ""))


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Report a fact: first of which unit (given at once where there is only one), then what happened."""
    actor, today = edge.actor(request), clock.today()
    keeps = bool(may_keep(actor, None))
    homes = listing.homes(actor, today)
    home = _home(request, keeps, homes)
    if home is None:
        choices = listing.unit_choices(listing.ALL) if keeps else homes
        if not choices:
            raise NotPermitted(_("您没有代表任何单位的任职，不能报送诚信台账。"), _("请联系安全管理员登记任职。"))
        return edge.page(request, "registry/conduct_unit.html", {"choices": choices, "keeps": keeps})
    projects = Project.objects.all() if keeps else Project.objects.filter(parties__unit=home).distinct()
    form = ConductForm(
        request.POST or None,
        subjects=listing.subjects_of(home, today),
        projects=projects,
        keeps=keeps,
        initial={"subject": request.GET.get("subject", ""), "project": request.GET.get("project", "")},
    )
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            row = services.conduct_record_add(data=form.data_given(), actor=actor, now=clock.now())
        if attempt.ok:
            said = _("已登记并核实。") if row.state == "confirmed" else _("已报送，等待推进组或领导小组办公室核实。")
            messages.success(request, said)
            return redirect("registry:record", row.public_id)
    return edge.page(request, "registry/conduct_form.html", {"form": form, "home": home, "keeps": keeps}, form=form)


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a fact's particulars, or write down that it was rectified; whom it is about and what happened stay."""
    actor = edge.actor(request)
    require(may_keep, actor, None)
    row = listing.record_for_page(public_id, listing.KEEPER)
    kind = next(name for name in listing.KINDS if getattr(row, f"{name}_id") is not None)
    subject = listing.Subject(kind, row.subject.code, row.subject.name)
    initial = {name: getattr(row, name) for name in ConductForm.base_fields if hasattr(row, name)}
    form = ConductForm(
        request.POST or None,
        subjects={listing.KINDS[kind]: [subject]},
        projects=Project.objects.filter(pk__in=[row.project_id] if row.project_id else []),
        keeps=True,
        fixed=True,
        initial={**initial, "subject": subject.value, "project": row.project_id},
    )
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.conduct_records_save(rows=[form.data_given()], actor=actor, now=clock.now())
        if attempt.ok:
            messages.success(request, _("已保存。"))
            return redirect("registry:record", row.public_id)
    return edge.page(request, "registry/conduct_form.html", {"form": form, "row": row, "keeps": True}, form=form)


def _home(request: HttpRequest, keeps: bool, homes: list[Organisation]) -> Organisation | None:
    """The unit reported for: the one of the address, or the only one there is; others' are refused."""
    wanted = request.GET.get("of", "")
    if not wanted:
        return homes[0] if len(homes) == 1 and not keeps else None
    row = listing.home_of(organisation_for_page(wanted), clock.today())
    if keeps or row in homes:
        return row
    raise NotPermitted(_("只能报送本单位的诚信台账。"), _("其他单位的情况请告知推进组。"))
