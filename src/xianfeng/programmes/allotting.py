"""Nominating places allotted to recommending bodies: the round's table, as read, typed and pasted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xianfeng.directory.models import Organisation, Relation, holds_on
from xianfeng.programmes.models import Round
from xianfeng.programmes.rules import Category

Cells = dict[tuple[int, str], int | None]


@dataclass(frozen=True)
class Table:
    """Recommending bodies down, the categories with allotted places across."""

    categories: list[Category]
    bodies: list[Organisation]
    cells: Cells

    @property
    def lines(self) -> list[tuple[Organisation, list[int | None]]]:
        """The bodies that have a number, with a cell for each category; None is not in the table."""
        rows = [(one, [self.cells.get((one.pk, each.code)) for each in self.categories]) for one in self.bodies]
        return [(one, cells) for one, cells in rows if any(cell is not None for cell in cells)]

    @property
    def totals(self) -> list[int]:
        """Sums by category."""
        return [sum(cell or 0 for cell in column) for column in zip(*(cells for _, cells in self.lines), strict=True)]


def table(row: Round, on: date) -> Table:
    """The round's table: every organisation that is somebody's superior on the day, or already has a number."""
    categories = [one for one in row.version.definition.categories if one.allotted]
    if not categories:
        return Table([], [], {})
    cells: Cells = {(one.organisation_id, one.category): one.places for one in row.allotments.all()}
    above = Relation.objects.filter(holds_on(on), kind="superior").values("target_id")
    asked = Q(pk__in=above, closed_on__isnull=True) | Q(pk__in={body for body, _ in cells})
    return Table(categories, list(Organisation.objects.filter(asked).order_by("kind", "code")), cells)


def allotted(row: Round, organisation: Organisation, category: str) -> int | None:
    """What the round's table gives one body in one category; None where it is not in the table."""
    return row.allotments.filter(organisation=organisation, category=category).values_list("places", flat=True).first()


def pasted(text: str, bodies: Iterable[Organisation], categories: Sequence[Category]) -> tuple[Cells, list[str]]:
    """Rows copied from Excel, a name (or code) and a number for each category, and what is wrong with them by row."""
    known = _by_name(bodies)
    cells: Cells = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        name, *counts = [cell.strip() for cell in line.split("\t")]
        body = known.get(name)
        if not any((name, *counts)) or (number == 1 and body is None and not any(one.isdecimal() for one in counts)):
            continue  # an empty row, or the headings
        if body is None:
            faults.append(f"第 {number} 行：没有名为“{name}”的推荐单位，或者有重名；可以改写它的编码。")
            continue
        for category, count in zip(categories, counts, strict=False):
            if count and not (count.isascii() and count.isdecimal() and len(count) <= 5):
                faults.append(f"第 {number} 行：“{category.title}”一列的“{count}”不是个数。")
            else:
                cells[body.pk, category.code] = int(count) if count else None
    return cells, faults


def _by_name(bodies: Iterable[Organisation]) -> Mapping[str, Organisation]:
    found: dict[str, Organisation] = {}
    twice: set[str] = set()
    for one in bodies:
        for name in {one.name, one.short_name, one.code} - {""}:
            twice |= {name} & found.keys()
            found[name] = one
    return {name: one for name, one in found.items() if name not in twice}
