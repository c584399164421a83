"""The sheet: saved while it is written, signed once, reopened only on record."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from xianfeng import journal
from xianfeng.cases import services as cases
from xianfeng.cases.models import Step
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere, NotPermitted
from xianfeng.nominations import answering
from xianfeng.nominations.answering import Entered
from xianfeng.programmes.rules import Standard, totals
from xianfeng.programmes.rules.answers import check_points, points_of
from xianfeng.review import queries
from xianfeng.review.events import Event
from xianfeng.review.models import Assignment, Mark, Scorecard
from xianfeng.review.packet import sheet_content
from xianfeng.review.rules import packet as rules
from xianfeng.review.services.panels import access_panel_for_update, acting
from xianfeng.review.ties import conflicts

Mark_ = Decimal | Entered | None
Given = Mapping[str, tuple[Mark_, str]]


def scorecard_save(
    *,
    step_id: int,
    marks: Given,
    actor: Actor,
    now: datetime,
    remark: str | None = None,
    inapplicable: Collection[str] = (),
) -> Scorecard:
    """Save what an expert has entered so far; indicators not named stay as they are.

    A mark is (points, or what they are worked out from, or None for "not yet"; remark). Raises Invalid on an unknown
    indicator, points out of range or off the indicator's step, and on "does not apply" where that is not allowed.
    """
    step = cases.access_step_for_update(step_id, actor, "score")
    card = _card(step)
    standard = queries.standard_of(step.case)
    Mark.objects.bulk_create(
        [_mark(card, standard, code, *given, applies=code not in inapplicable) for code, given in marks.items()],
        update_conflicts=True,
        unique_fields=["scorecard", "indicator"],
        update_fields=["points", "applies", "answer", "remark"],
    )
    _add_up(card, step)
    if remark is not None:
        card.remark = remark.strip()
    card.saved_at = now
    card.save()
    return card


def _card(step: Step) -> Scorecard:
    row = Assignment.objects.filter(step=step, state="active").first()
    if row is None:
        raise NotFoundHere("没有找到这项评分任务。", "请从评分任务进入。")
    card, _ = Scorecard.objects.get_or_create(assignment=row)
    if card.state == "signed":
        raise Conflict("评分表已签名，不能修改。", "确需修改请联系推进组退回。")
    return card


def _mark(card: Scorecard, standard: Standard, code: str, given: Mark_, said: str, *, applies: bool) -> Mark:
    if code not in standard.by_code:
        raise Invalid(f"标准中没有指标“{code}”。", "请刷新页面。")
    indicator = standard.indicator(code)
    if not applies and not indicator.may_not_apply:
        raise Invalid(f"“{indicator.title}”不能标为不适用。")
    given = given if applies else None
    answer = given.answer if isinstance(given, Entered) else None
    points = points_of(indicator, given.answer) if isinstance(given, Entered) else given
    if points is not None:
        check_points(indicator, points)
    kept = None if answer is None else answering.stored(answer)
    remark = said.strip()[:300]
    return Mark(scorecard=card, indicator=code, points=points, applies=applies, answer=kept, remark=remark)


def _add_up(card: Scorecard, step: Step) -> tuple[str, ...]:
    """Set the total; returns the indicators still without a score."""
    cap = step.case.version.definition.scoring.bonus_cap
    added = totals(queries.standard_of(step.case), queries.scores_of(card.marks.all()), bonus_cap=cap)
    card.total = added.total
    return added.missing


def scorecard_sign(*, step_id: int, actor: Actor, now: datetime) -> Scorecard:
    """Sign a finished sheet; the password was asked at the edge. The entry carries the hash of what was signed."""
    step = cases.access_step_for_update(step_id, actor, "score")
    card = _card(step)
    standard = queries.standard_of(step.case)
    missing = _add_up(card, step)
    if missing:
        names = "、".join(standard.indicator(code).title for code in missing[:3])
        raise Invalid(f"还有 {len(missing)} 项未评分：{names}{' 等' if len(missing) > 3 else ''}。", "请补齐后再签名。")
    _refuse_conflict(card.assignment, now)
    card.state, card.signed_at, card.saved_at = "signed", now, card.saved_at or now
    card.save()
    journal.record(
        Event.SIGNED,
        subject=card,
        actor=actor,
        at=now,
        data={
            "case": step.case.public_id,
            "panel": card.assignment.panel.public_id,
            "total": str(card.total),
            "sheet": sheet_hash(card),
        },
    )
    cases.step_close(step=step, outcome="signed", actor=actor, now=now)
    return card


def sheet_hash(card: Scorecard) -> str:
    """SHA-256 of a sheet's canonical content: sheet, total, and every mark."""
    return rules.sheet_hash(sheet_content(card))


def _refuse_conflict(row: Assignment, now: datetime) -> None:
    """A tie that came up after the assignment counts as well: the expert recuses instead of signing."""
    case = queries.case_with_version(row.case_id)
    found = conflicts([case], [row.expert], clock.local_day(now)).get((row.case_id, row.expert_id))
    if found:
        raise NotPermitted(f"您与该申报存在回避关系：{found}。", "请申报回避，不要签名提交。")


def scorecard_reopen(*, assignment_id: int, reason: str, actor: Actor, now: datetime) -> Scorecard:
    """The working group gives a signed sheet back to its expert, with a reason on record."""
    if not reason.strip():
        raise Invalid("请写明退回评分表的原因。")
    found = Assignment.objects.filter(pk=assignment_id).values_list("panel_id", flat=True).first()
    if found is None:
        raise NotFoundHere("没有找到这项分派。", "请刷新页面查看。")
    from xianfeng.review.services.assignments import assign, own_case_barred

    panel = access_panel_for_update(found, actor)
    row = Assignment.objects.select_related("expert", "panel").get(pk=assignment_id)
    case = own_case_barred(panel, row.case_id, actor)
    card = Scorecard.objects.select_for_update().filter(assignment=row).first()
    if card is None or card.state != "signed" or row.state != "active":
        raise Conflict("这份评分表还没有签名，不需要退回。", "请刷新页面查看。")
    if queries.at_second([case]) and not row.second:
        raise Conflict("这件申报已送第二评审组，第一评审组的评分表不再退回。", "请以第二评审组的评分为准。")
    card.state, card.signed_at = "draft", None
    card.save(update_fields=["state", "signed_at"])
    assign(panel, case, row.expert, row.origin, now, second=row.second)
    Assignment.objects.filter(pk=row.pk).update(note=reason.strip()[:300])
    journal.record(
        Event.REOPENED,
        subject=card,
        actor=acting(actor, panel),
        at=now,
        data={"case": case.public_id, "panel": panel.public_id, "before": sheet_hash(card)},
        personal={"reason": reason.strip()},
    )
    return card
