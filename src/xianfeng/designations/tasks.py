"""The timer: credentials that are still missing, and new ones for titles whose key was struck."""

from datetime import datetime

from xianfeng.designations.services.credentials import credentials_catch_up
from xianfeng.kernel import clock

# Enough to catch up quickly, little enough that the tick of the other apps does not wait long.
AT_ONCE = 500


def tick(now: datetime) -> None:
    """Issue what is missing; proofs bear the real time, whatever the programme's clock says."""
    credentials_catch_up(now=clock.real_now(), limit=AT_ONCE)
