"""Puts the actor on the request: one query, only when a page asks for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from xianfeng.directory.models import User
from xianfeng.directory.queries import actor_for
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor, public_actor


class ActorMiddleware:
    """``request.actor`` is the signed-in user under today's appointments, or a public person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor lazily: static and public pages cost no query."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    return actor_for(user, clock.today()) if isinstance(user, User) else public_actor()
