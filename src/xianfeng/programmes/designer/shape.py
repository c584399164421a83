"""The language's schema as forms need it: for every place of a definition, what may stand there.

Read from the pydantic models themselves, so that a key the language gains can be edited the day it is there.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from xianfeng.programmes.designer.paths import look, missing
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.schema.definition import Definition

Kind = Literal["model", "union", "list", "map", "choice", "flag", "whole", "number", "day", "text", "raw"]
LEAVES = ("choice", "flag", "whole", "number", "day", "text")
PROSE = 1000  # texts that may be longer than this get a box of several lines


@dataclass(frozen=True)
class Shape:
    """What may stand at a place. ``options``: a union's models by their ``kind``; ``item``: a list's or map's value."""

    kind: Kind
    optional: bool = False
    model: type[BaseModel] | None = None
    options: tuple[tuple[str, type[BaseModel]], ...] = ()
    item: "Shape | None" = None
    values: tuple[str, ...] = ()
    longest: int = 0
    least: int = 0  # items a list must have

    @property
    def leaf(self) -> bool:
        """Whether one control is enough."""
        inner = self.kind == "list" and self.item is not None and self.item.kind in ("text", "choice", "number")
        return self.kind in LEAVES or inner

    @property
    def flat(self) -> bool:
        """Whether a list's items are small enough to be edited in place."""
        if self.kind != "list" or self.item is None or self.item.model is None or self.item.kind != "model":
            return False
        return all(one.shape.leaf for one in slots(self.item.model))


@dataclass(frozen=True)
class Slot:
    """A key of a model."""

    owner: type[BaseModel]
    name: str
    shape: Shape
    required: bool
    default: Any  # plain value; None when required


@lru_cache(maxsize=256)
def slots(model: type[BaseModel]) -> tuple[Slot, ...]:
    """The keys of a model in their order."""
    return tuple(_slot(model, name, field) for name, field in model.model_fields.items())


def slot(model: type[BaseModel], name: str) -> Slot:
    """One key; 404 without."""
    for one in slots(model):
        if one.name == name:
            return one
    raise missing()


def _slot(model: type[BaseModel], name: str, field: FieldInfo) -> Slot:
    shape = shape_of(field.annotation, tuple(field.metadata))
    if shape.kind == "raw" and field.discriminator is not None:
        shape = replace(shape, kind="union")
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    return Slot(model, name, shape, field.is_required(), plain(None if default is PydanticUndefined else default))


def shape_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    """The shape a type stands for."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(args[0], (*args[1:], *metadata))
    if origin in (Union, types.UnionType):
        return _union(args, metadata)
    if origin is Literal:
        texts = tuple(one for one in args if isinstance(one, str))
        return Shape("choice", values=texts) if len(texts) == len(args) else Shape("raw")
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return Shape("list", item=shape_of(args[0]), least=_limit(metadata, "min_length"))
    if origin in (dict, Mapping):
        return Shape("map", item=shape_of(args[1]))
    if isinstance(annotation, type):
        return _simple(annotation, metadata)
    return Shape("raw")


def _simple(annotation: type, metadata: tuple[Any, ...]) -> Shape:
    if issubclass(annotation, BaseModel):
        return Shape("model", model=annotation)
    kinds: tuple[tuple[type, Kind], ...] = (
        (bool, "flag"), (int, "whole"), (Decimal, "number"), (date, "day"), (str, "text"),
    )  # fmt: skip
    for known, kind in kinds:
        if issubclass(annotation, known):
            return Shape(kind, longest=_limit(metadata, "max_length"))
    return Shape("raw")


def _union(args: tuple[Any, ...], metadata: tuple[Any, ...]) -> Shape:
    rest = [one for one in args if one is not type(None)]
    if len(rest) == 1:
        return replace(shape_of(rest[0], metadata), optional=True)
    shapes = [shape_of(one) for one in rest]
    models = [one.model for one in shapes if one.model is not None]
    if len(models) < len(shapes):
        return Shape("raw", optional=len(rest) < len(args))
    return Shape("union", optional=len(rest) < len(args), options=tuple((_tag(one), one) for one in models))


def _tag(model: type[BaseModel]) -> str:
    field = model.model_fields.get("kind")
    values = get_args(field.annotation) if field is not None else ()
    return str(values[0]) if values else model.__name__


def _limit(metadata: tuple[Any, ...], name: str) -> int:
    """A bound such as ``max_length``, wherever pydantic put it."""
    for one in _flattened(metadata):
        found = getattr(one, name, None)
        if isinstance(found, int):
            return found
    return 0


def _flattened(metadata: tuple[Any, ...]) -> Iterator[Any]:
    for one in metadata:
        yield one
        yield from getattr(one, "metadata", None) or ()


ROOT = Shape("model", model=Definition)


def narrowed(shape: Shape, value: Any) -> Shape:
    """A union with its value at hand is the model of the value's kind (the first one while none is written)."""
    if shape.kind != "union":
        return shape
    named = value.get("kind") if isinstance(value, Mapping) else None
    models = dict(shape.options)
    default = next((m for m in models.values() if not m.model_fields["kind"].is_required()), None)
    model = models.get(str(named)) or default or shape.options[0][1]
    return Shape("model", optional=shape.optional, model=model, options=shape.options)


def at(document: Any, path: Path) -> Shape:
    """What may stand at a place of this document; 404 where the language has nothing."""
    shape = ROOT
    for depth, step in enumerate(path):
        if shape.kind == "union":
            shape = narrowed(shape, look(document, path[:depth]))
        if shape.kind == "model" and shape.model is not None and isinstance(step, str):
            shape = slot(shape.model, step).shape
        elif (shape.kind == "list" and isinstance(step, int) and shape.item is not None) or (
            shape.kind == "map" and shape.item is not None
        ):
            shape = shape.item
        else:
            raise missing()
    return shape
