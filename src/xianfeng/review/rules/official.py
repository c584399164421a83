"""The official score: exactly the definition's method over signed sheets, with a trace to follow by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Conflict
from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules.evaluation import missed
from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.panel import PanelScore
from xianfeng.programmes.rules.schema.scoring import SOURCES
from xianfeng.programmes.rules.totals import Scores
from xianfeng.programmes.rules.trace import Trace, show


@dataclass(frozen=True)
class Cap:
    """A gate that was not met and limits the total."""

    title: str
    sentence: str
    points: Decimal


@dataclass(frozen=True)
class Official:
    """One case's official result."""

    total: Decimal
    panel: PanelScore
    shortfalls: tuple[str, ...]
    trace: tuple[Trace, ...]


def official(
    definition: programme.Definition,
    standard: programme.Standard,
    sheets: Mapping[str, Scores],
    *,
    self_total: Decimal | None = None,
    caps: Sequence[Cap] = (),
) -> Official:
    """Aggregate the sheets, join the weighted sources, apply caps and floors.

    Raises ``Conflict`` when a source that counts is missing.
    """
    panel = programme.panel_score(definition, standard, sheets)
    trace = [*_sheet_lines(standard, panel, sheets), *panel.trace]
    exact = _joined(definition, panel, self_total, trace)
    for cap in caps:
        if exact > cap.points:
            trace.append(Trace(f"封顶“{cap.title}”", cap.sentence, f"总分按 {show(cap.points)} 分计"))
            exact = Fraction(cap.points)
    total = rounded(exact, definition.scoring.rounding)
    short = tuple(missed(definition.scoring.floors, standard, total, panel.exact_parts, panel.exact_dimensions))
    trace += [Trace("最低要求", sentence, "不合格") for sentence in short]
    return Official(total, panel, short, tuple(trace))


def _sheet_lines(standard: programme.Standard, panel: PanelScore, sheets: Mapping[str, Scores]) -> list[Trace]:
    lines = []
    for key in sorted(sheets):
        added = programme.totals(standard, sheets[key])
        inputs = " + ".join(f"{part.title} {show(added.part(part.code))}" for part in standard.parts)
        if added.bonus:
            inputs += f" + 加分 {show(added.bonus)}"
        effect = f"{show(panel.sheet_totals[key])} 分" + ("（去掉）" if key in panel.dropped else "")
        lines.append(Trace(f"评分表 {key}", inputs, effect))
    return lines


def _joined(
    definition: programme.Definition, panel: PanelScore, self_total: Decimal | None, trace: list[Trace]
) -> Fraction:
    weights = definition.scoring.weights
    if weights.panel == 100:
        return panel.exact
    values = {"self": None if self_total is None else Fraction(self_total), "panel": panel.exact}
    joined, pieces = Fraction(0), []
    for source, title in SOURCES.items():
        weight: Decimal = getattr(weights, source)
        value = values.get(source)
        if not weight:
            continue
        if value is None:
            raise Conflict(f"总分要计入“{title}”，但还没有这项得分。", "请补齐后再汇总排名。")
        joined += value * Fraction(weight) / 100
        pieces.append(f"{title} {show(rounded(value, definition.scoring.rounding))} × {show(weight)}%")
    trace.append(Trace("合成总分", " + ".join(pieces), f"{show(rounded(joined, definition.scoring.rounding))} 分"))
    return joined
