"""The cases app's place in the house."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """事项."""

    name = "xianfeng.cases"
    verbose_name = "事项"

    def ready(self) -> None:
        """A round is not closed over the heads of those who still wait for an answer."""
        from xianfeng import journal
        from xianfeng.cases import services
        from xianfeng.programmes.events import Event as ProgrammeEvent

        journal.subscribe(ProgrammeEvent.ROUND_CLOSED, services.on_round_closed)
