"""One case's official outcome: its frozen JSON handed to the programme's one engine, and what that still lacks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xianfeng.kernel.canonical import canonical_bytes
from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules import CaseInput, Definition, Outcome, Settled, Standard
from xianfeng.programmes.rules.schema.gates import ScoreAtLeast
from xianfeng.programmes.rules.totals import Scores
from xianfeng.programmes.rules.trace import Trace

NOT_APPLICABLE = "n/a"
MOST_READ = 8
Json = dict[str, Any]


_READ: dict[int, tuple[Json, Definition]] = {}


def definition_of(inputs: Json, name: str = "") -> Definition:
    """A pinned definition of the inputs by its hash; the round's own without one.

    Read once as long as the inputs are the same object: frozen inputs never change in place, and reading, or hashing to
    know it again, would cost more than judging a case.
    """
    written: Json = inputs["definitions"][name or inputs["definition"]]
    known = _READ.get(id(written))
    if known is None or known[0] is not written:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        known = _READ[id(written)] = (written, programme.restore(canonical_bytes(written)))
    return known[1]


def standard_of(inputs: Json, case: Json) -> Standard:
    """The standard a case is scored by, under its own pinned definition."""
    return definition_of(inputs, case["definition"]).standard(case["category"], case["group"])


def asks_for(definition: Definition, source: str) -> bool:
    """Whether a source of points matters at all: by its weight, a gate on it, or a tie-break."""
    return bool(
        getattr(definition.scoring.weights, source)
        or any(isinstance(gate.test, ScoreAtLeast) and gate.test.source == source for gate in definition.gates)
        or any(rule.by == source for rule in definition.scoring.tie_breaks)
    )


def scores(marks: Mapping[str, str | None]) -> Scores:
    """Points by indicator; None says it does not apply, an unscored one is left out."""
    return {
        code: None if points == NOT_APPLICABLE else Decimal(points)
        for code, points in marks.items()
        if points is not None
    }


def sheet_scores(sheet: Json) -> Scores:
    """A sheet's points: its marks without their remarks."""
    return scores({code: points for code, (points, _) in sheet["marks"].items()})


def counted(inputs: Json, case: Json) -> list[Json]:
    """The sheets that make the official score: a second panel's replace the first one's or join them, by definition."""
    second = [one for one in case["sheets"] if one["second"]]
    rule = definition_of(inputs, case["definition"]).scoring.panel.second_panel
    return second if second and rule == "replace" else list(case["sheets"])


def judged(inputs: Json, case: Json, *, without: str = "", instead: Mapping[str, Scores] | None = None) -> Outcome:
    """One case's official outcome; ``without`` a sheet, or with other marks ``instead``, to see what if."""
    sheets = {one["key"]: sheet_scores(one) for one in counted(inputs, case) if one["key"] != without}
    superior, survey = case["superior"] or {}, case["survey"] or {}
    given = CaseInput(
        category=case["category"],
        group=case["group"],
        year=inputs["panel"]["year"],
        on=date.fromisoformat(inputs["panel"]["opened_at"][:10]),
        self_scores=scores(case["self_marks"]),
        sheets={**sheets, **(instead or {})},
        superior=None if superior.get("score") is None else Decimal(superior["score"]),
        survey_counts={int(mark): number for mark, number in survey.get("counts", {}).items()},
        settled={one["gate"]: Settled(one["state"], one["sentence"]) for one in case["gates"]},
    )
    return programme.evaluate(definition_of(inputs, case["definition"]), given)


def second_line(inputs: Json, case: Json) -> list[Trace]:
    """That a second panel judged the case, and what becomes of the first panel's sheets."""
    if not any(one["second"] for one in case["sheets"]):
        return []
    first = "、".join(f"{one['key']} {one['total']}" for one in case["sheets"] if not one["second"])
    replaced = len(counted(inputs, case)) < len(case["sheets"])
    return [Trace("第二评审组", f"第一评审组 {first}", "由第二评审组评分替代" if replaced else "两组评分合并计算")]


def lacking(inputs: Json) -> dict[str, list[Json]]:
    """Cases that still lack a source which counts in the total, by source; empty when all can be scored."""
    found: dict[str, list[Json]] = {}
    for case in inputs["cases"]:
        weights = definition_of(inputs, case["definition"]).scoring.weights
        for source, value in judged(inputs, case).sources.items():
            if value is None and getattr(weights, source):
                found.setdefault(source, []).append(case)
    return found
