"""What other apps' acts mean here."""

from xianfeng import journal
from xianfeng.creation.models import CreationPlan
from xianfeng.creation.services.access import plan_due
from xianfeng.programmes.events import Event


def stage_moved(happened: journal.Occurrence) -> None:
    """A stage has new days: plans not yet handed in are due by them."""
    row = happened.subject
    CreationPlan.objects.filter(round=row, state="draft").update(due_at=plan_due(row))


def listen() -> None:
    """Called once, when the apps are ready."""
    journal.subscribe(Event.ROUND_STAGE_MOVED, stage_moved)
