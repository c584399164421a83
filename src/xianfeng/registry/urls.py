"""Addresses of the registry."""

from django.urls import path

from xianfeng.registry.views import conduct, nominees, projects

app_name = "registry"
urlpatterns = [
    path("registry/", nominees.index, name="nominees"),
    path("registry/nominees/ensure/", nominees.ensure, name="ensure"),
    path("registry/nominees/<str:public_id>/", nominees.detail, name="nominee"),
    path("registry/service-points/add/", nominees.point_add, name="point_add"),
    path("registry/service-points/<str:public_id>/edit/", nominees.point_edit, name="point_edit"),
    path("registry/members/add/", nominees.member_add, name="member_add"),
    path("registry/members/<str:public_id>/edit/", nominees.member_edit, name="member_edit"),
    path("registry/members/<str:public_id>/consent/", nominees.consent, name="consent"),
    path("registry/conduct/", conduct.index, name="conduct"),
    path("registry/conduct/add/", conduct.add, name="conduct_add"),
    path("registry/conduct/confirm/", conduct.confirm, name="confirm"),
    path("registry/conduct/<str:public_id>/", conduct.detail, name="record"),
    path("registry/conduct/<str:public_id>/edit/", conduct.edit, name="record_edit"),
    path("registry/projects/", projects.index, name="projects"),
    path("registry/projects/add/", projects.add, name="project_add"),
    path("registry/projects/<str:public_id>/", projects.detail, name="project"),
    path("registry/projects/<str:public_id>/edit/", projects.edit, name="project_edit"),
    path("registry/projects/<str:public_id>/parts/add/", projects.part_add, name="part_add"),
]
