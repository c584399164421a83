"""The expert pool: who is in it, where they work, how much they take."""

from collections.abc import Sequence
from datetime import date, datetime

from xianfeng import journal
from xianfeng.directory.models import Appointment, Organisation, User, holds_on
from xianfeng.directory.rules import ADMIN_DUTIES
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.review.events import Event
from xianfeng.review.models import Expert, ExpertEmployment
from xianfeng.review.policies import may_run_panels

MOST_LOAD = 500


def expert_register(
    *,
    user_id: int,
    employer_id: int | None = None,
    employer_name: str = "",
    fields: Sequence[str] = (),
    max_load: int = 20,
    actor: Actor,
    now: datetime,
) -> Expert:
    """Put a user into the pool. Conflict when already there, Invalid for an administrator or without an employer."""
    require(may_run_panels, actor, None)
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFoundHere("没有找到这个用户，或者该用户已停用。", "请先在组织目录中建立用户。")
    if Expert.objects.filter(user=user).exists():
        raise Conflict(f"“{user.name}”已在专家库中。", "请在列表中打开修改。")
    _refuse_administrators(user, now)
    expert = Expert(user=user)
    _fill(expert, employer_id, employer_name, fields, max_load)
    expert.save()
    _record(Event.EXPERT_REGISTERED, expert, actor, now)
    return expert


def expert_change(
    *,
    expert_id: int,
    employer_id: int | None,
    employer_name: str,
    fields: Sequence[str],
    max_load: int,
    active: bool,
    actor: Actor,
    now: datetime,
) -> Expert:
    """Edit an expert; taking one out of the pool leaves what is already assigned to them."""
    require(may_run_panels, actor, None)
    expert = Expert.objects.select_for_update().get(pk=expert_id)
    _fill(expert, employer_id, employer_name, fields, max_load)
    expert.active = active
    expert.save()
    _record(Event.EXPERT_CHANGED, expert, actor, now)
    return expert


def expert_describe(
    *,
    expert_id: int,
    fields: Sequence[str],
    max_load: int,
    away_since: date | None = None,
    away_until: date | None = None,
    trained_on: date | None = None,
    training: str = "",
    served: str = "",
    actor: Actor,
    now: datetime,
) -> Expert:
    """An expert's own profile: fields, load, absence, training, service elsewhere.

    The employer stays the office's to change. NotPermitted for anybody but the expert and the working group.
    """
    expert = _own(expert_id, actor)
    if not 1 <= max_load <= MOST_LOAD:
        raise Invalid(f"最多评审件数应在 1 与 {MOST_LOAD} 之间。")
    if away_since and away_until and away_until < away_since:
        raise Invalid("不能评审的起止日期颠倒了。", "请核对后重新填写。")
    expert.fields = [one.strip()[:40] for one in fields if one.strip()]
    expert.max_load, expert.away_since, expert.away_until = max_load, away_since, away_until
    expert.trained_on, expert.training, expert.served = trained_on, training.strip()[:200], served.strip()[:300]
    expert.save()
    _record(Event.EXPERT_CHANGED, expert, actor, now)
    return expert


def employment_add(
    *,
    expert_id: int,
    since: date,
    until: date | None = None,
    organisation_id: int | None = None,
    name: str = "",
    actor: Actor,
    now: datetime,
) -> ExpertEmployment:
    """One more place where the expert works or worked; it counts for conflicts some years after it ended."""
    expert = _own(expert_id, actor)
    organisation = Organisation.objects.filter(pk=organisation_id).first() if organisation_id else None
    if organisation is None and not name.strip():
        raise Invalid("请选择或填写任职单位。")
    if until is not None and until < since:
        raise Invalid("任职的起止日期颠倒了。", "请核对后重新填写。")
    row = ExpertEmployment.objects.create(
        expert=expert, organisation=organisation, name=(organisation.name if organisation else name.strip())[:120],
        since=since, until=until,
    )  # fmt: skip
    _record(Event.EXPERT_CHANGED, expert, actor, now)
    return row


def employment_end(*, employment_id: int, until: date | None, actor: Actor, now: datetime) -> ExpertEmployment:
    """Say when a place was left, or that it was not: the expert and the working group may."""
    found = ExpertEmployment.objects.filter(pk=employment_id).values_list("expert_id", flat=True).first()
    expert = _own(found or 0, actor)
    row = ExpertEmployment.objects.select_for_update(of=("self",)).get(pk=employment_id)
    if until is not None and until < row.since:
        raise Invalid("离任日期早于任职开始的日期。", "请核对后重新填写。")
    row.until = until
    row.save(update_fields=["until"])
    _record(Event.EXPERT_CHANGED, expert, actor, now)
    return row


def employment_remove(*, employment_id: int, actor: Actor, now: datetime) -> None:
    """Take back a place entered by mistake: only the working group, since it may undo a conflict."""
    require(may_run_panels, actor, None)
    row = ExpertEmployment.objects.select_related("expert__user").filter(pk=employment_id).first()
    if row is None:
        raise NotFoundHere("没有找到这条任职经历。", "请刷新页面查看。")
    expert = row.expert
    row.delete()
    _record(Event.EXPERT_CHANGED, expert, actor, now)


def _own(expert_id: int, actor: Actor) -> Expert:
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").filter(pk=expert_id).first()
    if expert is None:
        raise NotFoundHere("没有找到这位专家。", "请从专家库进入。")
    if expert.user_id != actor.user_id:
        require(may_run_panels, actor, None)
    return expert


def _refuse_administrators(user: User, now: datetime) -> None:
    held = Appointment.objects.filter(holds_on(clock.local_day(now)), user=user, duty__in=ADMIN_DUTIES)
    if held.exists():
        raise Invalid("系统、安全、审计管理员不能担任评审专家。", "请另选人员。")


def _fill(expert: Expert, employer_id: int | None, employer_name: str, fields: Sequence[str], max_load: int) -> None:
    if not 1 <= max_load <= MOST_LOAD:
        raise Invalid(f"最多评审件数应在 1 与 {MOST_LOAD} 之间。")
    employer = Organisation.objects.filter(pk=employer_id).first() if employer_id else None
    if employer is None and not employer_name.strip():
        raise Invalid("请选择或填写工作单位，回避按工作单位判断。")
    expert.employer = employer
    expert.employer_name = employer.name if employer else employer_name.strip()[:120]
    expert.fields = [one.strip()[:40] for one in fields if one.strip()]
    expert.max_load = max_load


def _record(event: Event, expert: Expert, actor: Actor, now: datetime) -> None:
    journal.record(
        event,
        subject=expert,
        actor=actor,
        at=now,
        data={
            "employer": expert.employer_name,
            "fields": expert.fields,
            "max_load": expert.max_load,
            "active": expert.active,
            "trained_on": expert.trained_on.isoformat() if expert.trained_on else None,
            "away": [one.isoformat() if one else None for one in (expert.away_since, expert.away_until)],
            "employments": [
                [one.name, one.since.isoformat(), one.until.isoformat() if one.until else None]
                for one in expert.employments.all()
            ],
        },
        personal={"name": expert.user.name},
    )
