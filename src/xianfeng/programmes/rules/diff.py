"""Two definitions side by side: what was added, removed or changed, in Chinese, in the order of the language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import Path, dotted
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.words import KEYS, value_word

ACTS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "调整顺序"}
SHOWN = 60
FEW = 5


@dataclass(frozen=True)
class Change:
    """One difference; ``line`` is the sentence a person reads, ``shown`` its two sides in words."""

    act: Literal["added", "removed", "changed", "moved"]
    path: Path
    place: str
    before: Any = None
    after: Any = None
    shown: tuple[str, str] = ("", "")

    @property
    def line(self) -> str:
        """``修改 创建标准“示范党组织” › … › 分值：4.5 → 5``."""
        before, after = self.shown
        if self.act == "changed":
            return f"修改 {self.place}：{before} → {after}"
        if self.act == "moved":
            return f"调整顺序 {self.place}：{before} → {after}"
        said = after if self.act == "added" else before
        named = self.place.endswith(f"“{said}”") or not said
        return f"{ACTS[self.act]} {self.place}" + ("" if named else f"：{said}")

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
    d = definition
    lists = (d.categories, d.tiers, d.stages, d.applicant_groups, d.bodies, d.gates)
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
        elif _things(before) and _things(after):
            same = _identified(before) and _identified(after)
            yield from (self.items if same else self.places)(before, after, path, names)
        else:
            yield self.change("changed", path, names, before, after)

    def change(
        self, act: Literal["added", "removed", "changed", "moved"], path: Path, names: Names, before: Any, after: Any
    ) -> Change:
        """A change with both sides in words; of long lists only what differs."""
        if act == "changed" and isinstance(before, list) and isinstance(after, list) and len(before) + len(after) > FEW:
            gone = [one for one in before if one not in after] or before
            new = [one for one in after if one not in before] or after
            shown = (self.short(gone, _key(path)), self.short(new, _key(path)))
        else:
            shown = (self.short(before, _key(path)), self.short(after, _key(path)))
        return Change(act, path, " › ".join(names) or "定义", before, after, shown)

    def mappings(
        self, before: Mapping[str, Any], after: Mapping[str, Any], path: Path, names: Names
    ) -> Iterator[Change]:
        for key in [*before, *(key for key in after if key not in before)]:
            here, named = (*path, key), (*names, self.words.get(key, key))
            if key not in after:
                yield self.change("removed", here, named, before[key], None)
            elif key not in before:
                yield self.change("added", here, named, None, after[key])
            else:
                yield from self.values(before[key], after[key], here, named)

    def items(self, before: list[Any], after: list[Any], path: Path, names: Names) -> Iterator[Change]:
        """Lists whose items have an identity are compared item by item, whatever their position."""
        old, new = ({_identity(item): item for item in items} for items in (before, after))
        for code, item in old.items():
            here, named = (*path, code), self.named(names, item)
            if code not in new:
                yield self.change("removed", here, named, item, None)
            else:
                yield from self.values(item, new[code], here, named)
        for code, item in new.items():
            if code not in old:
                yield self.change("added", (*path, code), self.named(names, item), None, item)
        kept, now = [code for code in old if code in new], [code for code in new if code in old]
        if kept != now:
            yield self.change("moved", path, names, [old[code] for code in kept], [new[code] for code in now])

    def places(self, before: list[Any], after: list[Any], path: Path, names: Names) -> Iterator[Change]:
        """Other lists of things are compared place by place."""
        for index, (old, new) in enumerate(zip_longest(before, after)):
            here, named = (*path, index), (*names[:-1], f"{names[-1] if names else ''}第 {index + 1} 项")
            if old is None or new is None:
                yield self.change("added" if old is None else "removed", here, named, old, new)
            else:
                yield from self.values(old, new, here, named)

    def named(self, names: Names, item: Mapping[str, Any]) -> Names:
        """``指标“政治责任落实”``: the list's name with the item's title."""
        codes = _identity(item).split("、")
        title = item.get("title") or "、".join(self.words.get(code, code) for code in codes) or "通用"
        return (*names[:-1], f"{names[-1] if names else ''}“{title}”")

    def short(self, value: Any, key: str = "") -> str:
        """A value in a few words."""
        if isinstance(value, Mapping):
            title = value.get("title") or value.get("code")
            inner = (f"{self.words.get(k, k)} {self.short(v, k)}" for k, v in value.items() if v)
            return str(title) if title else "、".join(inner) or "（无）"
        if isinstance(value, list):
            return "、".join(self.short(item, key) for item in value) or "（无）"
        if value is None or value == "":
            return "（无）"
        if isinstance(value, bool):
            return "是" if value else "否"
        text = value_word(key, str(value))
        text = self.words.get(text.removeprefix("body:"), text) if text == str(value) and key not in LITERAL else text
        return text if len(text) <= SHOWN else text[:SHOWN] + "…"


LITERAL = {"code", "title", "title_en", "short_title", "full_title", "note", "criteria", "doc_no", "number_code"}


def _key(path: Path) -> str:
    """The key a value stands under, through places of a list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _identity(item: Mapping[str, Any]) -> str:
    """What an item is known by: its code, the place it speaks of, its year, category, groups or title."""
    keys = ("title",) if "expect" in item else ("code", "at", "year", "category", "groups", "title")
    for key in keys:
        if key in item:
            return "、".join(item[key]) if isinstance(item[key], list) else str(item[key])
    return ""


def _things(value: Any) -> bool:
    """Whether a list holds things with keys of their own."""
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _identified(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list's items can be told apart by what they are, not by where they stand."""
    identities = {_identity(item) for item in items}
    return len(identities) == len(items) and ("" not in identities or all("dimensions" in item for item in items))
