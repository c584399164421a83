"""A case ends: by its procedure's outcome, or because the nominee takes it back."""

from datetime import datetime

from xianfeng import journal
from xianfeng.cases import rules
from xianfeng.cases.events import Event
from xianfeng.cases.models import Case, Step
from xianfeng.cases.procedure import may_withdraw
from xianfeng.cases.services.access import access_case_for_update
from xianfeng.cases.services.asking import people_of
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotPermitted
from xianfeng.messaging import services as messaging


def case_end(*, case: Case, outcome: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """End a locked case: remaining open steps are cancelled, the nominee is told."""
    case.state, case.outcome, case.ended_at, case.open_key = "ended", outcome, now, None
    case.save()
    case.steps.filter(state="open").update(state="cancelled", closed_at=now)
    event = {"withdrawn": Event.WITHDRAWN, "annulled": Event.ANNULLED}.get(outcome, Event.ENDED)
    label = rules.CASE_OUTCOMES[outcome]
    journal.record(
        event,
        subject=case,
        actor=actor,
        at=now,
        data={"outcome": outcome, "outcome_label": label, "kind": case.kind},
        personal={"reason": reason.strip()},
    )
    messaging.notify(
        user_ids=people_of(case.party, now),
        title=f"{rules.CASE_KINDS[case.kind]}办结：{label}——{case.name}",
        body=case.round.title,
        link=f"/cases/{case.public_id}/",
        now=now,
    )


def case_withdraw(*, case_id: int, actor: Actor, now: datetime, reason: str = "") -> Case:
    """The nominee takes its nomination back, until it is put before the public."""
    case = access_case_for_update(case_id)
    acting = {one.organisation_id for one in actor.appointments if one.duty in ("secretary", "staff", "member")}
    if case.party_id not in acting:
        raise NotPermitted("只有申报单位可以撤回自荐。", "请联系申报单位的经办人。")
    if case.state != "open":
        raise Conflict("该事项已经办结，不能撤回。", "请刷新页面查看结果。")
    if not may_withdraw(case):
        raise Conflict("该事项已进入公示或命名，不能撤回。", "如确需退出，请书面联系推进组。")
    Step.objects.filter(case=case, state="open", kind="assess").update(opinion=reason[:500])
    case.snapshot = {**case.snapshot, "withdrawal_reason": reason[:500]}
    case_end(case=case, outcome="withdrawn", actor=actor.under(case.party_id), now=now, reason=reason)
    return case


def on_round_closed(happened: journal.Occurrence) -> None:
    """Subscriber to programmes: refuse to close a round with nominations or recommendations under way."""
    under_way = Case.objects.filter(round=happened.subject, state="open").exclude(kind="reassessment")
    names = [f"“{one}”" for one in under_way.order_by("id").values_list("name", flat=True)]
    if names:
        more = f"等 {len(names)} 件" if len(names) > 3 else ""
        raise Conflict(f"还有申报没有办结：{'、'.join(names[:3])}{more}。", "请先办结，或由申报单位撤回，再办结批次。")
