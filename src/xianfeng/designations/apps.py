"""The designations app's place in the house."""

from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    """命名."""

    name = "xianfeng.designations"
    verbose_name = "命名"

    def ready(self) -> None:
        """Listen to the floors below, answer nominations' question, claim step pages, enter the navigation."""
        from xianfeng import journal
        from xianfeng.cases.events import Event as CaseEvent
        from xianfeng.designations import events, presence, services  # noqa: F401  (events register on import)
        from xianfeng.designations.services import merging, triggers
        from xianfeng.designations.services.reassessing import on_case_ended
        from xianfeng.directory.events import Event as DirectoryEvent
        from xianfeng.nominations import hooks
        from xianfeng.programmes.events import Event as ProgrammeEvent
        from xianfeng.registry.events import Event as RegistryEvent

        journal.subscribe(CaseEvent.ENDED, on_case_ended)
        journal.subscribe(CaseEvent.ANNULLED, on_case_ended)
        journal.subscribe(CaseEvent.WITHDRAWN, on_case_ended)
        hooks.register(services.before_nomination)
        journal.subscribe(RegistryEvent.CONDUCT_CONFIRMED, triggers.on_conduct_confirmed)
        journal.subscribe(DirectoryEvent.ORGANISATION_RENAMED, triggers.on_renamed)
        journal.subscribe(DirectoryEvent.ORGANISATION_CLOSED, merging.on_closed)
        journal.subscribe(ProgrammeEvent.PUBLISHED, triggers.on_published)
        presence.register()
