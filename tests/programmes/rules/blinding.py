"""Makes the engine blind to one key of the language: it sees the default, whatever a definition says."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from unittest.mock import patch

from pydantic import BaseModel

from xianfeng.programmes.rules import loading
from xianfeng.programmes.rules.checks import check
from xianfeng.programmes.rules.schema.base import Model
from xianfeng.programmes.rules.schema.definition import Definition

Field = tuple[type[BaseModel], str]
INSTEAD: dict[type, Any] = {
    str: "blind", bool: False, int: 1, Decimal: Decimal(1), date: date(2000, 1, 1), tuple: (), dict: {}
}  # fmt: skip


def parts(annotation: Any) -> Iterator[Any]:
    """A type and all types it is made of."""
    yield annotation
    for inner in get_args(annotation):
        yield from parts(inner)


def models() -> list[type[BaseModel]]:
    """Every model of the language, the definition first."""
    found: list[type[BaseModel]] = [Definition]
    for model in found:
        for field in model.model_fields.values():
            for one in parts(field.annotation):
                if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
                    found.append(one)
    return found


def keys() -> dict[str, Field]:
    """Every key that is not just a holder of other pieces or can have but one value, as ``Model.key``."""
    return {
        f"{model.__name__}.{name}": (model, name)
        for model in models()
        for name, field in model.model_fields.items()
        if not any(isinstance(one, type) and issubclass(one, BaseModel) for one in parts(field.annotation))
        and not (get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1)
    }


def unseen(field: Field) -> Any:
    """What the engine sees instead: the default, or for a required key something of its type."""
    model, name = field
    info = model.model_fields[name]
    if not info.is_required():
        return info.get_default(call_default_factory=True)
    kind = info.annotation
    while get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    return INSTEAD[get_origin(kind) or kind]  # type: ignore[index]


class Sight:
    """Whether a piece of the language is just being read, when nothing must be hidden from its own validators."""

    def __init__(self) -> None:
        self.reading = 0

    def around(self, call: Any) -> Any:
        """The call, made with open eyes."""

        def made(*args: Any, **more: Any) -> Any:
            self.reading += 1
            try:
                return call(*args, **more)
            finally:
                self.reading -= 1

        return made


@contextmanager
def blind_to(field: Field, *, checks_too: bool) -> Iterator[None]:
    """Inside, the key is not seen by the engine, and by the checks of a definition only if not ``checks_too``."""
    model, name = field
    sight, instead = Sight(), unseen(field)
    read = BaseModel.model_validate.__func__  # type: ignore[attr-defined]

    def get(self: BaseModel) -> Any:
        return self.__dict__[name] if sight.reading else instead

    with ExitStack() as stack:
        stack.enter_context(patch.object(Model, "model_validate", classmethod(sight.around(read))))
        stack.enter_context(patch.object(Model, "__init__", sight.around(BaseModel.__init__)))
        if not checks_too:
            stack.enter_context(patch.object(loading, "check", sight.around(check)))
        type.__setattr__(model, name, property(get))
        try:
            yield
        finally:
            type.__delattr__(model, name)
