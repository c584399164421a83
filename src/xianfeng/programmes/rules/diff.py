"""Two definitions side by side: what was added, removed or changed, in Chinese, in the order of the language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from xianfeng.programmes.rules.loading import plain
from xianfeng.programmes.rules.problems import Path, dotted
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.words import KEYS

ACTS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "调整顺序"}
SHOWN = 60


@dataclass(frozen=True)
class Change:
    """One difference; ``line`` is the sentence a person reads."""

    act: Literal["added", "removed", "changed", "moved"]
    path: Path
    place: str
    before: Any = None
    after: Any = None

    @property
    def line(self) -> str:
        """``修改 创建标准“示范党组织”›…›分值：4.5 → 5``."""
        if self.act == "changed":
            return f"修改 {self.place}：{_short(self.before)} → {_short(self.after)}"
        shown = self.after if self.act == "added" else self.before
        return f"{ACTS[self.act]} {self.place}" + ("" if self.act == "moved" else f"：{_short(shown)}")

    def as_json(self) -> dict[str, Any]:
        """For ``--json`` and the designer."""
        return {
            "act": self.act, "path": dotted(self.path), "before": self.before, "after": self.after, "line": self.line,
        }  # fmt: skip


def diff(before: Definition, after: Definition) -> list[Change]:
    """Every change from one definition to the other; an empty list when they mean the same."""
    return list(_differences(plain(before), plain(after), (), ()))


Names = tuple[str, ...]


def _differences(before: Any, after: Any, path: Path, names: Names) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mapping(before, after, path, names)
    elif _identified(before) and _identified(after):
        yield from _items(before, after, path, names)
    else:
        yield Change("changed", path, _place(names), before, after)


def _mapping(before: Mapping[str, Any], after: Mapping[str, Any], path: Path, names: Names) -> Iterator[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        here = (*path, key), (*names, KEYS.get(key, key))
        if key not in after:
            yield Change("removed", here[0], _place(here[1]), before=before[key])
        elif key not in before:
            yield Change("added", here[0], _place(here[1]), after=after[key])
        else:
            yield from _differences(before[key], after[key], *here)


def _items(before: list[Any], after: list[Any], path: Path, names: Names) -> Iterator[Change]:
    """Lists whose items have an identity are compared item by item, whatever their position."""
    old, new = ({_identity(item): item for item in items} for items in (before, after))
    for code, item in old.items():
        here = (*path, code), _named(names, item)
        if code not in new:
            yield Change("removed", here[0], _place(here[1]), before=item)
        else:
            yield from _differences(item, new[code], *here)
    for code, item in new.items():
        if code not in old:
            yield Change("added", (*path, code), _place(_named(names, item)), after=item)
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield Change("moved", path, _place(names), before=list(old), after=list(new))


def _identity(item: Any) -> str:
    """What an item is known by: its code, its year, its category, or the groups it is for."""
    for key in ("code", "year", "category"):
        if key in item and not (key == "category" and "title" in item):
            return str(item[key])
    return "、".join(item.get("groups", ())) if "dimensions" in item else ""


def _identified(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return False
    identities = [_identity(item) for item in value]
    general = all(identity or "dimensions" in item for identity, item in zip(identities, value, strict=True))
    return general and len(set(identities)) == len(identities)


def _named(names: Names, item: Mapping[str, Any]) -> Names:
    title = item.get("title") or _identity(item) or "通用"
    return (*names[:-1], f"{names[-1]}“{title}”") if names else (f"“{title}”",)


def _place(names: Names) -> str:
    return " › ".join(names) or "定义"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("title") or value.get("code") or "、".join(f"{k}={_short(v)}" for k, v in value.items()))
    if isinstance(value, list):
        return f"{len(value)} 项" if len(value) > 5 else "、".join(_short(item) for item in value)
    text = {True: "是", False: "否", None: "（无）"}.get(value) if value is None or isinstance(value, bool) else str(value)
    assert text is not None
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
