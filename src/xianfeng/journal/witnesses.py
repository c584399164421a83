"""Checkpoints given to outside addresses, so that a later rewrite contradicts what others already hold.

An address may hold a password and is never shown or stored; its row keeps a digest of it and a label.
"""

import http.client
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from xianfeng import journal
from xianfeng.journal import checkpoints, tree
from xianfeng.journal.models import Checkpoint, Witness
from xianfeng.journal.notes import LONGEST_NOTE, Note, b64
from xianfeng.kernel.errors import UserError

log = logging.getLogger("xianfeng.journal")
TIMEOUT = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


class NotTaken(Exception):
    """An address did not take the checkpoint: why, in words."""


def addresses() -> list[str]:
    """The configured outside addresses."""
    return list(settings.XIANFENG_WITNESSES.split())


def label_of(address: str) -> str:
    """What an address is called on pages: kind and host or folder, never a password."""
    scheme, _, rest = address.partition(":")
    if scheme == "folder":
        return f"文件夹 {rest}"
    return f"{scheme}://{urlsplit(address).hostname or '…'}"


def rows() -> Iterator[Witness]:
    """One row for each configured address, in their order."""
    for address in addresses():
        yield _row(address)


def _row(address: str) -> Witness:
    digest = sha256(address.encode()).hexdigest()
    return Witness.objects.get_or_create(address_digest=digest, defaults={"label": label_of(address)})[0]


def send(now: datetime, *, patient: bool = True) -> int:
    """Send the newest checkpoint to every address that has not got it; returns how many took it.

    Never inside a transaction: a send may take seconds. ``patient`` waits after failures, longer each time.
    """
    if journal.in_unit_of_work():
        raise RuntimeError("checkpoints are sent after commit, outside any unit of work")
    latest = checkpoints.latest()
    taken = 0
    for address in addresses() if latest is not None else ():
        row = _row(address)
        assert latest is not None
        if row.size >= latest.size or (patient and row.tried_at and now < row.tried_at + _pause(row.failures)):
            continue
        row.tried_at = now
        try:
            _deliver(address, row, latest, now)
        except Exception as error:  # whatever an address does must not keep the others from theirs
            row.failures, row.error = row.failures + 1, f"{type(error).__name__}: {error}"[:300]
            log.warning("checkpoint %s not taken by %s: %s", latest.size, row.label, row.error)
        else:
            row.size, row.sent_at, row.failures, row.error = latest.size, now, 0, ""
            taken += 1
        row.save()
    return taken


def _pause(failures: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(failures - 1, 16)), LONGEST_PAUSE) if failures else timedelta(0)


def _deliver(address: str, row: Witness, checkpoint: Checkpoint, now: datetime) -> None:
    scheme, _, rest = address.partition(":")
    note = checkpoints.note_of(checkpoint)
    if scheme == "folder":
        _to_folder(Path(rest), checkpoint, note)
    elif scheme in ("http", "https"):
        _keep(checkpoint, _post(address, str(note))[1], now)
    elif scheme in ("witness+http", "witness+https"):
        _to_witness(address.removeprefix("witness+").rstrip("/"), row, checkpoint, note, now)
    else:
        _to_apprise(address, checkpoint, note)


def _to_folder(folder: Path, checkpoint: Checkpoint, note: Note) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"checkpoint-{checkpoint.size:012}-{checkpoint.key_id}.txt"
    if path.exists():
        if Note.parse(path.read_text()).text != note.text:
            raise NotTaken("外部已存有同一条目数的另一个检查点")
        return
    draft = path.with_suffix(".part")
    draft.write_text(str(note))
    draft.replace(path)


def _to_witness(prefix: str, row: Witness, checkpoint: Checkpoint, note: Note, now: datetime) -> None:
    """C2SP tlog-witness: the consistency proof from what the witness last saw, answered by its cosignature."""
    old = row.size
    for _ in range(2):
        proof = tree.consistency(old, checkpoint.size) if old else []
        body = f"old {old}\n" + "".join(f"{b64(one)}\n" for one in proof) + f"\n{note}"
        status, answer = _post(f"{prefix}/add-checkpoint", body, (200, 409))
        if status == 200:
            _keep(checkpoint, answer, now, wanted=True)
            return
        known = answer.strip()
        if not known.isdecimal() or not 0 <= (old := int(known[:18])) <= checkpoint.size:
            break
    raise NotTaken(f"见证者记得的条目数（{answer.strip()[:20]}）与本系统不符")


def _to_apprise(address: str, checkpoint: Checkpoint, note: Note) -> None:
    import apprise

    outside = apprise.Apprise()
    if not outside.add(address):
        raise NotTaken("地址写法不对")
    title = f"留痕检查点 {checkpoint.size} 条"
    words = "请保存此件。日后如对记录有疑，可据此核验：xianfeng journal verify --checkpoint 文件\n\n"
    if not outside.notify(title=title, body=f"{words}{note}", body_format=apprise.NotifyFormat.TEXT):
        raise NotTaken("通道未接受")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def _post(url: str, body: str, fine: tuple[int, ...] = (200, 201, 202, 204)) -> tuple[int, str]:
    request = Request(url, body.encode(), {"Content-Type": "text/plain; charset=utf-8"}, method="POST")
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as response:
            status, answer = response.status, response.read(LONGEST_NOTE)
    except HTTPError as error:
        status, answer = error.code, error.read(LONGEST_NOTE)
    except http.client.HTTPException as error:
        raise NotTaken(type(error).__name__) from error
    if status not in fine:
        raise NotTaken(f"HTTP {status}")
    return status, answer.decode(errors="replace")


def _keep(checkpoint: Checkpoint, answer: str, now: datetime, wanted: bool = False) -> None:
    """Keep cosignatures in an answer; a webhook need not answer with any."""
    if not wanted and not answer.startswith("— "):
        return
    try:
        checkpoints.accept_cosignatures(checkpoint, answer, now)
    except UserError as error:
        raise NotTaken(str(error)) from error
