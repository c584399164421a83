"""The creation app's place in the house."""

from django.apps import AppConfig


class CreationConfig(AppConfig):
    """创建推进."""

    name = "xianfeng.creation"
    verbose_name = "创建推进"

    def ready(self) -> None:
        """Name the states, stand in the navigation, make the event kinds known, follow the rounds."""
        from xianfeng.creation import events, hooks, presence  # noqa: F401  (events register on import)

        presence.register()
        hooks.listen()
