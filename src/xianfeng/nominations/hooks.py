"""Questions that higher floors ask before a nomination starts: designations refuses who already holds the title.

A floor may not import upwards, so the higher one registers its check here in ``AppConfig.ready``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xianfeng.programmes.models import Round
from xianfeng.registry.models import Nominee


@dataclass(frozen=True)
class Start:
    """A nomination about to start."""

    nominee: Nominee
    round: Round
    tier: str
    category: str
    on: date


Check = Callable[[Start], None]  # raises UserError when the nomination may not start
_checks: list[Check] = []


def register(check: Check) -> None:
    """Ask this before every nomination; twice is once."""
    if check not in _checks:
        _checks.append(check)


def run(start: Start) -> None:
    """Ask every registered question; the first refusal is raised."""
    for check in _checks:
        check(start)
