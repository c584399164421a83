"""有效期与续期: how long a title holds, and its extension, which the holder asks for and a reassessment grants."""

from datetime import date, datetime, timedelta

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.designations.policies import speaks_for_holder
from xianfeng.designations.queries.life import newest_version, renewable
from xianfeng.designations.services import access
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.programmes.rules import Definition, renewal_from, valid_until

# Acts of a conclusion by which the holder keeps the title in use: they grant a renewal that was asked for.
KEEPING = frozenset({"confirm", "warn", "downgrade"})


def term_set(designation: Designation, definition: Definition, since: date) -> None:
    """Write down until when a title holds that counts from ``since``, and from when renewal may be asked."""
    grade = designation.grade or None
    if designation.tier in definition.title_life.applies_to:
        designation.valid_until = valid_until(definition, named_on=since, grade=grade)
        designation.renew_from = renewal_from(definition, named_on=since, grade=grade)


def title_renew(*, designation_id: int, reason: str, actor: Actor, now: datetime) -> Case:
    """The holder asks for renewal: a reassessment that, if the title is kept, extends it by another term."""
    from xianfeng.designations.services.reassessing import open_reassessment  # its end comes back here

    designation = access.designation_for_update(designation_id)
    require(speaks_for_holder, actor, designation)
    if not renewable(designation, clock.local_day(now)):
        raise Conflict(f"编号 {designation.number} 的命名现在不能申请续期。", _when(designation))
    if not reason.strip():
        raise Invalid("请写明申请续期的理由。", "写明有效期内保持标准的情况。")
    return open_reassessment(
        designation=designation,
        trigger="renewal",
        reason=reason.strip(),
        actor=actor.under(designation.party_id),
        now=now,
    )


def _when(designation: Designation) -> str:
    if designation.renew_from is None or designation.valid_until is None:
        return "这个创建活动没有规定续期，到期后请重新申报。"
    return f"可在{chinese_date(designation.renew_from)}至{chinese_date(designation.valid_until)}之间申请。"


def title_extend(*, designation: Designation, actor: Actor, now: datetime, case: Case) -> None:
    """Extend a title whose renewal was granted: by a whole term from the day after the present one."""
    if designation.valid_until is None:
        return
    definition = newest_version(designation.programme).definition
    term_set(designation, definition, designation.valid_until + timedelta(days=1))
    designation.credential_due_at = clock.real_now()
    designation.save()
    words = f"续期至{chinese_date(designation.valid_until)}" if designation.valid_until else "长期有效"
    access.history_add(designation=designation, kind="renewed", on=clock.local_day(now), now=now, text=words, case=case)
    data = {"number": designation.number, "valid_until": chinese_date(designation.valid_until)}
    journal.record(Event.RENEWED, subject=designation, actor=actor, at=now, data=data)
    access.tell_holder(designation, f"已续期：{designation.title}", now, body=words)
