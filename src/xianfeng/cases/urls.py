"""Addresses of the engine itself."""

from django.urls import path

from xianfeng.cases import views

app_name = "cases"
urlpatterns = [
    path("steps/<slug:public_id>/skip/", views.skip, name="skip"),
    path("steps/<slug:public_id>/files/<slug:file_id>/", views.file, name="file"),
]
