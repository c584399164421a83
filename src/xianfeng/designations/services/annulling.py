"""批次作废: a whole round is annulled, with its cases, titles and plaques."""

from datetime import date, datetime

from django.db.models import Q

from xianfeng import journal
from xianfeng.cases.models import Case
from xianfeng.cases.services import case_end
from xianfeng.designations import rules
from xianfeng.designations.models import Decision, Designation, NoticeItem, PublicNotice
from xianfeng.designations.services import access, life
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.events import Event as ProgrammeEvent
from xianfeng.programmes.models import Round


def round_annul(
    *, round_id: int, reason: str, document_no: str, actor: Actor, now: datetime, meeting_on: date | None = None
) -> Decision:
    """The office annuls a round: open cases end, its titles become void, titles drawn from them follow the rule."""
    row = access.round_for_update(round_id)
    access.require_seat(actor, row, "office")
    if not reason.strip():
        raise Invalid("请写明作废的原因。", "作废决定对外公开，原因应简明准确。")
    document = access.checked_document(document_no, meeting_on or clock.local_day(now), now)
    held = Designation.objects.filter(round=row, state__in=rules.LIVE)
    # Notices before cases, as closing a notice locks them: the two never wait for each other.
    list(PublicNotice.objects.select_for_update().filter(round=row, state="open").order_by("id"))
    in_question = Q(round=row) | Q(about__designation__in=held)
    cases = list(Case.objects.select_for_update(of=("self",)).filter(_open_ids(in_question)).order_by("id"))
    titles = [access.designation_for_update(pk) for pk in held.order_by("id").values_list("pk", flat=True)]
    office = access.body_of(row, "office")
    decision = access.decision_add(
        row=row,
        kind="annul",
        tier="",
        body_kind="office",
        organisation=office,
        meeting_on=meeting_on or clock.local_day(now),
        document_no=document,
        note=reason,
        actor=actor,
        now=now,
    )
    Round.objects.filter(pk=row.pk).update(state="annulled", closed_at=now)
    journal.record(
        ProgrammeEvent.ROUND_ANNULLED,
        subject=row,
        actor=actor.under(office.pk),
        at=now,
        data={
            "year": row.year,
            "document_no": document,
            "cases": len(cases),
            "titles": len(titles),
            "decision": decision.public_id,
        },
        personal={"reason": reason.strip()},
    )
    why = f"{row.title}作废（{document}）"
    for one in titles:
        life.title_end(designation=one, act="annul", reason=why, actor=actor, now=now, dependants=False)
    _end_cases([one.pk for one in cases], actor, now)
    PublicNotice.objects.filter(round=row, state="open").update(state="withdrawn", closed_at=now)
    for one in titles:
        life.dependants_follow(one, actor, now)
    return decision


def _open_ids(in_question: Q) -> Q:
    # A subquery: joins to other tables cannot be locked over on PostgreSQL.
    return Q(pk__in=Case.objects.filter(in_question, state="open").values("pk"))


def _end_cases(ids: list[int], actor: Actor, now: datetime) -> None:
    NoticeItem.objects.filter(case__in=ids, result="open").update(result="dropped")
    for case in Case.objects.filter(pk__in=ids, state="open").select_related("round", "nominee").order_by("id"):
        case_end(case=case, outcome="annulled", actor=actor, now=now)
