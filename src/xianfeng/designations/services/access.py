"""What the services share: locking a batch of steps in one order, bodies, history rows."""

from collections.abc import Iterable
from datetime import date, datetime

from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Case, Step
from xianfeng.cases.policies import not_own_case
from xianfeng.cases.services import access_step_for_update
from xianfeng.designations.models import Decision, DecisionItem, Designation, DesignationEvent
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import Body, Round
from xianfeng.programmes.policies import sits_in

RUNNERS = ("working_group", "office")


def round_for_update(round_id: int) -> Round:
    """Lock the round: the one capacity lock, taken before any case."""
    row = (
        Round.objects.select_for_update(of=("self",)).select_related("programme", "version").filter(pk=round_id).first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从批次列表进入。")
    if row.state == "annulled":
        raise Conflict("该批次已经作废，不能再办理。", "请查看批次的作废决定。")
    return row


def open_steps_for_update(
    *, row: Round, tier: str, kind: str, case_ids: Iterable[int], actor: Actor
) -> dict[int, Step]:
    """Lock these cases in ascending order, then their open step of a kind, with permission; keyed by case id."""
    wanted = sorted(set(case_ids))
    if not wanted:
        raise Invalid("没有选择任何事项。", "请先勾选，再提交。")
    cases = {one.pk: one for one in Case.objects.select_for_update().filter(pk__in=wanted).order_by("id")}
    for one in cases.values():
        if one.round_id != row.pk or one.tier != tier:
            raise Invalid(f"“{one.name}”不属于{row.title}的这一层级。", "请从该批次的页面重新选择。")
    if len(cases) != len(wanted):
        raise NotFoundHere("所选事项中有不存在的。", "请刷新页面后重新选择。")
    opened = dict(
        Step.objects.filter(case_id__in=wanted, kind=kind, state="open").order_by("id").values_list("case_id", "pk")
    )
    for one in cases.values():
        if one.pk not in opened:
            raise Conflict(f"“{one.name}”当前不在{case_rules.STEP_KINDS[kind]}环节。", "请刷新页面后重新选择。")
    return {case_id: access_step_for_update(opened[case_id], actor, kind) for case_id in wanted}


def require_seat(actor: Actor, row: Round, *kinds: str) -> None:
    """The actor acts for one of these bodies of the round's programme."""
    require(sits_in(*kinds), actor, row.programme)


def body_of(row: Round, kind: str) -> Organisation:
    """The organisation that plays a part; refused in Chinese where nobody does."""
    found = Body.objects.filter(programme_id=row.programme_id, kind=kind).select_related("organisation").first()
    if found is None:
        raise Conflict("创建活动还没有指定承担该职责的机构。", "请联系系统管理员指定后再办理。")
    return found.organisation


def people_of(row: Round, *kinds: str) -> list[int]:
    """User ids of those who act for these bodies today."""
    today = clock.today()
    organisations = Body.objects.filter(programme_id=row.programme_id, kind__in=kinds).values_list(
        "organisation_id", flat=True
    )
    found: set[int] = set()
    for one in organisations:
        found |= set(directory.people_acting_for(one, today).values_list("pk", flat=True))
    return sorted(found)


def designation_for_update(designation_id: int) -> Designation:
    """Lock one title; its case, round and nominee come with it."""
    row = (
        Designation.objects.select_for_update(of=("self",))
        .select_related("round__version", "round__programme", "nominee", "case", "programme")
        .filter(pk=designation_id)
        .first()
    )
    if row is None:
        raise NotFoundHere("没有找到这个命名。", "请从名录进入。")
    return row


def history_add(
    *,
    designation: Designation,
    kind: str,
    on: date,
    now: datetime,
    text: str = "",
    case: Case | None = None,
    until: date | None = None,
) -> DesignationEvent:
    """One dated line in a title's history; ``until`` is the last day on which a sanction counts."""
    return DesignationEvent.objects.create(
        designation=designation, kind=kind, happened_on=on, recorded_at=now, text=text[:400], case=case, until=until
    )


def checked_document(document_no: str, meeting_on: date, now: datetime) -> str:
    """A decision needs its document number, and a meeting that has taken place."""
    cleaned = document_no.strip()
    if not cleaned:
        raise Invalid("请填写文号。", "审定应有文件依据，例如“示例〔2019〕5号”。")
    if meeting_on > clock.local_day(now):
        raise Invalid("会议日期晚于今天。", "请填写实际开会的日期。")
    return cleaned[:80]


def decision_add(
    *,
    row: Round,
    kind: str,
    tier: str,
    body_kind: str,
    organisation: Organisation,
    meeting_on: date,
    document_no: str,
    actor: Actor,
    now: datetime,
    members: int = 0,
    present: int = 0,
    note: str = "",
    over_reason: str = "",
    over_approval: str = "",
) -> Decision:
    """The paper that a body's decision is kept on."""
    return Decision.objects.create(
        round=row,
        kind=kind,
        tier=tier,
        body_kind=body_kind,
        organisation=organisation,
        meeting_on=meeting_on,
        document_no=document_no,
        members=members,
        present=present,
        note=note.strip(),
        over_reason=over_reason,
        over_approval=over_approval[:80],
        decided_by_id=actor.user_id,
        decided_at=now,
    )


def item_add(decision: Decision, step: Step, result: str, **more: object) -> DecisionItem:
    """The decision on one case."""
    return DecisionItem.objects.create(decision=decision, case=step.case, step=step, result=result, **more)


def require_not_own(actor: Actor, designation: Designation, body_kind: str) -> None:
    """Nobody decides on a title of their own unit where another of the body can."""
    body = body_of(designation.round, body_kind)
    require(not_own_case, actor, Step(case=designation.case, kind="conclude", organisation=body))


def tell_holder(
    designation: Designation, title: str, now: datetime, body: str = "", page: str = "", once_key: str = ""
) -> None:
    """One line to those who act for the party organisation that answers for the title today."""
    people = directory.people_acting_for(designation.party_id, clock.local_day(now)).values_list("pk", flat=True)
    link = f"/designations/titles/{designation.public_id}/{page}"
    messaging.notify(user_ids=people, title=title, body=body, link=link, now=now, once_key=once_key)
