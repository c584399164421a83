"""The nominations app's place in the house."""

from django.apps import AppConfig


class NominationsConfig(AppConfig):
    """自荐验收."""

    name = "xianfeng.nominations"
    verbose_name = "自荐验收"
