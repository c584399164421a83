"""Addresses of the directory."""

from django.urls import path

from xianfeng.directory.views import account, appointments, calendar, organisations, users

app_name = "directory"
urlpatterns = [
    path("account/", account.page, name="account"),
    path("directory/organisations/", organisations.index, name="organisations"),
    path("directory/organisations/add/", organisations.add, name="organisation_add"),
    path("directory/organisations/<str:public_id>/", organisations.detail, name="organisation"),
    path("directory/organisations/<str:public_id>/edit/", organisations.edit, name="organisation_edit"),
    path("directory/organisations/<str:public_id>/close/", organisations.close, name="organisation_close"),
    path("directory/organisations/<str:public_id>/relations/<str:kind>/", organisations.relate, name="relate"),
    path("directory/organisations/<str:public_id>/relations/<str:kind>/end/", organisations.unrelate, name="unrelate"),
    path("directory/users/", users.index, name="users"),
    path("directory/users/add/", users.add, name="user_add"),
    path("directory/users/<str:public_id>/", users.detail, name="user"),
    path("directory/users/<str:public_id>/edit/", users.edit, name="user_edit"),
    path("directory/users/<str:public_id>/switch/", users.switch, name="user_switch"),
    path("directory/users/<str:public_id>/password/", users.reset, name="user_reset"),
    path("directory/users/<str:public_id>/appointments/add/", appointments.give, name="appointment_give"),
    path("directory/appointments/", appointments.index, name="appointments"),
    path("directory/appointments/<int:appointment_id>/end/", appointments.end, name="appointment_end"),
    path("directory/appointments/<int:appointment_id>/deputy/", appointments.deputise, name="deputise"),
    path("directory/calendar/", calendar.page, name="calendar"),
]
