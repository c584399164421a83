"""Addresses of the designations pages; step pages take the step's public id."""

from django.urls import include, path, re_path

from xianfeng.designations.views import (
    annulling,
    credentials,
    deciding,
    living,
    naming,
    noticing,
    objecting,
    printing,
    steps,
    titles,
)

app_name = "designations"

pages = [
    path("decisions/", deciding.decisions, name="decisions"),
    path("decisions/meeting/", deciding.decide_round, name="decide_round"),
    path("decisions/reserve/", deciding.fill, name="fill"),
    path("decisions/<str:public_id>/", deciding.decision, name="decision"),
    path("decisions/<str:public_id>/document/", deciding.decision_document, name="decision_document"),
    path("notices/", noticing.notices, name="notices"),
    path("notices/new/", noticing.notice_new, name="notice_new"),
    path("notices/period/", noticing.period, name="period"),
    path("notices/<str:public_id>/", noticing.notice, name="notice"),
    path("notices/<str:public_id>/document/", noticing.notice_document, name="notice_document"),
    path("objections/", objecting.objections, name="objections"),
    path("objections/<str:public_id>/", objecting.objection, name="objection"),
    path("objections/<str:public_id>/file/", objecting.objection_file, name="objection_file"),
    path("naming/", naming.naming, name="naming"),
    path("naming/drop/", naming.drop, name="drop"),
    path("plaques/", naming.plaques, name="plaques"),
    path("titles/", titles.titles, name="titles"),
    path("reassess/", titles.reassess_many, name="reassess_many"),
    path("titles/<str:public_id>/", titles.title, name="title"),
    path("titles/<str:public_id>/certificate/", titles.certificate, name="certificate"),
    re_path(
        r"^titles/(?P<public_id>\w+)/(?P<kind>certificate|plaque)\.(?P<extension>pdf|svg)$",
        printing.sheet,
        name="sheet",
    ),
    path("prints/", printing.prints, name="prints"),
    path("prints/<str:public_id>/", printing.batch, name="print_batch"),
    path("prints/<str:public_id>/file/", printing.batch_file, name="print_file"),
    path("titles/<str:public_id>/recommend/", titles.recommend_open, name="recommend_open"),
    path("titles/<str:public_id>/reassess/", titles.reassess_open, name="reassess_open"),
    path("titles/<str:public_id>/self-check/", living.self_check, name="self_check"),
    path("self-checks/<str:public_id>/<str:file_id>/", living.self_check_file, name="self_check_file"),
    path("titles/<str:public_id>/renew/", living.renew, name="renew"),
    path("titles/<str:public_id>/suspend/", titles.suspend, name="suspend"),
    path("titles/<str:public_id>/restore/", titles.restore, name="restore"),
    path("annul/", annulling.annul, name="annul"),
    path("steps/<str:public_id>/decide/", deciding.decide_step, name="decide"),
    path("steps/<str:public_id>/announce/", noticing.announce_step, name="announce"),
    path("steps/<str:public_id>/name/", naming.name_step, name="name"),
    path("steps/<str:public_id>/recommend/", steps.recommend, name="recommend"),
    path("steps/<str:public_id>/opine/", steps.opine, name="opine"),
    path("steps/<str:public_id>/conclude/", steps.conclude, name="conclude"),
    path("steps/<str:public_id>/rectify/", steps.rectify, name="rectify"),
    path("steps/<str:public_id>/report/", steps.report, name="report"),
    path("steps/<str:public_id>/recheck/", steps.recheck, name="recheck"),
]
# Addresses that stand in signed documents: never to be changed.
published = [
    path(".well-known/did.json", credentials.did_document, name="did"),
    re_path(
        rf"^status/(?P<purpose>{credentials.PURPOSES})-(?P<list_no>[1-9][0-9]{{0,5}})$",
        credentials.status_list,
        name="status_list",
    ),
    path("credentials/<str:public_id>", credentials.credential, name="credential"),
]
urlpatterns = [path("designations/", include(pages)), *published]
