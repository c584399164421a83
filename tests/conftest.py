"""What every test may use, and what holds for all of them.

To keep the suite quick: a factory that fills an empty database is ``@kept`` (tests/factories/kept.py), as ``world()``
and ``everything()`` are, so that calling it in every test costs milliseconds; ``transaction=True`` is for threads,
other processes and tests of COMMIT itself (journal units work in an ordinary test); what answers the same on every
database is marked ``once``; a test of more than some ten seconds is split in parts, for several workers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import SimpleTestCase
from hypothesis import HealthCheck, settings

from xianfeng.kernel import clock, vocabulary

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "xianfeng",
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
settings.load_profile("xianfeng")


DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "client", "admin_user"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything under tests/e2e is a browser test; the second database runs only what uses a database."""
    for item in items:
        if "e2e" in item.path.relative_to(ROOT).parts:
            item.add_marker(pytest.mark.e2e)
    if os.environ.get("XIANFENG_TEST_DB", "sqlite") != "sqlite":
        kept = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    """Whether the outcome may depend on the database; pure rules and outside programs answer the same on both."""
    if any(item.iter_markers("once")):
        return False
    cls = getattr(item, "cls", None)
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = any(item.iter_markers("django_db")) or bool(fixtures & DATABASE_FIXTURES)
    return marked or (cls is not None and issubclass(cls, SimpleTestCase))


@pytest.fixture(autouse=True)
def _clock_runs() -> Iterator[None]:
    """Whatever a test did to the programme's clock ends with it."""
    yield
    clock.set_day(None)


@pytest.fixture(autouse=True)
def _words_begin_anew() -> None:
    """The house's own words only: what another test's programme added is gone, and no test asks at odd moments."""
    vocabulary.forget(fresh=float("inf"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material; tests that need it are skipped without it."""
    folder = Path(os.environ.get("XIANFENG_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"the shared folder is missing at {folder}; set XIANFENG_SHARED")
    return folder
