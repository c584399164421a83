"""The programmes app's place in the house."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """创建活动."""

    name = "xianfeng.programmes"
    verbose_name = "创建活动"

    def ready(self) -> None:
        """The working group and the office keep the registry of the floor below; the rounds stand in the navigation."""
        from xianfeng.kernel import vocabulary
        from xianfeng.programmes import policies, presence, queries
        from xianfeng.registry.policies import kept_by

        vocabulary.fed_by(queries.added_words)
        kept_by(policies.may_run_rounds)
        presence.register()
