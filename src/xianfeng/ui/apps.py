"""Django application of the ui floor."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Layouts, components and edge helpers shared by every page."""

    name = "xianfeng.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Register the system check of the navigation and the states every app shares."""
        from xianfeng.ui import checks  # noqa: F401  (registers on import)
