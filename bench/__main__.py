"""Engine, panel and credentials in one table: ``python -m bench [NAME…] [--json]``.

Each figure stands beside its anchor. Peers are not installed: theirs is the recorded figure. Exits 1 when something
that must hold does not. The pages' bench is ``scripts/bench.py``; ``make bench`` runs both.
"""

from __future__ import annotations

import argparse
import sys
from itertools import chain

from bench import assignment, calibration, credentials, programmes
from bench.table import show

BENCHES = {
    "programmes": programmes.figures,
    "assignment": assignment.figures,
    "calibration": calibration.figures,
    "credentials": credentials.figures,
}


def main() -> int:
    """Run the benches named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(BENCHES))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    told = parser.parse_args()
    unknown = set(told.names) - set(BENCHES)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    rows = chain.from_iterable(BENCHES[name]() for name in told.names or BENCHES)
    return 0 if show(rows, as_json=told.json) else 1


if __name__ == "__main__":
    sys.exit(main())
