"""Addresses of rounds and their standards, and of the designer."""

from django.urls import path
from django.views.generic import RedirectView

from xianfeng.programmes import views
from xianfeng.programmes.designer import urls as designer

app_name = "programmes"

urlpatterns = [
    path("programmes/", RedirectView.as_view(pattern_name="programmes:rounds"), name="home"),
    path("programmes/bodies/", views.bodies, name="bodies"),
    path("programmes/bodies/<str:public_id>/<slug:code>/", views.body_edit, name="body_edit"),
    path("programmes/rounds/", views.rounds, name="rounds"),
    path("programmes/rounds/new/", views.round_new, name="round_new"),
    path("programmes/rounds/<str:public_id>/", views.round_page, name="round"),
    path("programmes/rounds/<str:public_id>/close/", views.round_close, name="round_close"),
    path("programmes/rounds/<str:public_id>/allotments/", views.allotments, name="allotments"),
    path("programmes/rounds/<str:public_id>/stages/<str:code>/", views.stage_edit, name="stage_edit"),
    path("programmes/rounds/<str:public_id>/standards/", views.standards, name="standards"),
    *designer.urlpatterns,
]
