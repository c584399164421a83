"""The steps of a case kind as the cases app opens them, levels spelt out and defaults filled in."""

from dataclasses import dataclass

from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.procedures import STEP_KINDS, Due, Period, Step


@dataclass(frozen=True)
class StepSpec:
    """One step to open: ``body`` is set when ``to`` is a body; ``level`` counts from 1 up the chain of superiors."""

    code: str
    kind: str
    title: str
    to: str
    body: str | None
    level: int
    levels: int
    stage: str | None
    due: Due | None
    optional: bool
    on_missed: str


def procedure(definition: Definition, kind: str) -> list[StepSpec]:
    """The ordered steps of a case kind; ``KeyError`` when the programme has no such procedure."""
    return [
        _spec(definition, step, level)
        for step in definition.procedure(kind).steps
        for level in range(1, step.levels + 1)
    ]


def _spec(definition: Definition, step: Step, level: int) -> StepSpec:
    period = definition.periods.get(step.kind)
    due = step.due or (period.due if period else None)
    if due is None and step.kind == "announce":
        due = Due(working_days=definition.notice.working_days)
    return StepSpec(
        code=step.code if level == 1 else f"{step.code}_{level}",
        kind=step.kind,
        title=step.title or STEP_KINDS[step.kind],
        to="body" if step.body else step.to,
        body=step.body,
        level=level,
        levels=step.levels,
        stage=step.stage,
        due=due,
        optional=step.optional,
        on_missed=step.on_missed,
    )


def period(definition: Definition, kind: str) -> Period | None:
    """Due and consequence of a step that an outcome opens (correct, score, rectify, recheck)."""
    return definition.periods.get(kind)
