"""The writes of the boards: reminding an addressee of what is overdue, and noting a check of the record."""

from collections.abc import Iterable
from datetime import datetime

from xianfeng import journal
from xianfeng.cases import rules as case_rules
from xianfeng.cases.models import Step, StepQuerySet
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation, User
from xianfeng.journal.checking import Verification
from xianfeng.journal.rules import GROUNDS
from xianfeng.journal.services import erase
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, Invalid, NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.messaging import services as messaging
from xianfeng.messaging.models import Message
from xianfeng.programmes.models import Round
from xianfeng.reports.events import Event
from xianfeng.reports.policies import may_audit, may_erase, may_urge
from xianfeng.reports.queries.overview import EXPERTS


def overdue_urge(*, round_id: int, kind: str, addressee: str, actor: Actor, now: datetime) -> int:
    """Remind everybody asked for overdue steps of a kind, once a day; returns how many steps.

    ``addressee`` is an organisation's public id, or ``experts``, who are reminded each of their own and never named.
    """
    row = Round.objects.select_for_update(of=("self",)).select_related("programme").filter(pk=round_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从办理进度进入。")
    require(may_urge, actor, row.programme)
    if kind not in case_rules.STEP_KINDS:
        raise Invalid("没有这种环节。", "请从办理进度页面催办。")
    late = Step.objects.open().filter(case__round=row, kind=kind, due_at__lte=now)
    key = f"urge:{row.public_id}:{kind}:{addressee}:{clock.local_day(now).isoformat()}"
    if Message.objects.filter(once_key__startswith=f"{key}:").exists():
        raise Conflict("今天已经催办过。", "如仍未办理，请电话联系，或明天再催。")
    if addressee == EXPERTS:
        number, people, label = _of_experts(late)
    else:
        number, people, label = _of_organisation(late, addressee, now)
    if not number:
        raise Conflict("这些环节已经办理，没有逾期了。", "请刷新页面查看最新情况。")
    messaging.notify(
        user_ids=people,
        title=f"催办：{case_rules.STEP_KINDS[kind]} {number} 件已逾期"
        if addressee != EXPERTS
        else "催办：专家评分已逾期",
        body=f"{row.title}，请尽快办理。",
        link="/work/",
        now=now,
        once_key=key,
    )
    journal.record(
        Event.URGED,
        subject=row,
        actor=actor,
        at=now,
        data={"addressee": label, "kind_label": case_rules.STEP_KINDS[kind], "count": number},
    )
    return number


def check_note(*, result: Verification, actor: Actor, now: datetime) -> None:
    """Write down that the whole record was checked, and the result.

    The check itself is a read that may take a minute; it runs before, so that nobody waits for the write lock.
    """
    require(may_audit, actor, None)
    journal.record(
        Event.RECORD_CHECKED,
        subject=User.objects.get(pk=actor.user_id or 0),
        actor=actor,
        at=now,
        data={
            "entries": result.entries,
            "head": result.head,
            "verdict": "完整" if result.ok else f"第 {result.bad_seq} 条有改动",
        },
    )


def personal_erase(*, details: Iterable[int], ground: str, actor: Actor, now: datetime) -> int:
    """Erase personal values from the record on one of the law's grounds; returns how many."""
    require(may_erase, actor, None)
    if ground not in GROUNDS:
        raise Invalid("请选择删除的依据。")
    return erase(actor=actor, now=now, ground=GROUNDS[ground], details=details)


def _of_experts(late: StepQuerySet) -> tuple[int, list[int], str]:
    people = [one for one in late.values_list("user_id", flat=True) if one is not None]
    return len(people), people, "评审专家"


def _of_organisation(late: StepQuerySet, public_id: str, now: datetime) -> tuple[int, list[int], str]:
    organisation = Organisation.objects.filter(public_id=public_id).first()
    if organisation is None:
        raise NotFoundHere("没有找到催办的组织。", "请刷新页面后重试。")
    people = list(directory.people_acting_for(organisation.pk, clock.local_day(now)).values_list("pk", flat=True))
    if not people:
        raise Conflict(f"“{organisation.name}”没有可以接收催办的人员。", "请联系系统管理员登记任职。")
    return late.filter(organisation=organisation).count(), people, organisation.name
