"""The registry app's place in the house."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """登记."""

    name = "xianfeng.registry"
    verbose_name = "登记"
