"""The reports app's place in the house."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """统计与督办."""

    name = "xianfeng.reports"
    verbose_name = "统计与督办"
