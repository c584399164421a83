"""Stage 3 of the story: self-assessment with evidence, endorsement, screening, with returns and corrections."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from xianfeng.cases.models import Case
from xianfeng.config.demo import paper
from xianfeng.config.demo.candidates import Candidate
from xianfeng.config.demo.player import Player, open_step
from xianfeng.files.services import file_store
from xianfeng.nominations import services
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Standard
from xianfeng.programmes.rules.schema.standards import Indicator

STEP = Decimal("0.5")
STATEMENT = (
    "本年度以来，{name}坚持把创建融入日常监督和项目建设，制定了目标和措施，按季度对照标准检查。"
    "全年组织主题实践活动四次、业务培训三次，受到服务对象好评。（示例）"
)


def fraction(points: Decimal, share: Decimal) -> Decimal:
    """A share of the points, down to a half point."""
    return (points * share // STEP) * STEP


def start(player: Player, row: Round, candidate: Candidate, category: str) -> Case:
    """The nominee's staff open the nomination and fill the self-assessment in."""
    actor = player.of(candidate.nominee.party.pk)
    case = player.do(
        services.nomination_start, actor, round_id=row.pk, nominee_id=candidate.nominee.pk, category=category
    )
    return case


def fill(player: Player, case: Case, complete: bool = True) -> None:
    """Scores with a note each, two files and a link as evidence; ``complete=False`` leaves the last part open."""
    actor = player.of(case.party_id)
    standard = case.version.definition.standard(case.category, case.group)
    chance = Random(f"self:{case.round.year}:{case.name}")
    indicators = list(standard.indicators)
    if not complete:
        indicators = indicators[: len(indicators) * 2 // 3]
    scores = {
        one.code: (fraction(one.points, Decimal(chance.randint(80, 99)) / 100), f"{one.title}：按要求完成，材料齐全。")
        for one in indicators
    }
    player.do(
        services.assessment_save, actor, case_id=case.pk, scores=scores, statement=STATEMENT.format(name=case.name)
    )
    add_evidence(player, case, standard, indicators)


def add_evidence(player: Player, case: Case, standard: Standard, indicators: list[Indicator]) -> None:
    """A report for the basic part, a picture and a link for the industry part."""
    actor = player.of(case.party_id)
    half = (len(indicators) + 1) // 2
    made_on = player.day - timedelta(days=20)
    year = case.round.year
    content = paper.report(f"{year}年度创建工作总结（示例）", case.party.name, made_on)
    summary = player.do(file_store, actor, content=content, name=f"{year}年度创建工作总结（示例）.docx")
    photo = player.do(file_store, actor, content=paper.picture(case.pk % 7), name="主题活动现场（示例）.png")
    player.do(
        services.evidence_add, actor, case_id=case.pk, indicators=[one.code for one in indicators[:half]],
        title="年度创建工作总结（示例）", file=summary, happened_on=made_on,
    )  # fmt: skip
    player.do(
        services.evidence_add, actor, case_id=case.pk, indicators=[one.code for one in indicators[half:]],
        title="主题活动现场照片（示例）", file=photo, happened_on=made_on,
    )  # fmt: skip
    player.do(
        services.evidence_add, actor, case_id=case.pk, indicators=[indicators[-1].code],
        title="活动报道（示例）", url="https://example.org/news/example", happened_on=made_on,
    )  # fmt: skip


def submit(player: Player, case: Case) -> None:
    """提交自荐."""
    step = open_step(case, "assess")
    player.do(services.assessment_submit, player.asked(step), step_id=step.pk)


def endorse(player: Player, case: Case) -> None:
    """认定同意, at every level that is asked."""
    while True:
        step = open_step(case, "endorse")
        player.do(
            services.step_endorse, player.asked(step), step_id=step.pk,
            opinion="经审核，该申报对象符合创建标准，同意认定并推荐。",
        )  # fmt: skip
        case.refresh_from_db()
        if not case.steps.filter(kind="endorse", state="open").exists():
            return


def send_back(player: Player, case: Case) -> None:
    """The superior returns it once; the nominee mends and submits again."""
    step = open_step(case, "endorse")
    player.do(
        services.step_return, player.asked(step), step_id=step.pk, opinion="请补充第二季度以来的工作成效，再行报送。"
    )


def screen(player: Player, case: Case, result: str = "passed") -> None:
    """The office screens it."""
    step = open_step(case, "screen")
    first = next(iter(case.version.definition.standard(case.category, case.group).indicators))
    words = {
        "passed": "材料齐全，前置条件满足，初审通过。",
        "returned": "部分佐证材料不清晰，请在五个工作日内补正。",
        "not_accepted": "前置条件不满足，不予受理。",
    }
    player.do(
        services.step_screen, player.asked(step), step_id=step.pk, result=result, opinion=words[result],
        items=[(first.code, "佐证材料缺少落款日期，请更换。")] if result == "returned" else [],
    )  # fmt: skip


def correct(player: Player, case: Case) -> None:
    """The nominee corrects."""
    step = open_step(case, "correct")
    player.do(services.correction_submit, player.asked(step), step_id=step.pk, note="已更换带落款日期的材料。")


def through_screening(player: Player, cases: list[Case]) -> None:
    """Submit, endorse and screen a batch; the first is sent back once, the second corrected once."""
    for case in cases:
        submit(player, case)
    player.now += timedelta(days=2)
    for index, case in enumerate(cases):
        if index == 0:
            send_back(player, case)
            submit(player, case)
        endorse(player, case)
    player.now += timedelta(days=3)
    for index, case in enumerate(cases):
        if index == 1:
            screen(player, case, "returned")
            correct(player, case)
        screen(player, case)
