"""The reports app's place in the house."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """统计与督办."""

    name = "xianfeng.reports"
    verbose_name = "统计与督办"

    def ready(self) -> None:
        """Enter the navigation and the journal's event kinds."""
        from xianfeng.journal import readers
        from xianfeng.reports import events  # noqa: F401  (registers its kinds on import)
        from xianfeng.reports.policies import has_board, may_audit, may_erase
        from xianfeng.reports.queries.evidence import reads_case
        from xianfeng.ui import chips, navigation
        from xianfeng.ui.navigation import Entry

        readers.register(reads_case)
        chips.register("sign_in", {"in": ("登录", "green"), "out": ("退出", "grey"), "refused": ("失败", "red")})
        navigation.register(Entry("workbench", "工作台", "reports:workbench", icon="home", order=0))
        navigation.register(
            Entry("overview", "办理进度", "reports:overview", icon="chart-bar", order=10, visible=has_board)
        )
        navigation.register(
            Entry(
                "audit", "留痕", "reports:audit", icon="history", order=20,
                visible=lambda actor: bool(may_audit(actor, None)),
            )
        )  # fmt: skip
        navigation.register(
            Entry(
                "erase", "个人信息删除", "reports:erase", icon="trash", order=22,
                visible=lambda actor: bool(may_erase(actor, None)),
            )
        )  # fmt: skip
        navigation.register(
            Entry(
                "sign-ins", "登录日志", "reports:sign-ins", icon="login", order=21,
                visible=lambda actor: bool(may_audit(actor, None)),
            )
        )  # fmt: skip
