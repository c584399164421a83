"""A category's standard as an editable tree: running totals beside every sum, titles and points typed in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.paths import Edit, has, parse, written
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.trace import show

Doc = Mapping[str, Any]
MOST_POINTS = Decimal(10_000)
KINDS = words.VALUES["Indicator"]


@dataclass(frozen=True)
class Sum:
    """What is under a heading against what the heading says."""

    points: str  # as written or typed
    actual: Decimal

    @property
    def expected(self) -> Decimal | None:
        """The heading's points; None while what is typed is no number."""
        return exact(self.points)

    @property
    def fits(self) -> bool:
        """Whether they are equal."""
        return self.expected == self.actual

    @property
    def words(self) -> str:
        """``合计 12.5，少 0.5 分``."""
        said = f"合计 {show(self.actual)}"
        if self.expected is None or self.fits:
            return said
        gap = self.actual - self.expected
        return f"{said}，{'多' if gap > 0 else '少'} {show(abs(gap))} 分"


@dataclass(frozen=True)
class Leaf:
    """An indicator."""

    where: str
    title: str
    points: str
    kind: str
    bonus: bool
    criteria: str
    evidence: int
    first: bool
    last: bool


@dataclass(frozen=True)
class Branch:
    """A part, a version of it, or a dimension."""

    where: str
    title: str
    sum: Sum
    first: bool
    last: bool
    lines: str = ""  # where its list of children stands
    branches: list["Branch"] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Tree:
    """The standard of one category."""

    where: str
    sum: Sum
    note: str
    parts: list[Branch]


def exact(value: Any) -> Decimal | None:
    """A number as typed or written; None for none."""
    try:
        found = Decimal(str(value).strip().replace("，", "").replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= MOST_POINTS else None


def place_of(document: Doc, category: str) -> int | None:
    """Which of the standards is the category's."""
    for at, source in enumerate(document.get("standards") or ()):
        if source.get("category") == category:
            return at
    return None


def grow(document: Doc, at: int, typed: Mapping[str, str]) -> Tree:
    """The tree of ``standards[at]``; what was typed (``t:`` titles, ``p:`` points) stands over what is stored."""
    source, path = document["standards"][at], ("standards", at)
    parts = [
        _part(document, one, (*path, "parts", i), typed, (i == 0, i == len(source["parts"]) - 1))
        for i, one in enumerate(source["parts"])
    ]
    total = sum((part.sum.expected or Decimal(0) for part in parts), Decimal(0))
    return Tree(written(path), Sum(str(source.get("total", 100)), total), str(source.get("note", "")), parts)


Ends = tuple[bool, bool]


def _part(document: Doc, part: Doc, path: Path, typed: Mapping[str, str], ends: Ends) -> Branch:
    points = _typed(typed, "p", path, part.get("points"))
    versions = [
        _version(document, one, (*path, "versions", i), typed, points, (i == 0, i == len(part["versions"]) - 1))
        for i, one in enumerate(part["versions"])
    ]
    total = versions[0].sum.actual if versions else Decimal(0)
    return Branch(
        written(path), _typed(typed, "t", path, part.get("title")), Sum(points, total), *ends,
        lines=written((*path, "versions")), branches=versions,
    )  # fmt: skip


def _version(document: Doc, version: Doc, path: Path, typed: Mapping[str, str], points: str, ends: Ends) -> Branch:
    dimensions = [
        _dimension(one, (*path, "dimensions", i), typed, (i == 0, i == len(version["dimensions"]) - 1))
        for i, one in enumerate(version["dimensions"])
    ]
    total = sum((one.sum.expected or Decimal(0) for one in dimensions), Decimal(0))
    titles = dict(words.listed(document, "applicant_groups"))
    groups = "、".join(titles.get(code, code) for code in version.get("groups") or ())
    return Branch(
        written(path), groups or "通用", Sum(points, total), *ends,
        lines=written((*path, "dimensions")), branches=dimensions,
    )  # fmt: skip


def _dimension(dimension: Doc, path: Path, typed: Mapping[str, str], ends: Ends) -> Branch:
    found = dimension["indicators"]
    leaves = [_leaf(one, (*path, "indicators", i), typed, (i == 0, i == len(found) - 1)) for i, one in enumerate(found)]
    total = sum((exact(one.points) or Decimal(0) for one in leaves if not one.bonus), Decimal(0))
    return Branch(
        written(path), _typed(typed, "t", path, dimension.get("title")),
        Sum(_typed(typed, "p", path, dimension.get("points")), total), *ends,
        lines=written((*path, "indicators")), leaves=leaves, note=str(dimension.get("clause", "")),
    )  # fmt: skip


def _leaf(indicator: Doc, path: Path, typed: Mapping[str, str], ends: Ends) -> Leaf:
    kind = str(indicator.get("kind", "scored"))
    return Leaf(
        written(path), _typed(typed, "t", path, indicator.get("title")),
        _typed(typed, "p", path, indicator.get("points")), KINDS.get(kind, kind), kind == "bonus",
        str(indicator.get("criteria", "")), len(indicator.get("evidence") or ()), *ends,
    )  # fmt: skip


def _typed(typed: Mapping[str, str], sort: str, path: Path, stored: Any) -> str:
    key = f"{sort}:{written(path)}"
    if key in typed:
        return typed[key]
    return show(stored) if isinstance(stored, Decimal) else str(stored if stored is not None else "")


@dataclass
class Typed:
    """What was typed into the tree: the edits it makes, and a sentence on everything that is no title or no number."""

    edits: list[Edit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def collect(document: Doc, at: int, typed: Mapping[str, str]) -> Typed:
    """Turn what was typed into edits of the standard at this place."""
    found = Typed()
    for key, text in typed.items():
        sort, _, where = key.partition(":")
        if sort not in ("t", "p"):
            continue
        path = parse(where)
        if path[:2] != ("standards", at) or not has(document, path):
            continue
        if sort == "t":
            _title(found, path, text.strip())
        else:
            _points(found, path, text, typed.get(f"t:{where}", ""))
    return found


def _title(found: Typed, path: Path, text: str) -> None:
    if not text:
        found.faults.append("名称不能为空，请填写或删除这一项。")
    elif len(text) > 200:
        found.faults.append(f"名称“{text[:20]}…”过长，最多 200 字。")
    else:
        found.edits.append(Edit("put", (*path, "title"), text))


def _points(found: Typed, path: Path, text: str, title: str) -> None:
    points = exact(text)
    if points is None:
        found.faults.append(f"“{title}”的分值应为 0 至 {MOST_POINTS:,} 的数字。")
    elif -int(points.normalize().as_tuple().exponent) > 4:
        found.faults.append(f"“{title}”的分值最多保留 4 位小数。")
    else:
        whole = points == points.to_integral_value()
        found.edits.append(Edit("put", (*path, "points"), int(points) if whole else points))


def typed_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The tree's own fields of a posted form."""
    return {key: str(value) for key, value in data.items() if key[:2] in ("t:", "p:")}


def flat(parts: Sequence[Branch]) -> int:
    """How many indicators the tree has."""
    return sum(len(d.leaves) for part in parts for version in part.branches for d in version.branches)
