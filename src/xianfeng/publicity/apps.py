"""The publicity app's place in the house."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    """对外公开."""

    name = "xianfeng.publicity"
    verbose_name = "对外公开"
