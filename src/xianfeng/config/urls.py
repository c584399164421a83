"""The site's addresses: each app's own `urls.py`, hung in at the root; the app chooses its full paths.

Apps higher in the house come first, so that a composing page wins over the one it composes. `error` views
are the ui app's, which knows how a page looks.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"xianfeng.{app}.urls")) for app in settings.APPS if find_spec(f"xianfeng.{app}.urls")
]
urlpatterns.append(path("registry/import/", include("xianfeng.config.workbook.urls")))
urlpatterns.append(path("accounts/", include("allauth.urls")))

handler400 = "xianfeng.ui.errors.bad_request"
handler403 = "xianfeng.ui.errors.permission_denied"
handler404 = "xianfeng.ui.errors.page_not_found"
handler500 = "xianfeng.ui.errors.server_error"
