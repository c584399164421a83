"""What every page here begins with: the round of the address and what the actor sees of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from xianfeng.creation import queries
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.models import Round
from xianfeng.programmes.queries import rounds
from xianfeng.ui import edge


@dataclass(frozen=True)
class Here:
    """Who looks at which round, and what of it they see."""

    actor: Actor
    round: Round
    seen: queries.Scope

    def context(self, **more: Any) -> dict[str, Any]:
        """The context of a list page: rounds to choose from, rights that decide which buttons stand there."""
        return {"round": self.round, "rounds": rounds(), "seen": self.seen, "open": self.round.state == "open", **more}

    def own(self) -> list[Organisation]:
        """Organisations the actor may report for, party organisations first."""
        rows = Organisation.objects.filter(pk__in=self.seen.own, closed_on__isnull=True)
        return sorted(rows, key=lambda one: (not one.is_party, one.code))

    def guided(self) -> list[Organisation]:
        """Participating party organisations the actor guides."""
        rows = queries.participants(self.round, clock.now())
        return list(rows if self.seen.guides else rows.filter(pk__in=self.seen.members))


def in_round(view: Callable[[HttpRequest, Here], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Decorator: signed in, in the round named by ``?round=``, the current one otherwise; an empty page without any."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        actor = edge.actor(request)
        row = round_here(request)
        if row is None:
            return edge.page(request, "creation/no_round.html", {})
        return view(request, Here(actor, row, queries.scope(actor, row.programme)))

    return login_required(wrapped)


def query(row: Round, **more: Any) -> str:
    """``?round=…`` for redirects, so that the chosen round is kept."""
    return "?" + urlencode({"round": row.public_id, **{key: value for key, value in more.items() if value}})
