"""Reads of programmes and rounds."""

from django.db.models import QuerySet

from xianfeng.directory.models import Organisation
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.programmes.models import Body, Programme, Round


def current_round(programme: Programme | None = None) -> Round | None:
    """The newest round that is still running, else the newest."""
    rows = Round.objects.select_related("programme", "version")
    if programme is not None:
        rows = rows.filter(programme=programme)
    return rows.filter(state="open").order_by("-year").first() or rows.order_by("-year").first()


def round_for_page(public_id: str) -> Round:
    """A round by its public id, 404 without."""
    row = Round.objects.select_related("programme", "version").filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这个批次。", "请从批次列表进入。")
    return row


def rounds() -> QuerySet[Round]:
    """All rounds, newest first."""
    return Round.objects.select_related("programme", "version").order_by("-year")


def body_organisation(programme: Programme, kind: str) -> Organisation | None:
    """The organisation that plays a part."""
    row = Body.objects.filter(programme=programme, kind=kind).select_related("organisation").first()
    return row.organisation if row else None


def choose_round(asked: str) -> Round | None:
    """The round named in an address (``?round=<public id>``), else the current one."""
    if asked:
        row = Round.objects.select_related("programme", "version").filter(public_id=asked).first()
        if row is not None:
            return row
    return current_round()
