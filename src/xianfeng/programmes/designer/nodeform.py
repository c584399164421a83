"""A form for any piece of a definition, built from its shape; it draws, reads back, and knows where errors belong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from pydantic import BaseModel

from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.blanks import blank, fresh, fresh_code
from xianfeng.programmes.designer.controls import control, entered, initial, leaf
from xianfeng.programmes.designer.paths import written
from xianfeng.programmes.designer.redraw import Posted
from xianfeng.programmes.designer.sentences import Item, items_of
from xianfeng.programmes.designer.shape import Shape, Slot, narrowed, slots
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import Path, Problem

ABSENT: Any = object()
Reader = Callable[[], Any]
TABLE = 4  # up to so many columns rows are drawn as a table


@dataclass
class Block:
    """What the template draws: a field, a group of blocks, rows of blocks, or a list that has pages of its own."""

    kind: str
    title: str = ""
    help: str = ""
    name: str = ""
    blocks: list["Block"] = field(default_factory=list)
    more: list["Block"] = field(default_factory=list)
    rows: list["Block"] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    choices: words.Choices = field(default_factory=list)
    where: str = ""
    bound: Any = None  # the bound field, set by ``bind``


class NodeForm(forms.Form):
    """Edits the model at ``path`` (only the keys in ``only``, when given)."""

    use_required_attribute = False

    def __init__(
        self, posted: Posted | None, *, document: Mapping[str, Any], path: Path, shape: Shape, value: Any,
        only: tuple[str, ...] = (), name: str = "",
    ) -> None:  # fmt: skip
        super().__init__(posted.data if posted else None)
        self.posted, self.document, self.path = posted, document, path
        self.places: dict[Path, str] = {}
        shape = self._kind_chosen(shape, value, "kind")
        self.layout: list[Block] = []
        if shape.options:
            self.layout.append(self._kind_field(shape, "", name))
        model, had = _model(shape), value if isinstance(value, dict) else {}
        drawn, more, self._reader = self._model(model, had, "", path, only)
        self.layout = _together(self.layout + drawn)
        self.more = more
        if posted is not None and posted.redrawing:
            self._errors = forms.utils.ErrorDict()
        self._bind(self.layout + self.more)

    def value(self) -> Any:
        """The piece as it would be written; call after ``is_valid``."""
        return self._reader()

    def note(self, problems: list[Problem]) -> None:
        """Put what the language says about this piece on its fields."""
        for one in problems:
            place = one.path[len(self.path) :] if one.path[: len(self.path)] == self.path else one.path
            while place and place not in self.places:
                place = place[:-1]
            name = self.places.get(place)
            self.add_error(name if name in self.fields else None, one.message if name else str(one))

    # -- drawing --------------------------------------------------------------------------------------------------

    def _model(
        self, model: type[BaseModel], value: Mapping[str, Any], prefix: str, path: Path, only: tuple[str, ...] = ()
    ) -> tuple[list[Block], list[Block], Reader]:
        shown: list[Block] = []
        quiet: list[Block] = []
        readers: dict[str, Reader] = {}
        for one in slots(model):
            if only and one.name not in only:
                readers[one.name] = _kept(value, one.name)
                continue
            block, readers[one.name] = self._slot(one, value, prefix, path)
            if block is not None:
                (quiet if one.name in words.QUIET and one.shape.kind == "text" else shown).append(block)
        return shown, quiet, lambda: _collected(readers)

    def _slot(self, slot: Slot, value: Mapping[str, Any], prefix: str, path: Path) -> tuple[Block | None, Reader]:
        shape, had = slot.shape, value.get(slot.name, ABSENT)
        name, here = f"{prefix}{slot.name}", (*path, slot.name)
        if slot.name == "kind" and len(shape.values) == 1:
            return None, lambda: shape.values[0] if slot.required else ABSENT
        if slot.name == "schema_version":
            return None, _kept(value, slot.name)
        if shape.leaf or shape.kind == "raw":
            return self._leaf(slot, had, name, here)
        if shape.kind in ("model", "union"):
            return self._group(slot, had, name, here)
        if shape.kind == "map":
            return self._map(slot, had, name, here)
        if shape.flat:
            return self._rows(slot, had, name, here)
        if shape.item is not None and shape.item.kind in ("model", "union"):
            listed = items_of(had if isinstance(had, list) else [], here, self.document)
            block = Block("list", words.label(slot), name=name, items=listed, where=written(here))
            if had is ABSENT and slot.required:  # a kind just chosen: its list begins with the least it must hold
                return block, lambda: fresh(slot, self.document, here)
            return block, _kept(value, slot.name)
        return self._leaf(slot, had, name, here)

    def _leaf(self, slot: Slot, had: Any, name: str, here: Path) -> tuple[Block, Reader]:
        first = slot.default if had is ABSENT else had
        self.fields[name] = control(slot, self.document, first)
        self.initial[name] = initial(slot.shape, first)
        self.places[here[len(self.path) :]] = name
        return Block("field", name=name), lambda: _sparing(slot, had, entered(slot.shape, self.cleaned_data.get(name)))

    def _group(self, slot: Slot, had: Any, name: str, here: Path) -> tuple[Block, Reader]:
        inner = self._kind_chosen(slot.shape, had if isinstance(had, dict) else slot.default, f"{name}.kind")
        model = _model(inner)
        value = had if isinstance(had, dict) else {}
        blocks, quiet, read = self._model(model, value, f"{name}.", here)
        if inner.options:
            blocks.insert(0, self._kind_field(inner, f"{name}.", slot.name))
        block = Block("group", words.label(slot), words.about(model, words.label(slot)), name, blocks, quiet)
        self.places.setdefault(here[len(self.path) :], f"{name}.kind" if inner.options else name)
        if slot.shape.optional:
            return self._optional(block, slot, had, name, read)

        def group() -> Any:
            found = read()
            return ABSENT if found == {} and not slot.required else found

        return block, group

    def _optional(self, block: Block, slot: Slot, had: Any, name: str, read: Reader) -> tuple[Block, Reader]:
        switch = f"{name}.on"
        self.fields[switch] = forms.BooleanField(label=f"设置{words.label(slot)}", required=False)
        self.initial[switch] = isinstance(had, dict)
        block.blocks.insert(0, Block("field", name=switch))
        off = not (self.posted.data.get(switch) if self.posted else isinstance(had, dict))
        if off:  # what is switched off need not be filled in
            for key, one in self.fields.items():
                if key.startswith(f"{name}."):
                    one.required = False
        return block, lambda: read() if self.cleaned_data.get(switch) else ABSENT

    def _kind_chosen(self, shape: Shape, value: Any, name: str) -> Shape:
        if shape.kind != "union":
            return shape
        asked = self.posted.data.get(name) if self.posted else None
        return narrowed(shape, {"kind": asked} if asked in dict(shape.options) else value)

    def _kind_field(self, shape: Shape, prefix: str, slot_name: str) -> Block:
        tags = [tag for tag, _ in shape.options]
        chosen = next(tag for tag, model in shape.options if model is shape.model)
        self.fields[f"{prefix}kind"] = forms.ChoiceField(
            label={"test": "条件种类", "tests": "条件种类", "result": "产生办法"}.get(slot_name, "计分方式"),
            choices=words.union_words(slot_name, tags),
        )
        self.initial[f"{prefix}kind"] = chosen
        return Block("kind", name=f"{prefix}kind")

    # -- lists and maps ---------------------------------------------------------------------------------------------

    def _rows(self, slot: Slot, had: Any, name: str, here: Path) -> tuple[Block, Reader]:
        model = _model(slot.shape.item or Shape("raw"))
        items = had if isinstance(had, list) else []
        block = Block("rows", words.label(slot), words.about(model, words.label(slot)), name)
        visible = [one for one in slots(model) if not (one.name in words.QUIET and one.shape.kind == "text")]
        table = len(visible) <= TABLE and all(one.shape.kind != "list" for one in visible)
        block.heads = [words.label(one) for one in visible] if table else []
        readers = []
        for at, was in self._row_numbers(name, len(items)):
            value = items[was] if was is not None and was < len(items) else {}
            row, read = self._row(model, value, f"{name}.{at}.", (*here, at), new=was is None)
            row.name = f"{name}.{at}"
            row.where = "" if was is None else str(was)
            block.rows.append(row)
            readers.append(read)
        self.places[here[len(self.path) :]] = name
        block.where = str(len(block.rows))

        def rows() -> Any:
            found = [one for read in readers if (one := read()) is not ABSENT]
            return ABSENT if not found and not slot.required and had is ABSENT else found

        return block, rows

    def _row_numbers(self, name: str, stored: int) -> Iterator[tuple[int, int | None]]:
        if self.posted is None or not self.posted.has_rows(name):
            yield from ((at, at) for at in range(stored))
        else:
            yield from enumerate(self.posted.rows(name))

    def _row(
        self, model: type[BaseModel], value: Mapping[str, Any], prefix: str, path: Path, *, new: bool
    ) -> tuple[Block, Reader]:
        blocks, quiet, read = self._model(model, value, prefix, path)
        names = [key for key in self.fields if key.startswith(prefix)]
        self.fields[f"{prefix}gone"] = forms.BooleanField(label="删除这一项", required=False)
        coded = any(one.name == "code" and one.shape.kind == "text" for one in slots(model))
        if coded:
            self.fields[f"{prefix}code"].required = False
        if new:  # a row that is left as it was drawn does not count
            self.initial.update({key: "" for key in names if self.fields[key].__class__ is forms.ChoiceField})
        left_out = self.posted is not None and (
            bool(self.posted.data.get(f"{prefix}gone")) or (new and self.posted.untouched(names, self.initial))
        )
        for key in names if left_out else ():
            self.fields[key].required = False

        def row() -> Any:
            if left_out:
                return ABSENT
            found = read()
            if coded and not found.get("code"):
                found = {"code": self._fresh(model), **{k: v for k, v in found.items() if k != "code"}}
            return found

        return Block("row", blocks=blocks, more=quiet), row

    def _fresh(self, model: type[BaseModel]) -> str:
        """A code for a new row; two new rows of one form get different ones."""
        code = fresh_code(model, self.document)
        self.document = {**self.document, f"__{code}": {"code": code}}
        return code

    def _map(self, slot: Slot, had: Any, name: str, here: Path) -> tuple[Block | None, Reader]:
        item, stored = slot.shape.item or Shape("raw"), had if isinstance(had, dict) else {}
        known = words.references(slot, self.document)
        if item.kind == "model" and known is not None:
            return self._map_of_models(slot, item, stored, known, name, here)
        if known is None and item.kind == "text":
            return self._leaf(slot, had, name, here)
        if known is None or not item.leaf:
            return self._leaf(Slot(slot.owner, slot.name, Shape("raw"), slot.required, slot.default), had, name, here)
        options = known + [(key, f"{key}（不存在）") for key in stored if key not in dict(known)]
        for key, title in options:
            base = {"label": title, "help_text": "", "required": False}
            refers = words.values(slot, item.values) if item.kind == "choice" else None
            self.fields[f"{name}.{key}"] = leaf(slot, item, base, refers, stored.get(key))
            self.initial[f"{name}.{key}"] = initial(item, stored.get(key))
            self.places[(*here[len(self.path) :], key)] = f"{name}.{key}"
        blocks = [Block("field", name=f"{name}.{key}") for key, _ in options]

        def mapping() -> Any:
            found = {key: entered(item, self.cleaned_data.get(f"{name}.{key}")) for key, _ in options}
            found = {key: one for key, one in found.items() if one is not None}
            return ABSENT if not found and not slot.required else found

        return Block("group", words.label(slot), words.help_text(slot), name, blocks), mapping

    def _map_of_models(
        self, slot: Slot, item: Shape, stored: Mapping[str, Any], known: words.Choices, name: str, here: Path
    ) -> tuple[Block, Reader]:
        titles = dict(known)
        keys = self.posted.keys(name, stored) if self.posted else list(stored)
        block = Block("map", words.label(slot), words.help_text(slot), name, where=",".join(keys))
        block.choices = [(key, title) for key, title in known if key not in keys]
        readers: dict[str, Reader] = {}
        for key in keys:
            value = stored.get(key, blank(item, self.document))
            blocks, more, readers[key] = self._model(_model(item), value, f"{name}.{key}.", (*here, key))
            self.fields[f"{name}.{key}.gone"] = forms.BooleanField(label="删除这一项", required=False)
            block.rows.append(Block("row", titles.get(key, key), blocks=blocks, more=more, name=f"{name}.{key}"))

        def mapping() -> Any:
            found = {k: read() for k, read in readers.items() if not self.cleaned_data.get(f"{name}.{k}.gone")}
            return found if found or slot.required else ABSENT

        return block, mapping

    def _bind(self, blocks: list[Block]) -> None:
        for block in blocks:
            if block.kind in ("field", "kind"):
                block.bound = self[block.name]
            elif block.kind == "row":
                block.bound = self[f"{block.name}.gone"]
            self._bind([*block.blocks, *block.more, *block.rows])


def _together(blocks: list[Block]) -> list[Block]:
    """Neighbouring fields of a page stand in one panel."""
    found: list[Block] = []
    for one in blocks:
        if one.kind not in ("field", "kind"):
            found.append(one)
        elif found and found[-1].kind == "plain":
            found[-1].blocks.append(one)
        else:
            found.append(Block("plain", blocks=[one]))
    return found


def _model(shape: Shape) -> type[BaseModel]:
    assert shape.model is not None
    return shape.model


def _kept(value: Mapping[str, Any], name: str) -> Reader:
    return lambda: value.get(name, ABSENT)


def _collected(readers: Mapping[str, Reader]) -> dict[str, Any]:
    found = {name: read() for name, read in readers.items()}
    return {name: value for name, value in found.items() if value is not ABSENT}


def _sparing(slot: Slot, had: Any, value: Any) -> Any:
    """Leave out what says no more than the default does, unless it was written before."""
    if value is None or value == []:
        if slot.required:
            return [] if slot.shape.kind == "list" else ABSENT
        if slot.default in (None, "", [], {}):
            return ABSENT
        return None if slot.shape.optional else ABSENT
    return ABSENT if had is ABSENT and not slot.required and _is_default(slot, value) else value


def _is_default(slot: Slot, value: Any) -> bool:
    if slot.shape.kind == "number" and slot.default is not None:
        return Decimal(str(value)) == Decimal(str(slot.default))
    if slot.shape.kind == "list" and slot.shape.item is not None and slot.shape.item.kind == "number":
        return [Decimal(str(one)) for one in value] == [Decimal(str(one)) for one in slot.default or ()]
    return bool(plain(value) == slot.default)
