"""The navigation, composed by the apps: each registers its entries in ``AppConfig.ready()``.

The ui floor knows no page above it; it only asks each entry whether this actor sees it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from xianfeng.kernel.actors import Actor

PHONE_ENTRIES = 4  # and 更多 as the fifth


def everyone(_actor: Actor) -> bool:
    """Visible to whoever is signed in."""
    return True


def none(_actor: Actor) -> int:
    """The count of an entry that counts nothing."""
    return 0


@dataclass(frozen=True)
class Entry:
    """One place to go: ``public`` entries stand in the public header, the others in the side navigation."""

    code: str
    title: str
    url_name: str
    icon: str = "file-text"
    order: int = 100
    visible: Callable[[Actor], bool] = everyone
    group: str = ""  # a quiet heading above the first entry that bears it
    public: bool = False


@dataclass(frozen=True)
class Link:
    """An entry as drawn on one page."""

    code: str
    title: str
    url: str
    icon: str
    group: str = ""
    current: bool = False
    count: int = 0


Counter = Callable[[Actor], int]
_entries: dict[str, Entry] = {}
_counters: dict[str, Counter] = {}


def register(entry: Entry) -> Entry:
    """Add an entry; the same code replaces it, so that ``ready()`` may run twice."""
    _entries[entry.code] = entry
    return entry


def register_counter(counter: Counter, code: str = "messages") -> None:
    """Count shown beside the entry ``code`` (unread messages by default); asked once per page, when drawn."""
    _counters[code] = counter


def entries(*, public: bool | None = None) -> list[Entry]:
    """Registered entries in their order."""
    chosen = (one for one in _entries.values() if public is None or one.public == public)
    return sorted(chosen, key=lambda one: (one.order, one.code))


def address(entry: Entry) -> str | None:
    """The entry's path, or None when its url name does not resolve (reported by the system check)."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def mark_current(found: Iterable[Link], path: str, code: str = "") -> list[Link]:
    """Mark the entry named by ``code``, else the one with the longest address that begins this path."""
    links = list(found)
    if not any(link.code == code for link in links):
        fitting = [link for link in links if path == link.url or (link.url != "/" and path.startswith(link.url))]
        code = max(fitting, key=lambda link: len(link.url)).code if fitting else ""
    return [replace(link, current=True) if link.code == code else link for link in links]


def links(actor: Actor, path: str, code: str = "") -> list[Link]:
    """What this actor sees in the side navigation, with counts, the present place marked."""
    shown = [(one, url) for one in entries(public=False) if one.visible(actor) and (url := address(one))]
    drawn = [
        Link(one.code, one.title, url, one.icon, one.group, count=_counters.get(one.code, none)(actor))
        for one, url in shown
    ]
    return mark_current(_headed_once(drawn), path, code)


def _headed_once(found: Iterable[Link]) -> Iterator[Link]:
    """Entries of one group may each name it (which of them are visible differs): only the first keeps the heading."""
    seen: set[str] = set()
    for link in found:
        yield replace(link, group="") if link.group in seen else link
        seen.add(link.group)


def public_links(path: str, code: str = "") -> list[Link]:
    """The public header's entries."""
    shown = [(one, url) for one in entries(public=True) if (url := address(one))]
    return mark_current([Link(one.code, one.title, url, one.icon) for one, url in shown], path, code)
