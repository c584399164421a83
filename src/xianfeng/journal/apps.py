"""Django's handle on the journal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """The append-only record."""

    name = "xianfeng.journal"
    verbose_name = _("操作留痕")

    def ready(self) -> None:
        """Event kinds register on import."""
        from xianfeng.journal import events  # noqa: F401  (registers its kinds on import)
