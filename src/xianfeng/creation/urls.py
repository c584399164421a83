"""Addresses of stages 1 and 2."""

from django.urls import path
from django.views.generic import RedirectView

from xianfeng.creation.views import guidance, plans, problems, surveys

app_name = "creation"

urlpatterns = [
    path("creation/", RedirectView.as_view(pattern_name="creation:plans", query_string=True), name="home"),
    path("creation/plans/", plans.plans, name="plans"),
    path("creation/plans/export/", plans.plans_export, name="plans_export"),
    path("creation/plans/new/", plans.plan_new, name="plan_new"),
    path("creation/plans/<str:public_id>/", plans.plan, name="plan"),
    path("creation/plans/<str:public_id>/edit/", plans.plan_edit, name="plan_edit"),
    path("creation/plans/<str:public_id>/progress/", plans.progress, name="progress"),
    path("creation/problems/", problems.problems, name="problems"),
    path("creation/problems/export/", problems.problems_export, name="problems_export"),
    path("creation/problems/new/", problems.problem_new, name="problem_new"),
    path("creation/problems/<str:public_id>/", problems.problem, name="problem"),
    path("creation/inspections/", problems.inspections, name="inspections"),
    path("creation/inspections/new/", problems.inspection_new, name="inspection_new"),
    path("creation/inspections/<str:public_id>/", problems.inspection, name="inspection"),
    path("creation/meetings/", guidance.meetings, name="meetings"),
    path("creation/meetings/new/", guidance.meeting_new, name="meeting_new"),
    path("creation/meetings/<str:public_id>/", guidance.meeting, name="meeting"),
    path("creation/bulletins/", guidance.bulletins, name="bulletins"),
    path("creation/bulletins/new/", guidance.bulletin_new, name="bulletin_new"),
    path("creation/bulletins/<str:public_id>/", guidance.bulletin, name="bulletin"),
    path("creation/activities/", guidance.activities, name="activities"),
    path("creation/activities/export/", guidance.activities_export, name="activities_export"),
    path("creation/activities/new/", guidance.activity_new, name="activity_new"),
    path("creation/activities/<str:public_id>/", guidance.activity, name="activity"),
    path("creation/surveys/", surveys.surveys, name="surveys"),
    path("creation/surveys/new/", surveys.survey_new, name="survey_new"),
    path("creation/surveys/<str:public_id>/", surveys.survey, name="survey"),
]
