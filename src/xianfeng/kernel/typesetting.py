"""Pages set by typst in the fonts that come with the front-end packages; nothing of the machine's own is used.

typst puts an empty box where a font lacks a character and says nothing: every text is checked against the fonts first,
and a missing character is an error that names it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from xianfeng.kernel.errors import UserError

FONTS = Path(__file__).parent / "vendor" / "fonts"
Format = Literal["pdf", "svg", "png"]


class GlyphMissing(UserError):
    """A text has characters that the fonts do not draw."""


class Press:
    """A template, ready to be set any number of times; the fonts are read once."""

    def __init__(self, template: Path) -> None:
        self._compiler = typst.Compiler(
            str(template), root=str(template.parent), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
        self._lock = Lock()

    def set(self, data: Mapping[str, Any], form: Format = "pdf") -> bytes:
        """One document of this data; the same data gives the same bytes. GlyphMissing names what cannot be drawn."""
        require_glyphs(data)
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        with self._lock:
            pages, warnings = self._compiler.compile_with_warnings(format=form, sys_inputs=inputs)
        if warnings:
            raise UserError(f"排版有误：{warnings[0].message}", "请联系系统管理员。")
        if not isinstance(pages, bytes):
            raise UserError("排版有误：不止一页。", "请联系系统管理员。")
        return pages


@lru_cache(maxsize=8)
def press(template: Path) -> Press:
    """The press of a template; one a process, for its first page costs a second and the next ones milliseconds."""
    return Press(template)


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Characters that every weight of the fonts draws."""
    from fontTools.ttLib import TTFont

    found: frozenset[int] | None = None
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            here = frozenset(font.getBestCmap())
        found = here if found is None else found & here
    if not found:
        raise UserError("没有可用的字体。", "请运行 make setup。")
    return found


def missing(text: str) -> list[str]:
    """Characters of a text that the fonts lack, in their order."""
    drawn = covered()
    return list(dict.fromkeys(one for one in text if ord(one) not in drawn and not one.isspace()))


def require_glyphs(data: Mapping[str, Any]) -> None:
    """GlyphMissing unless every text in the data (pictures apart: they begin with a tag) can be drawn."""
    for text in _texts(data.values()):
        if not text.startswith("<") and (lost := missing(text)):
            shown = "、".join(f"{one}（U+{ord(one):04X}）" for one in lost)
            raise GlyphMissing(f"“{text}”中有字体没有的字：{shown}。", "请核对用字，或联系系统管理员增加字体。")


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for one in values:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            yield from _texts(one.values())
        elif isinstance(one, list):
            yield from _texts(one)
