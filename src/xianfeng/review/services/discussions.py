"""合议 and 现场核查: what is done about a case on which experts differ widely, and its record."""

from collections.abc import Sequence
from datetime import date, datetime

from xianfeng import journal
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.messaging import services as messaging
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import FINDINGS, KINDS, Discussion
from xianfeng.review.services.assignments import own_case_barred, seat
from xianfeng.review.services.panels import access_panel_for_update, acting

TALKS = ("discussion", "visit")  # what ends with minutes; a second panel's work is its sheets


def discussion_open(
    *,
    panel_id: int,
    case_id: int,
    kind: str,
    reason: str,
    expert_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Discussion:
    """Send a case to discussion or a site visit, with one more expert where wanted; the ranking waits for its end."""
    if kind not in TALKS or not reason.strip():
        raise Invalid("请选择合议或现场核查，并写明事由。")
    panel = access_panel_for_update(panel_id, actor)
    case = own_case_barred(panel, case_id, actor)
    if Discussion.objects.filter(case=case, state="open", kind__in=TALKS).exists():
        raise Conflict(f"“{case.name}”正在合议或现场核查。", "请先记录纪要并结束。")
    row = Discussion.objects.create(panel=panel, case=case, kind=kind, reason=reason.strip()[:300], opened_at=now)
    journal.record(
        Event.DISCUSSION_OPENED,
        subject=row,
        actor=acting(actor, panel),
        at=now,
        data={"case": case.public_id, "panel": panel.public_id, "kind": kind, "kind_label": KINDS[kind]},
        personal={"reason": row.reason},
    )
    if expert_id:
        seat(panel, case, expert_id, actor, now)
    experts = queries.seated([case], queries.at_second([case])).values_list("expert__user_id", flat=True)
    subject = "一件申报" if panel.blind else case.name
    messaging.notify(
        user_ids=list(experts), title=f"{KINDS[kind]}通知：{subject}",
        body=f"{panel.round.title}·{panel.title}。请留意推进组安排。", link="/review/queue/", now=now,
    )  # fmt: skip
    return row


def discussion_close(
    *,
    discussion_id: int,
    held_on: date,
    present: str,
    minutes: str,
    place: str = "",
    findings: Sequence[tuple[str, str, str]] = (),
    actor: Actor,
    now: datetime,
) -> Discussion:
    """Record what it came to. ``findings`` of a visit: (indicator, finding, note); only indicators looked at.

    Experts who want to change a signed sheet get it back by ``scorecard_reopen``: nothing changes by itself.
    """
    found = Discussion.objects.filter(pk=discussion_id, kind__in=TALKS).values_list("panel_id", "case_id").first()
    if found is None:
        raise NotFoundHere("没有找到这次合议或现场核查。", "请从评审组进入。")
    panel = access_panel_for_update(found[0], actor)
    case = own_case_barred(panel, found[1], actor)
    row = Discussion.objects.select_for_update().get(pk=discussion_id)
    if row.state != "open":
        raise Conflict(f"这次{KINDS[row.kind]}已经结束。", "请刷新页面查看。")
    if not minutes.strip() or not present.strip():
        raise Invalid("请写明参加人员和纪要。")
    standard = queries.standard_of(case)
    for code, finding, _note in findings:
        if code not in standard.by_code or finding not in FINDINGS:
            raise Invalid("现场核查表中有不认识的指标或结论。", "请刷新页面重新填写。")
    if row.kind == "visit" and not findings:
        raise Invalid("现场核查表还没有填写。", "请至少对一项指标给出核查结论。")
    row.state, row.closed_at, row.held_on, row.place = "closed", now, held_on, place.strip()[:120]
    row.present, row.minutes = present.strip()[:300], minutes.strip()
    row.findings = [
        {"indicator": code, "finding": finding, "note": note.strip()[:300]} for code, finding, note in findings
    ]
    row.save()
    content = {"minutes": row.minutes, "findings": row.findings, "held_on": held_on.isoformat()}
    journal.record(
        Event.DISCUSSION_CLOSED,
        subject=row,
        actor=acting(actor, panel),
        at=now,
        data={
            "case": case.public_id, "panel": panel.public_id, "kind": row.kind, "kind_label": KINDS[row.kind],
            "content": sha256_hex(canonical_bytes(content)),
        },
        personal={"present": row.present},
    )  # fmt: skip
    return row
