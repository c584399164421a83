"""How many one may put forward in a round: asked when a nomination begins and when its superior consents, each time
under the round's lock, so that two at once cannot both be the last."""

from datetime import date

from django.utils.translation import gettext as _

from xianfeng.cases.models import Case
from xianfeng.cases.procedure import procedure_of
from xianfeng.directory import queries as directory
from xianfeng.kernel.errors import Conflict
from xianfeng.nominations import capacity
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules.places import nominating_faults
from xianfeng.registry.models import Nominee


def round_lock(round_id: int) -> Round:
    """The capacity lock: before any case, as everywhere."""
    return Round.objects.select_for_update(of=("self",)).select_related("programme", "version").get(pk=round_id)


def refuse_beyond_start(row: Round, nominee: Nominee, category: str, today: date) -> None:
    """Conflict when the unit, the superior or the nominee has no nomination left; the round is locked."""
    unit = directory.unit_of(nominee.party, today)
    others = capacity.standing(row).filter(nominee=nominee).exclude(category=category)
    share = capacity.share_of(row, nominee.party, category, today)
    faults = nominating_faults(
        row.version.definition,
        category=category,
        by_superior=share.taken if share else None,
        allotted=share.allotted if share else None,
        by_unit=capacity.standing(row).filter(category=category, unit=unit).exclude(nominee=nominee).count(),
        categories_of_nominee=others.values("category").distinct().count(),
    )
    if faults:
        raise Conflict(
            _("“%(name)s”不能再申报：%(faults)s，已达上限。") % {"name": nominee.name, "faults": "；".join(faults)},
            _("请与本单位、上级党组织协商；先撤回其他申报的，可以再报。"),
        )


def refuse_beyond_consent(case: Case, today: date) -> None:
    """Conflict when the nominee's superior has recommended as many as it may; the round is locked."""
    share = capacity.share_of(case.round, case.party, case.category, today, leave_out=case.pk)
    if share is None:
        return
    faults = nominating_faults(
        case.version.definition, category=case.category, by_superior=share.taken, allotted=share.allotted
    )
    if faults:
        raise Conflict(
            _("不能认定同意：%(faults)s，已推荐 %(taken)s 个。") % {"faults": "；".join(faults), "taken": share.taken},
            _("如需改推，请先由已推荐的申报单位撤回。"),
        )


def superiors_are_asked(case: Case) -> bool:
    """Whether a superior's consent stands in the case's procedure: then it is that which counts."""
    return any(one.kind == "endorse" for one in procedure_of(case))
