"""Addresses of the panel."""

from django.urls import path

from xianfeng.review.views import discussions, experts, panels, ranking, scoring

app_name = "review"
urlpatterns = [
    path("review/", panels.board, name="board"),
    path("review/experts/", experts.index, name="experts"),
    path("review/experts/export/", experts.export, name="experts_export"),
    path("review/experts/add/", experts.add, name="expert_add"),
    path("review/experts/<str:public_id>/", experts.edit, name="expert"),
    path("review/panels/<str:public_id>/", panels.detail, name="panel"),
    path("review/panels/<str:public_id>/draw/", panels.draw, name="draw"),
    path("review/panels/<str:public_id>/settings/", panels.settings, name="settings"),
    path("review/panels/<str:public_id>/replay/", panels.replay, name="replay"),
    path("review/panels/<str:public_id>/draws.json", panels.draws_file, name="draws_file"),
    path("review/panels/<str:public_id>/discuss/<str:case_id>/", discussions.begin, name="discuss"),
    path("review/panels/<str:public_id>/second/", discussions.second, name="second"),
    path("review/discussions/<str:public_id>/", discussions.detail, name="discussion"),
    path("review/panels/<str:public_id>/remind/", panels.remind, name="remind"),
    path("review/panels/<str:public_id>/rank/", ranking.make, name="rank"),
    path("review/panels/<str:public_id>/ranking/", ranking.show, name="ranking"),
    path("review/panels/<str:public_id>/ranking/export/", ranking.export, name="ranking_export"),
    path("review/panels/<str:public_id>/ranking/packet/", ranking.packet_page, name="packet"),
    path("review/panels/<str:public_id>/ranking/packet.pdf", ranking.packet_pdf, name="packet_pdf"),
    path("review/panels/<str:public_id>/ranking/packet.json", ranking.packet_file, name="packet_file"),
    path("review/panels/<str:public_id>/ranking/reopen/", ranking.reopen, name="ranking_reopen"),
    path("review/panels/<str:public_id>/ranking/lots/", ranking.lots, name="lots"),
    path("review/assignments/<str:public_id>/", panels.assignment, name="assignment"),
    path("review/steps/<str:public_id>/", panels.step, name="panel_step"),
    path("review/queue/", scoring.queue, name="queue"),
    path("review/score/<str:public_id>/", scoring.score, name="score"),
    path("review/score/<str:public_id>/offline/", scoring.offline, name="offline"),
    path("review/profile/", experts.profile, name="profile"),
    path("review/experts/<str:public_id>/history/", experts.history, name="history"),
    path("review/score/<str:public_id>/sign/", scoring.sign, name="sign"),
    path("review/score/<str:public_id>/recuse/", scoring.recuse, name="recuse"),
]
