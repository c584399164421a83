"""What others decide on a nomination: the superior's consent, the office's screening."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.cases import services as engine
from xianfeng.cases.models import Case, Step
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.nominations import queries, rules
from xianfeng.nominations.events import Event
from xianfeng.nominations.models import GateCheck
from xianfeng.nominations.services import limits
from xianfeng.nominations.services.assessing import gates_record
from xianfeng.programmes.rules.gates import GateOutcome
from xianfeng.programmes.rules.standard import FINEST_STEP
from xianfeng.programmes.rules.trace import show

OPINION_LONGEST = 2000


def step_endorse(
    *,
    step_id: int,
    opinion: str,
    actor: Actor,
    now: datetime,
    rank: int | None = None,
    score: Decimal | None = None,
) -> Step:
    """The superior consents; ``rank`` is the nominee's place among those it endorses, if it ranks them, ``score`` its
    points on the standard's scale, asked for where the programme counts them (kept as a string in the step's detail).
    """
    found = Case.objects.filter(steps=step_id).first()
    if found is not None and found.kind == "nomination":
        limits.round_lock(found.round_id)
    step = engine.access_step_for_update(step_id, actor, "endorse")
    if step.case.kind == "nomination":
        limits.refuse_beyond_consent(step.case, clock.local_day(now))
    said = _said(opinion) or _("经研究，同意推荐。")
    detail: dict[str, Any] = {}
    if queries.superior_scores(step.case):
        detail["score"] = show(_checked_score(step.case, score))
    if rank is not None:
        _check_rank(step, rank)
        detail["rank"] = rank
    journal.record(
        Event.ENDORSED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"level": step.level, **detail},
        personal={"opinion": said},
    )
    engine.step_close(step=step, outcome="consented", actor=actor, now=now, opinion=said, detail=detail)
    return step


def _checked_score(case: Case, score: Decimal | None) -> Decimal:
    """The superior's points: given, within the standard's scale, to four places at most."""
    most = queries.standard_of(case).total
    if score is None:
        raise Invalid(_("请填写上级评分。"), _("按创建标准总体评分，0 至 %(most)s 分。") % {"most": show(most)})
    if not score.is_finite() or not 0 <= score <= most or score % FINEST_STEP:
        raise Invalid(
            _("上级评分应在 0 与 %(most)s 分之间，最多保留 4 位小数。") % {"most": show(most)}, _("请核对后重新填写。")
        )
    return score


def _check_rank(step: Step, rank: int) -> None:
    case = step.case
    if rank < 1:
        raise Invalid(_("推荐排序从 1 开始。"))
    # Rows by other cases are read without their lock: a clash that slips through is seen when the list is read.
    others = Step.objects.filter(
        kind="endorse",
        outcome="consented",
        organisation=step.organisation,
        case__round_id=case.round_id,
        case__tier=case.tier,
        case__category=case.category,
    ).exclude(case_id=case.pk)
    for other in others.exclude(case__outcome="withdrawn").select_related("case"):
        if other.detail.get("rank") == rank:
            taken = {"rank": rank, "name": other.case.name}
            raise Conflict(_("第 %(rank)s 位已是“%(name)s”。") % taken, _("请换一个位次，或留空。"))


def step_return(*, step_id: int, opinion: str, actor: Actor, now: datetime) -> Step:
    """The superior returns the self-assessment to be improved, saying why."""
    step = engine.access_step_for_update(step_id, actor, "endorse")
    said = _said(opinion)
    if not said:
        raise Invalid(_("请写明退回的原因。"), _("指出需要完善的内容，便于对方修改。"))
    journal.record(
        Event.RETURNED,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"level": step.level},
        personal={"opinion": said},
    )
    engine.step_close(step=step, outcome="returned", actor=actor, now=now, opinion=said)
    return step


def step_screen(
    *,
    step_id: int,
    result: str,
    actor: Actor,
    now: datetime,
    opinion: str = "",
    items: Sequence[tuple[str, str]] = (),
    accepted_gates: Mapping[str, str] | None = None,
) -> Step:
    """The office's screening: ``passed``, ``returned`` (for correction) or ``not_accepted``.

    ``items`` are (indicator, what is wrong with it); ``accepted_gates`` maps a gate that the ledger leaves unproven to
    the reason its proof is accepted. A failed veto cannot be accepted: it can only be refuted in the ledger.
    """
    step = engine.access_step_for_update(step_id, actor, "screen")
    said = _said(opinion)
    problems = _problems(step.case, items)
    outcomes = gates_record(case=step.case, now=now)
    _accept(step.case, outcomes, accepted_gates or {}, actor, now)
    if result == "passed":
        _may_pass(step.case, outcomes, problems)
    elif result == "returned":
        if not problems and not said:
            raise Invalid(_("请指出需要补正的指标，或写明意见。"), _("勾选有问题的指标并写明原因。"))
    elif result == "not_accepted":
        if not said:
            raise Invalid(_("请写明不予受理的理由。"), _("理由会告知申报单位。"))
    else:
        raise Invalid(_("没有这种初审结果。"))
    event = {"passed": Event.SCREEN_PASSED, "returned": Event.SCREEN_RETURNED}.get(result, Event.SCREEN_REFUSED)
    journal.record(
        event,
        subject=step.case,
        actor=actor.under(step.organisation_id),
        at=now,
        data={"count": len(problems), "indicators": [item["indicator"] for item in problems]},
        personal={"opinion": said, "reasons": "\n".join(item["reason"] for item in problems)},
    )
    engine.step_close(step=step, outcome=result, actor=actor, now=now, opinion=said, detail={"items": problems})
    return step


def _said(opinion: str) -> str:
    said = opinion.strip()
    if len(said) > OPINION_LONGEST:
        raise Invalid(_("意见不超过 %(most)s 字。") % {"most": OPINION_LONGEST}, _("请精简后再提交。"))
    return said


def _problems(case: Case, items: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    standard = queries.standard_of(case)
    found = []
    for code, reason in items:
        if not rules.asks(standard, code):
            raise Invalid(_("标准中没有指标“%(code)s”。") % {"code": code}, _("请刷新页面后再试。"))
        if not reason.strip():
            title = standard.indicator(code).title
            raise Invalid(_("“%(title)s”已勾选，请写明问题。") % {"title": title})
        found.append({"indicator": code, "reason": reason.strip()[:500]})
    return found


def _accept(case: Case, outcomes: list[GateOutcome], accepted: Mapping[str, str], actor: Actor, now: datetime) -> None:
    by_code = {one.code: one for one in outcomes}
    for code, reason in accepted.items():
        if not reason.strip():
            continue
        one = by_code.get(code)
        if one is None or one.state == "met":
            continue
        if not one.pending:
            raise Conflict(
                _("“%(gate)s”%(sentence)s，不能认可。") % {"gate": one.title, "sentence": one.sentence},
                _("如台账记录有误，请先在诚信台账中更正。"),
            )
        GateCheck.objects.filter(case=case, gate=code).update(
            accepted_by_id=actor.user_id, accepted_note=reason.strip()[:300]
        )
        journal.record(
            Event.GATE_ACCEPTED,
            subject=case,
            actor=actor,
            at=now,
            data={"gate": one.title, "code": code},
            personal={"reason": reason.strip()[:300]},
        )


def _may_pass(case: Case, outcomes: list[GateOutcome], problems: list[dict[str, str]]) -> None:
    if problems:
        raise Conflict(_("还有勾选的问题，不能通过。"), _("请取消勾选，或选择“退回补正”。"))
    vetoed = [one for one in outcomes if one.vetoes]
    if vetoed:
        named = "；".join(f"{one.title}（{one.sentence}）" for one in vetoed)
        raise Conflict(
            _("否决项不满足，不能通过：%(named)s。") % {"named": named},
            _("请退回补正或不予受理；如台账记录有误，先在诚信台账中更正。"),
        )
    accepted = set(GateCheck.objects.filter(case=case).exclude(accepted_note="").values_list("gate", flat=True))
    owing = [one for one in outcomes if one.pending and one.code not in accepted]
    if owing:
        raise Conflict(
            _("前置条件尚未证明：%(named)s。") % {"named": "；".join(one.title for one in owing)},
            _("请在台账登记证明，或在该项写明认可理由，或退回补正。"),
        )
