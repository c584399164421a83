"""Pieces of a definition as JSON values: what is hashed, compared and shown."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel


def plain(value: Any, *, defaults: bool = False) -> Any:
    """JSON values of a piece of a definition: decimals as shortest strings, days as ISO; defaults only when asked."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(exclude_defaults=not defaults))
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
