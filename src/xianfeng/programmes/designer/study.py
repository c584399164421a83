"""A draft as it stands: its document, the definition it makes, what is still wrong and which page mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from xianfeng.programmes import rules
from xianfeng.programmes.designer.paths import has, look
from xianfeng.programmes.designer.sections import SECTIONS, section_of
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.problems import DefinitionError, Path, Problem
from xianfeng.programmes.rules.text import Document, read


@dataclass(frozen=True)
class Study:
    """What was found out about a text. ``definition`` is None when its shape is wrong."""

    value: Mapping[str, Any]
    definition: rules.Definition | None
    problems: tuple[Problem, ...]

    @property
    def shapely(self) -> bool:
        """Whether the pages can edit it."""
        return self.definition is not None

    @cached_property
    def by_section(self) -> dict[str, list[Problem]]:
        """Problems under the section whose pages mend them."""
        found: dict[str, list[Problem]] = {one.code: [] for one in SECTIONS}
        for one in self.problems:
            found.setdefault(section_of(one.path).code, []).append(one)
        return found


@lru_cache(maxsize=32)
def study(source: str) -> Study:
    """Read and check a text; never raises. The value must not be changed: it is shared."""
    try:
        document = read(source)
    except DefinitionError as error:
        return Study({}, None, error.problems)
    if not isinstance(document.value, dict):
        return Study({}, None, (Problem("定义应是键值对"),))
    definition, problems = validate_value(document)
    return Study(document.value, definition, tuple(_without_lines(one) for one in problems))


def _without_lines(problem: Problem) -> Problem:
    # The office edits pages, where lines mean nothing; the source page reads the text itself and has them.
    return Problem(problem.message, problem.path)


def shape_problems(value: Any) -> list[Problem]:
    """What keeps a document from having the right shape; an empty list when pages can edit it."""
    definition, problems = validate_value(Document(value))
    return [] if definition is not None else problems


def problem_path(problem: Problem, value: Any) -> Path:
    """The deepest part of a problem's path that the document has."""
    path: Path = ()
    for step in problem.path:
        if not has(value, (step,)):
            break
        value = look(value, (step,))
        path = (*path, step)
    return path
