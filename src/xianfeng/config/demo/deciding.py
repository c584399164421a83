"""Stage 4, the outcome: decision, public notice with an objection, naming, plaques, recommendation to tier 2."""

from collections.abc import Sequence
from datetime import timedelta

from xianfeng.cases.models import Case
from xianfeng.config.demo.player import Player, at, open_step
from xianfeng.designations import services
from xianfeng.designations.models import Designation, PublicNotice
from xianfeng.kernel import clock
from xianfeng.kernel.actors import public_actor
from xianfeng.programmes.models import Round

CATEGORIES = ("organisation", "service_point", "post")


def decide(
    player: Player, row: Round, tier: str, approved: Sequence[Case], others: Sequence[Case], number: int
) -> None:
    """The body of the tier decides in one meeting."""
    definition = row.version.definition
    body = definition.tier(tier).decided_by
    actor = player.body(row.programme, body)
    items = [(case.pk, "approved", 7, 0, "") for case in approved] + [
        (case.pk, "rejected", 1, 6, "") for case in others
    ]
    player.do(
        services.decision_record, actor, round_id=row.pk, tier=tier, items=items, meeting_on=player.day,
        document_no=f"示例创建〔{row.year}〕{number}号", present=7, members=7,
        note="会议听取了评审情况汇报，经审议表决，形成以上意见。（示例）",
    )  # fmt: skip


def publish(player: Player, row: Round, tier: str, cases: Sequence[Case], number: int) -> PublicNotice:
    """The list goes before the public."""
    tier_title = row.version.definition.tier(tier).title
    actor = player.body(row.programme, row.version.definition.tier(tier).announced_by)
    return player.do(
        services.notice_publish, actor, round_id=row.pk, tier=tier, case_ids=[case.pk for case in cases],
        title=f"{row.year}年度“{tier_title}”党建品牌示范点拟命名对象公示",
        document_no=f"示例公示〔{row.year}〕{number}号",
        body="经自荐、上级认定、初审、评审和审定，现将拟命名对象予以公示，接受社会监督。",
        contact="创建工作推进组，电话：021-0000 0000（示例），邮箱：notice@example.org",
    )  # fmt: skip


def objected_and_dismissed(player: Player, row: Round, notice: PublicNotice) -> None:
    """Somebody objects; the working group looks into it and answers."""
    player.now = at(notice.starts_on + timedelta(days=1), 10)
    objection = file_objection(player, notice)
    actor = player.body(row.programme, "working_group")
    player.do(services.objection_accept, actor, objection_id=objection, reply="已受理，正在核查。")
    player.now += timedelta(hours=5)
    player.do(
        services.objection_dismiss, actor, objection_id=objection,
        reply="经查阅资料和走访，反映的情况与事实不符，异议不成立。（示例）",
    )  # fmt: skip


def file_objection(player: Player, notice: PublicNotice) -> int:
    """A real-name written objection with evidence; its id."""
    item = notice.items.order_by("position", "pk").first()
    assert item is not None
    filed = player.do(
        services.objection_file, public_actor("示例市民"), item_id=item.pk, name="示例市民",
        contact="示例路1号，021-0000 0001",
        content="该单位九月份的一次文明施工检查结果与公示材料不一致，请予核实。（示例）",
        evidence_note="现场照片两张，拍摄于九月十五日。（示例）",
    )  # fmt: skip
    return filed.pk


def close_and_name(player: Player, row: Round, tier: str, notice: PublicNotice) -> list[Designation]:
    """The notice ends without a standing objection; titles are given, then plaques."""
    definition = row.version.definition
    player.now = notice.ends_at + timedelta(hours=9)
    announcer = player.body(row.programme, definition.tier(tier).announced_by)
    player.do(services.notice_close, announcer, notice_id=notice.pk)
    cases = [item.case for item in notice.items.filter(result="cleared").order_by("position", "pk")]
    namer = player.asked(open_step(cases[0], "name"))
    player.now += timedelta(hours=2)
    named = player.do(
        services.designations_name, namer, round_id=row.pk, tier=tier, case_ids=[case.pk for case in cases],
        named_on=clock.local_day(player.now),
    )  # fmt: skip
    player.now += timedelta(days=1)
    issuer = player.body(row.programme, "working_group")
    player.do(services.plaques_issue, issuer, designation_ids=[one.pk for one in named], issued_on=player.day)
    return named


def recommend(player: Player, row: Round, titles: Sequence[Designation]) -> list[Case]:
    """The working group puts titles forward for the tier above."""
    actor = player.body(row.programme, "working_group")
    cases = []
    for title in titles:
        case = player.do(
            services.recommendation_open, actor, designation_id=title.pk, round_id=row.pk,
            reason="命名以来创建成效突出，群众评价高，择优推荐。（示例）",
        )  # fmt: skip
        step = open_step(case, "recommend")
        player.do(services.step_recommend, player.asked(step), step_id=step.pk, opinion="同意推荐申报。")
        cases.append(case)
    return cases
