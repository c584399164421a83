"""Model fields shared by all apps: points as scaled integers, exact in every database."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

SCALE = 10_000


class PointsField(models.BigIntegerField):  # type: ignore[type-arg]
    """Points: ``Decimal`` in Python, integer ten-thousandths in the database (SQLite adds decimals as floats)."""

    # what django-stubs' plugin reads: Decimal in and out
    _pyi_private_set_type: Decimal | int  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        """Exact decimal of the stored integer."""
        return None if value is None else Decimal(value) / SCALE

    def to_python(self, value: Any) -> Decimal | None:
        """Decimal from what a form or a fixture gives; floats are refused."""
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("分值不能用浮点数表示。")
        return Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        """Scaled integer; refuses more than four decimal places rather than rounding silently."""
        exact = self.to_python(value)
        if exact is None:
            return None
        scaled = exact * SCALE
        if scaled != int(scaled):
            raise ValidationError("分值最多保留四位小数。")
        return int(scaled)
