"""首页: what the programme is, what is on notice, who was named, where this year's round stands."""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from xianfeng.creation.models import Bulletin
from xianfeng.designations.models import Designation
from xianfeng.designations.rules import LIVE
from xianfeng.kernel import clock
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Programme, Round
from xianfeng.programmes.queries import newest_rounds, round_or_none
from xianfeng.programmes.rules import Definition
from xianfeng.publicity import rules
from xianfeng.publicity.models import Story
from xianfeng.publicity.queries.notices import NoticeRow, open_notices
from xianfeng.publicity.queries.stories import stories_on_show
from xianfeng.publicity.queries.surveys import SurveyPage, open_surveys
from xianfeng.publicity.queries.titles import Plaque, newest
from xianfeng.ui.formats import cn_day
from xianfeng.ui.parts import Stage


@dataclass(frozen=True)
class Figure:
    """How many of a category are named, out of how many places of all years (0 where no quota is set)."""

    title: str
    named: int
    places: int
    tier: str = ""
    category: str = ""


@dataclass(frozen=True)
class TierFigures:
    """The figures of one tier."""

    title: str
    figures: list[Figure]


@dataclass(frozen=True)
class Home:
    """Everything on the front page; ``round`` is None before the first one is opened."""

    round: Round | None
    definition: Definition | None
    notices: list[NoticeRow] = field(default_factory=list)
    plaques: list[Plaque] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    standing: str = ""
    tiers: list[TierFigures] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    bulletins: list[Bulletin] = field(default_factory=list)
    surveys: list[SurveyPage] = field(default_factory=list)
    others: list[Round] = field(default_factory=list)  # one of each programme, where there are several


def home(asked: str = "") -> Home:
    """The front page of a round's programme: the one asked for, else the current one."""
    each = newest_rounds()
    row = round_or_none(asked) or next(iter(each), None)
    if row is None:
        return Home(None, None)
    definition = row.version.definition
    stages = list(row.stages.order_by("position"))
    today = clock.today()
    return Home(
        round=row,
        definition=definition,
        notices=open_notices(),
        plaques=newest(row.programme),
        stages=[
            Stage(one.title, rules.stage_state(one, today), f"{cn_day(one.starts_on)}—{cn_day(one.ends_on)}")
            for one in stages
        ],
        standing=rules.standing(stages, today),
        tiers=tier_figures(row.programme, definition),
        stories=stories_on_show(3, row.programme),
        bulletins=list(bulletins_on_show().filter(round__programme=row.programme)[:3]),
        surveys=[one for one in open_surveys() if one.survey.round.programme_id == row.programme_id],
        others=each if len(each) > 1 else [],
    )


def tier_figures(programme: Programme, definition: Definition) -> list[TierFigures]:
    """Titles held today by tier and category; one query."""
    rows = (
        Designation.objects.filter(programme=programme, state__in=LIVE)
        .order_by()
        .values_list("tier", "category")
        .annotate(n=Count("id"))
    )
    named = {(tier, category): n for tier, category, n in rows}
    years = [one.year for one in definition.rounds] if definition.result.kind == "quota" else []
    return [
        TierFigures(
            tier.title,
            [
                Figure(
                    one.title,
                    named.get((tier.code, one.code), 0),
                    sum(definition.quota(tier.code, one.code, year) for year in years),
                    tier.code,
                    one.code,
                )
                for one in definition.categories
            ],
        )
        for tier in definition.tiers
    ]


def bulletins_on_show() -> QuerySet[Bulletin]:
    """Bulletins the working group made public, newest first."""
    return Bulletin.objects.filter(public=True).select_related("round").order_by("-published_at", "-id")


def bulletin_on_show(public_id: str) -> Bulletin:
    """One public bulletin; 404 otherwise."""
    row = bulletins_on_show().filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这期简报，可能没有对外公开。", "请查看简报列表。")
    return row
