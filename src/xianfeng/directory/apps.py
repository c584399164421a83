"""Directory: organisations and their dated relations, users, appointments, the office calendar."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """组织与人员."""

    name = "xianfeng.directory"
    verbose_name = "组织与人员"

    def ready(self) -> None:
        """Register the event kinds; keep the access log; name the states; stand in the navigation."""
        from xianfeng.directory import events, presence, signins  # noqa: F401

        signins.connect()
        presence.register()
