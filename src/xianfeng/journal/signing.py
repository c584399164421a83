"""The log's signing key: made once, kept encrypted (kernel.keys), rotated by command; public halves stay listed.

The list lies beside the keys and not in the database: whoever rewrites the database cannot also say which keys
are the log's. The log's name (its origin) is fixed with the first key and never changes.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from xianfeng.journal import notes
from xianfeng.journal.notes import Signature, VerifierKey
from xianfeng.kernel import clock, keys

LIST = "journal.json"


@dataclass(frozen=True)
class LogKey:
    """One key of the log: its file's name, its public half, since when it signs."""

    file: str
    verifier: VerifierKey
    made_at: datetime


def known() -> list[LogKey]:
    """Every key the log ever had, the one that signs now last; empty before set-up."""
    path = settings.KEYS / LIST
    try:
        return list(_read(path, path.stat().st_mtime_ns))
    except FileNotFoundError:
        return []


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> tuple[LogKey, ...]:
    listed = json.loads(path.read_text())
    return tuple(
        LogKey(one["file"], VerifierKey.parse(one["key"]), datetime.fromisoformat(one["made_at"])) for one in listed
    )


def verifier_keys() -> list[VerifierKey]:
    """Public halves of all the log's keys."""
    return [one.verifier for one in known()]


def ensure() -> LogKey:
    """The key that signs now; made on the first call."""
    found = known()
    return found[-1] if found else _add(first=True)


def rotate() -> LogKey:
    """Make a new key that signs from now on; checkpoints under the old one stay valid."""
    return _add(first=False)


def origin() -> str:
    """The log's name."""
    return ensure().verifier.name


def sign(text: str) -> Signature:
    """The log's signature line over a checkpoint's text."""
    key = ensure()
    return notes.sign(text, keys.load(settings.KEYS, key.file, settings.KEY_SECRET), key.verifier.name)


def _add(first: bool) -> LogKey:
    with _locked():
        found = known()
        if first and found:
            return found[-1]
        file = f"journal-{len(found) + 1}"
        public = keys.make(settings.KEYS, file, settings.KEY_SECRET)
        name = found[0].verifier.name if found else f"{urlsplit(settings.BASE_URL).netloc}/journal"
        key = LogKey(file, VerifierKey(name, notes.ED25519, public), clock.real_now())
        listed = [
            {"file": one.file, "key": str(one.verifier), "made_at": one.made_at.isoformat()} for one in (*found, key)
        ]
        draft = settings.KEYS / f".{LIST}.{os.getpid()}"
        draft.write_text(json.dumps(listed, indent=1))
        draft.replace(settings.KEYS / LIST)
        return key


@contextmanager
def _locked() -> Iterator[None]:
    settings.KEYS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.KEYS / ".journal.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
