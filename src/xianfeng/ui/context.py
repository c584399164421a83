"""What every template may use under the name ``house``: nothing is computed until it is drawn.

Not ``site``: allauth's views put a ``site`` of their own into the context, which would win.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xianfeng.kernel import clock
from xianfeng.kernel.actors import Actor
from xianfeng.ui import edge, formats


class House:
    """Brand, clock banner and actor of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def brand(self) -> str:
        """The short name beside the seal."""
        return _("先锋")

    @property
    def programme(self) -> str:
        """What the site calls itself, for solemn places."""
        return str(settings.SITE_TITLE)

    @property
    def home(self) -> str:
        """Where 首页 leads: the workbench for who is signed in, the public front page otherwise."""
        return str(settings.LOGIN_REDIRECT_URL) if self.signed_in else "/"

    @cached_property
    def clock_banner(self) -> str:
        """Sentence that says the programme's clock is set; empty when it runs with the real one."""
        if not clock.is_set():
            return ""
        return _("演示时钟：%(day)s %(weekday)s") % {
            "day": formats.cn_date(clock.today()),
            "weekday": formats.cn_weekday(clock.today()),
        }

    @cached_property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return edge.actor(self._request)

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        user = getattr(self._request, "user", None)
        return bool(user is not None and user.is_authenticated)


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context processor."""
    return {"house": House(request)}
