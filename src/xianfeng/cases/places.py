"""Places of a round: what the definition gives, what came over or was passed on, how many are taken."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Q

from xianfeng.cases.models import Case, Step
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Places, Pool
from xianfeng.programmes.rules import places as places_by_rule

# Kinds of step that come before a decision; a case that stands there may still ask for a place.
UPSTREAM = ("assess", "endorse", "screen", "correct", "panel", "score", "recommend", "report", "wait")
Counts = Mapping[tuple[str, str], int]  # by tier and key of the pool (a category, or a group of it)


def has_places(row: Round) -> bool:
    """Whether the programme names by a number of places at all (not by grades, not by a mere pass)."""
    return row.version.definition.result.kind == "quota"


def pool_of(case: Case, row: Round) -> Pool:
    """What a case competes for in a round: its category's places, or its applicant group's where they are split."""
    return row.version.definition.pool(case.tier, case.category, case.group, row.year)


def named(row: Round) -> Counts:
    """Titles given in a round by (tier, pool): one taken away later keeps its place in its own round."""
    return _counts(row, Q(outcome="named"))


def taken(row: Round) -> Counts:
    """Places used by (tier, pool): named, or decided and on the way to it."""
    return _counts(row, Q(outcome="named") | Q(state="open", steps__kind="decide", steps__outcome="approved"))


def _counts(row: Round, which: Q) -> Counts:
    rows = Case.objects.filter(which, round=row).exclude(kind="reassessment").order_by()
    definition = row.version.definition
    found: Counter[tuple[str, str]] = Counter()
    by_group = rows.values_list("tier", "category", "group").annotate(n=Count("id", distinct=True))
    for tier, category, group, number in by_group:
        found[tier, definition.pool(tier, category, group, row.year).key] += number
    return found


def places(row: Round, tier: str) -> dict[str, Places]:
    """Places of a tier by pool, the programme's rule on unused ones applied; no query where they lapse."""
    definition = row.version.definition
    rule = getattr(definition.result, "unused", "lapse")
    used = _used_before(row, tier) if rule == "next_round" else {}
    demand = _demand(row, tier) if rule == "other_category" else {}
    return {one.key: one for one in places_by_rule(definition, tier=tier, year=row.year, used=used, demand=demand)}


def left(found: Mapping[str, Places], used: Counts, tier: str) -> dict[str, int]:
    """Places not yet taken by pool; where categories lend to one another, no more than these have left whole."""
    shared = {key for key, one in found.items() if not one.group}
    whole = sum(found[key].quota - used.get((tier, key), 0) for key in shared)
    lending = any(one.received or one.given for one in found.values())
    free = {key: one.total - used.get((tier, key), 0) for key, one in found.items()}
    return {key: max(0, min(number, whole) if lending and key in shared else number) for key, number in free.items()}


def _used_before(row: Round, tier: str) -> dict[tuple[int, str], int]:
    """Places taken in earlier rounds that are over; a round still running, or annulled, passes nothing on."""
    over = Round.objects.filter(programme=row.programme, year__lt=row.year, state="closed").select_related("version")
    found: dict[tuple[int, str], int] = {}
    for earlier in over:
        counts = named(earlier)
        for category in row.version.definition.categories:
            found[earlier.year, category.code] = counts.get((tier, category.code), 0)
    return found


def _demand(row: Round, tier: str) -> dict[str, int]:
    """How many could take a place, by category. While more may still come, a category keeps its own places."""
    definition = row.version.definition
    used = taken(row)
    steps = Step.objects.open().filter(case__round=row, case__tier=tier).exclude(case__kind="reassessment")
    asked = set(steps.values_list("case_id", "case__category", "kind"))
    waiting = Counter(category for _, category, kind in asked if kind == "decide")
    coming = {category for _, category, kind in asked if kind in UPSTREAM}
    found = {}
    for one in definition.categories:
        number = used.get((tier, one.code), 0) + waiting[one.code]
        found[one.code] = max(number, definition.quota(tier, one.code, row.year)) if one.code in coming else number
    return found
