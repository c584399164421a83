"""Credentials that are missing or whose key was struck, by the timer; printing a round, by the worker."""

from datetime import datetime

from django_tasks import task

from xianfeng.designations.services.credentials import credentials_catch_up
from xianfeng.designations.services.printing import batch_run
from xianfeng.kernel import clock

# Enough to catch up quickly, little enough that the tick of the other apps does not wait long.
AT_ONCE = 500


def tick(now: datetime) -> None:
    """Issue what is missing; proofs bear the real time, whatever the programme's clock says."""
    credentials_catch_up(now=clock.real_now(), limit=AT_ONCE)


@task()
def print_batch(batch_id: int) -> None:
    """Set a round's certificates or plaques."""
    batch_run(batch_id)
