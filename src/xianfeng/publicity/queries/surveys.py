"""满意度调查 for the public."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xianfeng.creation.models import Survey
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.rules import may_name


@dataclass(frozen=True)
class SurveyPage:
    """A survey and whether it takes answers now."""

    survey: Survey
    name: str

    @property
    def state(self) -> str:
        """``coming``, ``open`` or ``over`` on the programme's clock."""
        now = clock.now()
        if now < self.survey.opens_at:
            return "coming"
        return "open" if now < self.survey.closes_at else "over"


def _shown() -> QuerySet[Survey]:
    return Survey.objects.select_related(
        "round__version", "nominee__organisation", "nominee__service_point", "nominee__member"
    )


def open_surveys() -> list[SurveyPage]:
    """Surveys that take answers now; one query."""
    now = clock.now()
    rows = _shown().filter(opens_at__lte=now, closes_at__gt=now).order_by("closes_at", "id")
    return [SurveyPage(one, one.nominee.name) for one in rows if _may_name(one)]


def survey_page(public_id: str) -> SurveyPage:
    """One survey; 404 too when it is about a person who took their consent back."""
    row = _shown().filter(public_id=public_id).first()
    if row is None or not _may_name(row):
        raise NotFoundHere("没有找到这项调查，可能已经下架。", "请从首页重新进入。")
    return SurveyPage(row, row.nominee.name)


def _may_name(survey: Survey) -> bool:
    member = survey.nominee.member
    if member is None:
        return True
    return may_name(survey.round.version.definition, consented_on=member.publication_consent_on, on=clock.today())
