"""Cases from a file judged by a definition: what would come out, and why."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.evaluation import Outcome, evaluate
from xianfeng.programmes.rules.examples import case_of, differences
from xianfeng.programmes.rules.messages import problems_of
from xianfeng.programmes.rules.problems import DefinitionError, Problem
from xianfeng.programmes.rules.schema.base import Model
from xianfeng.programmes.rules.schema.definition import Definition, Example
from xianfeng.programmes.rules.text import read
from xianfeng.programmes.rules.trace import show


class Cases(Model):
    """A file of cases: written as the examples of a definition, ``expect`` being optional."""

    cases: tuple[Example, ...]


@dataclass(frozen=True)
class Trial:
    """One case and what the rules make of it; ``faults`` says where it differs from what was expected."""

    title: str
    outcome: Outcome
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For ``--json`` and the designer's try-out panel."""
        outcome = self.outcome
        return {
            "title": self.title,
            "total": None if outcome.total is None else show(outcome.total),
            "parts": {code: show(points) for code, points in outcome.parts.items()},
            "grade": outcome.grade,
            "vetoed": outcome.vetoed,
            "passed": outcome.passed,
            "gates": {gate.code: gate.state for gate in outcome.gates},
            "trace": [str(line) for line in outcome.trace],
            "faults": list(self.faults),
        }


def tryout(definition: Definition, text: str | bytes) -> list[Trial]:
    """Judge every case of a YAML text (``cases: [...]``); raises ``DefinitionError`` naming line and path."""
    document = read(text)
    for case in document.value.get("cases") or () if isinstance(document.value, dict) else ():
        if isinstance(case, dict):
            case.setdefault("expect", {})
    try:
        cases = Cases.model_validate(document.value).cases
    except ValidationError as error:
        raise DefinitionError(problems_of(error, document)) from error
    return [_trial(definition, case, document.line(("cases", i))) for i, case in enumerate(cases)]


def _trial(definition: Definition, case: Example, line: int | None) -> Trial:
    try:
        outcome = evaluate(definition, case_of(definition, case))
    except KeyError as error:
        raise DefinitionError([Problem(f"“{case.title}”：定义中没有 {error}", ("cases",), line)]) from error
    except Invalid as error:
        raise DefinitionError([Problem(f"“{case.title}”：{error.message}", ("cases",), line)]) from error
    return Trial(case.title, outcome, tuple(differences(case, outcome)))
