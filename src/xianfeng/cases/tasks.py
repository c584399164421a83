"""The timer: reminds of what is nearly due and closes what a missed deadline closes. Safe to run at any time, again."""

from datetime import datetime, timedelta

from xianfeng import journal
from xianfeng.cases import pages
from xianfeng.cases.models import Step
from xianfeng.cases.services import people_of, step_lapse
from xianfeng.kernel.actors import SYSTEM
from xianfeng.messaging import services as messaging

# One unit of work holds at most this many reminders, so a long list never holds the write lock for long.
BATCH = 200
REMIND_BEFORE = timedelta(days=3)


def tick(now: datetime) -> None:
    """What the hour asks for: first close what is overdue, then remind of what is left."""
    steps_lapse(now)
    steps_remind(now)


def steps_lapse(now: datetime) -> int:
    """Close every overdue step where the definition says what a missed deadline means; each in its own unit of work."""
    overdue = Step.objects.open().lapsing().filter(due_at__lte=now).order_by("due_at")
    acted = 0
    for step_id in list(overdue.values_list("pk", flat=True)):
        with journal.unit_of_work():
            acted += step_lapse(step_id=step_id, actor=SYSTEM, now=now)
    return acted


def steps_remind(now: datetime) -> int:
    """Remind those asked, once when a step is nearly due and once when it is overdue; returns how many steps."""
    near = list(
        Step.objects.open()
        .filter(due_at__lte=now + REMIND_BEFORE)
        .select_related("case__round", "organisation")
        .order_by("due_at")
    )
    for start in range(0, len(near), BATCH):
        with journal.unit_of_work():
            for step in near[start : start + BATCH]:
                _remind(step, now)
    return len(near)


def _remind(step: Step, now: datetime) -> None:
    assert step.due_at is not None
    late = step.due_at <= now
    messaging.notify(
        user_ids=[step.user_id] if step.user_id else people_of(step.organisation, now),
        title=f"{'已逾期' if late else '即将到期'}：{step.title}——{step.called}",
        body=step.case.round.title,
        link=pages.url_for(step),
        now=now,
        once_key=f"{'late' if late else 'near'}:{step.pk}",
    )
