"""Public forms are open to everybody, and therefore to programs: so many from one address in a time, then a pause.

Counted in the cache of the process, by a hash of the address: nothing about who visited is kept. Generous, because a
whole office or a window's own wireless network stands behind one address.
"""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xianfeng.kernel import clock
from xianfeng.kernel.errors import UserError

HOUR = 3600
MOST = {"objection": 20, "survey": 120}  # in an hour


def let_through(request: HttpRequest, act: str) -> None:
    """Count one act of an address; UserError 429 when there were too many in this hour."""
    address = request.META.get("REMOTE_ADDR", "")
    salted = hashlib.sha256(f"{settings.SECRET_KEY}:{address}".encode()).hexdigest()[:24]
    key = f"throttle:{act}:{salted}:{int(clock.real_now().timestamp()) // HOUR}"
    cache.add(key, 0, timeout=HOUR)
    if cache.incr(key) > MOST[act]:
        raise UserError(
            _("从您所在的网络提交的次数过多，请稍后再试。"),
            _("您填写的内容仍在页面上，一小时后可以再次提交；如有急事，请直接联系创建工作机构。"),
            status=429,
        )
