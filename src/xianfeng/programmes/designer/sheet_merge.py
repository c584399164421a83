"""From a table to a standard, keeping the codes and ways of scoring of what is there; and back to Excel."""

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter

from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.blanks import blank
from xianfeng.programmes.designer.shape import Shape, at
from xianfeng.programmes.designer.sheet import COLUMNS, WHO, Group, Leaf, Part, Table, several
from xianfeng.programmes.rules.schema.standards import Dimension
from xianfeng.programmes.rules.schema.standards import Part as PartModel
from xianfeng.programmes.rules.trace import show

Doc = Mapping[str, Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = (14, 16, 20, 24, 8, 60, 40, 14)


class Merger:
    """Builds the parts of a standard from a table; hands out codes that nobody uses."""

    def __init__(self, document: Doc, place: int) -> None:
        self.document = dict(document)
        self.source = document["standards"][place]
        self.indicator = at(document, ("standards", place, "parts", 0, "versions", 0, "dimensions", 0, "indicators", 0))
        self.made = 0

    def parts(self, table: Table) -> list[dict[str, Any]]:
        """The standard's parts as the table has them."""
        old = {part["title"]: part for part in self.source.get("parts") or ()}
        return [self._part(one, old.get(one.title, {})) for one in table.parts]

    def _part(self, part: Part, old: Doc) -> dict[str, Any]:
        before = {tuple(one.get("groups") or ()): one for one in old.get("versions") or ()}
        versions = []
        for groups, dimensions in part.versions.items():
            known = {one["title"]: one for one in before.get(groups, {}).get("dimensions") or ()}
            made = [self._dimension(one, known.get(one.title, {})) for one in dimensions]
            versions.append(({"groups": list(groups)} if groups else {}) | {"dimensions": made})
        first = next(iter(part.versions.values()))
        stated = part.stated if part.stated is not None else sum((one.points for one in first), Decimal(0))
        head = dict(old) if old else {"code": self._code(Shape("model", model=PartModel))}
        return head | {"title": part.title, "points": _plain(stated), "versions": versions}

    def _dimension(self, group: Group, old: Doc) -> dict[str, Any]:
        known = {one["title"]: one for one in old.get("indicators") or ()}
        head = dict(old) if old else {"code": self._code(Shape("model", model=Dimension))}
        made = [self._leaf(one, known.get(one.title, {})) for one in group.leaves]
        return head | {"title": group.title, "points": _plain(group.points), "indicators": made}

    def _leaf(self, leaf: Leaf, old: Doc) -> dict[str, Any]:
        kind = leaf.kind or old.get("kind", "scored")
        made = dict(old)
        if not old or kind != old.get("kind", "scored"):
            code = old.get("code") or self._code(self.indicator)
            made = self._of_kind(kind) | {"code": code}
        made |= {"title": leaf.title, "points": _plain(leaf.points)}
        papers = list(old.get("evidence") or ())
        if leaf.evidence != [one for paper in papers for one in several(paper)]:
            papers = leaf.evidence  # else they are unchanged, though a name may hold a 、 of its own
        for key, value in (("criteria", "\n".join(leaf.criteria)), ("evidence", papers)):
            if value:
                made[key] = value
            else:
                made.pop(key, None)
        return made

    def _of_kind(self, kind: str) -> dict[str, Any]:
        model = dict(self.indicator.options)[kind]
        made: dict[str, Any] = blank(Shape("model", model=model), self.document)
        return made

    def _code(self, shape: Shape) -> str:
        made = blank(shape, self.document)
        self.made += 1
        self.document[f"__{self.made}"] = {"code": made["code"]}
        return str(made["code"])


def _plain(value: Decimal) -> Decimal | int:
    return int(value) if value == value.to_integral_value() else value


def rows_of(document: Doc, place: int) -> Iterator[tuple[str, str, str, Doc]]:
    """Applicant groups, part, dimension (points stated) and indicator, in order."""
    titles = dict(words.listed(document, "applicant_groups"))
    for part in document["standards"][place]["parts"]:
        for version in part["versions"]:
            who = "、".join(titles.get(code, code) for code in version.get("groups") or ()) or "通用"
            for dimension in version["dimensions"]:
                for indicator in dimension["indicators"]:
                    yield who, _stated(part), _stated(dimension), indicator


def _stated(piece: Doc) -> str:
    points = piece.get("points", 0)
    return f"{piece.get('title', '')}（{show(Decimal(points))}分）"


def write_standard(document: Doc, place: int, category: str) -> bytes:
    """The workbook: one sheet, cells of the same part, dimension and applicant groups merged as offices do."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        base = {"font_name": "微软雅黑", "font_size": 10, "text_wrap": True, "valign": "vcenter", "border": 1}
        head = book.add_format(base | {"bold": True, "bg_color": "#E8EEF0", "align": "center"})
        body = book.add_format(base | {"num_format": "@"})
        quoted = book.add_format(base | {"num_format": "@", "quote_prefix": True})
        points = book.add_format(base | {"num_format": "0.####", "align": "center"})
        sheet = book.add_worksheet("".join(c for c in category if c not in "[]:*?/\\'")[:31] or "标准")
        for column, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        rows = list(rows_of(document, place))
        for number, (_who, _part, _dimension, one) in enumerate(rows, 1):
            kind = words.VALUES["Indicator"].get(str(one.get("kind", "scored")), "")
            texts = (one.get("title", ""), None, one.get("criteria", ""), "、".join(one.get("evidence") or ()), kind)
            for column, words_in in enumerate(texts, 3):
                if words_in is not None:
                    sheet.write_string(number, column, str(words_in), _style(str(words_in), body, quoted))
            sheet.write_number(number, 4, Decimal(one.get("points", 0)), points)
        for column in range(3):
            _merge_runs(sheet, [row[: column + 1] if column else row[:2] for row in rows], column, body, quoted)
    return target.getvalue()


def _style(value: str, body: Any, quoted: Any) -> Any:
    return quoted if value.startswith(FORMULA_STARTS) else body


def _merge_runs(sheet: Any, keys: list[tuple[Any, ...]], column: int, body: Any, quoted: Any) -> None:
    """Merge neighbours that belong together; a single row is a plain cell."""
    start = 0
    for end in range(1, len(keys) + 1):
        if end < len(keys) and keys[end] == keys[start]:
            continue
        value = str(keys[start][column])
        style = _style(value, body, quoted)
        if end - start > 1:
            sheet.merge_range(start + 1, column, end, column, value, style)
        else:
            sheet.write_string(start + 1, column, value, style)
        start = end


assert (COLUMNS[0], COLUMNS[4]) == (WHO, "分值")  # the writer counts on it
