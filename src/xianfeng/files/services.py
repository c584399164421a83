"""Storing an upload: checked by content and size, kept once under the hash of its bytes."""

import hashlib
from collections.abc import Iterable, Sized
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from xianfeng import journal
from xianfeng.files import rules
from xianfeng.files.events import Event
from xianfeng.files.models import StoredFile
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import Invalid

CHUNK = 1 << 20


def file_store(*, content: "IO[bytes] | bytes", name: str, actor: Actor, now: datetime) -> StoredFile:
    """Keep an upload and return its row; Invalid when it is empty, too large or of no accepted kind.

    The caller decides who may upload and who may read. Bytes are written before the transaction commits: an upload
    whose transaction fails leaves a file without a row, which the same upload finds again later.
    """
    stream: IO[bytes] = BytesIO(content) if isinstance(content, bytes) else content
    digest, size = _measured(stream, name)
    kind = rules.kind_of(stream, name)
    if kind is None:
        raise Invalid(
            _("“%(name)s”不是可以上传的文件类型。") % {"name": name},
            _("可上传：%(kinds)s；含宏的文档请另存为不含宏的格式。") % {"kinds": rules.IN_WORDS},
        )
    _keep(digest, stream)
    row = StoredFile.objects.create(
        sha256=digest,
        name=rules.clean_name(name, kind),
        media_type=kind.media_type,
        size=size,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    # A file's name often names a person: it stays out of the leaf.
    data = {"sha256": digest, "size": size, "size_words": rules.size_words(size), "kind": kind.word}
    journal.record(Event.STORED, subject=row, actor=actor, at=now, data=data, personal={"name": row.name})
    return row


def files_store(*, uploads: Iterable[UploadedFile[Any]], actor: Actor, now: datetime) -> list[StoredFile]:
    """Keep everything that a form brought along."""
    return [file_store(content=one.file, name=one.name or "附件", actor=actor, now=now) for one in uploads if one.file]


def require_few(files: Sized) -> None:
    """No more than may be handed in with one answer."""
    if len(files) > rules.MOST_TOGETHER:
        raise Invalid(_("附件最多 %(most)s 个。") % {"most": rules.MOST_TOGETHER}, _("请合并后再上传。"))


def _measured(stream: IO[bytes], name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > rules.MAX_BYTES:
            raise Invalid(
                _("“%(name)s”超过 %(most)s。") % {"name": name, "most": rules.size_words(rules.MAX_BYTES)},
                _("请压缩或拆分后再上传。"),
            )
        digest.update(piece)
    if not size:
        raise Invalid(_("“%(name)s”是空文件。") % {"name": name}, _("请检查后重新选择。"))
    return digest.hexdigest(), size


def _keep(digest: str, stream: IO[bytes]) -> None:
    """Write the bytes under their hash unless they are there already."""
    path = StoredFile.path_of(digest)
    if default_storage.exists(path):
        return
    stream.seek(0)
    written = default_storage.save(path, File(stream, name=path))
    if written != path:  # somebody stored the same bytes at the same moment
        default_storage.delete(written)
