"""The registry app's place in the house."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """登记."""

    name = "xianfeng.registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Name the states, stand in the navigation, make the event kinds known, listen to the directory."""
        from xianfeng import journal
        from xianfeng.directory.events import Event as DirectoryEvent
        from xianfeng.registry import events, presence  # noqa: F401  (events register on import)
        from xianfeng.registry.services import mergers

        presence.register()
        journal.subscribe(DirectoryEvent.ORGANISATION_CLOSED, mergers.on_closed)
