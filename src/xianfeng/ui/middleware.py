"""Middleware of the edge: content security policy, private pages, and kind answers to UserErrors."""

from collections.abc import Callable, Iterator
from itertools import chain

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xianfeng.kernel.errors import Conflict, UserError
from xianfeng.ui import edge
from xianfeng.ui.errors import bad_request

Next = Callable[[HttpRequest], HttpResponse]

# No inline script or style anywhere; frames only of our own pages (a document preview beside a form).
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class ContentSecurityPolicyMiddleware:
    """Set the policy on every response that does not bring a stricter one of its own (file previews do)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class PrivatePagesMiddleware:
    """Keep pages of a signed-in person out of every cache (shared office computers, the back button)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadableMiddleware:
    """Answer 400 to a NUL byte in address, query or form: no person types one, and PostgreSQL stores none."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        """Once the address is known to be one of ours; a form is read here at the latest."""
        given = chain([request.path], *(pair for query in (request.GET, request.POST) for pair in _words(query)))
        return bad_request(request) if any("\x00" in one for one in given) else None


def _words(query: QueryDict) -> Iterator[list[str]]:
    for name, values in query.lists():
        yield [name, *(value for value in values if isinstance(value, str))]


class UserErrorMiddleware:
    """An uncaught UserError becomes its own page, its own JSON under /api/, or a strip for HTMX."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Signing in again leads back to the address of a button that was pressed: Django's 405 is a blank page.
        if response.status_code == 405 and not response.streaming and not response.content:
            refusal = UserError("这一步要在页面上办理。", "请回到工作台，打开原来的页面再按一次。", status=405)
            told = refuse(request, refusal)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer with the error's status; anything that is not a UserError stays Django's business."""
        if isinstance(error, edge.Elsewhere):
            return HttpResponseRedirect(error.address)
        if isinstance(error, OperationalError) and _crossed(error):
            error = Conflict(_("刚才有其他人同时在办理，您的操作没有写入。"), _("请再试一次。"))
        return refuse(request, error) if isinstance(error, UserError) else None


def _crossed(error: OperationalError) -> bool:
    """Two transactions that waited for each other, or one that waited too long: doing it again helps."""
    state = getattr(error.__cause__, "sqlstate", "")
    return state in ("40P01", "40001", "55P03") or "database is locked" in str(error)


def refuse(request: HttpRequest, error: UserError) -> HttpResponse:
    """Say what cannot be done, why, and what to do next."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"status": error.status, "message": error.message, "hint": error.hint},
            status=error.status,
            json_dumps_params={"ensure_ascii": False},
        )
    context = {
        "error": error,
        "back": came_from(request),
        "sign_in": sign_in_address(request, error),
        "typed": typed(request),
    }
    if edge.is_partial(request):
        response = render(request, "ui/refusal.html", context, status=error.status)
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML show:top"
        return response
    return render(request, "ui/error.html", context, status=error.status)


def came_from(request: HttpRequest) -> str:
    """The page the user came from, when it is one of ours and another one."""
    before = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    leads_on = before != request.build_absolute_uri() or request.method == "POST"
    return before if before.startswith(own) and leads_on else ""


def typed(request: HttpRequest) -> list[str]:
    """Sentences the user wrote into a form that was refused as a whole, so that none has to be written again."""
    if request.method != "POST":
        return []
    values = (value.strip() for name, given in request.POST.lists() if "password" not in name for value in given)
    return [value for value in values if len(value) > 1 and not value.isascii()]


def sign_in_address(request: HttpRequest, error: UserError) -> str:
    """Where to sign in when that would help: refused as a stranger on a page that can be read again."""
    user = getattr(request, "user", None)
    if error.status not in (403, 404) or request.method != "GET" or (user is not None and user.is_authenticated):
        return ""
    return f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
