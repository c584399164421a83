"""Addresses of the workbook's pages, below /registry/import/, and their place in the navigation."""

from django.urls import path

from xianfeng.config.workbook import views
from xianfeng.kernel.actors import Actor
from xianfeng.ui import navigation

app_name = "workbook"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("template.xlsx", views.template, name="template"),
    path("<slug:public_id>/", views.preview, name="preview"),
    path("<slug:public_id>/errors.xlsx", views.errors, name="errors"),
]


def _offered(actor: Actor) -> bool:
    # Asked on every page: the cheap half first. Bodies seat their people as 成员; nobody else need be looked up.
    return actor.has_duty("system_admin", "security_admin") or (
        actor.has_duty("member") and bool(views.may_import(actor, None))
    )


navigation.register(navigation.Entry("import", "导入", "workbook:upload", icon="upload", order=90, visible=_offered))
