"""Building blocks of the definition language: the strict model and the exact, bounded types."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Model(BaseModel):
    """Every piece of a definition: unknown keys are errors, values never change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, ser_json_inf_nan="strings")


def _exact(value: Any) -> Any:
    if isinstance(value, (bool, float)):
        raise ValueError("请写成整数或小数，不能用是否值或浮点数")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and len(value) == 10):
        return value
    raise ValueError("请写成日期，例如 2019-03-01")


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise ValueError("比例应在 0 与 1 之间")
    return value


def _fraction(value: str) -> str:
    if not 0 < Fraction(value) <= 1:
        raise ValueError("应是不大于 1 的分数，例如 2/3")
    return value


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]
Exact = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False, max_digits=16, decimal_places=4)]
Points = Annotated[Exact, Field(ge=0, le=10_000)]
Share = Annotated[Exact, AfterValidator(_share)]
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Positive = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Year = Annotated[int, Field(strict=True, ge=1949, le=2200)]
Day = Annotated[date, BeforeValidator(_day)]
Ratio = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}/[1-9][0-9]{0,2}$"), AfterValidator(_fraction)]


class Named(Model):
    """Whatever a definition names by code: Chinese on screen, English where the office wrote it."""

    code: Code
    title: Title
    title_en: Title | None = None

    def shown(self, language: str = "zh") -> str:
        """The name in a language; Chinese where there is no other."""
        return self.title_en if self.title_en and language.startswith("en") else self.title


class Coded(Protocol):
    """Anything a definition lists by code."""

    @property
    def code(self) -> str:
        """The code, unique within its list."""
        ...


T = TypeVar("T", bound=Coded)


def by_code(items: Sequence[T], code: str) -> T:
    """The item with this code; ``KeyError`` when the definition has none."""
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)
