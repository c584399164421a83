"""What recording costs: its share of the time of every act of the example's three years, COMMIT included.

    .venv/bin/python bench/journal_cost.py [--database sqlite|postgres]

Plays ``xianfeng demo`` in a folder of its own. An act is one service call in its unit of work, as a page makes it;
recording is all the journal does in it: drafts, lock, numbers, hashes, tree, the insert. What subscribers do with
an event is the programme's work, not the journal's.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.journal_place import place


class Meter:
    """Time spent recording and subscribing, since the last reading."""

    def __init__(self) -> None:
        self.recording = self.subscribing = 0.0
        self.depth = 0
        self.acts: list[tuple[float, float]] = []
        self.by_service: dict[str, list[float]] = {}

    def wrap(self) -> None:
        """Put the meter around the journal's own functions and around the example's acts."""
        from xianfeng.config.demo.player import Player
        from xianfeng.journal import recording

        draft, write, do = recording._draft, recording._write, Player.do

        def timed(call: Any) -> Any:
            def measured(*given: Any, **named: Any) -> Any:
                began = perf_counter()
                try:
                    return call(*given, **named)
                finally:
                    self.recording += perf_counter() - began

            return measured

        def act(player: Player, *given: Any, **named: Any) -> Any:
            self.recording, began = 0.0, perf_counter()
            done = do(player, *given, **named)
            whole = perf_counter() - began
            self.acts.append((self.recording, whole))
            total = self.by_service.setdefault(given[0].__name__, [0.0, 0.0])
            total[0] += self.recording
            total[1] += whole
            return done

        recording._draft, recording._write = timed(draft), timed(write)
        Player.do = act  # type: ignore[method-assign,assignment]


def main() -> None:
    """Play, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options = parser.parse_args()
    with place(options.database):
        from xianfeng.config import cli
        from xianfeng.journal import queries

        meter = Meter()
        meter.wrap()
        status = cli.main(["demo", "--no-serve"])
        assert status == 0, status
        verified = queries.verify()
        assert verified.ok, verified
    shares = sorted(part / whole for part, whole in meter.acts)
    recording, whole = (sum(one[place] for one in meter.acts) for place in (0, 1))
    print(f"| {options.database}, {len(shares):,} service calls, {verified.entries:,} entries | measured | bar |")
    print("|---|---|---|")
    print(f"| recording's share of all their time | {recording / whole:.1%} | 25 % |")
    print(f"| its share of a call, median (95th percentile) | {statistics.median(shares):.1%} "
          f"({shares[int(len(shares) * 0.95)]:.1%}) | 25 % |")  # fmt: skip
    dearest = sorted(((part / of, name) for name, (part, of) in meter.by_service.items()), reverse=True)[:5]
    print(
        f"| services with the greatest share | {', '.join(f'{name} {share:.0%}' for share, name in dearest)} | 25 % |"
    )
    each = statistics.median(part for part, _ in meter.acts) * 1000
    print(f"| recording in a call, median | {each:.2f} ms of {whole / len(shares) * 1000:.1f} ms (mean) | – |")


if __name__ == "__main__":
    main()
