"""Which round a page is about, where several programmes run side by side."""

from django.http import HttpRequest, QueryDict

from xianfeng.directory.rules import ACTING_DUTIES
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.programmes import queries
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import seats
from xianfeng.ui import edge

KEPT = "round"  # in the session: menus lead to addresses that name none


def round_here(request: HttpRequest) -> Round | None:
    """The round of ``?round=``, which is kept for the pages after it, else the one kept, else the nearest.

    While several programmes run, an address without a round is led to one with it: two open windows, a filter and a
    form then speak of the round that stands on the page, whatever was chosen last. Not only kept in the session for
    that reason.
    """
    asked = queries.round_or_none(request.GET.get("round", ""))
    if asked is not None:
        keep(request, asked)
        return asked
    open_ones = queries.open_rounds()
    if len({one.programme_id for one in open_ones}) < 2:
        return next(iter(open_ones), None) or queries.current_round()
    kept = queries.round_or_none(str(request.session.get(KEPT, "")))
    found = kept or nearest(edge.actor(request), open_ones)
    if request.method == "GET":
        query = QueryDict(request.GET.urlencode(), mutable=True)
        query["round"] = found.public_id
        raise edge.Elsewhere(f"{request.path}?{query.urlencode()}")
    return found


def keep(request: HttpRequest, row: Round) -> None:
    """Make this the round of the pages that follow."""
    if request.session.get(KEPT) != row.public_id:
        request.session[KEPT] = row.public_id


def nearest(actor: Actor, rows: list[Round]) -> Round:
    """The newest in whose programme the actor sits, else the newest that the actor's unit may take part in."""
    seated = {one.programme_id for one in seats(actor)}
    kinds = _kinds(actor)

    def distance(row: Round) -> int:
        if row.programme_id in seated:
            return 0
        groups = row.version.definition.applicant_groups
        return 1 if any(kinds & set(one.organisation_kinds) for one in groups) else 2

    return min(rows, key=distance)


def _kinds(actor: Actor) -> set[str]:
    """Kinds of the units the actor acts for."""
    own = {one.organisation_id for one in actor.appointments if one.duty in ACTING_DUTIES}
    return queries.unit_kinds(own, clock.today())
