"""Addresses of the designer, below /programmes/definitions/."""

from django.urls import path

from xianfeng.programmes.designer.views import nodes, publishing, standards, tables, tryout, versions

BASE = "programmes/definitions/"

urlpatterns = [
    path(BASE, versions.definitions, name="definitions"),
    path(f"{BASE}new/", versions.definition_new, name="definition_new"),
    path(f"{BASE}compare/", publishing.definition_compare, name="definition_compare"),
    path(f"{BASE}<slug:public_id>/", versions.definition, name="definition"),
    path(f"{BASE}<slug:public_id>/draft/", versions.definition_draft, name="definition_draft"),
    path(f"{BASE}<slug:public_id>/discard/", versions.design_discard, name="design_discard"),
    path(f"{BASE}<slug:public_id>/undo/", versions.design_undo, name="design_undo"),
    path(f"{BASE}<slug:public_id>/publish/", publishing.design_publish, name="design_publish"),
    path(f"{BASE}<slug:public_id>/source/", publishing.design_source, name="design_source"),
    path(f"{BASE}<slug:public_id>/round/", publishing.design_round, name="design_round"),
    path(f"{BASE}<slug:public_id>/try/", tryout.design_try, name="design_try"),
    path(f"{BASE}<slug:public_id>/quotas/", tables.design_quotas, name="design_quotas"),
    path(f"{BASE}<slug:public_id>/stages/", tables.design_stages, name="design_stages"),
    path(f"{BASE}<slug:public_id>/standards/", standards.design_standards, name="design_standards"),
    path(f"{BASE}<slug:public_id>/standards/<slug:category>/", standards.design_standard, name="design_standard"),
    path(
        f"{BASE}<slug:public_id>/standards/<slug:category>/export.xlsx",
        standards.standard_export,
        name="standard_export",
    ),
    path(
        f"{BASE}<slug:public_id>/standards/<slug:category>/import/", standards.standard_import, name="standard_import"
    ),
    path(f"{BASE}<slug:public_id>/edit/<slug:code>/", nodes.design_section, name="design_section"),
    path(f"{BASE}<slug:public_id>/at/<str:where>/", nodes.design_at, name="design_at"),
]
