"""Two definitions side by side: what was added, removed or changed, in Chinese, in the order of the language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import Path, dotted
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.words import KEYS

ACTS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "调整顺序"}
SHOWN = 60
IDENTITIES = ("code", "year", "category", "groups")


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
        """``修改 创建标准“示范党组织” › … › 分值：4.5 → 5``."""
        if self.act == "changed":
            return f"修改 {self.place}：{_short(self.before)} → {_short(self.after)}"
        if self.act == "moved":
            return f"调整顺序 {self.place}"
        shown = _short(self.after if self.act == "added" else self.before)
        named = self.place.endswith(f"“{shown}”")
        return f"{ACTS[self.act]} {self.place}" + ("" if named else f"：{shown}")

    def as_json(self) -> dict[str, Any]:
        """For ``--json`` and the designer."""
        values = {"before": self.before, "after": self.after}
        return {"act": self.act, "path": dotted(self.path), **values, "line": self.line}


def diff(before: Definition, after: Definition) -> list[Change]:
    """Every change from one definition to the other; an empty list when they mean the same."""
    comparison = _Comparison(KEYS | _titles(before) | _titles(after))
    return list(comparison.values(plain(before, defaults=True), plain(after, defaults=True), (), ()))


def _titles(definition: Definition) -> dict[str, str]:
    """Titles of what other places of a definition name by code."""
    lists = (definition.categories, definition.tiers, definition.stages, definition.applicant_groups)
    return {item.code: item.title for items in lists for item in items}


Names = tuple[str, ...]


@dataclass(frozen=True)
class _Comparison:
    """Walks two plain values side by side; ``words`` says keys and codes in Chinese."""

    words: Mapping[str, str]

    def values(self, before: Any, after: Any, path: Path, names: Names) -> Iterator[Change]:
        if before == after:
            return
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.mappings(before, after, path, names)
        elif _identified(before) and _identified(after):
            yield from self.items(before, after, path, names)
        else:
            yield Change("changed", path, _place(names), before, after)

    def mappings(
        self, before: Mapping[str, Any], after: Mapping[str, Any], path: Path, names: Names
    ) -> Iterator[Change]:
        for key in [*before, *(key for key in after if key not in before)]:
            here, named = (*path, key), (*names, self.words.get(key, key))
            if key not in after:
                yield Change("removed", here, _place(named), before=before[key])
            elif key not in before:
                yield Change("added", here, _place(named), after=after[key])
            else:
                yield from self.values(before[key], after[key], here, named)

    def items(self, before: list[Any], after: list[Any], path: Path, names: Names) -> Iterator[Change]:
        """Lists whose items have an identity are compared item by item, whatever their position."""
        old, new = ({_identity(item): item for item in items} for items in (before, after))
        for code, item in old.items():
            here, named = (*path, code), self.named(names, item)
            if code not in new:
                yield Change("removed", here, _place(named), before=item)
            else:
                yield from self.values(item, new[code], here, named)
        for code, item in new.items():
            if code not in old:
                yield Change("added", (*path, code), _place(self.named(names, item)), after=item)
        if [code for code in old if code in new] != [code for code in new if code in old]:
            yield Change("moved", path, _place(names), before=list(old), after=list(new))

    def named(self, names: Names, item: Mapping[str, Any]) -> Names:
        """``指标“政治责任落实”``: the list's name with the item's title."""
        codes = _identity(item).split("、")
        title = item.get("title") or "、".join(self.words.get(code, code) for code in codes) or "通用"
        return (*names[:-1], f"{names[-1] if names else ''}“{title}”")


def _identity(item: Mapping[str, Any]) -> str:
    """What an item is known by: its code, year, category or the groups it is for."""
    for key in IDENTITIES:
        if key in item:
            return "、".join(item[key]) if isinstance(item[key], list) else str(item[key])
    return str(item.get("title", ""))


def _identified(value: Any) -> bool:
    """Whether a list's items can be told apart by what they are, not by where they stand."""
    if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
        return False
    identities = {_identity(item) for item in value}
    return len(identities) == len(value) and ("" not in identities or all("dimensions" in item for item in value))


def _place(names: Names) -> str:
    return " › ".join(names) or "定义"


def _short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, Mapping):
        title = value.get("title") or value.get("code")
        return str(title) if title else "、".join(f"{KEYS.get(k, k)} {_short(v)}" for k, v in value.items() if v)
    if isinstance(value, list):
        return f"{len(value)} 项" if len(value) > 5 else "、".join(_short(item) for item in value) or "（无）"
    if value is None or value == "":
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
