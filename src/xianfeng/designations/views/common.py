"""What the pages share: the round in the address, the step of a work page, who sits where."""

from django.http import HttpRequest

from xianfeng.cases import rules
from xianfeng.cases.models import Case, Step
from xianfeng.cases.policies import may_close
from xianfeng.cases.queries import visible_to
from xianfeng.cases.services import closed_sentence
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.chosen import round_here
from xianfeng.programmes.models import Round
from xianfeng.programmes.policies import sits_in
from xianfeng.programmes.queries import rounds
from xianfeng.ui import edge
from xianfeng.ui.parts import Opinion

VERDICTS = {"passed": "green", "consented": "green", "approved": "green", "confirmed": "green", "revoked": "red"}


def round_of(request: HttpRequest) -> Round:
    """The round named in the address, else the current one; 404 while there is none."""
    row = round_here(request)
    if row is None:
        raise NotFoundHere("还没有启动任何批次。", "请先在创建活动中启动年度批次。")
    return row


def scope(request: HttpRequest, row: Round, **more: object) -> dict[str, object]:
    """Template context of a page within a round."""
    listed = list(rounds())
    years = [one.year for one in listed if one.programme_id == row.programme_id]
    several = len({one.programme_id for one in listed}) > 1
    definition = row.version.definition
    return {"round": row, "rounds": listed, "years": years, "several": several, "definition": definition, **more}


def tier_of(request: HttpRequest, row: Round) -> str:
    """The tier named in the address, else the programme's first."""
    codes = [one.code for one in row.version.definition.tiers]
    asked = request.GET.get("tier", "")
    return asked if asked in codes else codes[0]


def require_body(actor: Actor, row: Round, *kinds: str) -> None:
    """The actor sits in one of these bodies of the round's programme."""
    require(sits_in(*kinds), actor, row.programme)


def step_for_page(request: HttpRequest, public_id: str, kind: str) -> Step:
    """An open step the signed-in person may close; 404, 403 or 409 with a sentence otherwise."""
    actor = edge.actor(request)
    step = (
        Step.objects.select_related(
            "case__nominee__member", "case__round__version", "case__round__programme", "organisation"
        )
        .select_related("case__unit", "case__party", "case__version")
        .filter(public_id=public_id, kind=kind, case__in=visible_to(actor).values("pk"))
        .first()
    )
    if step is None:
        raise NotFoundHere("没有找到这个环节，或者您无权查看。", "请从工作台进入。")
    if step.state != "open":
        raise Conflict(closed_sentence(step), "请回到事项页面查看结果。")
    require(may_close, actor, step)
    return step


def opinions(case: Case) -> list[Opinion]:
    """The chain of opinions of a case, oldest first, as the paper form stacks them."""
    steps = case.steps.filter(state="done").exclude(kind="score").select_related("closed_by").order_by("id")
    steps = steps.prefetch_related("files")
    return [
        Opinion(
            title=step.title,
            text=step.opinion,
            verdict=str(step.detail.get("suggestion_label") or rules.outcome_label(step.kind, step.outcome, case.kind)),
            colour=VERDICTS.get(step.outcome, "grey"),
            name=step.closed_by.name if step.closed_by else "",
            post=step.closed_as.split("·")[0],
            at=step.closed_at,
            files=step.attached,
        )
        for step in steps
    ]
