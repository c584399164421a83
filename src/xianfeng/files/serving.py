"""Answering with a stored file. Who may have it is the calling app's decision, made before this is called."""

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from xianfeng.files import rules
from xianfeng.files.models import StoredFile
from xianfeng.kernel.errors import NotFoundHere

# No scripts run in what we show (PDF, images); the pages' own policy would keep a browser's PDF viewer from loading.
POLICY = "frame-ancestors 'self'"


def file_response(stored: StoredFile, *, inline: bool = True) -> FileResponse:
    """The file under its own name; PDF and images open in the browser unless ``inline`` is off, the rest is saved."""
    kind = rules.BY_MEDIA_TYPE.get(stored.media_type)
    path = StoredFile.path_of(stored.sha256)
    if not default_storage.exists(path):
        raise NotFoundHere(_("文件内容不在存储中。"), _("请联系系统管理员，从备份中找回。"))
    response = FileResponse(default_storage.open(path, "rb"), content_type=stored.media_type)
    shown = inline and kind is not None and kind.shown_in_browser
    response.headers["Content-Disposition"] = content_disposition_header(not shown, stored.name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    # Evidence and objections stay on no shared office computer.
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Length"] = str(stored.size)
    return response
