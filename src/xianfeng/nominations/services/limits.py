"""How many one may put forward in a round: asked when a nomination begins and when its superior consents, each time
under the round's lock, so that two at once cannot both be the last."""

from datetime import date

from django.utils.translation import gettext as _

from xianfeng.cases import services as engine
from xianfeng.cases.models import Case, CaseQuerySet
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation, Relation, holds_on
from xianfeng.kernel.errors import Conflict
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.places import nominating_faults
from xianfeng.registry.models import Nominee


def round_lock(round_id: int) -> Round:
    """The capacity lock: before any case, as everywhere."""
    return Round.objects.select_for_update(of=("self",)).select_related("programme", "version").get(pk=round_id)


def refuse_beyond_start(row: Round, nominee: Nominee, category: str, today: date) -> None:
    """Conflict when the unit, the superior or the nominee has no nomination left; the round is locked."""
    unit = directory.unit_of(nominee.party, today)
    others = _standing(row).filter(nominee=nominee).exclude(category=category)
    faults = nominating_faults(
        row.version.definition,
        category=category,
        by_superior=_recommended(row, nominee.party, category, today).count(),
        by_unit=_standing(row).filter(category=category, unit=unit).exclude(nominee=nominee).count(),
        categories_of_nominee=others.values("category").distinct().count(),
    )
    if faults:
        raise Conflict(
            _("“%(name)s”不能再申报：%(faults)s，已达上限。") % {"name": nominee.name, "faults": "；".join(faults)},
            _("请与本单位、上级党组织协商；先撤回其他申报的，可以再报。"),
        )


def refuse_beyond_consent(case: Case, today: date) -> None:
    """Conflict when the nominee's superior has recommended as many as it may; the round is locked."""
    taken = _recommended(case.round, case.party, case.category, today).exclude(pk=case.pk).count()
    faults = nominating_faults(case.version.definition, category=case.category, by_superior=taken)
    if faults:
        raise Conflict(
            _("不能认定同意：%(faults)s，已推荐 %(taken)s 个。") % {"faults": "；".join(faults), "taken": taken},
            _("如需改推，请先由已推荐的申报单位撤回。"),
        )


def _standing(row: Round) -> CaseQuerySet:
    return Case.objects.filter(round=row, kind="nomination").exclude(outcome__in=("withdrawn", "annulled"))


def _recommended(row: Round, party: Organisation, category: str, today: date) -> CaseQuerySet:
    """Nominations that the party organisation's superior has recommended; submitted ones where nobody is asked to."""
    superior = directory.related(party.pk, "superior", today)
    if superior is None:
        return Case.objects.none()
    under = Relation.objects.filter(holds_on(today), kind="superior", target=superior).values("organisation_id")
    rows = _standing(row).filter(category=category, party_id__in=under)
    if any(one.kind == "endorse" for one in row.version.definition.procedure("nomination").steps):
        return rows.filter(steps__kind="endorse", steps__outcome="consented").distinct()
    return rows.filter(submitted_at__isnull=False)


def superiors_are_asked(case: Case) -> bool:
    """Whether a superior's consent stands in the case's procedure: then it is that which counts."""
    return any(one.kind == "endorse" for one in engine.procedure_of(case))
