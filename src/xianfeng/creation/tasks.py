"""The timer of stages 1 and 2: reminds once of what is nearly due and once of what is late. Safe to run again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.creation import rules
from xianfeng.creation.models import CreationPlan, JointMeeting, Milestone, Problem
from xianfeng.creation.services.access import people_of, plan_due
from xianfeng.creation.waiting import missing_plans
from xianfeng.kernel import clock
from xianfeng.messaging import services as messaging
from xianfeng.programmes.queries import rounds

REMIND_BEFORE = timedelta(days=3)
BATCH = 200  # reminders in one unit of work: a long list never holds the write lock for long


def tick(now: datetime) -> None:
    """What the hour asks for."""
    for found in (plan_reminders, milestone_reminders, problem_reminders, meeting_reminders):
        _send(found(now), now)


# A reminder to be written: organisation, title, body, link, key.
Reminder = tuple[int, str, str, str, str]


def _send(reminders: Iterable[Reminder], now: datetime) -> None:
    waiting = list(reminders)
    for start in range(0, len(waiting), BATCH):
        with journal.unit_of_work():
            for organisation_id, title, body, link, key in waiting[start : start + BATCH]:
                messaging.notify(
                    user_ids=people_of([organisation_id], now), title=title, body=body, link=link, now=now, once_key=key
                )


def _word(due_at: datetime, now: datetime) -> tuple[str, str]:
    return (_("已逾期"), "late") if due_at <= now else (_("即将到期"), "near")


def plan_reminders(now: datetime) -> list[Reminder]:
    """Plans not begun or not submitted, near or past their due time."""
    found: list[Reminder] = []
    for row in rounds().filter(state="open"):
        due = plan_due(row)
        if due is None or due > now + REMIND_BEFORE:
            continue
        word, key = _word(due, now)
        found += [
            (pk, f"{word}：编制创建计划", row.title, "/creation/plans/", f"plan-{key}:{row.pk}:{pk}")
            for pk, _name in missing_plans(row, now)
        ]
    drafts = CreationPlan.objects.filter(state="draft", round__state="open", due_at__lte=now + REMIND_BEFORE)
    for plan in drafts.select_related("round"):
        assert plan.due_at is not None
        word, key = _word(plan.due_at, now)
        link = f"/creation/plans/{plan.public_id}/"
        once = f"plan-{key}:{plan.round_id}:{plan.organisation_id}"
        found.append((plan.organisation_id, f"{word}：报送创建计划", plan.round.title, link, once))
    return found


def milestone_reminders(now: datetime) -> list[Reminder]:
    """Milestones not done, due within three days or late."""
    today = clock.local_day(now)
    rows = Milestone.objects.filter(
        plan__state__in=("submitted", "accepted"),
        plan__round__state="open",
        percent__lt=100,
        due_on__lte=today + REMIND_BEFORE,
    ).select_related("plan__round")
    found: list[Reminder] = []
    for one in rows:
        late = rules.milestone_state(one.percent, one.due_on, today) == "late"
        title = f"{_('里程碑滞后') if late else _('里程碑临近')}：{one.title}"
        key = f"milestone-{'late' if late else 'near'}:{one.pk}"
        link = f"/creation/plans/{one.plan.public_id}/"
        found.append((one.plan.organisation_id, title, one.plan.round.title, link, key))
    return found


def problem_reminders(now: datetime) -> list[Reminder]:
    """Problems the unit has not answered."""
    rows = Problem.objects.filter(state="open", round__state="open", due_at__lte=now + REMIND_BEFORE)
    found: list[Reminder] = []
    for one in rows.select_related("round"):
        assert one.due_at is not None
        word, key = _word(one.due_at, now)
        # the due day is part of the key: a problem sent back is reminded of again
        once = f"problem-{key}:{one.pk}:{clock.local_day(one.due_at):%y%m%d}"
        link = f"/creation/problems/{one.public_id}/"
        found.append((one.organisation_id, f"{word}：整改问题——{one.title}", one.round.title, link, once))
    return found


def meeting_reminders(now: datetime) -> list[Reminder]:
    """Meetings of the next day, to all invited."""
    rows = JointMeeting.objects.filter(state="called", held_at__gt=now, held_at__lte=now + timedelta(days=1))
    return [
        (
            guest.pk,
            _("会议提醒：%s") % one.title,
            one.place,
            f"/creation/meetings/{one.public_id}/",
            f"meeting:{one.pk}",
        )
        for one in rows.prefetch_related("invited")
        for guest in one.invited.all()
    ]
