"""Addresses of 自荐验收."""

from django.urls import path

from xianfeng.nominations.views import assessing, deciding, evidence, listing, starting

app_name = "nominations"
urlpatterns = [
    path("nominations/", starting.mine, name="mine"),
    path("nominations/start/", starting.choose_category, name="start"),
    path("nominations/start/<slug:category>/", starting.choose_nominee, name="start_category"),
    path("nominations/start/<slug:category>/<slug:public_id>/", starting.begin, name="begin"),
    path("nominations/assess/<slug:public_id>/", assessing.work, name="assess"),
    path("nominations/correct/<slug:public_id>/", assessing.work, name="correct"),
    path("nominations/assess/<slug:public_id>/save/", assessing.autosave, name="autosave"),
    path("nominations/assess/<slug:public_id>/review/", assessing.review, name="review"),
    path("nominations/assess/<slug:public_id>/evidence/<slug:code>/", evidence.add, name="evidence_add"),
    path(
        "nominations/assess/<slug:public_id>/evidence/<slug:code>/<slug:evidence>/remove/",
        evidence.unlink,
        name="evidence_unlink",
    ),
    path("nominations/evidence/<slug:public_id>/", evidence.download, name="evidence"),
    path("nominations/endorse/<slug:public_id>/", deciding.endorse, name="endorse"),
    path("nominations/screen/<slug:public_id>/", deciding.screen, name="screen"),
    path("nominations/withdraw/<slug:public_id>/", starting.withdraw, name="withdraw"),
    path("nominations/cases/", listing.cases, name="list"),
    path("nominations/cases/export/", listing.export, name="export"),
]
