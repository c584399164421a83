"""年度自查: the holder hands one in; one that was missed has its consequence, by the timer."""

from collections.abc import Sequence
from datetime import datetime

from xianfeng import journal
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, SelfCheck
from xianfeng.designations.policies import speaks_for_holder
from xianfeng.designations.queries.life import checks_of, newest_version
from xianfeng.designations.rules import turns
from xianfeng.designations.services import access, life
from xianfeng.designations.services.reassessing import open_reassessment
from xianfeng.files.models import StoredFile
from xianfeng.files.services import require_few
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.kernel.policies import require
from xianfeng.kernel.sheets import chinese_date
from xianfeng.messaging import services as messaging
from xianfeng.programmes.rules.life import Missed
from xianfeng.programmes.rules.schema.procedures import ON_MISSED


def self_check_hand_in(
    *, designation_id: int, text: str, actor: Actor, now: datetime, files: Sequence[StoredFile] = ()
) -> SelfCheck:
    """Hand in the self-check a title is asked for, on time or late; the title's next one is due after it."""
    designation = access.designation_for_update(designation_id)
    require(speaks_for_holder, actor, designation)
    if designation.state not in rules.LIVE:
        raise Conflict(f"编号 {designation.number} 的命名已经失效，不再报送自查。", "请刷新页面查看最新情况。")
    today = clock.local_day(now)
    asked = checks_of(designation, newest_version(designation.programme), today)
    if asked.due is None or asked.opens is None:
        raise Conflict("这个创建活动没有规定年度自查。", "请查看创建活动的称号管理规定。")
    if today < asked.opens:
        raise Conflict(
            f"下一次年度自查{chinese_date(asked.due)}前报送，现在还早。", f"{chinese_date(asked.opens)}起可以报送。"
        )
    if not text.strip():
        raise Invalid("请填写自查情况。", "对照创建标准，写明保持情况、存在的不足和改进措施。")
    require_few(files)
    row, _made = SelfCheck.objects.update_or_create(
        designation=designation,
        due_on=asked.due,
        defaults={"handed_in_at": now, "handed_in_by_id": actor.user_id, "text": text.strip()},
    )
    row.files.set(files)
    words = f"{chinese_date(asked.due)}前应报" + ("，逾期补报" if asked.late else "")
    access.history_add(designation=designation, kind="self_check", on=today, now=now, text=words)
    journal.record(
        Event.SELF_CHECKED,
        subject=designation,
        actor=actor.under(designation.party_id),
        at=now,
        data={
            "number": designation.number,
            "due": chinese_date(asked.due),
            "late": asked.late,
            "self_check": row.public_id,
            "files": [one.sha256 for one in files],
        },
        personal={"text": text.strip()},
    )
    designation.self_check_by = checks_of(designation, newest_version(designation.programme), today).due
    designation.attend_on = today
    designation.save(update_fields=["self_check_by", "attend_on"])
    return row


def self_checks_missed(*, designation: Designation, actor: Actor, now: datetime) -> None:
    """What follows for a locked title from the self-checks whose day is over: by the definition, each one once."""
    today = clock.local_day(now)
    for missed in checks_of(designation, newest_version(designation.programme), today).missed:
        if designation.state not in rules.LIVE:
            return
        SelfCheck.objects.create(
            designation=designation, due_on=missed.due, missed_on=today, consequence=missed.consequence
        )
        sentence = missed.sentence.rstrip("。")
        access.history_add(designation=designation, kind="check_missed", on=today, now=now, text=sentence)
        data = {"number": designation.number, "due": chinese_date(missed.due), "sentence": sentence}
        journal.record(Event.SELF_CHECK_MISSED, subject=designation, actor=actor, at=now, data=data)
        _consequence(designation, missed, sentence, actor, now)


def _consequence(designation: Designation, missed: Missed, sentence: str, actor: Actor, now: datetime) -> None:
    if act := turns.ENDING.get(missed.consequence):
        life.title_end(designation=designation, act=act, reason=sentence, actor=actor, now=now)
        return
    if missed.consequence in turns.FAILING and rules.moved(designation.state, "reassess"):
        open_reassessment(designation=designation, trigger="triggered", reason=sentence, actor=actor, now=now)
    access.tell_holder(designation, f"年度自查逾期未报：{designation.title}", now, body=sentence, page="self-check/")
    messaging.notify(
        user_ids=access.people_of(designation.round, "working_group"),
        title=f"年度自查逾期未报：{designation.number}",
        body=f"{designation.unit_name}：{ON_MISSED[missed.consequence]}。",
        link=f"/designations/titles/{designation.public_id}/",
        now=now,
    )
