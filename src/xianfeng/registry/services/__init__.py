"""Writes of the registry: service points, members, nominees, projects, the conduct ledger."""

from xianfeng.registry.services.conduct import (
    ConductData,
    conduct_confirm,
    conduct_record_add,
    conduct_records_save,
    conduct_refute,
    conduct_withdraw,
)
from xianfeng.registry.services.imports import (
    workbook_for_update,
    workbook_give_up,
    workbook_imported,
    workbook_keep,
)
from xianfeng.registry.services.nominees import (
    MemberData,
    ServicePointData,
    member_save,
    members_save,
    nominee_ensure,
    nominees_ensure,
    service_point_save,
    service_points_save,
)
from xianfeng.registry.services.projects import (
    ProjectData,
    ProjectPartyData,
    project_parties_set,
    project_party_set,
    project_save,
    projects_save,
)

__all__ = [
    "ConductData",
    "MemberData",
    "ProjectData",
    "ProjectPartyData",
    "ServicePointData",
    "conduct_confirm",
    "conduct_record_add",
    "conduct_records_save",
    "conduct_refute",
    "conduct_withdraw",
    "member_save",
    "members_save",
    "nominee_ensure",
    "nominees_ensure",
    "project_parties_set",
    "project_party_set",
    "project_save",
    "projects_save",
    "service_point_save",
    "service_points_save",
    "workbook_for_update",
    "workbook_give_up",
    "workbook_imported",
    "workbook_keep",
]
