"""The inbox, and what is to be sent outside."""

from django.db import models

from xianfeng.directory.models import User
from xianfeng.kernel.ids import new_id


class Message(models.Model):
    """站内消息: one line to one person, with the page where they act on it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages")
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True, default="")
    link = models.CharField(max_length=200, blank=True, default="")  # path on this site
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # one reminder per step and day: a second run of the timer writes nothing
    once_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  NULL is "no key"

    class Meta:
        ordering = ("-sent_at", "-id")
        indexes = [models.Index(fields=["recipient", "read_at"])]

    def __str__(self) -> str:
        return self.title


class Outgoing(models.Model):
    """A message on its way to an outside channel (e-mail, WeCom …); written with the message, sent after commit."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="outgoing")
    state = models.CharField(
        max_length=8,
        choices=[("waiting", "待发"), ("sent", "已发"), ("failed", "失败")],
        default="waiting",
        db_index=True,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
