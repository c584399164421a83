"""The nominations app's place in the house."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from xianfeng.journal import Occurrence


class NominationsConfig(AppConfig):
    """自荐验收."""

    name = "xianfeng.nominations"
    verbose_name = "自荐验收"

    def ready(self) -> None:
        """Claim the work pages of our step kinds, and prepare every case that begins with a self-assessment."""
        from xianfeng import journal
        from xianfeng.cases import pages
        from xianfeng.cases.events import Event as CaseEvent
        from xianfeng.nominations import events  # noqa: F401  (registers its kinds on import)

        for kind in ("assess", "endorse", "screen", "correct"):
            pages.register(kind, f"nominations:{kind}")
        journal.subscribe(CaseEvent.OPENED, prepare)


def prepare(occurrence: "Occurrence") -> None:
    """A case opened: give it its self-assessment, in the same transaction."""
    from xianfeng.nominations import services

    services.case_prepare(case=occurrence.subject, now=occurrence.at)
