"""System check: every navigation entry must resolve; at run time a broken one is left out, never a 500."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Notice

from xianfeng.ui import navigation


@register("ui")
def navigation_resolves(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Report entries whose url name does not reverse."""
    return [
        Notice(f"navigation entry {entry.code!r}: no url named {entry.url_name!r}", id="ui.W001")
        for entry in navigation.entries()
        if navigation.address(entry) is None
    ]
