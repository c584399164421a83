"""The registry app's place in the house."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """登记."""

    name = "xianfeng.registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Register the event kinds."""
        from xianfeng.registry import events  # noqa: F401
