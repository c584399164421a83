"""Stages 1 and 2 of the story: plans, progress, meetings, bulletins, inspections, problems found and solved."""

from collections.abc import Sequence
from datetime import date, timedelta

from xianfeng.config.demo.player import Player, at
from xianfeng.creation import services
from xianfeng.creation.models import CreationPlan, Problem
from xianfeng.directory.models import Organisation
from xianfeng.programmes.models import Body, Round
from xianfeng.registry.models import Nominee

GOALS = "一、党组织建设规范有力，争创示范；二、受监（参建）项目安全质量平稳受控；三、服务对象满意度稳步提升。（示例）"
MEASURES = "每月研究一次创建工作；每季度组织一次业务培训和一次主题活动；对照标准每半年自查一次。（示例）"
MILESTONES = (("制定创建方案、成立创建机构", 3, 31), ("组织主题实践活动", 5, 31), ("半年对照自查", 6, 30),
              ("业务技能比武和培训", 8, 31), ("创建成效总结", 9, 30))  # fmt: skip


def plans(player: Player, row: Round, parties: Sequence[Organisation]) -> list[CreationPlan]:
    """Each party organisation writes and submits its plan; the working group sends one back and accepts the rest."""
    guide = player.body(row.programme, "working_group")
    made = []
    for index, party in enumerate(parties):
        player.turn_to(row.year, 3, 5 + min(index, 20), 10 + index // 20)
        actor = player.of(party.pk)
        plan = player.do(
            services.plan_save, actor, round_id=row.pk, organisation_id=party.pk, goals=GOALS, measures=MEASURES,
            first_responsible="党组织书记（示例）",
            milestones=[(title, date(row.year, month, day)) for title, month, day in MILESTONES],
            targets=list(Nominee.objects.filter(organisation=party).values_list("pk", flat=True)),
        )  # fmt: skip
        player.do(services.plan_submit, actor, plan_id=plan.pk)
        made.append(plan)
    player.turn_to(row.year, 3, 27)
    for index, plan in enumerate(made):
        if index == 1:
            player.do(services.plan_return, guide, plan_id=plan.pk, reply="请把目标细化到季度，并写明责任人。")
            player.do(services.plan_submit, player.of(plan.organisation_id), plan_id=plan.pk)
        player.do(services.plan_accept, guide, plan_id=plan.pk, reply="目标明确，同意备案。")
    return made


def progress(player: Player, made: Sequence[CreationPlan], until: date) -> None:
    """Milestones due by a day are reported done; every fifth unit is late with its last one."""
    for index, plan in enumerate(made):
        for milestone in plan.milestones.filter(due_on__lte=until, percent__lt=100):
            behind = index % 5 == 4 and milestone.due_on > until - timedelta(days=70)
            player.do(
                services.milestone_update, player.of(plan.organisation_id), milestone_id=milestone.pk,
                percent=60 if behind else 100, note="按计划推进。",
            )  # fmt: skip


def activities(player: Player, row: Round, parties: Sequence[Organisation]) -> None:
    """What units did around the theme."""
    titles = (("theme", "“治水管海”主题实践活动"), ("learning", "规范标准宣贯培训"), ("joint", "与参建单位党建联建"),
              ("skill", "“啄木鸟杯”技能比武"), ("volunteer", "水务志愿服务进社区"))  # fmt: skip
    for index, party in enumerate(parties):
        kind, title = titles[index % len(titles)]
        player.do(
            services.activity_add, player.of(party.pk), round_id=row.pk, organisation_id=party.pk, kind=kind,
            title=f"{title}（示例）", held_on=player.day - timedelta(days=3), text="全体党员参加，效果良好。（示例）",
        )  # fmt: skip


def meeting(player: Player, row: Round, parties: Sequence[Organisation], title: str) -> None:
    """The working group calls a joint meeting for the next week and writes its minutes."""
    guide = player.body(row.programme, "working_group")
    held = player.day + timedelta(days=7)
    called = player.do(
        services.meeting_call, guide, round_id=row.pk, title=title, held_at=at(held, 14), place="中心站三楼会议室",
        invited=[party.pk for party in parties], agenda="一、通报进展；二、交流经验；三、研究问题。",
    )  # fmt: skip
    player.now = at(held, 17)
    player.do(
        services.meeting_minute, guide, meeting_id=called.pk,
        minutes="会议通报了各单位创建进展，交流了三家单位的做法，明确了下一步工作。（示例）",
    )  # fmt: skip


def bulletin(player: Player, row: Round, title: str, public: bool = True) -> None:
    """One bulletin."""
    body = "本期通报各单位创建计划备案、主题活动和问题整改情况，刊发两家单位的经验做法。（示例）"
    guide = player.body(row.programme, "working_group")
    player.do(services.bulletin_publish, guide, round_id=row.pk, title=title, body=body, public=public)


def inspection(player: Player, row: Round, party: Organisation) -> None:
    """A visit finds a problem; the unit answers; it is sent back once, answered again and closed."""
    guide = player.body(row.programme, "working_group")
    visit = player.do(
        services.inspection_record, guide, round_id=row.pk, organisation_id=party.pk, inspected_on=player.day,
        findings="查阅台账、走访项目现场，创建工作总体推进有序。（示例）", conclusion="fair",
        problems=[("创建台账更新不及时", "二季度活动记录没有归档，请补齐。（示例）")],
    )  # fmt: skip
    problem = Problem.objects.get(inspection=visit)
    player.now += timedelta(days=4)
    player.do(services.problem_answer, player.of(party.pk), problem_id=problem.pk, answer="已补齐一季度以来的记录。")
    player.do(services.problem_reopen, guide, problem_id=problem.pk, note="请同时补充照片。")
    player.now += timedelta(days=2)
    player.do(services.problem_answer, player.of(party.pk), problem_id=problem.pk, answer="照片已补充，台账齐全。")
    player.do(services.problem_close, guide, problem_id=problem.pk, note="核查属实，同意销号。")


def secretariat_problem(player: Player, row: Round, member: Organisation, solved: bool) -> None:
    """The association's secretariat guides a member: a problem raised, answered, and closed when ``solved``."""
    association = Body.objects.get(programme=row.programme, kind="secretariat").organisation_id
    guide = player.of(association)
    problem = player.do(
        services.problem_raise, guide, round_id=row.pk, organisation_id=member.pk, title="共建协议尚未签订",
        detail="请与项目所在街道对接，签订共建协议。（示例）",
    )  # fmt: skip
    player.now += timedelta(days=2)
    player.do(services.problem_answer, player.of(member.pk), problem_id=problem.pk, answer="已与所在街道签订共建协议。")
    if solved:
        player.do(services.problem_close, guide, problem_id=problem.pk, note="协议已核对，销号。")


def survey(player: Player, row: Round, nominee: Nominee) -> None:
    """A satisfaction survey about one nominee, with answers."""
    guide = player.body(row.programme, "working_group")
    opened = player.do(
        services.survey_open, guide, round_id=row.pk, nominee_id=nominee.pk,
        title=f"{nominee.name}服务满意度调查", opens_at=player.now, closes_at=player.now + timedelta(days=30),
    )  # fmt: skip
    from xianfeng.kernel.actors import public_actor

    for index, satisfaction in enumerate((5, 5, 4, 5, 3, 4, 5, 5, 4, 5)):
        player.do(
            services.survey_answer, public_actor(), survey_id=opened.pk, satisfaction=satisfaction,
            remark="服务热情，办事规范。（示例）" if index % 3 == 0 else "", once_key=f"demo-{row.year}-{index}",
        )  # fmt: skip
