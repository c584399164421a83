"""Django's error handlers: pages in our manner, JSON under /api/, and a 500 that stands even when templates do not."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

BARE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>系统出错</title>'
    "<h1>系统出了点问题</h1><p>已记入运行日志。请稍后重试；如仍出现，请把出错的时间告诉系统管理员。</p></html>"
)


def is_api(request: HttpRequest) -> bool:
    """Whether the answer goes to a program."""
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400: the address or the content makes no sense."""
    return _answer(request, 400, _("这个请求无法识别。"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403: not for this person."""
    return _answer(request, 403, _("您没有查看这一页的权限。"))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404: no such page."""
    return _answer(request, 404, _("没有这一页。"))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: rendered without the request, whose database or session may be what failed."""
    if is_api(request):
        return _json(500, _("系统出了点问题，请稍后重试。"))
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:  # the last line of defence: whatever broke the template must not hide the page
        return HttpResponse(BARE, status=500)


def _answer(request: HttpRequest, status: int, message: str) -> HttpResponseBase:
    return _json(status, message) if is_api(request) else render(request, f"{status}.html", status=status)


def _json(status: int, message: str) -> JsonResponse:
    body = {"status": status, "message": message, "hint": ""}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
