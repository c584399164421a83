"""What falls due: signing a checkpoint when entries have come, and giving it to those outside."""

from datetime import datetime

from xianfeng.journal import checkpoints, witnesses
from xianfeng.kernel import clock


def tick(now: datetime) -> None:
    """Sign and send; by real time, whatever the programme's clock says."""
    real = clock.real_now()
    checkpoints.make_due(real)
    witnesses.send(real)
