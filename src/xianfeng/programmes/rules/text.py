"""From YAML text to plain values, safely: no aliases, no tags, no floats, bounded in size, depth and count.

The reader walks the parser's event stream, so a hostile document is refused at the first event that oversteps, before
anything is built from it. Scalars follow YAML 1.2's core rules (``no`` and ``on`` are words, not booleans), decimals
stay exact, a key given twice is an error, and the line of every value is remembered for later messages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from xianfeng.programmes.rules.problems import DefinitionError, Path, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 60_000
MAX_SCALAR = 20_000

INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """The plain values of a document and the line (from 1) on which each begins."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """Line of the value at ``path``, or of its nearest known ancestor."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def read(text: str | bytes) -> Document:
    """Read one YAML document; raises ``DefinitionError`` with a Chinese sentence and a line."""
    source = _decoded(text)
    reader = _Reader(source)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal("YAML 语法有误，请检查缩进、冒号和引号", mark.line + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise _refusal("文件含有不能识别的字符，请保存为 UTF-8 文本") from error


def _decoded(text: str | bytes) -> str:
    """UTF-8 text within the size limit."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise _refusal(f"文件过大：{len(raw):,} 字节，上限 {MAX_BYTES:,} 字节")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal("文件不是 UTF-8 文本") from error


def _refusal(message: str, line: int | None = None, path: Path = ()) -> DefinitionError:
    return DefinitionError([Problem(message, path, line)])


def scalar(word: str, *, plain: bool) -> Any:
    """Value of a scalar; only plain (unquoted) words can be anything but text."""
    if not plain:
        return word
    if word.lower() in WORDS:
        return WORDS[word.lower()]
    if INTEGER.fullmatch(word):
        return int(word)
    if DECIMAL.fullmatch(word):
        return Decimal(word)
    if DAY.fullmatch(word):
        return date.fromisoformat(word)
    return word


class _Reader:
    """Builds values from parser events, counting as it goes."""

    def __init__(self, source: str) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(source, Loader=_LOADER))
        self.lines: dict[Path, int] = {}
        self.nodes = 0

    def document(self) -> Document:
        """The single document of the stream."""
        event = self._next()
        while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            raise _refusal("文件是空的")
        value = self._value(event, ())
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _refusal("一个文件只能有一份定义")
        return Document(value, self.lines)

    def _next(self) -> Any:
        return next(self.events)

    def _value(self, event: Any, path: Path) -> Any:
        line = event.start_mark.line + 1
        self._guard(event, path, line)
        self.lines[path] = line
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        try:
            return scalar(event.value, plain=event.implicit[0])
        except ValueError as error:
            raise _refusal(f"“{event.value}”不是有效的日期", line, path) from error

    def _guard(self, event: Any, path: Path, line: int) -> None:
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _refusal("不支持 YAML 锚点和别名（& 与 *），请把内容写全", line, path)
        if event.tag is not None and event.tag != "!":
            raise _refusal(f"不支持 YAML 标签“{event.tag}”", line, path)
        if len(path) > MAX_DEPTH:
            raise _refusal(f"嵌套过深，最多 {MAX_DEPTH} 层", line)
        if self.nodes > MAX_NODES:
            raise _refusal(f"内容过多，最多 {MAX_NODES:,} 项", line)
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > MAX_SCALAR:
            raise _refusal(f"单项文字过长，最多 {MAX_SCALAR:,} 字", line, path)

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _refusal("键必须是文字", line, path)
            self._guard(event, path, line)
            if event.value in values:
                raise _refusal(f"键“{event.value}”重复", line, path)
            key = event.value
            values[key] = self._value(self._next(), (*path, key))
            self.lines[(*path, key)] = line
        return values

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values
