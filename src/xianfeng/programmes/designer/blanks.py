"""New pieces: the least a list's new item must have to be of the right shape, with codes nobody else uses."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from xianfeng.kernel import clock
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.shape import Shape, Slot, narrowed, slots
from xianfeng.programmes.rules.problems import Path

STEMS = {
    "Body": "body", "ApplicantGroup": "group", "Category": "category", "Tier": "tier", "Stage": "stage", "Gate": "gate",
    "Part": "part", "Dimension": "dim", "Procedure": "procedure", "Step": "step", "Band": "grade", "Trigger": "trigger",
    "Level": "level", "Fault": "fault", "Choice": "choice",
}  # fmt: skip
NAMES = {
    "Body": "新机构", "ApplicantGroup": "新申报单位类别", "Category": "新类别", "Tier": "新层级", "Stage": "新阶段",
    "Gate": "新条件", "Part": "新部分", "Dimension": "新维度", "Procedure": "新程序", "Step": "新环节",
    "Band": "新等次", "Trigger": "新情形", "Example": "新示例", "Basis": "新依据", "Intent": "新一组",
}  # fmt: skip


def blank(shape: Shape, document: Mapping[str, Any], path: Path = ()) -> Any:
    """A minimal value of a shape."""
    shape = narrowed(shape, None)
    if shape.model is None:
        return _leaf(shape)
    made = {one.name: fresh(one, document, path) for one in slots(shape.model) if one.required}
    if any(one.name == "code" and one.shape.kind == "text" for one in slots(shape.model)):
        made["code"] = fresh_code(shape.model, document)
    return made


def this_year(value: Mapping[str, Any], title: str, year: int) -> dict[str, Any]:
    """The blank programme begun in a year, and its one tier called as the programme."""
    (one,), (tier,) = value["rounds"], value["tiers"]

    def moved(span: Mapping[str, Any]) -> dict[str, Any]:
        return {end: day.replace(year=year) for end, day in span.items()}

    stages = {code: moved(span) for code, span in one["stages"].items()}
    begun = {**one, "year": year, "title": f"{year} 年度创建", "stages": stages}
    return {**value, "period": moved(value["period"]), "rounds": [begun], "tiers": [{**tier, "full_title": title}]}


def _leaf(shape: Shape) -> Any:
    plain: dict[str, Any] = {"text": "新内容", "flag": False, "whole": 1, "number": 0, "list": [], "map": {}}
    if shape.kind == "choice":
        return shape.values[0]
    return clock.today() if shape.kind == "day" else plain.get(shape.kind)


def fresh(slot: Slot, document: Mapping[str, Any], path: Path) -> Any:
    """The least a required key must hold."""
    shape = slot.shape
    known = words.references(slot, document)
    first = known[0][0] if known else ""
    if shape.kind == "list":
        if known:
            return [first]
        item = shape.item or Shape("text")
        if slot.name == "about":
            return ["unit"]
        return [_numbered(blank(item, document, path), at) for at in range(1, max(shape.least, 1) + 1)]
    if shape.kind in ("model", "union"):
        return blank(shape, document, path)
    return _scalar(slot, document, first)


def _numbered(item: Any, at: int) -> Any:
    if isinstance(item, dict) and "code" in item and at > 1:
        item["code"] = f"{item['code']}_{at}"
    return item


def _scalar(slot: Slot, document: Mapping[str, Any], first: str) -> Any:
    if first:
        return first
    if slot.name == "year":
        return max((one.get("year", 0) for one in document.get("rounds") or ()), default=clock.today().year - 1) + 1
    if slot.shape.kind == "day" and slot.name in ("since", "until", "on", "happened_on"):
        return (document.get("period") or {}).get("until" if slot.name == "until" else "since") or clock.today()
    if slot.name in ("title", "full_title"):
        return NAMES.get(slot.owner.__name__, "新指标" if "Indicator" in _bases(slot.owner) else "新的一项")
    known: dict[str, Any] = {"each": 1, "share": 1, "unit": "个", "bonus_cap": 0}
    return known.get(slot.name, _leaf(slot.shape))


def _bases(model: type[BaseModel]) -> str:
    return " ".join(one.__name__ for one in model.__mro__)


def fresh_code(model: type[BaseModel], document: Mapping[str, Any]) -> str:
    """A code the document does not use anywhere yet."""
    used = set(_codes(document))
    stem = STEMS.get(model.__name__, "ind" if "Indicator" in _bases(model) else "item")
    number = 1
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("code"), str):
            yield value["code"]
        for inner in value.values():
            yield from _codes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _codes(inner)
