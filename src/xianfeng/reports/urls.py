"""Addresses of the boards."""

from django.urls import path

from xianfeng.reports.views import audit, case, erasing, merit, overview, workbench

app_name = "reports"
urlpatterns = [
    path("work/", workbench.page, name="workbench"),
    path("cases/<str:public_id>/", case.page, name="case"),
    path("overview/", overview.page, name="overview"),
    path("overview/export/", overview.export, name="overview-export"),
    path("overview/<str:public_id>/urge/", overview.urge, name="urge"),
    path("reports/merit/", merit.page, name="merit"),
    path("audit/", audit.page, name="audit"),
    path("audit/verify/", audit.verify, name="audit-verify"),
    path("audit/erase/", erasing.page, name="erase"),
    path("audit/sign-ins/", audit.sign_ins, name="sign-ins"),
    path("audit/<int:seq>/", audit.entry, name="audit-entry"),
]
