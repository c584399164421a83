"""The password once more before a sheet is signed: wrong ones are written to the access log, and five are enough."""

from datetime import timedelta

from django.http import HttpRequest

from xianfeng.directory.models import SignIn, User
from xianfeng.kernel import clock

MOST, WITHIN = 5, timedelta(minutes=10)


def locked_out(user: User) -> bool:
    """Whether too many wrong passwords were given for this user of late, here or at the sign-in."""
    since = clock.real_now() - WITHIN
    return SignIn.objects.filter(user=user, outcome="refused", at__gt=since).count() >= MOST


def note_refused(request: HttpRequest, user: User) -> None:
    """One more wrong password, for the audit administrator to see."""
    SignIn.objects.create(
        user=user, username=user.username, outcome="refused", at=clock.real_now(),
        address=str(request.META.get("REMOTE_ADDR", ""))[:45],
    )  # fmt: skip
