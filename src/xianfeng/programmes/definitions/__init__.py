"""The shipped definitions, and the cache of parsed ones."""

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xianfeng.programmes.rules.schema import Definition

SHIPPED = (
    "zhishui-guanhai-2019",
    "mwr-sgkh-2019",
    "mwr-credit-2019",
    "zoucheng-star",
    "moe-shuangchuang-4",
)
BLANK = "blank"  # the least that runs a year: where an office begins that copies nobody


def shipped_source(code: str) -> str:
    """The YAML text of a shipped definition, or of the blank one."""
    return resources.files(__name__).joinpath(f"{code}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def parsed(content_hash: str, source: str) -> "Definition":
    """Parse once per content, without checking again: a published version never changes, the checks may."""
    from xianfeng.programmes import rules  # pydantic costs 0.2 s: only who needs a definition pays

    return rules.pinned(source)
