"""The cases app's place in the house."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """事项."""

    name = "xianfeng.cases"
    verbose_name = "事项"
