"""异议: written, real-name, with evidence; filed by the public, answered by the working group or the office."""

from datetime import datetime

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.policies import not_own_case
from xianfeng.cases.services import step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import NoticeItem, Objection
from xianfeng.designations.services import access
from xianfeng.designations.services.notices import notice_for_update
from xianfeng.designations.services.reserve import reserve_wake
from xianfeng.directory.queries import office_calendar
from xianfeng.files.models import StoredFile
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.rules import Definition, answer_due, objection_lacks

UNSIGNED = frozenset({"匿名", "佚名", "无名", "群众", "一群众", "知情人", "知情者", "热心群众", "某群众"})
LEAST_CONTENT = 10


def objection_file(
    *,
    item_id: int,
    name: str,
    contact: str,
    content: str,
    actor: Actor,
    now: datetime,
    evidence_note: str = "",
    file: StoredFile | None = None,
) -> Objection:
    """A member of the public objects to one entry of an open notice; answers the receipt on the row."""
    found = NoticeItem.objects.select_related("case", "notice").filter(pk=item_id).first()
    if found is None:
        raise NotFoundHere("没有找到这个公示对象。", "请从公示页面进入。")
    notice = notice_for_update(found.notice_id)
    if notice.state != "open" or found.result != "open":
        raise Conflict("这个公示已经结束，不再受理异议。", "如有新的情况，请直接联系创建工作机构。")
    if now >= notice.objections_until:
        ended = "公示期已满" if notice.objections_until == notice.ends_at else "提出异议的期限已过"
        raise Conflict(f"{ended}，不再受理异议。", "如有新的情况，请直接联系创建工作机构。")
    definition = notice.round.version.definition
    _check_filing(definition, name, contact, content, evidence_note, file)
    days = answer_due(definition).working_days or 0
    objection = Objection.objects.create(
        item=found,
        name=name.strip(),
        contact=contact.strip(),
        content=content.strip(),
        evidence_note=evidence_note.strip(),
        file=file,
        received_at=now,
        answer_by=office_calendar().add_working_days(clock.local_day(now), days).day,
    )
    journal.record(
        Event.OBJECTION_FILED,
        subject=found.case,
        actor=actor,
        at=now,
        data={"objection": objection.public_id, "notice": notice.public_id, "file": file.sha256 if file else ""},
        personal={"name": name.strip(), "contact": contact.strip(), "content": content.strip()},
    )
    messaging.notify(
        user_ids=access.people_of(notice.round, *access.RUNNERS),
        title=f"收到异议——{notice.title}",
        body=f"请在{objection.answer_by:%m月%d日}前答复。",
        link=f"/designations/objections/{objection.public_id}/",
        now=now,
    )
    return objection


LACKS = {
    "signed": ("请填写真实姓名或单位名称。", "匿名的异议不予受理；您的姓名不会告知被公示的对象。"),
    "written": ("请写明异议的具体事实。", "包括时间、地点和经过。"),
    "evidence": ("请提供证据：上传文件，或写明证据是什么、在哪里可以查到。", "没有证据的异议不予受理。"),
}


def _check_filing(
    definition: Definition, name: str, contact: str, content: str, evidence_note: str, file: StoredFile | None
) -> None:
    """Refuse an objection that lacks what the programme asks for; an answer has to reach somebody in any case."""
    signed = name.strip()
    lacks = objection_lacks(
        definition,
        signed=len(signed) >= 2 and signed not in UNSIGNED,
        written=len(content.strip()) >= LEAST_CONTENT,
        evidence=file is not None or bool(evidence_note.strip()),
    )
    if len(contact.strip()) < 5 and lacks[:1] != ["signed"]:
        raise Invalid("请填写能联系到您的电话、邮箱或地址。", "核查中可能需要向您了解情况。")
    if lacks:
        raise Invalid(*LACKS[lacks[0]])


def _open_objection(objection_id: int, actor: Actor, act: str) -> Objection:
    """Lock an objection for an act of the bodies that run the round, none of them on their own case."""
    row = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("item__notice__round__programme", "item__notice__round__version")
        .select_related("item__case__nominee", "item__step")
        .filter(pk=objection_id)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这件异议。", "请从异议列表进入。")
    access.require_seat(actor, row.item.notice.round, *access.RUNNERS)
    step = row.item.step
    step.case = row.item.case
    require(not_own_case, actor, step)
    after = rules.OBJECTION_MOVES[row.state].get(act)
    if after is None:
        raise Conflict(f"这件异议{rules.OBJECTION_STATES[row.state]}，不能这样办理。", "请刷新页面查看最新情况。")
    row.state = after
    return row


def _answered(row: Objection, event: Event, reply: str, actor: Actor, now: datetime, **data: str) -> Objection:
    row.reply, row.handled_by_id, row.handled_at = reply.strip(), actor.user_id, now
    row.save()
    journal.record(
        event,
        subject=row.item.case,
        actor=actor,
        at=now,
        data={"objection": row.public_id, **data},
        personal={"reply": reply.strip()} if reply.strip() else None,
    )
    return row


def objection_accept(*, objection_id: int, actor: Actor, now: datetime, reply: str = "") -> Objection:
    """Take an objection up: its facts will be looked into."""
    row = _open_objection(objection_id, actor, "accept")
    return _answered(row, Event.OBJECTION_ACCEPTED, reply, actor, now)


def objection_refuse(*, objection_id: int, refusal: str, actor: Actor, now: datetime, reply: str = "") -> Objection:
    """Refuse to take it up: anonymous or without evidence, where the programme asks for these, or irrelevant."""
    row = _open_objection(objection_id, actor, "refuse")
    allowed = rules.refusals(row.item.notice.round.version.definition)
    if refusal not in allowed:
        raise Invalid("请选择不予受理的理由。", f"只有{'、'.join(allowed.values())}的可以不予受理。")
    row.refusal = refusal
    label = rules.REFUSALS[refusal]
    return _answered(row, Event.OBJECTION_REFUSED, reply, actor, now, refusal=refusal, refusal_label=label)


def objection_uphold(*, objection_id: int, reply: str, actor: Actor, now: datetime) -> Objection:
    """The facts are as stated: the case ends here and the nominee is not named."""
    row = _open_objection(objection_id, actor, "uphold")
    _need_reply(reply)
    _answered(row, Event.OBJECTION_UPHELD, reply, actor, now)
    item = row.item
    case = Case.objects.select_for_update().get(pk=item.case_id)
    step = Step.objects.select_for_update(of=("self",)).get(pk=item.step_id)
    step.case = case
    if step.state == "open":  # also where the notice was withdrawn meanwhile, or the case is on a new one
        NoticeItem.objects.filter(step=step, result="open").update(result="upheld")
        step_close(step=step, outcome="upheld", actor=actor, now=now, detail={"objection": row.public_id})
        reserve_wake(case, now)
    return row


def objection_dismiss(*, objection_id: int, reply: str, actor: Actor, now: datetime) -> Objection:
    """The facts are not as stated, or do not bear on the title."""
    row = _open_objection(objection_id, actor, "dismiss")
    _need_reply(reply)
    return _answered(row, Event.OBJECTION_DISMISSED, reply, actor, now)


def _need_reply(reply: str) -> None:
    if not reply.strip():
        raise Invalid("请写明核查情况和处理意见。", "异议人将凭回执看到这段答复。")
