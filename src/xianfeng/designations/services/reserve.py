"""递补: one of the named-to-be falls out, and the first of the reserve is put in by a recorded act."""

from datetime import date, datetime

from xianfeng import journal
from xianfeng.cases import places
from xianfeng.cases.models import Case, Step
from xianfeng.cases.services import case_end, people_of, step_close
from xianfeng.designations.events import Event
from xianfeng.designations.models import Decision, DecisionItem, NoticeItem
from xianfeng.designations.queries import sitting
from xianfeng.designations.services import access
from xianfeng.designations.services.notices import notice_for_update
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.messaging import services as messaging
from xianfeng.programmes.models import Round

BEFORE_NAMING = ("announce", "name")


def candidate_drop(*, case_id: int, reason: str, actor: Actor, now: datetime) -> Case:
    """Record that one decided on gives the title up before it is named: the case ends and its place comes free."""
    for notice_id in NoticeItem.objects.filter(case=case_id, result="open").values_list("notice_id", flat=True):
        notice_for_update(notice_id)
    case = Case.objects.select_for_update(of=("self",)).select_related("round__programme").filter(pk=case_id).first()
    if case is None:
        raise NotFoundHere("没有找到这个事项。", "请从公示或命名页面进入。")
    access.require_seat(actor, case.round, *access.RUNNERS)
    if not Step.objects.filter(case=case, state="open", kind__in=BEFORE_NAMING).exists():
        raise Conflict(f"“{case.name}”现在不在公示或命名环节。", "请刷新页面查看最新情况。")
    if not reason.strip():
        raise Invalid("请写明放弃的情况。", "例如：申报单位书面放弃，文号和日期。")
    NoticeItem.objects.filter(case=case, result="open").update(result="dropped")
    journal.record(Event.GIVEN_UP, subject=case, actor=actor, at=now, personal={"reason": reason.strip()})
    case_end(case=case, outcome="withdrawn", actor=actor, now=now, reason=reason)
    reserve_wake(case, now)
    return case


def reserve_wake(gone: Case, now: datetime) -> None:
    """A place came free: the first of the reserve is put before the deciding body again."""
    first = _first(gone.round, gone.tier, places.pool_of(gone, gone.round).key)
    if first is None:
        return
    step = Step.objects.select_for_update(of=("self",)).get(case=first, kind="decide", state="open")
    step.detail = {name: value for name, value in step.detail.items() if name != "waits"}
    step.save(update_fields=["detail"])
    messaging.notify(
        user_ids=people_of(step.organisation, now),
        title=f"名额空出，可以递补：{first.name}",
        body=gone.round.title,
        link=f"/cases/{first.public_id}/",
        now=now,
    )


def reserve_fill(
    *,
    round_id: int,
    tier: str,
    pool: str,
    meeting_on: date,
    document_no: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Put the first of the reserve in where a place is free; the votes are those it was put in reserve with.

    ``pool``: the category's code, or the key of one applicant group's places in it.
    """
    row = access.round_for_update(round_id)
    first = _first(row, tier, pool)
    if first is None:
        raise Conflict("没有递补人选。", "请从待审定的事项中另行审定。")
    title = places.pool_of(first, row).title
    if not places.left(places.places(row, tier), places.taken(row), tier).get(pool):
        raise Conflict(f"{title}没有空余名额，不能递补。", "名额空出后再办理。")
    if not reason.strip():
        raise Invalid("请写明递补的缘由。", "例如：某对象异议成立，名额空出。")
    step = access.open_steps_for_update(row=row, tier=tier, kind="decide", case_ids=[first.pk], actor=actor)[first.pk]
    document = access.checked_document(document_no, meeting_on, now)
    kept = DecisionItem.objects.filter(case=first, result="reserve").select_related("decision").latest("id")
    organisation = access.body_of(row, step.body_kind or row.version.definition.tier(tier).decided_by)
    decision = access.decision_add(
        row=row,
        kind="fill",
        tier=tier,
        body_kind=step.body_kind,
        organisation=organisation,
        meeting_on=meeting_on,
        document_no=document,
        members=kept.decision.members,
        present=kept.decision.present,
        note=reason,
        actor=actor,
        now=now,
    )
    access.item_add(
        decision,
        step,
        "approved",
        rank=kept.rank,
        votes_for=kept.votes_for,
        votes_against=kept.votes_against,
        verdict=kept.verdict,
        reason=reason.strip(),
    )
    data = {"document_no": document, "decision": decision.public_id, "place": kept.reserve, "body": organisation.name}
    acting = actor.under(step.organisation_id)
    journal.record(Event.FILLED, subject=first, actor=acting, at=now, data=data, personal={"reason": reason.strip()})
    step_close(
        step=step,
        outcome="approved",
        actor=actor,
        now=now,
        opinion=reason.strip(),
        detail={"document_no": document},
    )
    return decision


def _first(row: Round, tier: str, pool: str) -> Case | None:
    """Whoever stands first in the reserve of a pool."""
    cases = Case.objects.filter(round=row, tier=tier, state="open", steps__kind="decide", steps__state="open")
    waiting = {case.pk: case for case in cases if places.pool_of(case, row).key == pool}
    first = next(iter(sitting.reserve_of(waiting)), None)
    return waiting[first] if first is not None else None
