"""The verification page at 1,000,000 titles, against the signed-in floor of ``scripts/bench.py`` in the same process.

    .venv/bin/python bench/verification.py [--titles 1000000] [--times 200] [--json]

One title is named by the services; the others are its copies (case, title, history, credential, journal entry), each
with addresses and a number of its own. Only the credentials of the titles asked for have their whole text: the others'
would be four gigabytes that no request reads. SQLite, in a temporary folder. Exits 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.journal_place import use
from bench.table import Figure, show

if TYPE_CHECKING:
    from xianfeng.designations.models import Designation

AT_MOST_RATIO, AT_MOST_QUERIES = 3.0, 6
FLOOR_ROWS = 25
ID = "lower(hex(randomblob(8)))"
DIGEST = "lower(hex(randomblob(32)))"


def main() -> int:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xf-verification-") as folder:
        use(Path(folder), "")
        return 0 if show(figures(options.titles, options.times), as_json=options.json) else 1


def figures(titles: int, times: int) -> Iterator[Figure]:
    """The rows of the table."""
    from django.db import connection, connections

    from xianfeng.designations.models import Designation

    first = name_one()
    began = time.perf_counter()
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    asked = fill(Path(name), first, titles - 1, times)
    print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    count = Designation.objects.count()
    assert count == titles, count
    yield from measured(asked, times, count)


def name_one() -> Designation:
    """An empty database, the small world of the tests in it, one title named and handed its plaque."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from tests.factories import designations as made
    from tests.factories.base import world

    from xianfeng.directory.models import Organisation

    place = world()
    for number in range(FLOOR_ROWS):  # the floor's table is 25 rows
        Organisation.objects.create(code=f"bench-{number}", kind="unit", name=f"示例单位{number}")
    return made.titled(place, place.nominees["st-window"])[0]


# --- the other titles -----------------------------------------------------------------------------------------------


def fill(database: Path, first: Designation, count: int, times: int) -> list[str]:
    """Copy the first title so many times; the public ids of some of them, taken at random."""
    from xianfeng.designations.events import Event

    db = sqlite3.connect(database, isolation_level=None)
    db.row_factory = sqlite3.Row
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    db.execute(
        "CREATE TEMP TABLE made AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) "
        f"SELECT n, {ID} AS title, {ID} AS kase FROM c",
        [count],
    )
    case, title = last(db, "cases_case", "id"), last(db, "designations_designation", "id")
    entry, line = last(db, "journal_entry", "seq"), last(db, "designations_designationevent", "id")
    copy(db, "cases_case", "id = ?", [first.case_id], id=f"{case} + n", public_id="kase", open_key="NULL")
    copy(
        db, "designations_designation", "id = ?", [first.pk], id=f"{title} + n", case_id=f"{case} + n",
        public_id="title", number="printf('SZ-ZXF-2019-FWD-%07d', n + 1)", live_key="'copy:' || n",
    )  # fmt: skip
    history = [row[0] for row in db.execute(
        "SELECT id FROM designations_designationevent WHERE designation_id = ?", [first.pk]
    )]  # fmt: skip
    for nth, one in enumerate(history):
        copy(
            db, "designations_designationevent", "id = ?", [one], id=f"{line} + {nth * count} + n",
            designation_id=f"{title} + n", case_id=f"{case} + n",
        )  # fmt: skip
    copy(
        db, "designations_credential", "current_for_id = ?", [first.pk], id=f"{title} + n", document="''",
        designation_id=f"{title} + n", current_for_id=f"{title} + n", sha256=DIGEST,
    )  # fmt: skip
    copy(
        db, "journal_entry", "subject_id = ? AND event = ?", [first.case.public_id, Event.NAMED.value],
        seq=f"{entry} + n", subject_id="kase", leaf_hash=DIGEST, chain_hash=DIGEST, nodes=DIGEST,
    )  # fmt: skip
    chosen = random.Random(1).sample(range(1, count + 1), min(times, count))
    places = ",".join("?" * len(chosen))
    db.execute(
        "UPDATE designations_credential SET document = "
        "(SELECT document FROM designations_credential WHERE current_for_id = ?) "
        f"WHERE id IN (SELECT {title} + n FROM made WHERE n IN ({places}))",
        [first.pk, *chosen],
    )
    asked = [row["title"] for row in db.execute(f"SELECT title FROM made WHERE n IN ({places})", chosen)]
    db.execute("COMMIT")
    db.close()
    return asked


def last(db: sqlite3.Connection, table: str, key: str) -> int:
    """The highest key in use."""
    return int(db.execute(f"SELECT max({key}) FROM {table}").fetchone()[0])


def copy(db: sqlite3.Connection, table: str, where: str, values: Sequence[object], **other: str) -> None:
    """One row of a table once for every row of ``made``, with these columns by an expression over it."""
    row = db.execute(f"SELECT * FROM {table} WHERE {where}", values).fetchone()
    kept = [name for name in row.keys() if name not in other]  # noqa: SIM118 - a row iterates over its values
    columns = ", ".join(f'"{name}"' for name in (*kept, *other))
    chosen = ", ".join((*("?" for _ in kept), *other.values()))
    db.execute(f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM made ORDER BY n", [row[name] for name in kept])


# --- what is measured -----------------------------------------------------------------------------------------------


def measured(asked: list[str], times: int, count: int) -> Iterator[Figure]:
    """The page and the floor in turn: what the machine does beside touches both alike."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from scripts import bench as pages

    from xianfeng.config import serving

    serving.prepare()
    user = get_user_model().objects.get(username="worker")
    pages.floor_ms(user, 1)  # puts the floor's page into the address table
    signed_in, anybody = pages.signed_in(user), Client(SERVER_NAME="127.0.0.1")
    most = 0
    for public_id in asked[:20]:
        with CaptureQueriesContext(connection) as queries:
            answer = anybody.get(f"/verify/{public_id}/")
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert all(word in shown for word in ("有效", "凭证"))
        most = max(most, len(queries))
    floor, ours = list[float](), list[float]()
    for nth in range(times):
        floor.append(milliseconds(signed_in, "/bench-floor/"))
        ours.append(milliseconds(anybody, f"/verify/{asked[nth % len(asked)]}/"))
    lowest, page = statistics.median(floor), statistics.median(ours)
    what = f"verification page, {count:,} titles"
    told = f"{page / lowest:.2f} × ({page:.2f} ms : {lowest:.2f} ms)"
    yield Figure("verify", what, told, "floor: signed-in 25 rows", "≤ 3 ×", page / lowest <= AT_MOST_RATIO)
    yield Figure("verify", "its queries, most of 20 pages", str(most), "", "≤ 6", most <= AT_MOST_QUERIES)


def milliseconds(client: object, address: str) -> float:
    """One request's wall time."""
    begun = time.perf_counter()
    answer = client.get(address)  # type: ignore[attr-defined]
    spent = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return spent


if __name__ == "__main__":
    sys.exit(main())
