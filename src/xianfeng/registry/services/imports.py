"""The life of a workbook on its way in: uploaded, then imported or given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.registry.events import Event
from xianfeng.registry.models import WorkbookImport


def workbook_keep(
    *,
    name: str,
    content: bytes,
    content_hash: str,
    counts: Mapping[str, Any] | None = None,
    problems: Sequence[Any] = (),
    actor: Actor,
    now: datetime,
) -> WorkbookImport:
    """Keep an uploaded workbook until its uploader has decided; what they left undecided before is given up."""
    waiting = WorkbookImport.objects.filter(uploaded_by_id=actor.user_id, state="waiting")
    waiting.update(state="given_up", content=None, problems=[])
    return WorkbookImport.objects.create(
        name=name[:200],
        content_hash=content_hash,
        content=content,
        counts=dict(counts or {}),
        problems=list(problems),
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )


def workbook_for_update(*, public_id: str, actor: Actor) -> WorkbookImport:
    """A workbook waiting for its uploader's decision, locked."""
    row = WorkbookImport.objects.select_for_update().filter(public_id=public_id, uploaded_by_id=actor.user_id).first()
    if row is None:
        raise NotFoundHere(_("没有找到这个工作簿。"), _("请重新上传。"))
    if row.state != "waiting":
        raise Conflict(_("这个工作簿%(state)s，不能再次导入。") % {"state": row.get_state_display()}, _("请重新上传。"))
    return row


def workbook_imported(
    *, row: WorkbookImport, counts: Mapping[str, Any], created: int, updated: int, actor: Actor, now: datetime
) -> None:
    """Write down that a workbook went in; one that changed nothing leaves no entry."""
    row.state, row.content, row.counts, row.problems = "imported", None, dict(counts), []
    row.imported_at = now
    row.save()
    if created or updated:
        data = {"content_hash": row.content_hash, "created": created, "updated": updated, "counts": dict(counts)}
        # A file's name is whatever its writer called it.
        personal = {"name": row.name}
        journal.record(Event.WORKBOOK_IMPORTED, subject=row, actor=actor, at=now, data=data, personal=personal)


def workbook_give_up(*, public_id: str, actor: Actor) -> None:
    """Throw an uploaded workbook away unread."""
    row = workbook_for_update(public_id=public_id, actor=actor)
    row.state, row.content, row.problems = "given_up", None, []
    row.save()
