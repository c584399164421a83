"""Printing a whole round: asked for on a page, set by the background worker, counted as it goes."""

import tempfile
import zipfile
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from xianfeng import journal
from xianfeng.designations import printing, rules
from xianfeng.designations.events import Event
from xianfeng.designations.models import Designation, PrintBatch
from xianfeng.designations.services import access
from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Invalid, UserError
from xianfeng.programmes.models import Round

CHUNK = 5


def batch_ask(*, round_id: int, kind: str, tier: str, actor: Actor, now: datetime) -> PrintBatch:
    """Queue the live titles of a round for printing; ``tier`` may be empty for all of them."""
    row = Round.objects.select_related("programme", "version").get(pk=round_id)
    access.require_seat(actor, row, *access.RUNNERS)
    if kind not in rules.PRINTS:
        raise Invalid("请选择要制作的内容。", "可以制作证书或铭牌。")
    batch = PrintBatch(round=row, kind=kind, tier=tier, asked_by_id=actor.user_id, asked_at=now)
    batch.total = titles_of(batch).count()
    if not batch.total:
        raise Invalid("这个批次没有现有命名。", "命名之后再来制作。")
    batch.save()
    data = {"kind_label": rules.PRINTS[kind], "total": batch.total, "tier": tier}
    journal.record(Event.PRINTS_ASKED, subject=batch, actor=actor, at=now, data=data)
    return batch


def titles_of(batch: PrintBatch) -> QuerySet[Designation]:
    """The titles a batch prints, in the order of their numbers."""
    rows = Designation.objects.filter(round=batch.round, state__in=rules.LIVE)
    rows = rows.filter(tier=batch.tier) if batch.tier else rows
    return rows.select_related(*printing.NEEDED).order_by("number")


def path_of(batch: PrintBatch) -> str:
    """Where the zip lies in the storage."""
    return f"prints/{batch.public_id}.zip"


def batch_run(batch_id: int) -> None:
    """Set every sheet into one zip. Run by the worker, outside any unit of work: progress shows while it runs."""
    claimed = PrintBatch.objects.filter(pk=batch_id, state__in=("waiting", "running"))
    if not claimed.update(state="running", done=0):
        return
    batch = PrintBatch.objects.select_related("round").get(pk=batch_id)
    try:
        _zip(batch)
    except UserError as error:
        _end(batch, "failed", str(error))
    except Exception:
        _end(batch, "failed", "制作时出错，请联系系统管理员。")
        raise
    else:
        _end(batch, "ready")


def _zip(batch: PrintBatch) -> None:
    with tempfile.TemporaryFile() as out:
        # Sheets are compressed already; storing them is several times quicker.
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            rows, done = list(titles_of(batch)), 0
            for start in range(0, len(rows), CHUNK):
                part = rows[start : start + CHUNK]
                for name, content in printing.several(part, batch.kind):
                    archive.writestr(name, content)
                done += len(part)
                PrintBatch.objects.filter(pk=batch.pk).update(done=done, total=len(rows))
        out.seek(0)
        default_storage.delete(path_of(batch))
        default_storage.save(path_of(batch), File(out))


def _end(batch: PrintBatch, state: str, error: str = "") -> None:
    PrintBatch.objects.filter(pk=batch.pk).update(state=state, error=error, ended_at=clock.real_now())
