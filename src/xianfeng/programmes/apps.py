"""The programmes app's place in the house."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """创建活动."""

    name = "xianfeng.programmes"
    verbose_name = "创建活动"
