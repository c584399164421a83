"""The messaging app's place in the house."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """消息."""

    name = "xianfeng.messaging"
    verbose_name = "消息"

    def ready(self) -> None:
        """Stand in the navigation, with the number of unread messages."""
        from xianfeng.messaging import queries
        from xianfeng.ui import navigation
        from xianfeng.ui.navigation import Entry

        navigation.register(Entry("messages", "消息", "messaging:inbox", "bell", 12))
        navigation.register_counter(queries.unread, "messages")
