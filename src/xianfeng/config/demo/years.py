"""The years of the story: 2019 and 2020 from plan to plaque; 2021 up to a Tuesday in November."""

from collections.abc import Sequence
from datetime import date, timedelta

from xianfeng.cases.models import Case
from xianfeng.cases.services import case_withdraw
from xianfeng.config.demo import creating, deciding, nominating, reassessing, reviewing
from xianfeng.config.demo.candidates import Candidate, Pool
from xianfeng.config.demo.player import Player
from xianfeng.designations.models import Designation
from xianfeng.directory.models import Organisation
from xianfeng.directory.queries import people_acting_for
from xianfeng.programmes import services as programmes
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.review.models import RankingRow

CATEGORIES = deciding.CATEGORIES
GOOD, FAILING = 7, 1
TODAY = date(2021, 11, 23)


def whole_year(player: Player, version: DefinitionVersion, year: int) -> Round:
    """One round from its opening to its plaques, both tiers."""
    row = opened(player, version, year)
    chosen = {category: Pool(row, date(year, 10, 10)).find(category, GOOD, FAILING) for category in CATEGORIES}
    stage_one_and_two(player, row, chosen)
    cases = stage_three(player, row, chosen)
    approved, others = review(player, row, cases)
    player.turn_to(year, 11, 26, 14)
    deciding.decide(player, row, "tier1", approved, others, 1)
    player.turn_to(year, 11, 27)
    notice = deciding.publish(player, row, "tier1", approved, 1)
    deciding.objected_and_dismissed(player, row, notice)
    named = deciding.close_and_name(player, row, "tier1", notice)
    second_tier(player, row, named)
    player.turn_to(year, 12, 31, 16)
    player.do(programmes.round_close, player.body(row.programme, "working_group"), round_id=row.pk)
    return row


def opened(player: Player, version: DefinitionVersion, year: int) -> Round:
    """The working group opens the round."""
    player.turn_to(year, 2, 18)
    actor = player.body(version.programme, "working_group")
    return player.do(programmes.round_open, actor, version=version, year=year)


def parties_of(chosen: dict[str, tuple[list[Candidate], list[Candidate]]]) -> list[Organisation]:
    """The party organisations behind the candidates, each once, those with somebody to act."""
    found: dict[int, Organisation] = {}
    for best, worst in chosen.values():
        for candidate in (*best, *worst):
            party = candidate.nominee.party
            if party.pk not in found and people_acting_for(party.pk, date(2021, 1, 4)).exists():
                found[party.pk] = party
    return list(found.values())


def stage_one_and_two(player: Player, row: Round, chosen: dict[str, tuple[list[Candidate], list[Candidate]]]) -> None:
    """Plans and guidance."""
    parties = parties_of(chosen)
    plans = creating.plans(player, row, parties)
    player.turn_to(row.year, 4, 16)
    creating.meeting(player, row, parties, f"{row.year}年第一次党建联席会议")
    creating.bulletin(player, row, "创建工作启动，各单位计划已备案")
    player.turn_to(row.year, 6, 12)
    creating.inspection(player, row, parties[0])
    creating.activities(player, row, parties)
    player.turn_to(row.year, 7, 2)
    creating.progress(player, plans, date(row.year, 6, 30))
    creating.bulletin(player, row, "上半年创建工作进展通报")
    members = [one for one in parties if _is_company_side(one)]
    if members:
        player.turn_to(row.year, 8, 6)
        creating.secretariat_problem(player, row, members[0], solved=True)
    player.turn_to(row.year, 9, 2)
    creating.meeting(player, row, parties, f"{row.year}年第二次党建联席会议")
    creating.survey(player, row, chosen["service_point"][0][0].nominee)
    player.turn_to(row.year, 9, 28)
    creating.progress(player, plans, date(row.year, 9, 30))


def _is_company_side(party: Organisation) -> bool:
    return party.relations.filter(kind="unit", target__kind="company").exists()


def stage_three(
    player: Player, row: Round, chosen: dict[str, tuple[list[Candidate], list[Candidate]]]
) -> dict[str, list[Case]]:
    """Self-nomination to screening: one returned, one corrected, one not accepted, one withdrawn in each category."""
    player.turn_to(row.year, 10, 10)
    cases: dict[str, list[Case]] = {}
    for category in CATEGORIES:
        best, worst = chosen[category]
        started = [nominating.start(player, row, one, category) for one in best]
        for case in started:
            nominating.fill(player, case)
        leaving = started.pop()
        actor = player.of(leaving.party_id)
        player.do(case_withdraw, actor, case_id=leaving.pk, reason="拟下一年度再申报。（示例）")
        for one in worst:
            refused = nominating.start(player, row, one, category)
            nominating.fill(player, refused)
            nominating.submit(player, refused)
            nominating.endorse(player, refused)
            nominating.screen(player, refused, "not_accepted")
        cases[category] = started
    player.turn_to(row.year, 10, 14)
    for category in CATEGORIES:
        nominating.through_screening(player, cases[category])
    return cases


def review(player: Player, row: Round, cases: dict[str, list[Case]]) -> tuple[list[Case], list[Case]]:
    """Three panels; the first five of each ranking are put to the leading group as approved."""
    player.turn_to(row.year, 11, 18)
    panels = [reviewing.open_panel(player, row, category) for category in CATEGORIES]
    reviewing.one_recuses(player, panels[0])
    player.now += timedelta(days=1)
    for panel in panels:
        reviewing.score_and_rank(player, panel)
    return ranked(row, list(CATEGORIES))


def ranked(row: Round, categories: Sequence[str]) -> tuple[list[Case], list[Case]]:
    """Cases inside and outside the quota, in ranking order."""
    rows = RankingRow.objects.in_force().filter(
        ranking__panel__round=row, ranking__panel__category__in=categories
    ).select_related("case").order_by("case__category", "rank")  # fmt: skip
    return [one.case for one in rows if one.inside], [one.case for one in rows if not one.inside]


def second_tier(player: Player, row: Round, named: Sequence[Designation]) -> None:
    """The best of the year's titles are put forward, decided on by the city's group, announced and named."""
    definition = row.version.definition
    player.turn_to(row.year, 12, 9)
    best: list[Designation] = []
    for category in CATEGORIES:
        places = definition.quota("tier2", category, row.year)
        best += [one for one in named if one.category == category][:places]
    cases = deciding.recommend(player, row, best)
    player.turn_to(row.year, 12, 12)
    deciding.decide(player, row, "tier2", cases, [], 2)
    player.turn_to(row.year, 12, 13)
    notice = deciding.publish(player, row, "tier2", cases, 2)
    deciding.close_and_name(player, row, "tier2", notice)


def title_without_second(year: int, category: str) -> Designation:
    """A tier-1 title of a year that carries no tier-2 title."""
    found = Designation.objects.filter(
        round__year=year, tier="tier1", category=category, state="active", raised_to__isnull=True
    ).order_by("-number").first()  # fmt: skip
    assert found is not None
    return found


def reassessments_of_2020(player: Player) -> None:
    """Two titles of 2019 are looked at again early in 2020: one put right, one revoked."""
    player.turn_to(2020, 1, 6)
    reassessing.rectified(player, title_without_second(2019, "service_point"))
    player.now += timedelta(days=1)
    reassessing.revoked(player, title_without_second(2019, "organisation"))
