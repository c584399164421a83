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
        _show()


def prepare(occurrence: "Occurrence") -> None:
    """A case opened: give it its self-assessment, in the same transaction."""
    from xianfeng.nominations import services

    services.case_prepare(case=occurrence.subject, now=occurrence.at)


def _show() -> None:
    """Navigation entries, and the words of how cases end."""
    from xianfeng.cases.rules import CASE_OUTCOMES
    from xianfeng.nominations import listing
    from xianfeng.ui import chips, navigation

    entry = navigation.Entry
    navigation.register(
        entry("nominations", "自荐", "nominations:mine", "edit", 30, visible=listing.speaks_for_a_party)
    )
    navigation.register(
        entry("cases", "申报", "nominations:list", "list-check", 35, visible=listing.looks_after_others)
    )
    colours = {"named": "brass", "confirmed": "green", "rectified": "green", "withdrawn": "grey", "warned": "amber"}
    chips.register("case_outcome", {code: (word, colours.get(code, "ink")) for code, word in CASE_OUTCOMES.items()})
