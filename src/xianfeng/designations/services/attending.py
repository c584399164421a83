"""The timer's look at one title on its day, and the day of the next look.

``Designation.attend_on`` says which titles have something due: the timer finds them by its index and asks nothing of
the others. Whatever changes a title sets it to today, so that the sum of what comes next is done in one place.
"""

import logging
from datetime import date, datetime, timedelta

from xianfeng import journal
from xianfeng.designations import rules
from xianfeng.designations.models import Designation
from xianfeng.designations.queries.life import checks_of, newest_version, renewal_under_way
from xianfeng.designations.rules import turns
from xianfeng.designations.services import access, life
from xianfeng.designations.services.self_checks import self_checks_missed
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM, Actor
from xianfeng.kernel.sheets import chinese_date

log = logging.getLogger("xianfeng.titles")
# The line of history that put a title into a state which ends with its term, and what the state is called.
TERMED = {"warned": ("warn", "警告"), "suspended": ("suspension", "暂停称号")}


def titles_attend(*, now: datetime, limit: int | None = None) -> int:
    """Look at every title that has something due, each in its own unit of work; returns how many.

    Called by the timer, at the edge. One that cannot be dealt with is logged and looked at again tomorrow.
    """
    today = clock.local_day(now)
    due = Designation.objects.filter(attend_on__lte=today).order_by("attend_on", "id")
    ids = list(due.values_list("pk", flat=True)[: limit or None])
    for pk in ids:
        try:
            with journal.unit_of_work():
                title_attend(designation_id=pk, actor=SYSTEM, now=now)
        except Exception:  # one title in disorder holds up no other
            log.exception("title %s not attended to", pk)
            Designation.objects.filter(pk=pk).update(attend_on=today + timedelta(days=1))
    return len(ids)


def title_attend(*, designation_id: int, actor: Actor, now: datetime) -> Designation:
    """Do what is due for one title; running it again on the same day changes nothing."""
    title = access.designation_for_update(designation_id)
    today = clock.local_day(now)
    if title.state in rules.LIVE:
        self_checks_missed(designation=title, actor=actor, now=now)
        _sanction_over(title, actor, now)
        _expire(title, actor, now)
    if title.state not in rules.LIVE:
        Designation.objects.filter(pk=title.pk).update(attend_on=None)
        return title
    version = newest_version(title.programme)
    checks = checks_of(title, version, today)
    title.self_check_by = checks.due
    title.attend_on = turns.next_look(
        today=today,
        valid_until=title.valid_until,
        renew_from=title.renew_from,
        coming_check=checks.coming,
        sanctions_until=[until] if (until := _term_end(title)) else [],
    )
    title.save(update_fields=["self_check_by", "attend_on"])
    _remind(title, today, now)
    return title


def _term_end(title: Designation) -> date | None:
    """The last day of the sanction the title is under; None without one, or without a term."""
    if title.state not in TERMED:
        return None
    kinds = {"suspension", "suspend"} if title.state == "suspended" else {"warn"}
    last = title.history.filter(kind__in=kinds).order_by("-happened_on", "-id").first()
    return last.until if last else None


def _sanction_over(title: Designation, actor: Actor, now: datetime) -> None:
    until = _term_end(title)
    if until is None or until >= clock.local_day(now):
        return
    words = f"{TERMED[title.state][1]}至{chinese_date(until)}期满"
    life.title_move(designation=title, act="over", actor=actor, now=now, text=words)
    access.tell_holder(title, f"{words}：{title.title}", now)


def _expire(title: Designation, actor: Actor, now: datetime) -> None:
    """A title ends after its last day; while a renewal asked in time is under way, it waits for the conclusion."""
    if title.valid_until is None or title.valid_until >= clock.local_day(now) or renewal_under_way(title):
        return
    reason = f"有效期至{chinese_date(title.valid_until)}，期满未续期"
    life.title_end(designation=title, act="expire", reason=reason, actor=actor, now=now)


def _remind(title: Designation, today: date, now: datetime) -> None:
    """Tell the holder of what is due soon; the same line is never written twice."""
    ahead = turns.reminder(title.self_check_by, today)
    if ahead is not None and title.self_check_by:
        access.tell_holder(
            title,
            f"年度自查请于{chinese_date(title.self_check_by)}前报送：{title.title}",
            now,
            page="self-check/",
            once_key=f"self-check:{title.pk}:{title.self_check_by}:{ahead}",
        )
    if title.renew_from and title.renew_from <= today and title.valid_until and not renewal_under_way(title):
        ahead = turns.reminder(title.valid_until, today) or 0
        access.tell_holder(
            title,
            f"有效期至{chinese_date(title.valid_until)}，可以申请续期：{title.title}",
            now,
            page="renew/",
            once_key=f"renew:{title.pk}:{title.valid_until}:{ahead}",
        )
