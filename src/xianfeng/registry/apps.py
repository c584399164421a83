"""The registry app's place in the house."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """登记."""

    name = "xianfeng.registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Name the states, stand in the navigation, make the event kinds known."""
        from xianfeng.registry import events, presence  # noqa: F401  (events register on import)

        presence.register()
