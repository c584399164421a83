"""Short, conditional caching of pages that are the same for everybody."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]


def briefly(seconds: int) -> Callable[[View], View]:
    """Let anonymous readers keep a page for some seconds, and ask whether it changed; signed-in ones never."""

    def around(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and settings.SESSION_COOKIE_NAME not in request.COOKIES:
                patch_cache_control(response, public=True, max_age=seconds)
                patch_vary_headers(response, ["Cookie"])
            return response

        return conditional_page(inner)

    return around
