"""The designations app's place in the house."""

from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    """命名."""

    name = "xianfeng.designations"
    verbose_name = "命名"
