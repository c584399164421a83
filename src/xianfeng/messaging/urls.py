"""Addresses of the inbox."""

from django.urls import path

from xianfeng.messaging import views

app_name = "messaging"

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.read_all, name="read_all"),
    path("messages/<str:public_id>/", views.open_message, name="open"),
]
