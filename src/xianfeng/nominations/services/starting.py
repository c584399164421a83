"""Starting a nomination: the window, the speaker, eligibility, and what higher floors have to say."""

from datetime import datetime

from django.utils.translation import gettext as _

from xianfeng.cases import services as engine
from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.nominations import eligibility, hooks, policies
from xianfeng.nominations.services import limits
from xianfeng.programmes.models import Round
from xianfeng.registry.models import Nominee


def nomination_start(*, round_id: int, nominee_id: int, category: str, actor: Actor, now: datetime) -> Case:
    """Open a nomination for the tier that nominations grant, and its self-assessment.

    Refused out of the round's application window, by somebody who does not speak for the nominee, for a nominee that is
    not eligible, beyond what a unit or superior may put forward, or when a higher floor objects (``hooks``).
    """
    row = Round.objects.filter(pk=round_id).first()
    nominee = (
        Nominee.objects.select_related(
            "organisation", "service_point__party_organisation", "member__party_organisation"
        )
        .filter(pk=nominee_id)
        .first()
    )
    if row is None or nominee is None:
        raise NotFoundHere(_("没有找到这个批次或创建对象。"), _("请从“自荐”页面重新选择。"))
    require(policies.speaks_for, actor, nominee)
    row = limits.round_lock(row.pk)
    today = clock.local_day(now)
    eligibility.window_check(row, today)
    definition = row.version.definition
    tier = eligibility.nominated_tier(definition)
    eligibility.check(definition, row.year, category, nominee, today)
    limits.refuse_beyond_start(row, nominee, category, today)
    hooks.run(hooks.Start(nominee, row, tier, category, today))
    return engine.case_open(
        kind="nomination",
        nominee=nominee,
        round=row,
        version=row.version,
        tier=tier,
        category=category,
        actor=actor,
        now=now,
    )
