"""Delivery to outside channels: after commit, by the timer, with growing pauses; no channel holds up another's mail."""

import logging
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings

from xianfeng import journal
from xianfeng.messaging.models import Outgoing

log = logging.getLogger("xianfeng.messaging")
BATCH = 50  # sends at a tick: each may take seconds
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def tick(now: datetime) -> None:
    """Send what waits, where channels are configured."""
    if settings.XIANFENG_CHANNELS:
        deliver(now)


def pause(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 1, 2, 4 … minutes, at most six hours."""
    return min(FIRST_PAUSE * (1 << attempts - 1), LONGEST_PAUSE)


def deliver(now: datetime) -> int:
    """Send up to one batch; returns how many went out. Never inside a transaction: a send may take seconds.

    A row is claimed by moving its next attempt on before the send, so a crash in between leads to a second attempt,
    never to a lost message.
    """
    if journal.in_unit_of_work():
        raise RuntimeError("messages are delivered after commit, outside any unit of work")
    due = Outgoing.objects.filter(state="waiting", next_try_at__lte=now).select_related("message__recipient")
    sent = 0
    for row in list(due.order_by("next_try_at")[:BATCH]):
        attempts = row.attempts + 1
        claimed = Outgoing.objects.filter(pk=row.pk, state="waiting", attempts=row.attempts).update(
            attempts=attempts, next_try_at=now + pause(attempts)
        )
        if not claimed:
            continue
        error = _send(row)
        if not error:
            Outgoing.objects.filter(pk=row.pk).update(state="sent", error="")
            sent += 1
        elif attempts >= MOST_ATTEMPTS:
            log.warning("message %s not delivered after %s attempts: %s", row.message_id, attempts, error)
            Outgoing.objects.filter(pk=row.pk).update(state="failed", error=error)
        else:
            Outgoing.objects.filter(pk=row.pk).update(error=error)
    return sent


def _send(row: Outgoing) -> str:
    """Hand one message to every channel; an error in words, empty when all took it."""
    message, recipient = row.message, row.message.recipient
    text = "\n".join(
        part for part in (message.body, f"{settings.BASE_URL}{message.link}" if message.link else "") if part
    )
    who = {"{email}": recipient.email, "{username}": recipient.username}
    addresses = []
    for address in settings.XIANFENG_CHANNELS.split():
        for mark, value in who.items():
            address = address.replace(mark, quote(value, safe=""))
        addresses.append(address)
    try:
        return "" if hand_over(addresses, message.title, text or message.title) else "通道未接受"
    except Exception as error:  # whatever a channel's library raises must not stop the others
        return f"{type(error).__name__}: {error}"[:300]


def hand_over(addresses: list[str], title: str, text: str) -> bool:
    """The one place that talks to apprise (loaded only when there is something to send)."""
    import apprise

    outside = apprise.Apprise()
    if not all(outside.add(address) for address in addresses):
        return False
    return bool(outside.notify(body=text, title=title))
