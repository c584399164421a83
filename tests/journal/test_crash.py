"""The short version of bench/journal_crash.py, in a process of its own with a database of its own."""

import subprocess
import sys

from django.db import connection
from tests.conftest import ROOT


def test_killed_writers_and_servers_lose_nothing_acknowledged() -> None:
    storm = {"sqlite": ["--kills", "8"], "postgresql": ["--kills", "6", "--server-kills", "2"]}[connection.vendor]
    database = "sqlite" if connection.vendor == "sqlite" else "postgres"
    command = [sys.executable, "bench/journal_crash.py", "--database", database, *storm]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("holds")
    assert "acknowledged_but_lost      0" in done.stdout
