"""The title's life: every change of its state goes through here, with history, journal and what follows from a loss."""

from datetime import date, datetime

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.cases.services import case_end
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationCase, NoticeItem
from xianfeng.designations.services import access
from xianfeng.designations.services.naming import reassess_by
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.models import DefinitionVersion, Programme

ON_SOURCE_LOST = {"revoke": "一并撤销", "review": "启动复评", "keep": "予以保留"}
ACT_EVENTS = {
    "confirm": Event.CONFIRMED,
    "warn": Event.WARNED,
    "rectify": Event.RECTIFY,
    "suspend": Event.SUSPENDED,
    "restore": Event.RESTORED,
}


def newest_version(programme: Programme) -> DefinitionVersion:
    """The newest published definition: what a reassessment starting today follows."""
    found = programme.versions.filter(state="published").order_by("-number").first()
    if found is None:
        raise Conflict("创建活动还没有已发布的定义。", "请先发布定义。")
    return found


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
    """Move a locked title that stays held (confirm, warn, rectify, suspend, restore); Conflict when it cannot."""
    after = rules.moved(designation.state, act)
    if after is None:
        state = rules.DESIGNATION_STATES[designation.state]
        raise Conflict(f"编号 {designation.number} 的命名现为“{state}”，不能这样办理。", "请刷新页面查看最新情况。")
    designation.state = after
    if act in ("confirm", "warn"):
        designation.reassess_by = _next_look(designation, act, now)
    designation.save(update_fields=["state", "reassess_by"])
    access.history_add(
        designation=designation, kind=history or act, on=clock.local_day(now), now=now, text=text, case=case
    )
    journal.record(
        ACT_EVENTS[act], subject=designation, actor=actor, at=now, data={"number": designation.number, "state": after}
    )


def _next_look(designation: Designation, act: str, now: datetime) -> date | None:
    definition = newest_version(designation.programme).definition
    today = clock.local_day(now)
    warning = next((one for one in definition.title_life.sanctions if one.code == "warning"), None)
    if act == "warn" and warning is not None and warning.months is not None:
        return rules.months_after(today, warning.months)
    return reassess_by(definition, designation.tier, today)


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
) -> None:
    """End a locked title (``revoke`` or ``annul``) with plaque and other cases; what was drawn from it follows."""
    after = rules.moved(designation.state, act)
    if after is None:
        raise Conflict(f"编号 {designation.number} 的命名已经失效。", "请刷新页面查看最新情况。")
    today = clock.local_day(now)
    designation.state, designation.ended_on = after, today
    designation.live_key, designation.reassess_by = None, None
    designation.save(update_fields=["state", "ended_on", "live_key", "reassess_by"])
    plaque = "，收回铭牌" if designation.plaque_issued_on else ""
    access.history_add(designation=designation, kind=act, on=today, now=now, text=f"{reason}{plaque}", case=case)
    journal.record(
        Event.REVOKED if act == "revoke" else Event.ANNULLED,
        subject=designation,
        actor=actor,
        at=now,
        data={"number": designation.number, "reason": reason, "plaque": bool(plaque)},
    )
    access.tell_holder(designation, f"{rules.HISTORY_KINDS[act]}：{designation.title}", now)
    _end_other_cases(designation, case, actor, now)
    if dependants:
        dependants_follow(designation, actor, now)


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
        life = newest_version(dependant.programme).definition.title_life
        rule = life.on_source_lost.get(dependant.tier, "review")
        reason = f"所依据的命名（{source.number}）已失效，按规定{ON_SOURCE_LOST[rule]}"
        journal.record(
            Event.SOURCE_LOST,
            subject=dependant,
            actor=actor,
            at=now,
            data={"source": source.number, "rule": rule, "rule_label": ON_SOURCE_LOST[rule]},
        )
        if rule == "revoke":
            title_end(designation=dependant, act="revoke", reason=reason, actor=actor, now=now)
        elif rule == "review" and rules.moved(dependant.state, "reassess"):
            from xianfeng.designations.services.reassessing import open_reassessment  # each opens what the other ends

            open_reassessment(designation=dependant, trigger="triggered", reason=reason, actor=SYSTEM, now=now)
