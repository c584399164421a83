"""第二评审组: a case on which the first panel differs widely is judged anew by other experts, on sheets of their own.

The definition says whether their sheets replace the first ones or are counted together with them; both stay and are
shown. Nobody chooses that afterwards, and nobody calls it off once a sheet of it is signed.
"""

from collections.abc import Collection
from datetime import datetime

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import KINDS, Assignment, Discussion, Panel
from xianfeng.review.services.assignments import draw_for, own_case_barred, own_cases_barred, take_back
from xianfeng.review.services.panels import access_panel_for_update, acting


def second_panel_open(
    *, panel_id: int, case_ids: Collection[int], reason: str, actor: Actor, now: datetime
) -> list[Assignment]:
    """Send cases whose sheets are all signed to a second panel, drawn at once from the panel's seed.

    Conflict when a case is not ready, is being discussed or has been sent before, and when experts do not suffice.
    """
    if not case_ids or not reason.strip():
        raise Invalid("请选择送第二评审组的申报，并写明事由。")
    panel = access_panel_for_update(panel_id, actor)
    chosen = own_cases_barred(panel, case_ids, actor)
    _refuse_unready(panel, chosen)
    for case in chosen:
        row = Discussion.objects.create(
            panel=panel, case=case, kind="second", reason=reason.strip()[:300], opened_at=now
        )
        _record(Event.DISCUSSION_OPENED, row, actor, now)
    return draw_for(panel, chosen, "second", actor, now)


def _refuse_unready(panel: Panel, chosen: Collection[Case]) -> None:
    names = {case.pk: f"“{case.name}”" for case in chosen}
    if sent := queries.at_second(chosen):
        raise Conflict(f"{'、'.join(names[one] for one in sorted(sent))}已送第二评审组。", "请刷新页面查看。")
    talking = Discussion.objects.filter(case__in=chosen, state="open").values_list("case_id", flat=True)
    if talking:
        said = "、".join(names[one] for one in sorted(talking))
        raise Conflict(f"{said}正在合议或现场核查。", "请先记录纪要并结束，仍有分歧的再送第二评审组。")
    rows = list(queries.active_assignments(panel).filter(case__in=chosen))
    for case in chosen:
        mine = [queries.is_signed(row) for row in rows if row.case_id == case.pk]
        if len(mine) < panel.rules.least_sheets or not all(mine):
            raise Conflict(f"“{case.name}”第一评审组的评分表还没有全部签名。", "请先催办，看过分歧再决定。")


def second_panel_call_off(*, discussion_id: int, reason: str, actor: Actor, now: datetime) -> Discussion:
    """Call a second panel off while none of its sheets is signed; the first panel's sheets then count again."""
    if not reason.strip():
        raise Invalid("请写明撤回的事由。")
    found = Discussion.objects.filter(pk=discussion_id, kind="second").values_list("panel_id", "case_id").first()
    if found is None:
        raise NotFoundHere("没有找到这次第二评审组评审。", "请从评审组进入。")
    panel = access_panel_for_update(found[0], actor)
    case = own_case_barred(panel, found[1], actor)
    row = Discussion.objects.select_for_update().get(pk=discussion_id)
    if row.state != "open":
        raise Conflict("第二评审组已经撤回。", "请刷新页面查看。")
    rows = Assignment.objects.select_for_update(of=("self",)).filter(case=case, second=True, state="active")
    seated = list(rows.select_related("expert").order_by("id"))
    if Assignment.objects.filter(pk__in=[one.pk for one in seated], step__state="done").exists():
        raise Conflict("第二评审组已有专家签名提交，不能撤回。", "请等全部签名后汇总排名。")
    for one in seated:
        take_back(panel, case, one, reason, actor, now)
    row.state, row.closed_at, row.minutes = "off", now, reason.strip()
    row.save(update_fields=["state", "closed_at", "minutes"])
    _record(Event.DISCUSSION_CALLED_OFF, row, actor, now)
    return row


def _record(event: Event, row: Discussion, actor: Actor, now: datetime) -> None:
    journal.record(
        event,
        subject=row,
        actor=acting(actor, row.panel),
        at=now,
        data={
            "case": row.case.public_id, "panel": row.panel.public_id, "kind": row.kind, "kind_label": KINDS[row.kind],
        },
        personal={"reason": row.minutes or row.reason},
    )  # fmt: skip
