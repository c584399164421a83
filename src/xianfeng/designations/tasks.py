"""What falls due in the life of titles, and credentials to be issued, by the timer; printing a round, by the worker."""

from datetime import datetime

from django_tasks import task

from xianfeng.designations.services.attending import titles_attend
from xianfeng.designations.services.credentials import credentials_catch_up
from xianfeng.designations.services.printing import batch_run
from xianfeng.kernel import clock

# Enough to catch up quickly, little enough that the tick of the other apps does not wait long.
AT_ONCE = 500


def tick(now: datetime) -> None:
    """Attend to the titles that have something due, then issue what is missing: what nothing is due for costs nothing.

    Proofs bear the real time, whatever the programme's clock says.
    """
    titles_attend(now=now, limit=AT_ONCE)
    credentials_catch_up(now=clock.real_now(), limit=AT_ONCE)


@task()
def print_batch(batch_id: int) -> None:
    """Set a round's certificates or plaques."""
    batch_run(batch_id)
