"""System check: every navigation entry must resolve; at run time a broken one is left out, never a 500."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from xianfeng.ui import navigation


@register("ui")
def navigation_resolves(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Report entries whose url name does not reverse."""
    return [
        Error(f"navigation entry {entry.code!r}: no url named {entry.url_name!r}", id="ui.E001")
        for entry in navigation.entries()
        if navigation.address(entry) is None
    ]
