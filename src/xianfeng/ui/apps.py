"""Django application of the ui floor."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Layouts, components and edge helpers shared by every page."""

    name = "xianfeng.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Register the system check of the navigation; word the messages all forms share."""
        from xianfeng.ui import checks, forms  # noqa: F401  (checks register on import)

        forms.shorten_messages()
