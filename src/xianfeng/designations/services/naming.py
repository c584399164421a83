"""命名: numbers under lock, the title with its snapshot and first line of history, plaques."""

from collections.abc import Iterable
from datetime import date, datetime

from xianfeng import journal
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import step_close
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, DesignationCase, NumberSequence
from xianfeng.designations.queries.life import checks_of, newest_version
from xianfeng.designations.services import access
from xianfeng.designations.services.credentials import issue_when_possible
from xianfeng.designations.services.life import title_replace
from xianfeng.designations.services.terms import term_set
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import reassessment_due
from xianfeng.programmes.rules.numbering import number as number_text
from xianfeng.programmes.rules.schema.definition import Definition


def live_key(programme_id: int, tier: str, category: str, nominee_id: int) -> str:
    """One live title per nominee, tier and category of a programme: unique while the title is held."""
    return f"{programme_id}:{tier}:{category}:{nominee_id}"


def full_title(definition: Definition, tier: str, category: str) -> str:
    """The title as certificates and plaques bear it: the tier's full title, and the category where it lacks it."""
    words, kind = definition.tier(tier).full_title, definition.category(category).title
    return words if kind in words else f"{words}·{kind}"


def designations_name(
    *,
    round_id: int,
    tier: str,
    case_ids: Iterable[int],
    actor: Actor,
    now: datetime,
    named_on: date | None = None,
) -> list[Designation]:
    """Name cases whose notice ended without objection: numbers in the order given, by the tier's naming body."""
    row = access.round_for_update(round_id)
    wanted = list(dict.fromkeys(case_ids))
    steps = access.open_steps_for_update(row=row, tier=tier, kind="name", case_ids=wanted, actor=actor)
    today = clock.local_day(now)
    named_on = named_on or today
    if named_on > today:
        raise Invalid("命名日期晚于今天。", "请填写命名文件的日期。")
    return [_name_one(row, steps[one], named_on, actor, now) for one in wanted]


def _name_one(row: Round, step: Step, named_on: date, actor: Actor, now: datetime) -> Designation:
    case = step.case
    key = live_key(row.programme_id, case.tier, case.category, case.nominee_id)
    source = _source_of(case)
    grade = _grade_of(case)
    title_replace(live_key=key, case=case, grade=grade, named_on=named_on, actor=actor, now=now)
    definition = row.version.definition
    designation = Designation.objects.create(
        programme=row.programme,
        round=row,
        nominee=case.nominee,
        case=case,
        tier=case.tier,
        category=case.category,
        group=case.group,
        grade=grade,
        party=case.party,
        unit=case.unit,
        based_on=source,
        number=_next_number(row, case, definition, grade),
        holder=case.name,
        unit_name=case.unit.name,
        title=full_title(definition, case.tier, case.category),
        snapshot=case.snapshot,
        named_on=named_on,
        reassess_by=reassessment_due(definition, tier=case.tier, since=named_on),
        live_key=key,
    )
    term_set(designation, definition, named_on)
    designation.self_check_by = checks_of(designation, newest_version(row.programme), clock.local_day(now)).due
    designation.save(update_fields=["valid_until", "renew_from", "self_check_by"])
    words = designation.title_in_full
    access.history_add(designation=designation, kind="named", on=named_on, now=now, text=words, case=case)
    data = {"title": words, "number": designation.number, "designation": designation.public_id}
    acting = actor.under(step.organisation_id)
    journal.record(Event.NAMED, subject=case, actor=acting, at=now, data=data)
    issue_when_possible(designation, acting)
    if source is not None:
        access.history_add(designation=source, kind="raised", on=named_on, now=now, text=designation.title, case=case)
        journal.record(Event.RAISED, subject=source, actor=acting, at=now, data=data)
    step_close(step=step, outcome="named", actor=actor, now=now, detail={"number": designation.number})
    return designation


def _grade_of(case: Case) -> str:
    """The grade the meeting gave it; empty where the programme knows none."""
    items = case.decision_items.filter(result="approved").order_by("-id")
    return items.values_list("grade", flat=True).first() or ""


def _source_of(case: Case) -> Designation | None:
    tie = DesignationCase.objects.filter(case=case).first()
    if tie is None:
        return None
    source = access.designation_for_update(tie.designation_id)
    if source.state not in rules.LIVE:
        raise Conflict(f"“{case.name}”所依据的命名已失效，不能命名为高一层级。", "请从名单中去掉该事项。")
    return source


def _next_number(row: Round, case: Case, definition: Definition, grade: str) -> str:
    sequence, _ = NumberSequence.objects.get_or_create(
        programme=row.programme, tier=case.tier, category=case.category, year=row.year
    )
    sequence = NumberSequence.objects.select_for_update().get(pk=sequence.pk)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return number_text(definition, case.tier, case.category, row.year, sequence.last, grade)


def plaques_issue(
    *, designation_ids: Iterable[int], actor: Actor, now: datetime, issued_on: date | None = None
) -> list[Designation]:
    """Hand out plaques: once per title, never before it was named, never for one that has ended."""
    day = issued_on or clock.local_day(now)
    if day > clock.local_day(now):
        raise Invalid("颁发日期晚于今天。", "请填写实际颁发的日期。")
    issued = []
    for pk in sorted(set(designation_ids)):
        row = access.designation_for_update(pk)
        access.require_seat(actor, row.round, *access.RUNNERS)
        if row.state not in rules.LIVE:
            raise Conflict(f"编号 {row.number} 的命名已失效，不能颁发铭牌。", "请从名单中去掉。")
        if row.plaque_issued_on is not None:
            raise Conflict(f"编号 {row.number} 的铭牌已经颁发。", "请从名单中去掉。")
        if day < row.named_on:
            raise Invalid(f"编号 {row.number} 的颁发日期早于命名日期。", "请核对日期。")
        row.plaque_issued_on = day
        row.save(update_fields=["plaque_issued_on"])
        access.history_add(designation=row, kind="plaque", on=day, now=now)
        journal.record(Event.PLAQUE_ISSUED, subject=row, actor=actor, at=now, data={"number": row.number, "on": day})
        access.tell_holder(row, f"已颁发铭牌：{row.title}", now)
        issued.append(row)
    if not issued:
        raise Invalid("没有选择任何命名。", "请先勾选，再提交。")
    return issued
