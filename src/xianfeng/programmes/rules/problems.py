"""What is wrong with a definition: each problem names its place, its line and a Chinese sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from xianfeng.kernel.errors import Invalid

Path = tuple[str | int, ...]
SHOWN = 20


def dotted(path: Path) -> str:
    """``("standards", 0, "points")`` → ``standards[0].points``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where in the document, on which line (when the text is known), and why."""

    message: str
    path: Path = ()
    line: int | None = None

    def __str__(self) -> str:
        place = "".join([f"第 {self.line} 行 " if self.line else "", dotted(self.path)]).strip()
        return f"{place}：{self.message}" if place else self.message

    def as_json(self) -> dict[str, str | int | None]:
        """For ``--json`` and for the designer's check list."""
        return {"line": self.line, "path": dotted(self.path), "message": self.message}


class DefinitionError(Invalid):
    """The definition cannot be used; ``problems`` lists every reason found, in document order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - SHOWN
        lines = [str(problem) for problem in self.problems[:SHOWN]] + ([f"……另有 {more} 处"] if more > 0 else [])
        super().__init__(f"定义有 {len(self.problems)} 处错误：" + "；".join(lines))
