"""The review app's place in the house."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """评审."""

    name = "xianfeng.review"
    verbose_name = "评审"

    def ready(self) -> None:
        """Say which pages work its steps, name its states, and stand in the navigation."""
        from xianfeng.cases import pages
        from xianfeng.review import events, presence  # noqa: F401  (events register on import)

        pages.register("panel", "review:panel_step")
        pages.register("score", "review:score")
        presence.register()
