"""The designations app's place in the house."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    """命名."""

    name = "xianfeng.designations"
    verbose_name = "命名"

    def ready(self) -> None:
        """Listen to the engine and the ledger, answer nominations' question, claim step pages, enter the navigation."""
        from xianfeng import journal
        from xianfeng.cases.events import Event as CaseEvent
        from xianfeng.designations import events, services  # noqa: F401  event kinds register on import
        from xianfeng.designations.services.reassessing import on_case_ended
        from xianfeng.nominations import hooks

        journal.subscribe(CaseEvent.ENDED, on_case_ended)
        journal.subscribe(CaseEvent.ANNULLED, on_case_ended)
        journal.subscribe(CaseEvent.WITHDRAWN, on_case_ended)
        hooks.register(services.before_nomination)
        self._listen_to_ledger()
        from xianfeng.designations import entrance

        entrance.register()

    def _listen_to_ledger(self) -> None:
        from xianfeng import journal
        from xianfeng.designations.services.triggers import on_conduct_confirmed

        if find_spec("xianfeng.registry.events") is None:
            return
        confirmed = getattr(import_module("xianfeng.registry.events").Event, "CONDUCT_CONFIRMED", None)
        if confirmed is not None:
            journal.subscribe(confirmed, on_conduct_confirmed)
