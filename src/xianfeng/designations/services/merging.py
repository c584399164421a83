"""撤并: the titles of an organisation that was merged or dissolved follow the definition, in the same transaction."""

from datetime import datetime

from django.db.models import Q

from xianfeng import journal
from xianfeng.designations import rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation
from xianfeng.designations.queries.life import newest_version
from xianfeng.designations.services import access, life
from xianfeng.designations.services.naming import live_key
from xianfeng.designations.services.reassessing import open_reassessment
from xianfeng.directory import queries as directory
from xianfeng.directory.models import Organisation
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.programmes.rules import merged_fate
from xianfeng.registry.services.nominees import nominee_ensure


def on_closed(happened: journal.Occurrence) -> None:
    """Subscriber to the directory: look through the held titles of what was merged or dissolved."""
    gone = happened.subject
    if not isinstance(gone, Organisation):
        return
    held = Designation.objects.filter(Q(party=gone) | Q(unit=gone), state__in=rules.LIVE)
    for pk in held.order_by("id").values_list("pk", flat=True):
        title = access.designation_for_update(pk)
        if title.state in rules.LIVE:  # an earlier one of the list may have taken it along
            title_follow(designation=title, gone=gone, now=happened.at)


def title_follow(*, designation: Designation, gone: Organisation, now: datetime) -> None:
    """A locked title whose holder or unit is gone: looked at again, carried on by the successor, or ended."""
    successor = gone.successor
    fate = merged_fate(newest_version(designation.programme).definition, successor=successor is not None)
    sentence = fate.sentence.rstrip("。")
    where = f"并入“{successor.name}”" if successor else "撤销"
    access.history_add(
        designation=designation,
        kind="merged",
        on=clock.local_day(now),
        now=now,
        text=f"“{gone.name}”{where}；{sentence}",
    )
    data = {"number": designation.number, "gone": gone.name, "sentence": sentence, "rule": fate.rule}
    journal.record(Event.MERGED, subject=designation, actor=SYSTEM, at=now, data=data)
    if fate.rule == "end":
        life.title_end(designation=designation, act="end", reason=sentence, actor=SYSTEM, now=now)
        return
    _answer_for(designation, gone, now)
    if fate.rule == "transfer" and successor is not None:
        _carry_on(designation, gone, successor, now)
    elif rules.moved(designation.state, "reassess"):
        open_reassessment(designation=designation, trigger="triggered", reason=sentence, actor=SYSTEM, now=now)


def _answer_for(designation: Designation, gone: Organisation, now: datetime) -> None:
    """Who speaks for the title from now on: the successor, or the superior where there is none."""
    heir = directory.answers_for(gone, clock.local_day(now))
    if designation.party_id == gone.pk:
        designation.party = heir
    if designation.unit_id == gone.pk and not heir.is_party:
        designation.unit = heir
    designation.save(update_fields=["party", "unit"])


def _carry_on(designation: Designation, gone: Organisation, successor: Organisation, now: datetime) -> None:
    """The successor carries the title on under its number and naming day; what it was named as is kept."""
    if designation.nominee.organisation_id == gone.pk:
        heir = nominee_ensure(organisation_id=successor.pk, actor=SYSTEM, now=now)
        key = live_key(designation.programme_id, designation.tier, designation.category, heir.pk)
        if Designation.objects.filter(live_key=key).exists():
            reason = f"承继单位“{successor.name}”已有同一层级的命名"
            life.title_end(designation=designation, act="end", reason=reason, actor=SYSTEM, now=now)
            return
        designation.nominee, designation.live_key = heir, key
    designation.carried_by, designation.credential_due_at = successor, clock.real_now()
    designation.attend_on = clock.local_day(now)
    designation.save()
    access.history_add(
        designation=designation,
        kind="transferred",
        on=clock.local_day(now),
        now=now,
        text=f"由“{successor.name}”承接，编号和命名日期不变",
    )
    data = {"number": designation.number, "successor": successor.name, "successor_id": successor.public_id}
    journal.record(Event.TRANSFERRED, subject=designation, actor=SYSTEM, at=now, data=data)
    access.tell_holder(designation, f"由“{successor.name}”承接：{designation.title}", now)
