"""The living style page, for those who write pages: only in developer's mode."""

from django.conf import settings
from django.urls import URLPattern, path

from xianfeng.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = (
    [
        path("ui/", views.style, name="style"),
        path("ui/public/", views.style_public, name="style-public"),
        path("ui/form/", views.style_form, name="style-form"),
        path("ui/error/<int:status>/", views.style_error, name="style-error"),
    ]
    if settings.DEBUG
    else []
)
