"""Writers killed in mid-write, and the server with them: nothing acknowledged is lost, no gap, the log verifies.

    .venv/bin/python bench/journal_crash.py --database postgres [--writers 8] [--kills 200] [--server-kills 20]
    .venv/bin/python bench/journal_crash.py --database sqlite   [--writers 8] [--kills 200]

Every writer makes a decision (a row) and records it in one unit of work, and writes it to a file of its own once COMMIT
has returned: that is the acknowledgement. Writers die by SIGKILL at random moments and are replaced at once; the server
dies by SIGKILL with all its backends and is started again. Checkpoints are signed meanwhile; all must still hold.
Only processes started here are killed, by their own pid. tests/journal runs a short version.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.journal_place import Postgres, place

TABLE = "CREATE TABLE crash_decision (writer integer NOT NULL, number integer NOT NULL)"


def fork(work: Callable[[], None]) -> int:
    """Run in a child; Django is already loaded and no connection is open, so it is cheap."""
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
    finally:
        os._exit(0)


def writer(name: int, folder: Path, start: int) -> Callable[[], None]:
    """A writer that goes on until it is killed; numbers go up, so that no decision is made twice."""

    def work() -> None:
        from django.db import DatabaseError, connection
        from tests.factories.journal import record

        from xianfeng import journal

        acknowledged = os.open(folder / f"acknowledged-{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        number = start
        while True:
            number += 1
            try:
                with journal.unit_of_work():
                    with connection.cursor() as cursor:
                        cursor.execute("INSERT INTO crash_decision VALUES (%s, %s)", [name, number])
                    record(number, data={"writer": name, "number": number}, personal={"name": f"示例某{number}"})
                os.write(acknowledged, f"{number}\n".encode())
            except DatabaseError:  # the server died under us: what was not acknowledged may or may not be there
                forget()
                time.sleep(0.1)

    return work


def sign() -> None:
    """A checkpoint in between."""
    from django.db import DatabaseError

    from xianfeng.journal import checkpoints
    from xianfeng.kernel import clock

    with suppress(DatabaseError):
        checkpoints.make(clock.real_now())


def forget() -> None:
    """Drop connections and their pool."""
    from django.db import connection

    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def storm(folder: Path, server: Postgres | None, writers: int, kills: int, server_kills: int, seed: int) -> float:
    """Kill and replace writers, kill and start the server; returns seconds."""
    chance = random.Random(seed)
    starts = [0] * writers
    alive = {name: fork(writer(name, folder, 0)) for name in range(writers)}
    began = time.perf_counter()
    moments = sorted(chance.sample(range(kills), server_kills)) if server is not None else []
    try:
        for kill in range(kills):
            time.sleep(chance.uniform(0.03, 0.25))
            name = chance.randrange(writers)
            os.kill(alive[name], signal.SIGKILL)
            os.waitpid(alive[name], 0)
            starts[name] += 1_000_000
            alive[name] = fork(writer(name, folder, starts[name]))
            if kill in moments:
                assert server is not None
                server.kill()
                server.start()
                time.sleep(0.5)  # writers find their way back, or the next kill would meet only idle ones
            if kill % 20 == 19:
                os.waitpid(fork(sign), 0)
        time.sleep(0.5)
        return time.perf_counter() - began
    finally:
        for pid in alive.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def findings(folder: Path, writers: int) -> dict[str, object]:
    """What is left, against what was acknowledged."""
    from django.db import connection

    from xianfeng.journal import queries
    from xianfeng.journal.models import Entry

    acknowledged = {
        (name, int(line))
        for name in range(writers)
        if (path := folder / f"acknowledged-{name}").exists()
        for line in path.read_text().split()
    }
    recorded = [queries.leaf_of(entry)["data"] for entry in Entry.objects.order_by("seq")]
    entries = [(one["writer"], one["number"]) for one in recorded]
    with connection.cursor() as cursor:
        cursor.execute("SELECT writer, number FROM crash_decision")
        decisions = cursor.fetchall()
    numbers = list(Entry.objects.order_by("seq").values_list("seq", flat=True))
    verified = queries.verify()
    return {
        "acknowledged": len(acknowledged),
        "entries": len(entries),
        "acknowledged_but_lost": len(acknowledged - set(entries)),
        "gaps": 0 if numbers == list(range(1, len(numbers) + 1)) else 1,
        "decisions_without_entry": len(set(decisions) - set(entries)),
        "entries_without_decision": len(set(entries) - set(decisions)),
        "entered_twice": len(entries) - len(set(entries)),
        "verifies": verified.ok,
        "checkpoints": verified.checkpoints,
        "reason": verified.reason,
    }


def holds(found: dict[str, object]) -> bool:
    """Whether nothing was lost."""
    zero = ("acknowledged_but_lost", "gaps", "decisions_without_entry", "entries_without_decision", "entered_twice")
    return bool(found["verifies"] and found["acknowledged"] and not any(found[name] for name in zero))


def main() -> None:
    """Storm, count, fail when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--server-kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with place(options.database) as here:
        from django.db import connection

        from xianfeng.journal import signing

        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it tells of every connection the kills cost
        signing.ensure()
        forget()
        server = here.server
        seconds = storm(here.folder, server, options.writers, options.kills, options.server_kills, options.seed)
        if server is not None:
            server.kill()
            server.start()
        found = findings(here.folder, options.writers)
    print(f"{options.database}: {options.writers} writers, {options.kills} killed", end="")
    print(f", server killed {options.server_kills + 1} times" if server is not None else "", f"in {seconds:.0f} s")
    for name, value in found.items():
        print(f"  {name:26} {value}")
    print("holds" if holds(found) else "DOES NOT HOLD")
    sys.exit(0 if holds(found) else 1)


if __name__ == "__main__":
    main()
