"""2021 up to the demonstration's day: every role has something waiting, and something nearly due."""

from datetime import date

from xianfeng.cases.models import Case
from xianfeng.config.demo import creating, deciding, nominating, reassessing, reviewing
from xianfeng.config.demo.candidates import Candidate, Pool
from xianfeng.config.demo.player import Player
from xianfeng.config.demo.signins import PASSWORD
from xianfeng.config.demo.years import CATEGORIES, opened, parties_of, ranked
from xianfeng.creation import services
from xianfeng.designations.models import Designation
from xianfeng.directory import services as directory
from xianfeng.directory.models import Appointment, Organisation, User
from xianfeng.journal import queries as journal_queries
from xianfeng.programmes.models import DefinitionVersion, Round
from xianfeng.reports.services import check_note
from xianfeng.review.models import Panel

YEAR = 2021
# 6 for the panel, 1 each at endorsement, screening, correction, self-assessment
WANTED = {"organisation": 10, "service_point": 9, "post": 9}


def mid_flight(player: Player, version: DefinitionVersion) -> Round:
    """Play 2021 up to its day, in the order of the calendar."""
    row = opened(player, version, YEAR)
    pool = Pool(row, date(YEAR, 10, 10))
    chosen = {category: pool.find(category, count, 0)[0] for category, count in WANTED.items()}
    parties = parties_of({category: (found, []) for category, found in chosen.items()})
    _creation(player, row, parties)
    _applications(player, row, chosen)
    _administration(player)
    reassessed = _reassessments_begin(player)
    panels = _panels_open(player, row, reassessed)
    late = _late_start(player, row, chosen)
    _tenth_of_november(player, row, panels, reassessed)
    _late_submit(player, late)
    player.turn_to(YEAR, 11, 12)
    reviewing.rank_anew(player, panels[1])
    posts = _posts_panel(player, row, parties)
    _middle_of_november(player, reassessed, posts, late)
    _last_days(player, row, chosen, parties)
    return row


def _creation(player: Player, row: Round, parties: list[Organisation]) -> None:
    plans = creating.plans(player, row, parties)
    player.turn_to(YEAR, 4, 14)
    creating.meeting(player, row, parties, f"{YEAR}年第一次党建联席会议")
    creating.bulletin(player, row, "庆祝建党百年，深化品牌创建")
    player.turn_to(YEAR, 6, 9)
    creating.inspection(player, row, parties[1])
    creating.activities(player, row, parties)
    player.turn_to(YEAR, 7, 2)
    creating.progress(player, plans, date(YEAR, 6, 30))
    player.turn_to(YEAR, 9, 28)
    creating.progress(player, plans, date(YEAR, 9, 30))
    creating.bulletin(player, row, "前三季度创建工作进展通报")


def _applications(player: Player, row: Round, chosen: dict[str, list[Candidate]]) -> None:
    """Six in each category go through to the panel."""
    player.turn_to(YEAR, 10, 9)
    batches = []
    for category in CATEGORIES:
        cases = [nominating.start(player, row, one, category) for one in chosen[category][:6]]
        for case in cases:
            nominating.fill(player, case)
        batches.append(cases)
    for cases in batches:
        nominating.through_screening(player, cases)


def _reassessments_begin(player: Player) -> list[Case]:
    """Titles of 2019 fall due for their periodic check; four of five have checked themselves."""
    rows = Designation.objects.filter(round__year=2019, tier="tier1", state="active").order_by("number")[:5]
    player.turn_to(YEAR, 10, 27)
    cases = [reassessing.begin(player, title, "periodic", "") for title in rows]
    for case in cases[:4]:
        reassessing.self_check(player, case)
    return cases


def _panels_open(player: Player, row: Round, reassessed: list[Case]) -> list[Panel]:
    player.turn_to(YEAR, 11, 1)
    points = reviewing.open_panel(player, row, "service_point")
    player.turn_to(YEAR, 11, 3)
    organisations = reviewing.open_panel(player, row, "organisation")
    player.turn_to(YEAR, 11, 4)
    for case in reassessed[:3]:
        nominating.endorse(player, case)
    return [organisations, points]


def _late_start(player: Player, row: Round, chosen: dict[str, list[Candidate]]) -> list[list[Case]]:
    """Late ones in each category: for endorsement, screening, correction; the fourth is still being written."""
    player.turn_to(YEAR, 11, 9)
    batches = []
    for category in CATEGORIES:
        cases = [nominating.start(player, row, one, category) for one in chosen[category][6:]]
        for index, case in enumerate(cases):
            nominating.fill(player, case, complete=index < 3)
        batches.append(cases)
    return batches


def _tenth_of_november(player: Player, row: Round, panels: list[Panel], reassessed: list[Case]) -> None:
    """Two panels are ranked; opinions on two reassessments; titles are recommended for tier 2."""
    player.turn_to(YEAR, 11, 10)
    for panel in panels:
        reviewing.score_and_rank(player, panel)
    for case in reassessed[:2]:
        reassessing.opine(player, case, "confirmed", "保持创建标准，建议保留命名。（示例）")
    deciding.recommend(player, row, [found for category in CATEGORIES if (found := _raisable(category))])


def _raisable(category: str) -> Designation | None:
    rows = Designation.objects.filter(round__year=2020, tier="tier1", category=category, state="active")
    return rows.filter(raised_to__isnull=True).order_by("number").first()


def _late_submit(player: Player, late: list[list[Case]]) -> None:
    player.turn_to(YEAR, 11, 11)
    for cases in late:
        for case in cases[:3]:
            nominating.submit(player, case)
        for case in cases[1:3]:
            nominating.endorse(player, case)


def _posts_panel(player: Player, row: Round, parties: list[Organisation]) -> Panel:
    player.turn_to(YEAR, 11, 15)
    posts = reviewing.open_panel(player, row, "post")
    reviewing.one_recuses(player, posts)
    guide = player.body(row.programme, "working_group")
    player.do(
        services.problem_raise, guide, round_id=row.pk, organisation_id=parties[0].pk, title="年度总结尚未报送",
        detail="请于期限内补报年度创建总结。（示例）", working_days=8,
    )  # fmt: skip
    return posts


def _middle_of_november(player: Player, reassessed: list[Case], posts: Panel, late: list[list[Case]]) -> None:
    player.turn_to(YEAR, 11, 16)
    reassessing.conclude(player, reassessed[0], "confirmed", "符合标准，保留命名。", 1)
    player.turn_to(YEAR, 11, 17)
    for cases in late:
        nominating.screen(player, cases[2], "returned")
    for index, assignment in enumerate(reviewing.active(posts)):
        if index % 3 == 0:
            reviewing.mark(player, assignment)
    reviewing.divided(player, posts)


def _administration(player: Player) -> None:
    """The record was checked a month ago; a deputy's time runs out; a new colleague waits for an appointment."""
    player.turn_to(YEAR, 10, 26)
    auditor, security, system = (
        player.user(User.objects.get(username=name)) for name in ("auditadmin", "secadmin", "sysadmin")
    )
    player.do(check_note, auditor, result=journal_queries.verify())
    regular = Appointment.objects.get(user__username="tuijin1", duty="member")
    stand_in = player.do(
        directory.user_create, system, username="tuijin_daili", name="钱代青（示例）", password=PASSWORD
    )
    player.do(
        directory.appointment_give, security, user_id=stand_in.pk, organisation_id=regular.organisation_id,
        duty="member", title="代理", since=date(YEAR, 10, 26), until=date(YEAR, 11, 25), deputy_for_id=regular.pk,
    )  # fmt: skip
    player.do(directory.user_create, system, username="xinren", name="吴初晴（示例）", password=PASSWORD)
    player.do(directory.user_create, system, username="xinren2", name="郑新禾（示例）")


def _last_days(player: Player, row: Round, chosen: dict[str, list[Candidate]], parties: list[Organisation]) -> None:
    """The organisations' list goes before the public; somebody objects; guidance goes on."""
    player.turn_to(YEAR, 11, 18, 14)
    approved, others = ranked(row, ["organisation"])
    deciding.decide(player, row, "tier1", approved, others, 1)
    player.turn_to(YEAR, 11, 19)
    notice = deciding.publish(player, row, "tier1", approved, 1)
    company = [one for one in parties if one.relations.filter(kind="unit", target__kind="company").exists()]
    creating.secretariat_problem(player, row, company[0], solved=False)
    player.turn_to(YEAR, 11, 22, 10)
    deciding.file_objection(player, notice)
    creating.survey(player, row, chosen["service_point"][0].nominee)
