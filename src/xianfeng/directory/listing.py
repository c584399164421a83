"""What the directory's pages show: the party line as a tree, one organisation with its dated ties, lists of people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from xianfeng.directory import rules, words
from xianfeng.directory.models import Appointment, Organisation, Relation, SignIn, User, holds_on
from xianfeng.journal import queries as journal
from xianfeng.journal.models import Entry, PersonalDetail
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.ui.parts import Happening


def happenings(entries: Iterable[Entry], colours: Mapping[str, str] | None = None) -> list[Happening]:
    """Journal entries as a timeline, each with the reason kept for it; ``colours`` by the last word of the event."""
    rows = list(entries)
    kept = PersonalDetail.objects.filter(entry_seq__in=[one.seq for one in rows], key="reason")
    reasons = dict(kept.values_list("entry_seq", "value"))
    colours = colours or {}
    return [
        Happening(
            journal.phrase(one),
            one.at,
            one.actor_label,
            text=reasons.get(one.seq, ""),
            colour=colours.get(one.event.rsplit(":", 1)[-1], "grey"),
        )
        for one in rows
    ]


@dataclass
class Branch:
    """One party organisation of the tree; ``opens`` begins a list below it, ``closes`` ends so many."""

    organisation: Organisation
    unit: str = ""
    below: int = 0
    closes: list[None] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """Whether anything stands below it."""
        return self.below > 0


def standing(on: date) -> Q:
    """Organisations that were not merged or dissolved by a day."""
    return Q(closed_on__isnull=True) | Q(closed_on__gt=on)


def party_tree(on: date) -> list[Branch]:
    """All party organisations of a day, each before those below it: two queries, whatever the size."""
    parties = {one.pk: one for one in Organisation.objects.parties().filter(standing(on))}
    rows = Relation.objects.filter(holds_on(on), kind__in=("superior", "unit"), organisation_id__in=parties)
    above: dict[int, int] = {}
    units: dict[int, str] = {}
    for row in rows.select_related("target").order_by("since"):
        if row.kind == "superior":
            above[row.organisation_id] = row.target_id
        else:
            units[row.organisation_id] = row.target.label
    children: dict[int, list[int]] = defaultdict(list)
    for pk in parties:
        if above.get(pk) in parties:
            children[above[pk]].append(pk)
    drawn: list[Branch] = []
    seen: set[int] = set()

    def walk(pk: int) -> None:
        if pk in seen:
            return
        seen.add(pk)
        one = Branch(parties[pk], units.get(pk, ""))
        drawn.append(one)
        kids = [kid for kid in children[pk] if kid not in seen]
        for kid in kids:
            walk(kid)
        one.below = len(kids)
        if kids:
            drawn[-1].closes.append(None)

    for pk in parties:
        if above.get(pk) not in parties:
            walk(pk)
    return drawn


def organisations(q: str, kind: str, closed: str, on: date) -> QuerySet[Organisation]:
    """Organisations narrowed by word, kind (or sort) and whether they still stand."""
    rows = Organisation.objects.order_by("code")
    if q:
        rows = rows.filter(
            Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code__icontains=q) | Q(credit_code__iexact=q)
        )
    if kind in words.SORTS:
        rows = rows.filter(kind__in=words.of_sort(kind))
    elif kind:
        rows = rows.filter(kind=kind)
    if closed == "yes":
        return rows.filter(closed_on__lte=on)
    return rows if closed == "all" else rows.filter(standing(on))


def tied_names(organisation_ids: list[int], on: date) -> dict[int, str]:
    """For each organisation what it belongs to on a day, in words: unit, else superior, else association."""
    order = {"unit": 0, "membership": 1, "superior": 2}
    rows = Relation.objects.filter(holds_on(on), organisation_id__in=organisation_ids).select_related("target")
    found = sorted(rows, key=lambda one: order[one.kind], reverse=True)
    return {one.organisation_id: one.target.label for one in found}


def organisation_for_page(public_id: str) -> Organisation:
    """An organisation by its public id, 404 without."""
    row = Organisation.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个组织。", "请从组织目录进入。")
    return row


@dataclass(frozen=True)
class Tie:
    """A dated relation as one line: seen from the organisation whose page it is."""

    words: str
    other: Organisation
    since: date
    until: date | None
    current: bool
    kind: str
    own: bool  # its own relation (which it may end), not somebody's to it


INCOMING = {"superior": "下级党组织", "unit": "党组织", "membership": "会员单位"}


def ties(row: Organisation, on: date) -> list[Tie]:
    """All relations of an organisation, its own first, current before past: one query."""
    found = Relation.objects.filter(Q(organisation=row) | Q(target=row)).select_related("organisation", "target")
    lines = [
        Tie(
            words=rules.RELATION_KINDS[one.kind] if one.organisation_id == row.pk else INCOMING[one.kind],
            other=one.target if one.organisation_id == row.pk else one.organisation,
            since=one.since,
            until=one.until,
            current=one.since <= on and (one.until is None or one.until >= on),
            kind=one.kind,
            own=one.organisation_id == row.pk,
        )
        for one in found
    ]
    return sorted(lines, key=lambda one: (not one.own, not one.current, one.kind, one.other.code))


def state_of(row: Appointment, on: date) -> str:
    """Whether an appointment holds, is to come, or is over on a day."""
    if row.since > on:
        return "coming"
    return "ended" if row.until is not None and row.until < on else "current"


def with_state(rows: "QuerySet[Appointment] | list[Appointment]", on: date) -> list[Appointment]:
    """Appointments with ``state`` for the page, those that hold first."""
    found = list(rows)
    for row in found:
        row.state = state_of(row, on)  # type: ignore[attr-defined]
    return sorted(found, key=lambda one: state_of(one, on) == "ended")


def appointments() -> QuerySet[Appointment]:
    """Appointments with what their lines show, in one query."""
    return Appointment.objects.select_related("user", "organisation", "deputy_for__user").order_by(
        "organisation__code", "duty", "since"
    )


def appointments_found(q: str, duty: str, state: str, on: date) -> QuerySet[Appointment]:
    """Appointments narrowed by word, duty, and whether they hold (``deputy``: held for somebody else)."""
    rows = appointments()
    if q:
        rows = rows.filter(
            Q(user__name__icontains=q)
            | Q(user__username__icontains=q)
            | Q(organisation__name__icontains=q)
            | Q(title__icontains=q)
        )
    if duty:
        rows = rows.filter(duty=duty)
    if state == "all":
        return rows
    if state == "ended":
        return rows.filter(until__lt=on)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=on))
    return rows.filter(deputy_for__isnull=False) if state == "deputy" else rows


def users(q: str, active: str) -> QuerySet[User]:
    """Users narrowed by word and whether they may sign in."""
    rows = User.objects.order_by("username")
    if q:
        rows = rows.filter(
            Q(username__icontains=q) | Q(name__icontains=q) | Q(appointments__organisation__name__icontains=q)
        ).distinct()
    return rows.filter(is_active=active == "yes") if active in ("yes", "no") else rows


def duties_of(user_ids: list[int], on: date) -> dict[int, list[Appointment]]:
    """What each of these users holds on a day, in one query."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in appointments().filter(holds_on(on), user_id__in=user_ids):
        found[row.user_id].append(row)
    return dict(found)


def user_for_page(public_id: str) -> User:
    """A user by their public id, 404 without."""
    row = User.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个用户。", "请从用户列表进入。")
    return row


def appointment_for_page(appointment_id: int) -> Appointment:
    """An appointment with its user and organisation, 404 without."""
    row = appointments().filter(pk=appointment_id).first()
    if row is None:
        raise NotFoundHere("没有找到这项任职。", "请从用户页面进入。")
    return row


def recent_sign_ins(user_id: int, count: int = 20) -> list[SignIn]:
    """A user's own latest lines of the access log."""
    return list(SignIn.objects.filter(user_id=user_id).order_by("-at", "-id")[:count])
