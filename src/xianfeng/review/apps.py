"""The review app's place in the house."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """评审."""

    name = "xianfeng.review"
    verbose_name = "评审"
