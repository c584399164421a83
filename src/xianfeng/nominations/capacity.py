"""How many a superior has recommended and may still recommend: read by its page and by the services that refuse."""

from dataclasses import dataclass
from datetime import date

from xianfeng.cases.models import Case, CaseQuerySet
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation, Relation, holds_on
from xianfeng.programmes import allotting
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.places import may_recommend


def standing(row: Round) -> CaseQuerySet:
    """The round's nominations that count against a limit."""
    return Case.objects.filter(round=row, kind="nomination").exclude(outcome__in=("withdrawn", "annulled"))


def recommended(row: Round, superior: Organisation, category: str, today: date) -> CaseQuerySet:
    """Nominations that a superior has recommended; submitted ones where the procedure asks no superior."""
    under = Relation.objects.filter(holds_on(today), kind="superior", target=superior).values("organisation_id")
    rows = standing(row).filter(category=category, party_id__in=under)
    if any(one.kind == "endorse" for one in row.version.definition.procedure("nomination").steps):
        return rows.filter(steps__kind="endorse", steps__outcome="consented").distinct()
    return rows.filter(submitted_at__isnull=False)


@dataclass(frozen=True)
class Share:
    """A superior's places in one category: how many it has (None: no limit) and has used."""

    allotted: int | None
    taken: int
    most: int | None

    @property
    def left(self) -> int:
        """How many more it may recommend; only where there is a limit."""
        return max((self.most or 0) - self.taken, 0)


def share_of(row: Round, party: Organisation, category: str, today: date, leave_out: int = 0) -> Share | None:
    """Where a party organisation's superior stands, one case left out; None without a superior."""
    superior = directory.related(party.pk, "superior", today)
    if superior is None:
        return None
    definition = row.version.definition
    allotted = allotting.allotted(row, superior, category) if definition.category(category).allotted else None
    taken = recommended(row, superior, category, today).exclude(pk=leave_out).count()
    return Share(allotted, taken, may_recommend(definition, category=category, allotted=allotted))
