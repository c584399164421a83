"""The site's addresses: each app's own `urls.py`, hung in at the root; the app chooses its full paths.

Apps higher in the house come first, so that a composing page wins over the one it composes. `error` views
are the ui app's, which knows how a page looks.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import TemplateView


def not_offered(request: HttpRequest) -> HttpResponse:
    """What allauth would do and we do not: no address is confirmed, no password set by mail."""
    raise Http404


# Before allauth's own: passwords are reset by the system administrator, so the page only says so and takes no POST.
reset_page = TemplateView.as_view(template_name="account/password_reset.html", http_method_names=["get", "head"])
accounts: list[URLPattern | URLResolver] = [
    path("password/reset/", reset_page),
    re_path(r"^(?:email|confirm-email|password/set|password/reset/(?:key|done)|login/code)(?:/|$)", not_offered),
    path("", include("allauth.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"xianfeng.{app}.urls")) for app in settings.APPS if find_spec(f"xianfeng.{app}.urls")
]
urlpatterns.append(path("registry/import/", include("xianfeng.config.workbook.urls")))
urlpatterns.append(path("accounts/", include(accounts)))

handler400 = "xianfeng.ui.errors.bad_request"
handler403 = "xianfeng.ui.errors.permission_denied"
handler404 = "xianfeng.ui.errors.page_not_found"
handler500 = "xianfeng.ui.errors.server_error"
