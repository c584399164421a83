"""Places in a plain document: written ``standards.0.parts.1``, read, and changed on a copy."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Literal

from xianfeng.kernel.errors import Conflict, NotFoundHere
from xianfeng.programmes.rules.problems import Path

STEP = re.compile(r"[A-Za-z0-9_]{1,60}")
DEEPEST = 16


def written(path: Path) -> str:
    """``("standards", 0)`` → ``standards.0``; the whole document is ``-``."""
    return ".".join(str(step) for step in path) or "-"


def parse(text: str) -> Path:
    """The path in an address; 404 for what is none."""
    if text == "-":
        return ()
    steps = text.split(".")
    if len(steps) > DEEPEST or not all(STEP.fullmatch(step) for step in steps):
        raise missing()
    return tuple(int(step) if step.isascii() and step.isdigit() and len(step) < 6 else step for step in steps)


def missing() -> NotFoundHere:
    """Nothing stands at this place."""
    return NotFoundHere("定义里没有这一处，可能刚被删除或移动。", "请从草案概览进入。")


def look(document: Any, path: Path) -> Any:
    """The value at a path; 404 without one."""
    for step in path:
        if isinstance(document, Mapping) and str(step) in document:
            document = document[str(step)]
        elif isinstance(document, Sequence) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            raise missing()
    return document


def has(document: Any, path: Path) -> bool:
    """Whether something stands at a path."""
    try:
        look(document, path)
    except NotFoundHere:
        return False
    return True


@dataclass(frozen=True)
class Edit:
    """One change: ``put`` a value (missing keys are made), ``insert`` into a list, ``remove``, ``move`` by places."""

    act: Literal["put", "insert", "remove", "move"]
    path: Path
    value: Any = None
    by: int = 0


def apply(document: Any, edits: Sequence[Edit]) -> Any:
    """A changed copy of the document; edits are made in order.

    What an edit puts in is copied too: it may be a piece of the document, which is shared, and the next edit may
    move it.
    """
    changed = deepcopy(document)
    for edit in edits:
        changed = _apply(changed, replace(edit, value=deepcopy(edit.value)))
    return changed


def _apply(document: Any, edit: Edit) -> Any:
    if not edit.path:
        return edit.value
    *above, last = edit.path
    holder = _holder(document, tuple(above), making=edit.act in ("put", "insert"))
    if isinstance(holder, dict):
        _in_mapping(holder, str(last), edit)
    elif isinstance(holder, list) and isinstance(last, int):
        _in_list(holder, last, edit)
    else:
        raise missing()
    return document


def _holder(document: Any, path: Path, *, making: bool) -> Any:
    """What holds the place; keys that may be left out are made on the way."""
    for step in path:
        if making and isinstance(document, dict) and not isinstance(step, int):
            document = document.setdefault(step, {})
        else:
            document = look(document, (step,))
    return document


def _in_mapping(holder: dict[str, Any], key: str, edit: Edit) -> None:
    if edit.act == "put":
        holder[key] = edit.value
    elif edit.act == "remove":
        holder.pop(key, None)
    elif edit.act == "insert":
        holder[key] = [*(holder.get(key) or []), edit.value]
    else:
        raise missing()


def _in_list(holder: list[Any], at: int, edit: Edit) -> None:
    if edit.act == "insert":
        holder.insert(at, edit.value)
        return
    if at >= len(holder):
        raise missing()
    if edit.act == "put":
        holder[at] = edit.value
    elif edit.act == "remove":
        del holder[at]
    else:
        there = at + edit.by
        if not 0 <= there < len(holder):
            raise Conflict("已经在最前或最后，不能再移动。")
        holder.insert(there, holder.pop(at))
