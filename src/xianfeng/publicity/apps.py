"""The publicity app's place in the house."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    """对外公开."""

    name = "xianfeng.publicity"
    verbose_name = "对外公开"

    def ready(self) -> None:
        """Event kinds register on import; stand in the public header and the navigation."""
        from xianfeng.journal import readers
        from xianfeng.publicity import events, presence  # noqa: F401
        from xianfeng.publicity.queries.record import anybody_reads

        presence.register()
        readers.register(anybody_reads)
