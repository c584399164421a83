"""What a sheet of the office's workbook is: its columns, how rows are checked against each other, how they are saved.

Each app describes its own sheets (``sheets.py``); the top floor strings them together into one template and one import.
Nothing here writes: ``save`` calls the app's services.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from xianfeng.kernel.actors import Actor
from xianfeng.kernel.bulk import Tally
from xianfeng.kernel.sheets import Cell, CellError, Column, Problem, Sheet, cells, read_table

Words = Mapping[str, str]  # what stands on screen → code
REMARK = "错误说明"  # the column we add to a workbook that is handed back
HEADER_ROWS = 10


@dataclass(frozen=True)
class Field:
    """A column: its title, how a cell becomes a value, and what the person filling it in is told."""

    title: str
    parse: Callable[[Cell], Any] = cells.text
    required: bool = False
    note: str = ""
    words: Words | Callable[[], Words] = field(default_factory=dict)
    kind: Literal["text", "integer", "date"] = "text"
    width: int = 0
    empty: Any = ""

    def vocabulary(self) -> Words:
        """The drop-down's words and their codes; some depend on what is loaded."""
        return self.words() if callable(self.words) else self.words


def text(title: str, *, required: bool = False, longest: int = 120, note: str = "", width: int = 0) -> Field:
    """A column of text."""
    return Field(title, lambda cell: cells.text(cell, longest=longest), required, note, width=width)


def code(title: str, *, required: bool = False, note: str = "") -> Field:
    """A column of codes: text without blanks, so that zeros in front survive."""
    return Field(title, parse_code, required, note, width=18)


def parse_code(cell: Cell) -> str:
    """A code of at most 32 characters; digits that Excel has already rounded are refused."""
    value = cells.text(cell, longest=32)
    if any(one.isspace() for one in value):
        raise CellError(_("“%(value)s”中间有空格") % {"value": value})
    if isinstance(cell, int) and len(value) > 15:
        raise CellError(_("数字超过15位会被 Excel 改动，请先把单元格设为文本再填写"))
    return value


def word(title: str, words: Words | Callable[[], Words], *, required: bool = False, note: str = "") -> Field:
    """A column with a drop-down."""

    def parse(cell: Cell) -> str:
        return cells.choice(cell, words() if callable(words) else words)

    return Field(title, parse, required, note, words, width=18)


def words_of(names: Mapping[str, str]) -> Words:
    """A code → word table turned round for a drop-down; of two codes with one word the first counts."""
    found: dict[str, str] = {}
    for one, name in names.items():
        found.setdefault(name, one)
    return found


def several(title: str, words: Callable[[], Words], *, note: str = "") -> Field:
    """A column of several words with 、 between them; a cell with a strange one is told which there are."""

    def parse(cell: Cell) -> tuple[str, ...]:
        known = words()
        return tuple(cells.choice(one, known) for one in split(cells.text(cell)))

    return Field(title, parse, False, note, empty=(), width=24)


def split(value: str) -> list[str]:
    """Words written with 、 or any comma or semicolon between them."""
    for mark in "，,；;/":
        value = value.replace(mark, "、")
    return [one.strip() for one in value.split("、") if one.strip()]


def day(title: str, *, required: bool = False, note: str = "") -> Field:
    """A column of dates."""
    return Field(title, cells.day, required, note or _("写成 2026年11月22日"), kind="date", empty=None, width=18)


def count(title: str, *, required: bool = False, least: int = 0, most: int = 100_000, note: str = "") -> Field:
    """A column of whole numbers."""
    return Field(
        title, lambda cell: cells.integer(cell, least=least, most=most), required, note, kind="integer", empty=None
    )


def yes_no(title: str, *, empty: bool, note: str = "") -> Field:
    """A column of 是 and 否; ``empty`` is what an empty cell means."""
    return Field(title, cells.yes_no, False, note, {"是": "yes", "否": "no"}, empty=empty)


@dataclass(frozen=True)
class Line:
    """One row as read: its number in Excel, and a value for each field."""

    sheet: str
    number: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass
class Run:
    """One import under way: who, when, what is wrong so far, and the codes known from database and workbook."""

    actor: Actor
    now: datetime
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)  # codes of rows that are refused for another reason

    def learn(self, what: str, load: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """Codes of a sort, loaded from the database on first use; sheets add theirs."""
        if what not in self.known:
            self.known[what] = dict(load())
        return self.known[what]

    def refuse(self, line: Line, title: str, reason: str) -> None:
        """Note what is wrong with a row."""
        self.problems.append(Problem(line.sheet, line.number, title, reason))


@dataclass(frozen=True)
class SheetSpec:
    """A sheet of the workbook."""

    name: str
    fields: Mapping[str, Field]
    note: str  # a sentence on the instruction sheet
    keeper: str  # who keeps these rows, in words
    key: tuple[str, ...]  # fields that together name a row
    check: Callable[[Sequence[Line], Run], None]
    save: Callable[[Sequence[Line], Run], Tally]

    def columns(self) -> list[Column]:
        """The sheet's columns for the template."""
        return [
            Column(
                one.title,
                kind=one.kind,
                width=one.width,
                choices=list(one.vocabulary()),
                note=("必填。" if one.required else "") + one.note,
                required=one.required,
            )
            for one in self.fields.values()
        ]

    def read(self, sheet: Sheet, run: Run) -> list[Line]:
        """Rows of the sheet with every cell parsed; what is wrong is noted, and bad rows are left out."""
        required = [one.title for one in self.fields.values() if one.required]
        _note_strange_titles(self, sheet, required, run.problems)
        lines = []
        for row in read_table(sheet, required, run.problems):
            values = {}
            for name, one in self.fields.items():
                found = row.get(one.title, one.parse, required=one.required)
                values[name] = one.empty if found is None else found
            if row.ok:
                lines.append(Line(self.name, row.number, values))
            else:  # who refers to this row need not hear that it does not exist
                run.spoilt.add(str(values[self.key[0]] or ""))
        return _without_duplicates(self, lines, run)


def _note_strange_titles(spec: SheetSpec, sheet: Sheet, required: Iterable[str], problems: list[Problem]) -> None:
    """A mistyped title of an optional column would silently lose what stands below it."""
    titles = {one.title for one in spec.fields.values()} | {REMARK}
    for row in sheet.rows[:HEADER_ROWS]:
        found = {str(cell).removesuffix("（必填）").rstrip("*＊ ").strip() for cell in row.cells if cell is not None}
        if found >= set(required):
            problems += [
                Problem(sheet.name, row.number, one, _("模板里没有这一列，请改正列名或删去这一列"))
                for one in sorted(found - titles)
            ]
            return


def _without_duplicates(spec: SheetSpec, lines: Sequence[Line], run: Run) -> list[Line]:
    first: dict[tuple[Any, ...], Line] = {}
    title = spec.fields[spec.key[0]].title
    for line in lines:
        key = tuple(line[name] for name in spec.key)
        if key in first:
            run.refuse(line, title, _("与第%(row)s行重复") % {"row": first[key].number})
        first.setdefault(key, line)
    return list(first.values())


def summary(tallies: Mapping[str, Tally]) -> Tally:
    """All sheets' counts together."""
    return sum(tallies.values(), Tally())


def problems_by_sheet(problems: Iterable[Problem]) -> Counter[str]:
    """How many problems each sheet has."""
    return Counter(one.sheet for one in problems)
