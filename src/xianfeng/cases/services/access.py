"""Laying hands on a case or a step: the lock and the permission together."""

from xianfeng.cases import policies, rules
from xianfeng.cases.models import Case, Step
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.kernel.policies import require


def access_step_for_update(step_id: int, actor: Actor, *kinds: str) -> Step:
    """Lock the case, then the step, and check permission: the one way to lay hands on a step.

    NotFoundHere without such a step, NotPermitted for the wrong person, Conflict when it is no longer open.
    """
    found = Step.objects.filter(pk=step_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFoundHere("没有找到这个环节。", "请从工作台进入。")
    case = Case.objects.select_for_update().get(pk=found)
    step = Step.objects.select_for_update(of=("self",)).select_related("organisation", "user").get(pk=step_id)
    step.case = case
    if kinds and step.kind not in kinds:
        raise Conflict("这个环节不能这样办理。", "请刷新页面，按当前环节办理。")
    require(policies.is_addressee, actor, step)
    if step.state != "open":
        raise Conflict(closed_sentence(step), "您填写的内容没有提交，请刷新页面查看最新情况。")
    require(policies.not_own_case, actor, step)
    return step


def access_case_for_update(case_id: int) -> Case:
    """Lock a case for an office act that is not the closing of one step."""
    return Case.objects.select_for_update().get(pk=case_id)


def closed_sentence(step: Step) -> str:
    """Who was faster, for the person who comes too late."""
    what = step.title
    if step.state == "done" and step.closed_at:
        label = rules.outcome_label(step.kind, step.outcome)
        return f"“{what}”已由{step.closed_as or '系统'}办结（{label}）。"
    return f"“{what}”{rules.STEP_STATES[step.state]}，不能再办理。"
