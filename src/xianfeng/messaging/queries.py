"""Reads of the inbox."""

from django.db.models import Case, QuerySet, When

from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.messaging.models import Message


def inbox(actor: Actor) -> QuerySet[Message]:
    """One's own messages: unread first, then the newest."""
    rows = Message.objects.filter(recipient_id=actor.user_id)
    return rows.order_by(Case(When(read_at=None, then=0), default=1), "-sent_at", "-id")


def by_state(actor: Actor, state: str) -> QuerySet[Message]:
    """The inbox cut to ``unread`` or ``read``; read ones the newest first."""
    rows = Message.objects.filter(recipient_id=actor.user_id).order_by("-sent_at", "-id")
    if state in ("unread", "read"):
        return rows.filter(read_at__isnull=state == "unread")
    return inbox(actor)


def unread(actor: Actor) -> int:
    """How many wait: the number beside 消息."""
    if actor.user_id is None:
        return 0
    return Message.objects.filter(recipient_id=actor.user_id, read_at__isnull=True).count()


def message_for_page(public_id: str, actor: Actor) -> Message:
    """One's own message; 404 otherwise."""
    row = Message.objects.filter(recipient_id=actor.user_id, public_id=public_id).first()
    if row is None:
        raise NotFoundHere("没有找到这条消息。", "请从消息列表进入。")
    return row
