"""The messaging app's place in the house."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """消息."""

    name = "xianfeng.messaging"
    verbose_name = "消息"
