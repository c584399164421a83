"""Writing messages: rows now, delivery after commit."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from xianfeng.directory.models import User
from xianfeng.messaging.models import Message, Outgoing


def notify(
    *, user_ids: Iterable[int], title: str, now: datetime, body: str = "", link: str = "", once_key: str = ""
) -> None:
    """Put one line into each inbox; ``once_key`` makes a repeated run of a timer write nothing new.

    Where an outside channel is configured, users with an address also get an outgoing row for the worker.
    """
    wanted = set(user_ids)
    if once_key and wanted:
        keys = {f"{once_key}:{user_id}": user_id for user_id in wanted}
        wanted -= {
            keys[key] for key in Message.objects.filter(once_key__in=keys).values_list("once_key", flat=True) if key
        }
    rows = Message.objects.bulk_create(
        Message(
            recipient_id=user_id,
            title=title[:120],
            body=body,
            link=link,
            sent_at=now,
            once_key=f"{once_key}:{user_id}" if once_key else None,
        )
        for user_id in sorted(wanted)
    )
    if not getattr(settings, "XIANFENG_CHANNELS", ""):
        return
    reachable = set(User.objects.filter(pk__in=wanted).exclude(email="").values_list("pk", flat=True))
    Outgoing.objects.bulk_create(
        Outgoing(message=row, next_try_at=now) for row in rows if row.recipient_id in reachable
    )


def message_read(*, user_id: int, public_id: str, now: datetime) -> Message | None:
    """Mark one's own message read; None when it is not one's own."""
    row = Message.objects.filter(recipient_id=user_id, public_id=public_id).first()
    if row is not None and row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
    return row


def messages_read_all(*, user_id: int, now: datetime) -> int:
    """Mark all of one's messages read; returns how many were new."""
    return Message.objects.filter(recipient_id=user_id, read_at__isnull=True).update(read_at=now)
