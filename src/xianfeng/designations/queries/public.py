"""Reads for the public pages (publicity): notices on show, the register, the verification of a plaque."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from xianfeng.designations import rules
from xianfeng.designations.models import Designation, DesignationEvent, NoticeItem, Objection, PublicNotice
from xianfeng.designations.queries.names import PublicName, public_name
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.rules import names_until

FOR_NAMES = ("nominee__member", "round__version")


@dataclass(frozen=True)
class NoticeLine:
    """One entry of a notice as the public sees it; ``item`` takes objections while ``open``."""

    item: NoticeItem
    name: PublicName
    category: str
    open: bool


@dataclass(frozen=True)
class RegisterLine:
    """One title of the public register."""

    designation: Designation
    name: PublicName
    category: str
    tier: str
    state: str  # the public word


@dataclass(frozen=True)
class Verification:
    """The answer to a plaque's code: the word first, since when, then the title and its public history."""

    designation: Designation
    name: PublicName
    word: str  # 有效 / 复评中 / 已撤销
    since: date
    category: str
    tier: str
    history: list[DesignationEvent] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether the title is held today."""
        return self.designation.state in rules.LIVE


def public_notices(on: date | None = None) -> list[PublicNotice]:
    """Notices the public may see today: open ones, and ended ones until the take-down day; newest first."""
    today = on or clock.today()
    rows = PublicNotice.objects.exclude(state="withdrawn").select_related("round__version", "round__programme")
    return [one for one in rows if names_until(one.round.version.definition, ends_on=one.ends_on) >= today]


def public_notice(public_id: str, on: date | None = None) -> PublicNotice:
    """One notice on show; 404 once taken down or withdrawn."""
    for one in public_notices(on):
        if one.public_id == public_id:
            return one
    raise NotFoundHere("没有找到这个公示，或者公示已经下架。", "请查看公示列表。")


def notice_lines(notice: PublicNotice, on: date | None = None) -> list[NoticeLine]:
    """The entries of a notice in their order, names by consent; two queries."""
    items = notice.items.select_related("case__nominee__member", "case__round__version").exclude(result="dropped")
    accepting = notice.state == "open" and clock.now() < notice.objections_until
    return [
        NoticeLine(
            item=item,
            name=public_name(item.case, on),
            category=item.case.round.version.definition.category(item.case.category).title,
            open=accepting and item.result == "open",
        )
        for item in items
    ]


def public_item(notice_public_id: str, position: int) -> NoticeLine:
    """One entry of a notice by its place on the list: what the objection form is about."""
    for line in notice_lines(public_notice(notice_public_id)):
        if line.item.position == position:
            return line
    raise NotFoundHere("没有找到这个公示对象。", "请从公示页面进入。")


def objection_by_receipt(receipt: str) -> Objection | None:
    """The objection a receipt stands for: what the objector may read of it is its state and reply."""
    rows = Objection.objects.select_related("item__notice", "item__case__nominee__member", "item__case__round__version")
    return rows.filter(receipt=receipt.strip().lower()).first()


def public_register(filters: Mapping[str, str] | None = None) -> QuerySet[Designation]:
    """Titles held today (``state=expired``: those whose term is over).

    Filters ``programme``, ``tier``, ``category``, ``year``, ``q``.

    Draw a row with ``register_line``: never show ``holder`` itself.
    """
    chosen = filters or {}
    states = {"expired"} if chosen.get("state") == "expired" else rules.LIVE
    rows = Designation.objects.filter(state__in=states).select_related(*FOR_NAMES, "programme", "carried_by")
    if states != rules.LIVE:  # a person's name is taken off lists when its time is over
        rows = rows.filter(nominee__member__isnull=True)
    if chosen.get("programme"):
        rows = rows.filter(programme__public_id=chosen["programme"])
    if chosen.get("tier"):
        rows = rows.filter(tier=chosen["tier"])
    if chosen.get("category"):
        rows = rows.filter(category=chosen["category"])
    if str(chosen.get("year", "")).isdigit():
        rows = rows.filter(round__year=int(chosen["year"]))
    if word := str(chosen.get("q", "")).strip():
        published = Q(nominee__member__isnull=True) | Q(nominee__member__publication_consent_on__lte=clock.today())
        rows = rows.filter(
            Q(unit_name__icontains=word) | Q(number__icontains=word) | (published & Q(holder__icontains=word))
        )
    return rows.order_by("-round__year", "tier", "category", "number")


def register_line(designation: Designation, on: date | None = None) -> RegisterLine:
    """One row of the register with its public words."""
    definition = designation.round.version.definition
    return RegisterLine(
        designation=designation,
        name=public_name(designation, on),
        category=definition.category(designation.category).title,
        tier=definition.tier(designation.tier).title,
        state=rules.PUBLIC_STATES[designation.state],
    )


def verification(code: str) -> Verification | None:
    """The title a plaque's code (public id, or its number) stands for, ended ones too; None without."""
    cleaned = code.strip()
    history = DesignationEvent.objects.filter(kind__in=rules.PUBLIC_HISTORY).order_by()
    found = (
        Designation.objects.filter(Q(public_id=cleaned.lower()) | Q(number=cleaned))
        .select_related(*FOR_NAMES, "programme", "case", "credential__key", "carried_by")
        .prefetch_related(Prefetch("history", queryset=history, to_attr="shown"))
        .order_by()[:1]  # both are unique; an order costs more to write down than the row to find
    )
    if not found:
        return None
    row = found[0]
    definition = row.round.version.definition
    shown = sorted(getattr(row, "shown", []), key=lambda one: (one.happened_on, one.pk))
    return Verification(
        designation=row,
        name=public_name(row),
        word=rules.PUBLIC_STATES[row.state],
        since=_since(row, shown),
        category=definition.category(row.category).title,
        tier=definition.tier(row.tier).title,
        history=shown,
    )


def _since(row: Designation, shown: list[DesignationEvent]) -> date:
    """Since when the public word holds: the end, the start of the reassessment, or the naming."""
    if row.ended_on is not None:
        return row.ended_on
    if rules.PUBLIC_STATES[row.state] == "复评中":
        started = [one.happened_on for one in shown if one.kind == "reassess"]
        return started[-1] if started else row.named_on
    return row.named_on
