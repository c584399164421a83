"""What a draw is made from, gathered under the panel's lock; and its record, from which it can be made again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xianfeng.cases.models import Case
from xianfeng.kernel import clock
from xianfeng.review import queries
from xianfeng.review.models import Assignment, Draw, Expert, Panel
from xianfeng.review.rules import allotment
from xianfeng.review.ties import ties


class Plan:
    """Need, capacity, load, pairs kept apart or better avoided, and the panel's aims: all by public id."""

    def __init__(self, panel: Panel, waiting: Sequence[Case], now: datetime) -> None:
        day = clock.local_day(now)
        rows = Expert.objects.filter(active=True).select_related("user", "employer")
        self.panel, self.cases, self.now = panel, waiting, now
        self.second = queries.at_second(waiting)
        self.experts = [one for one in rows if not one.is_away(day)]
        self.given = self._gather(day)

    def _gather(self, day: Any) -> dict[str, Any]:
        panel, waiting, experts = self.panel, self.cases, self.experts
        seated = self._seated()
        loads = queries.loads(panel.round_id)
        apart, avoid = ties(waiting, experts, day)
        # whoever once had the case (removed, recused, of the first panel) is not drawn for it again
        taken = Assignment.objects.filter(case__in=waiting).values_list("case_id", "expert_id")
        return {
            "objective": panel.objective,
            "seed": panel.seed,
            "need": {c.public_id: n for c in waiting if (n := panel.per_case - len(seated.get(c.public_id, ()))) > 0},
            "capacity": {one.public_id: max(0, one.max_load - loads.get(one.pk, 0)) for one in experts},
            "load": {one.public_id: loads.get(one.pk, 0) for one in experts},
            "apart": self._pairs(set(apart) | set(taken)),
            "avoid": self._pairs(set(avoid)),
            "seated": seated,
            "institution": {one.public_id: one.employer_label for one in experts},
            "cap": panel.institution_cap,
            "least_load": panel.least_load,
            "match": self._matches() if panel.objective != "chance" else {},
        }

    def _pairs(self, pairs: set[tuple[int, int]]) -> list[list[str]]:
        case_ids = {one.pk: one.public_id for one in self.cases}
        expert_ids = {one.pk: one.public_id for one in self.experts}
        return sorted(
            [case_ids[case], expert_ids[expert]] for case, expert in pairs if case in case_ids and expert in expert_ids
        )

    def _seated(self) -> dict[str, list[str]]:
        """Who stays: experts who judge the cases now, which the draw works around."""
        found: dict[str, list[str]] = {}
        rows = queries.seated(self.cases, self.second)
        for case, expert in rows.values_list("case__public_id", "expert__public_id"):
            found.setdefault(case, []).append(expert)
        return found

    def _matches(self) -> dict[str, dict[str, str]]:
        texts = {case.public_id: _text(case) for case in self.cases}
        return {
            case: {one.public_id: allotment.match(text, one.fields) for one in self.experts}
            for case, text in texts.items()
        }

    def explain(self, made: allotment.Allotted) -> tuple[str, str]:
        """Which cases starve, and what would help."""
        names = {one.public_id: one.name for one in self.cases}
        starved = [f"“{names[case]}”缺 {count} 位" for case, count in sorted(made.starved.items())]
        more = " 等" if len(starved) > 8 else ""
        said = f"：{'、'.join(starved[:8])}{more}" if starved else "：达不到每位专家的最少件数"
        return f"专家不够，无法抽取{said}。", made.hint

    def keep(self, made: allotment.Allotted, cause: str) -> Draw:
        """The record of the draw."""
        return Draw.objects.create(
            panel=self.panel, made_at=self.now, cause=cause, inputs=self.given,
            pairs=[list(pair) for pair in made.pairs], report=made.report,
        )  # fmt: skip


def _text(case: Case) -> str:
    """The words of the standard a case is judged by."""
    definition = case.version.definition
    standard = queries.standard_of(case)
    words = [definition.category(case.category).title, definition.group(case.group).title]
    words += [part.title for part in standard.parts]
    words += [dimension.title for part in standard.parts for dimension in part.dimensions]
    words += [f"{one.title} {one.criteria}" for one in standard.indicators]
    return " ".join(words)


def written(draw: Draw) -> dict[str, Any]:
    """A draw as its file and the packet carry it: public ids, the seed, no names and no reasons."""
    return allotment.record(
        {
            "id": draw.public_id, "cause": draw.cause, "made_at": draw.made_at.isoformat(), "inputs": draw.inputs,
            "pairs": draw.pairs,
        }
    )  # fmt: skip


def replay(draw: Draw) -> bool:
    """Whether the kept inputs and seed give the very same pairs again."""
    return not allotment.difference(written(draw))
