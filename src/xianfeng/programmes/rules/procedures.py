"""The steps of a case kind as the cases app opens them: levels and turns spelt out, defaults filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xianfeng.kernel.workdays import Calendar
from xianfeng.kernel.workdays import Due as Counted
from xianfeng.programmes.rules.notices import notice_due
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.procedures import STEP_KINDS, Due, Period, Step
from xianfeng.programmes.rules.windows import months_before

FAIR = timedelta(days=3)


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
    turn: int = 1
    times: int = 1


def procedure(definition: Definition, kind: str, tier: str | None = None) -> list[StepSpec]:
    """The ordered steps of a kind of case, for a tier; ``KeyError`` when the programme has no such procedure."""
    found: list[StepSpec] | None = definition.spelt_out.get((kind, tier))
    if found is None:
        found = definition.spelt_out[kind, tier] = [
            _spec(definition, kind, step, level, turn)
            for step in definition.procedure(kind, tier).steps
            for level in range(1, step.levels + 1)
            for turn in range(1, step.times + 1)
        ]
    return found


def last_day(due: Due, *, on: date, calendar: Calendar, stage_ends: Mapping[str, date]) -> Counted | None:
    """The last day of a period that begins on a day, and whether every holiday counted is announced.

    ``None`` for the end of a stage that has no dates. A stage that is over, or nearly, still leaves a fair minimum.
    """
    if due.working_days is not None:
        return calendar.add_working_days(on, due.working_days)
    if due.stage_end is not None:
        ends = stage_ends.get(due.stage_end)
        return None if ends is None else Counted(max(ends, on + FAIR), known=True)
    if due.months is not None:
        return Counted(months_before(on, -due.months), known=True)
    return Counted(on + timedelta(days=due.calendar_days or 0), known=True)


def _spec(definition: Definition, kind: str, step: Step, level: int, turn: int) -> StepSpec:
    period = definition.periods.get(step.kind)
    due = step.due or (period.due if period else None)
    if due is None and step.kind == "announce":
        due = notice_due(definition)
    nth = max(level, turn)
    title = step.title or ("复评自查" if (kind, step.kind) == ("reassessment", "assess") else STEP_KINDS[step.kind])
    title += f"（第 {turn} 次）" if step.times > 1 else f"（第 {level} 级）" if step.levels > 1 else ""
    on_missed = step.on_missed if step.on_missed != "remind" or period is None else period.on_missed
    return StepSpec(
        code=step.code if nth == 1 else f"{step.code}_{nth}",
        kind=step.kind,
        title=title,
        to="body" if step.body else step.to,
        body=step.body,
        level=level,
        levels=step.levels,
        stage=step.stage,
        due=due,
        optional=step.optional,
        on_missed=on_missed,
        turn=turn,
        times=step.times,
    )


def period(definition: Definition, kind: str) -> Period | None:
    """Due and consequence of a step that an outcome opens (correct, score, rectify, recheck)."""
    return definition.periods.get(kind)
