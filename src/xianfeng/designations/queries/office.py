"""Reads for the bodies: what waits for a decision, what the quota holds, the list of titles."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from xianfeng.cases import places
from xianfeng.cases.models import Case, Step
from xianfeng.cases.queries import acting_ids, visible_to
from xianfeng.designations import rules
from xianfeng.designations.models import (
    Decision,
    Designation,
    DesignationCase,
    NoticeItem,
    Objection,
    PublicNotice,
)
from xianfeng.designations.queries.sitting import Proposal, Table
from xianfeng.designations.rules import LIVE, OPEN_OBJECTIONS
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Tier
from xianfeng.programmes.rules.life import months_after
from xianfeng.programmes.rules.schema.pools import pool_key
from xianfeng.review.models import RankingRow

DUE_WITHIN_MONTHS = 3


@dataclass(frozen=True)
class Places:
    """A quota's state: named, on notice or otherwise approved, open."""

    tier: str
    tier_title: str
    category: str
    category_title: str
    total: int | None
    named: int
    under_way: int
    free: int = 0
    title: str = ""  # of the pool: the category, with the applicant group where its places are split
    group: str = ""
    group_title: str = ""
    sentence: str = ""  # where the total comes from, unless it is the year's quota and nothing else

    @property
    def key(self) -> str:
        """The pool's key."""
        return pool_key(self.category, self.group)

    @property
    def left(self) -> int | None:
        """Places still open; None without a quota."""
        return None if self.total is None else self.free


@dataclass(frozen=True)
class Candidate:
    """A case that awaits a decision, with its rank where there is one."""

    case: Case
    step: Step
    ranking: RankingRow | None
    source: Designation | None
    reason: str = ""
    reserve: int | None = None  # its place in the reserve, where the meeting put it there before
    proposal: Proposal | None = None

    @property
    def rank(self) -> int | None:
        """Official place in the ranking."""
        return self.ranking.rank if self.ranking else None


def quota_table(row: Round) -> list[Places]:
    """Every tier × pool of a round with its places, what came over or was lent counted in."""
    definition = row.version.definition
    named, taken = places.named(row), places.taken(row)
    return [one for tier in definition.tiers for one in _places_of_tier(row, tier, named, taken)]


def _places_of_tier(row: Round, tier: Tier, named: places.Counts, taken: places.Counts) -> list[Places]:
    quota = places.has_places(row)
    found = places.places(row, tier.code) if quota else {}
    left = places.left(found, taken, tier.code)
    lines = []
    for one in row.version.definition.pools(tier.code, row.year):
        key, rule = (tier.code, one.key), found.get(one.key)
        number = named.get(key, 0)
        lines.append(
            Places(
                tier=tier.code,
                tier_title=tier.title,
                category=one.category,
                category_title=row.version.definition.category(one.category).title,
                title=one.title,
                group=one.group,
                group_title=row.version.definition.group(one.group).title if one.group else "",
                total=rule.total if rule else None,
                named=number,
                under_way=taken.get(key, 0) - number,
                free=left.get(one.key, 0),
                sentence=rule.sentence if rule and rule.total != rule.quota else "",
            )
        )
    return lines


def waiting(row: Round, kind: str, tier: str = "") -> QuerySet[Step]:
    """Open steps of a kind in a round, with what a row shows."""
    steps = Step.objects.filter(state="open", kind=kind, case__round=row)
    if tier:
        steps = steps.filter(case__tier=tier)
    return steps.select_related(
        "case__nominee__member", "case__round__version", "case__party", "case__unit", "organisation"
    ).order_by("case__category", "id")


def waiting_in_order(row: Round, kind: str, tier: str) -> list[Step]:
    """As ``waiting``, in the order in which the definition lists its categories: how official lists run."""
    order = {one.code: number for number, one in enumerate(row.version.definition.categories)}
    return sorted(waiting(row, kind, tier), key=lambda step: (order.get(step.case.category, len(order)), step.pk))


def candidates(row: Round, tier: str, laid: Table) -> list[Candidate]:
    """Cases that await the decision of a tier as they lie on the table, by pool and in ranking order; two queries."""
    steps = list(waiting(row, "decide", tier))
    ids = [one.case_id for one in steps]
    ties = {
        one.case_id: one for one in DesignationCase.objects.filter(case__in=ids).select_related("designation__round")
    }
    found = [
        Candidate(
            case=step.case,
            step=step,
            ranking=laid.rows.get(step.case_id),
            source=ties[step.case_id].designation if step.case_id in ties else None,
            reason=ties[step.case_id].reason if step.case_id in ties else "",
            reserve=laid.reserve.get(step.case_id),
            proposal=laid.proposals.get(step.case_id),
        )
        for step in steps
    ]
    order = {one.key: number for number, one in enumerate(row.version.definition.pools(tier, row.year))}
    return sorted(found, key=lambda one: (order.get(laid.pools[one.case.pk], 99), one.rank or 999, one.case.pk))


def decisions(row: Round) -> QuerySet[Decision]:
    """Decisions of a round, newest first, with their counts."""
    return (
        Decision.objects.filter(round=row)
        .select_related("organisation", "round__version")
        .annotate(
            approved=Count("items", filter=Q(items__result="approved")),
            total=Count("items"),
        )
        .order_by("-meeting_on", "-id")
    )


def decision_for_page(public_id: str) -> Decision:
    """One decision; 404 without."""
    row = (
        Decision.objects.select_related("organisation", "round__version", "decided_by")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这份审定。", "请从审定列表进入。")
    return row


def notices(row: Round) -> QuerySet[PublicNotice]:
    """Notices of a round, newest first, with counts of entries and open objections."""
    return PublicNotice.objects.filter(round=row).annotate(
        count=Count("items", distinct=True),
        waiting=Count(
            "items__objections",
            filter=Q(items__objections__state__in=OPEN_OBJECTIONS, items__result="open"),
            distinct=True,
        ),
    )


def notice_for_page(public_id: str) -> PublicNotice:
    """One notice with its round; 404 without."""
    row = (
        PublicNotice.objects.select_related("round__version", "round__programme", "published_by")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个公示。", "请从公示列表进入。")
    return row


def objections(state: str = "") -> QuerySet[Objection]:
    """Objections, the waiting ones first."""
    rows = Objection.objects.select_related(
        "item__notice", "item__case__nominee__member", "item__case__round__version", "item__case__unit", "file"
    )
    if state == "open":
        rows = rows.filter(state__in=OPEN_OBJECTIONS)
    elif state in rules.OBJECTION_STATES:
        rows = rows.filter(state=state)
    return rows.order_by("-received_at")


def objection_for_page(public_id: str) -> Objection:
    """One objection; 404 without. Its reader is checked by the page."""
    row = objections().select_related("handled_by", "item__step").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这件异议。", "请从异议列表进入。")
    return row


def titles(actor: Actor, filters: Mapping[str, str]) -> QuerySet[Designation]:
    """Titles an actor may read as the cases they came from; filters ``year tier category state due q``."""
    seen = Q(case__in=visible_to(actor).values("pk"))
    if mine := acting_ids(actor):  # whoever carries a title on, though the case was another's
        seen |= Q(party__in=mine) | Q(unit__in=mine)
    rows = Designation.objects.filter(seen).select_related("round__version", "nominee")
    for field in ("tier", "category"):
        if filters.get(field):
            rows = rows.filter(**{field: filters[field]})
    if str(filters.get("year", "")).isdigit():
        rows = rows.filter(round__year=int(filters["year"]))
    state = filters.get("state", "")
    if state == "live":
        rows = rows.filter(state__in=LIVE)
    elif state in rules.DESIGNATION_STATES:
        rows = rows.filter(state=state)
    if filters.get("due"):
        last = clock.today() if filters["due"] == "over" else months_after(clock.today(), DUE_WITHIN_MONTHS)
        rows = rows.filter(state__in=rules.RESTING, reassess_by__lte=last)
    if filters.get("check"):
        rows = rows.filter(state__in=LIVE, self_check_by__lt=clock.today())
    if word := filters.get("q", "").strip():
        rows = rows.filter(Q(holder__icontains=word) | Q(unit_name__icontains=word) | Q(number__icontains=word))
    return rows.order_by("-round__year", "tier", "category", "number")


def due_for_reassessment(actor: Actor) -> QuerySet[Designation]:
    """Held titles whose next look is due within the next months."""
    return titles(actor, {"due": "1"})


def title_for_page(public_id: str, actor: Actor) -> Designation:
    """One title the actor may read; 404 otherwise."""
    row = (
        titles(actor, {})
        .select_related("programme", "case__unit", "case__party", "based_on", "nominee__member", "carried_by")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个命名，或者您无权查看。", "请从命名名录进入。")
    return row


def open_item_of(step: Step) -> NoticeItem | None:
    """The notice an announce step is on."""
    return NoticeItem.objects.filter(step=step, result="open").select_related("notice").first()
