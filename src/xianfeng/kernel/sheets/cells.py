"""From a cell to a value: each function takes what stands in the cell and raises CellError with a Chinese reason."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

Cell = str | int | Decimal | bool | date | datetime | None

DATE = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?")
YES = {"是", "有", "√", "✓", "y", "yes", "true", "1"}
NO = {"否", "无", "没有", "×", "✗", "n", "no", "false", "0"}
FIRST_YEAR, LAST_YEAR = 1900, 2200


class CellError(ValueError):
    """The cell does not hold what its column asks for; the message is the Chinese reason."""


def shown(cell: Cell) -> str:
    """The cell as text, the way it is read aloud in an error."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if (cell.hour or cell.minute) else f"{cell:%Y-%m-%d}"
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()


def is_empty(cell: Cell) -> bool:
    """Whether the cell counts as not filled in."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell, *, longest: int = 2000) -> str:
    """Text, without surrounding blanks; numbers become their digits, so identifiers survive either way."""
    value = shown(cell)
    if len(value) > longest:
        raise CellError(
            _("内容过长（%(length)s 字），最多 %(longest)s 字") % {"length": len(value), "longest": longest}
        )
    return value


def number(cell: Cell) -> Decimal:
    """An exact decimal."""
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Decimal(cell)
    try:
        value = Decimal(text(cell).replace(",", "").replace("，", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise CellError(_("“%(cell)s”不是数字") % {"cell": shown(cell)})
    return value


def integer(cell: Cell, *, least: int | None = None, most: int | None = None) -> int:
    """A whole number within bounds."""
    try:
        value = number(cell)
    except CellError as error:
        raise CellError(_("“%(cell)s”不是整数") % {"cell": shown(cell)}) from error
    # The exponent is looked at before the conversion: 1E+999999 would fill the memory.
    if value.adjusted() > 17 or value != value.to_integral_value():
        raise CellError(_("“%(cell)s”不是整数") % {"cell": shown(cell)})
    if least is not None and value < least:
        raise CellError(_("不能小于 %(least)s") % {"least": least})
    if most is not None and value > most:
        raise CellError(_("不能大于 %(most)s") % {"most": most})
    return int(value)


def day(cell: Cell) -> date:
    """A date: an Excel date, ``2026年11月22日``, 2026-11-22, 2026/11/22 or 2026.11.22."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = DATE.fullmatch(text(cell))
    try:
        if found is None:
            raise ValueError
        value = date(*(int(part) for part in found.groups()))
    except ValueError as error:
        reason = _("“%(cell)s”不是日期，请写成 2026年11月22日 或 2026-11-22") % {"cell": shown(cell)}
        raise CellError(reason) from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CellError(_("年份 %(year)s 不合理") % {"year": value.year})
    return value


def yes_no(cell: Cell) -> bool:
    """是 or 否, and what people write for them."""
    if isinstance(cell, bool):
        return cell
    word = text(cell).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError(_("“%(cell)s”应填“是”或“否”") % {"cell": shown(cell)})


def choice(cell: Cell, allowed: Iterable[str] | Mapping[str, str]) -> str:
    """One of the allowed words; of a mapping word → code, the code."""
    word = text(cell)
    codes = allowed if isinstance(allowed, Mapping) else {one: one for one in allowed}
    if word not in codes:
        raise CellError(_("“%(cell)s”不在可选项之内，可填：%(words)s") % {"cell": word, "words": "、".join(codes)})
    return codes[word]
