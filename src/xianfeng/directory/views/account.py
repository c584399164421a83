"""我的账户: what I may act for, how I sign in, when I did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from xianfeng.directory import listing
from xianfeng.directory.models import User
from xianfeng.kernel import clock
from xianfeng.ui import edge


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Appointments past and present, sign-in safety, the latest sign-ins."""
    person = request.user
    assert isinstance(person, User)  # login_required
    appointments = listing.with_state(listing.appointments().filter(user=person), clock.today())
    context = {
        "person": person,
        "appointments": appointments,
        "sign_ins": listing.recent_sign_ins(person.pk),
        "deputies": listing.appointments().filter(deputy_for__user=person),
    }
    return edge.page(request, "directory/account.html", context)
