"""Stage 5 of the story: titles checked again; one put right, one taken away."""

from datetime import timedelta

from xianfeng.cases.models import Case
from xianfeng.config.demo import nominating
from xianfeng.config.demo.player import Player, open_step
from xianfeng.designations import services
from xianfeng.designations.models import Designation


def begin(player: Player, title: Designation, trigger: str, reason: str) -> Case:
    """The working group starts a reassessment."""
    actor = player.body(title.programme, "working_group")
    return player.do(services.reassessment_open, actor, designation_id=title.pk, trigger=trigger, reason=reason)


def self_check(player: Player, case: Case) -> None:
    """The holder checks itself on the pages of a nomination."""
    nominating.fill(player, case)
    nominating.submit(player, case)


def opine(player: Player, case: Case, suggestion: str, opinion: str) -> None:
    """The working group's opinion."""
    step = open_step(case, "opine")
    player.do(services.step_opine, player.asked(step), step_id=step.pk, opinion=opinion, suggestion=suggestion)


def conclude(player: Player, case: Case, result: str, opinion: str, number: int) -> None:
    """The office decides."""
    step = open_step(case, "conclude")
    player.do(
        services.step_conclude, player.asked(step), step_id=step.pk, result=result, opinion=opinion,
        meeting_on=player.day, document_no=f"示例复评〔{player.day.year}〕{number}号",
    )  # fmt: skip


def rectified(player: Player, title: Designation) -> None:
    """Reassessed on a complaint, told to put things right, reported, accepted."""
    case = begin(player, title, "triggered", "收到服务对象投诉，经核实服务规范执行不到位。（示例）")
    self_check(player, case)
    player.now += timedelta(days=2)
    nominating.endorse(player, case)
    player.now += timedelta(days=3)
    opine(player, case, "rectify", "存在服务规范执行不到位的问题，建议限期整改。（示例）")
    player.now += timedelta(days=2)
    conclude(player, case, "rectify", "同意推进组意见，限期整改。", 1)
    player.now += timedelta(days=20)
    step = open_step(case, "rectify")
    player.do(
        services.rectification_report, player.asked(step), step_id=step.pk,
        text="已修订服务规范，组织全员培训，回访服务对象十二户，均表示满意。（示例）",
    )  # fmt: skip
    player.now += timedelta(days=4)
    step = open_step(case, "recheck")
    player.do(services.step_recheck, player.asked(step), step_id=step.pk, passed=True, opinion="整改到位，验收合格。")


def revoked(player: Player, title: Designation) -> None:
    """Reassessed after a serious finding, and revoked by the office."""
    case = begin(player, title, "triggered", "专项检查发现创建工作停滞、台账失实。（示例）")
    self_check(player, case)
    player.now += timedelta(days=2)
    nominating.endorse(player, case)
    player.now += timedelta(days=3)
    opine(player, case, "revoked", "经核查不再符合创建标准，建议撤销命名。（示例）")
    player.now += timedelta(days=4)
    conclude(player, case, "revoked", "不符合标准，撤销命名，收回铭牌。", 2)
