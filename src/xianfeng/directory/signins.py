"""The access log: who came in, went out or was refused. Django's sign-in signals, for sign-in is a third party's act.

Kept apart from the journal (no decision is made here) and by the real clock, whatever day the programme's clock shows.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from xianfeng.directory.models import SignIn, User
from xianfeng.kernel import clock


def connect() -> None:
    """Listen; called once from ``DirectoryConfig.ready``."""
    user_logged_in.connect(_came_in, dispatch_uid="xianfeng.signins.in")
    user_logged_out.connect(_went_out, dispatch_uid="xianfeng.signins.out")
    user_login_failed.connect(_refused, dispatch_uid="xianfeng.signins.refused")


def _came_in(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    _note("in", request, user)


def _went_out(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    if isinstance(user, User):  # signing out twice is nobody's sign-out
        _note("out", request, user)


def _refused(credentials: Any = None, request: HttpRequest | None = None, **_more: Any) -> None:
    username = str((credentials or {}).get("username") or "")
    # A username typed wrongly is kept as typed: passwords end up there by mistake, so nothing longer than a name.
    _note("refused", request, User.objects.filter(username=username).first(), username[:40])


def _note(outcome: str, request: HttpRequest | None, user: Any, username: str = "") -> None:
    known = user if isinstance(user, User) else None
    SignIn.objects.create(
        user=known,
        username=known.username if known else username,
        outcome=outcome,
        at=clock.real_now(),
        address=str(request.META.get("REMOTE_ADDR", ""))[:45] if request is not None else "",
    )
