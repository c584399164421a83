"""用户: who may sign in; passwords are handed over once, on the page that made them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.directory import exports, listing, passwords, services
from xianfeng.directory.forms import ReasonForm, UserForm
from xianfeng.directory.models import User
from xianfeng.directory.policies import may_appoint, may_manage_users, may_read_accounts
from xianfeng.journal import queries as journal_queries
from xianfeng.kernel import clock
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.ui import edge

HISTORY = 30


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All users with what they hold today."""
    actor, today = edge.actor(request), clock.today()
    require(may_read_accounts, actor, None)
    q, active = request.GET.get("q", "").strip(), request.GET.get("active", "")
    rows = listing.users(q, active)
    if request.GET.get("export"):
        found = list(rows)
        book = exports.users_book(found, listing.duties_of([one.pk for one in found], today))
        return edge.download(book, f"用户{chinese_date(today)}.xlsx", exports.XLSX)
    page = edge.paginate(request, rows)
    context = {
        "page": page,
        "duties": listing.duties_of([one.pk for one in page], today),
        "q": q,
        "active": active,
        "may_manage": bool(may_manage_users(actor, None)),
    }
    return edge.page(request, "directory/users.html", context)


@login_required
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One user: account, appointments past and present, latest sign-ins, what was changed."""
    actor, today = edge.actor(request), clock.today()
    require(may_read_accounts, actor, None)
    row = listing.user_for_page(public_id)
    appointments = listing.with_state(listing.appointments().filter(user=row), today)
    entries = journal_queries.entries_for(row)[:HISTORY]
    context = {
        "person": row,
        "appointments": appointments,
        "sign_ins": listing.recent_sign_ins(row.pk, 5),
        "history": listing.happenings(entries),
        "may_manage": bool(may_manage_users(actor, None)),
        "may_appoint": bool(may_appoint(actor, None)),
        "own": row.pk == actor.user_id,
    }
    return edge.page(request, "directory/user.html", context)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A new user with an initial password, shown once."""
    actor = edge.actor(request)
    require(may_manage_users, actor, None)
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = passwords.one_time()
        with edge.attempt(form) as attempt, journal.unit_of_work():
            row = services.user_create(**form.cleaned_data, password=password, actor=actor, now=clock.now())
        if attempt.ok:
            return _handed_over(request, row, password, fresh=True)
    return edge.page(request, "directory/user_form.html", {"form": form, "person": None}, form=form)


def _handed_over(request: HttpRequest, row: User, password: str, *, fresh: bool) -> HttpResponse:
    """Shown in the answer to the POST itself: no address leads to it again."""
    response = edge.page(request, "directory/password.html", {"person": row, "password": password, "fresh": fresh})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a user's name or address."""
    actor = edge.actor(request)
    require(may_manage_users, actor, None)
    row = listing.user_for_page(public_id)
    initial = {"username": row.username, "name": row.name, "email": row.email}
    form = UserForm(request.POST or None, user=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        with edge.attempt(form) as attempt, journal.unit_of_work():
            services.user_update(
                user_id=row.pk,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                actor=actor,
                now=clock.now(),
            )
        if attempt.ok:
            messages.success(request, _("已保存。"))
            return redirect("directory:user", row.public_id)
    return edge.page(request, "directory/user_form.html", {"form": form, "person": row}, form=form)


@login_required
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Disable an active user, or let a disabled one in again; both with a reason."""
    actor = edge.actor(request)
    require(may_manage_users, actor, None)
    row = listing.user_for_page(public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.user_disable if row.is_active else services.user_enable
        with edge.attempt(form) as attempt, journal.unit_of_work():
            act(user_id=row.pk, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        if attempt.ok:
            said = _("已停用。") if row.is_active else _("已恢复启用。")
            messages.success(request, f"“{row.name}”{said}")
            return redirect("directory:user", row.public_id)
    return edge.page(request, "directory/user_switch.html", {"form": form, "person": row}, form=form)


@login_required
def reset(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a new password and show it once; signed-in sessions of the user end by themselves."""
    actor = edge.actor(request)
    require(may_manage_users, actor, None)
    row = listing.user_for_page(public_id)
    if request.method == "POST":
        password = passwords.one_time()
        with journal.unit_of_work():
            services.user_password_set(user_id=row.pk, password=password, actor=actor, now=clock.now())
        return _handed_over(request, row, password, fresh=False)
    return edge.page(request, "directory/user_reset.html", {"person": row})
