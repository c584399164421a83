"""The title's life: every change of its state goes through here, with history, journal and what follows from a loss."""

from datetime import date, datetime

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.cases.services import case_end
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationCase, NoticeItem
from xianfeng.designations.queries.life import held_against, newest_version
from xianfeng.designations.rules import ladder
from xianfeng.designations.services import access
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.rules import reassessment_due, source_lost_fate

ACT_EVENTS = {
    "confirm": Event.CONFIRMED,
    "warn": Event.WARNED,
    "rectify": Event.RECTIFY,
    "downgrade": Event.DOWNGRADED,
    "suspension": Event.SUSPENDED,
    "over": Event.SANCTION_OVER,
    "suspend": Event.SUSPENDED,
    "restore": Event.RESTORED,
}
END_EVENTS = {
    "revoke": Event.REVOKED,
    "annul": Event.ANNULLED,
    "expire": Event.EXPIRED,
    "end": Event.ENDED,
    "replace": Event.REPLACED,
}
# With these a reassessment has been gone through: the next one is counted from them.
LOOKED_AT = frozenset({"confirm", "warn", "downgrade", "suspension"})


def title_move(
    *,
    designation: Designation,
    act: str,
    actor: Actor,
    now: datetime,
    text: str = "",
    case: Case | None = None,
    history: str = "",
) -> None:
    """Move a locked title that stays held (``rules.DESIGNATION_MOVES``); Conflict when it cannot.

    What a conclusion imposes counts for the term the ladder of the case's definition gives it.
    """
    after = rules.moved(designation.state, act)
    if after is None:
        state = rules.DESIGNATION_STATES[designation.state]
        raise Conflict(f"编号 {designation.number} 的命名现为“{state}”，不能这样办理。", "请刷新页面查看最新情况。")
    definition = case.version.definition if case else newest_version(designation.programme).definition
    today = clock.local_day(now)
    if act == "downgrade":
        text = "，".join(part for part in (_lower(designation, case), text) if part)
    designation.state, designation.attend_on = after, today
    if act in LOOKED_AT:
        designation.reassess_by = reassessment_due(definition, tier=designation.tier, since=today)
    designation.save()
    access.history_add(
        designation=designation,
        kind=history or act,
        on=today,
        now=now,
        text=text,
        case=case,
        until=ladder.term(definition, act, today),
    )
    data = {"number": designation.number, "state": after, "grade": designation.grade_title}
    journal.record(ACT_EVENTS[act], subject=designation, actor=actor, at=now, data=data)


def _lower(designation: Designation, case: Case | None) -> str:
    """One grade down, with a new credential; the words of the change."""
    definition = case.version.definition if case else designation.round.version.definition
    lower = ladder.below(definition, designation.grade)
    if lower is None:
        raise Conflict(f"编号 {designation.number} 的命名没有更低的等次可降。", "请选择其他处理。")
    before = designation.grade_title
    designation.grade, designation.credential_due_at = lower, clock.real_now()
    return f"由“{before}”降为“{designation.grade_title}”"


def title_suspend(*, designation_id: int, reason: str, actor: Actor, now: datetime) -> Designation:
    """Suspend a title while something is looked into; the public register keeps it."""
    return _office_act(designation_id, "suspend", reason, actor, now)


def title_restore(*, designation_id: int, reason: str, actor: Actor, now: datetime) -> Designation:
    """End a suspension."""
    return _office_act(designation_id, "restore", reason, actor, now)


def _office_act(designation_id: int, act: str, reason: str, actor: Actor, now: datetime) -> Designation:
    designation = access.designation_for_update(designation_id)
    access.require_seat(actor, designation.round, "office")
    access.require_not_own(actor, designation, "office")
    if not reason.strip():
        raise Invalid("请说明理由。", "理由记入命名的历史，不对外公开。")
    title_move(designation=designation, act=act, actor=actor, now=now, text=reason.strip())
    access.tell_holder(designation, f"{rules.HISTORY_KINDS[act]}命名：{designation.title}", now)
    return designation


# --- the end ----------------------------------------------------------------------------------------------------


def title_end(
    *,
    designation: Designation,
    act: str,
    reason: str,
    actor: Actor,
    now: datetime,
    case: Case | None = None,
    dependants: bool = True,
    cause: str = "",
) -> None:
    """End a locked title (``rules.ENDS``) with plaque and other cases; what was drawn from it follows.

    ``cause`` of a revocation (a code of the definition) decides how long its holder waits.
    """
    after = rules.moved(designation.state, act)
    if after is None:
        raise Conflict(f"编号 {designation.number} 的命名已经失效。", "请刷新页面查看最新情况。")
    today = clock.local_day(now)
    designation.state, designation.ended_on, designation.ended_cause = after, today, cause
    designation.live_key, designation.reassess_by, designation.attend_on = None, None, None
    designation.self_check_by, designation.renew_from = None, None
    designation.save()
    plaque = "，收回铭牌" if designation.plaque_issued_on else ""
    access.history_add(designation=designation, kind=act, on=today, now=now, text=f"{reason}{plaque}", case=case)
    data = {"number": designation.number, "reason": reason, "plaque": bool(plaque)}
    journal.record(END_EVENTS[act], subject=designation, actor=actor, at=now, data=data)
    access.tell_holder(designation, f"{rules.HISTORY_KINDS[act]}：{designation.title}", now, body=reason)
    _end_other_cases(designation, case, actor, now)
    if dependants:
        dependants_follow(designation, actor, now)


def title_replace(
    *, live_key: str, case: Case, grade: str, named_on: date, actor: Actor, now: datetime
) -> Designation | None:
    """Make room for a new title of the same nominee and tier: the old one ends, where the rules allow it."""
    found = Designation.objects.filter(live_key=live_key).values_list("pk", flat=True).first()
    if found is None:
        return None
    old = access.designation_for_update(found)
    why = held_against(old, case.round.version.definition, case.round, named_on, grade)
    if why:
        raise Conflict(f"“{case.name}”{why}。", "请核对后从名单中去掉。")
    title_end(designation=old, act="replace", reason="重新评定", actor=actor, now=now, case=case, dependants=False)
    return old


def _end_other_cases(designation: Designation, ended: Case | None, actor: Actor, now: datetime) -> None:
    ties = DesignationCase.objects.filter(designation=designation, case__state="open")
    ids = [one for one in ties.values_list("case_id", flat=True) if ended is None or one != ended.pk]
    for case in Case.objects.select_for_update().filter(pk__in=ids).order_by("id"):
        NoticeItem.objects.filter(case=case, result="open").update(result="dropped")
        outcome = "rejected" if case.kind == "recommendation" else "annulled"
        case.snapshot = {**case.snapshot, "ended_because": "所依据的命名已经失效"}
        case_end(case=case, outcome=outcome, actor=actor, now=now)


def dependants_follow(source: Designation, actor: Actor, now: datetime) -> None:
    """Titles drawn from a lost one: revoked, looked at again, or kept, as the definition says; the reason on record."""
    for pk in source.raised_to.filter(state__in=rules.LIVE).order_by("id").values_list("pk", flat=True):
        dependant = access.designation_for_update(pk)
        fate = source_lost_fate(newest_version(dependant.programme).definition, tier=dependant.tier)
        reason = f"{fate.sentence.rstrip('。')}（原编号 {source.number}）"
        data = {"source": source.number, "rule": fate.rule, "sentence": fate.sentence.rstrip("。")}
        journal.record(Event.SOURCE_LOST, subject=dependant, actor=actor, at=now, data=data)
        if fate.rule == "revoke":
            title_end(designation=dependant, act="revoke", reason=reason, actor=actor, now=now)
        elif fate.rule == "review" and rules.moved(dependant.state, "reassess"):
            from xianfeng.designations.services.reassessing import open_reassessment  # each opens what the other ends

            open_reassessment(designation=dependant, trigger="triggered", reason=reason, actor=SYSTEM, now=now)
