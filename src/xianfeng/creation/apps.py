"""The creation app's place in the house."""

from django.apps import AppConfig


class CreationConfig(AppConfig):
    """创建推进."""

    name = "xianfeng.creation"
    verbose_name = "创建推进"
