"""A key folder of each test's own: keys and checkpoints of one test mean nothing to another."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def keys_folder(tmp_path: Path, settings: Any) -> Path:
    settings.KEYS = tmp_path / "keys"
    settings.KEY_SECRET = "only-for-tests"
    settings.BASE_URL = "https://log.example.org"
    settings.XIANFENG_WITNESSES = settings.XIANFENG_COSIGNERS = ""
    return tmp_path / "keys"
