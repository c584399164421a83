"""How much slower than the reference this machine is right now: limits in seconds hold on a quiet machine only."""

import time
from decimal import Decimal

# Best of three on the reference machine (4 shared cores, Python 3.11) when quiet, in seconds of processor time.
REFERENCE = 0.020


def _work() -> float:
    began = time.process_time()
    total = Decimal(0)
    for number in range(100_000):
        total += Decimal(number)
    return time.process_time() - began


def slowness() -> float:
    """At least 1: a limit is multiplied by it, so that a busy or small machine does not fail for what it is."""
    return max(1.0, min(_work() for _ in range(3)) / REFERENCE)
