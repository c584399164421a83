"""Writes of the directory: organisations and their relations, users, appointments, the office calendar."""

from xianfeng.directory.services.calendar import calendar_day_set, calendar_day_unset
from xianfeng.directory.services.organisations import (
    OrganisationData,
    RelationData,
    organisation_close,
    organisation_save,
    organisations_save,
    relation_end,
    relation_set,
    relations_set,
)
from xianfeng.directory.services.people import (
    AppointmentData,
    UserData,
    appointment_end,
    appointment_give,
    appointments_give,
    user_create,
    user_disable,
    user_enable,
    user_password_set,
    user_update,
    users_save,
)

__all__ = [
    "AppointmentData",
    "OrganisationData",
    "RelationData",
    "UserData",
    "appointment_end",
    "appointment_give",
    "appointments_give",
    "calendar_day_set",
    "calendar_day_unset",
    "organisation_close",
    "organisation_save",
    "organisations_save",
    "relation_end",
    "relation_set",
    "relations_set",
    "user_create",
    "user_disable",
    "user_enable",
    "user_password_set",
    "user_update",
    "users_save",
]
