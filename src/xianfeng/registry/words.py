"""The registry's words: the house's own (``rules``), and those that programmes add to them."""

from collections.abc import Mapping
from typing import Final

from xianfeng.kernel.vocabulary import Words
from xianfeng.kernel.workbook import words_of
from xianfeng.registry import rules

FACTS: Final = Words("fact_kinds", rules.FACT_KINDS)
TAGS: Final = Words("tags", rules.TAGS)
SERVICE_POINTS: Final = Words("service_point_kinds", rules.SERVICE_POINT_KINDS)
STATUSES: Final = Words("member_statuses", rules.MEMBER_STATUSES)


def turned(words: Words) -> Mapping[str, str]:
    """Word → code, for the workbook."""
    return words_of(words)
