"""The files app's place in the house."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件."""

    name = "xianfeng.files"
    verbose_name = "文件"
