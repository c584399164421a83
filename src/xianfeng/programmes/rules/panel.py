"""Several experts' sheets made into one: mean, trimmed mean or median, over totals or over each indicator."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.exact import ZERO, Exactly, mean, median, rounded
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.scoring import Aggregation
from xianfeng.programmes.rules.standard import Standard
from xianfeng.programmes.rules.totals import Scores, Totals, totals, trace_scaled, trace_totals
from xianfeng.programmes.rules.trace import Trace, exactly, show

Sheets = Mapping[str, Scores]
MEAN = Aggregation(kind="mean")


@dataclass(frozen=True)
class PanelScore:
    """The panel's verdict: exact values for ranking, rounded ones for people, and which marks were set aside."""

    exact: Fraction
    exact_parts: Mapping[str, Fraction]
    exact_dimensions: Mapping[tuple[str, str], Fraction]
    total: Decimal
    parts: Mapping[str, Decimal]
    median: Decimal
    sheet_totals: Mapping[str, Decimal]
    dropped: tuple[str, ...]
    trace: tuple[Trace, ...]


def panel_score(definition: Definition, standard: Standard, sheets: Sheets) -> PanelScore:
    """Aggregate sheets keyed by who scored; raises ``Invalid`` when none is there or one is incomplete."""
    if not sheets:
        raise Invalid("还没有专家提交评分表。")
    cap = definition.scoring.bonus_cap
    added = {key: totals(standard, sheets[key], bonus_cap=cap) for key in sorted(sheets)}
    for key, one in added.items():
        if one.missing:
            raise Invalid(f"评分表“{key}”还有 {len(one.missing)} 项未评分。")
    how = definition.scoring.aggregation
    if how.of == "total":
        made = _by_total(definition, standard, added, how)
    else:
        made = _by_indicator(definition, standard, sheets, added, how)
    lines: list[Trace] = []
    for key, one in added.items():
        lines += trace_scaled(key, standard, sheets[key], one)
        lines.append(trace_totals(f"{key}的评分表", standard, one, cap, aside=key in made.dropped))
    return replace(made, trace=(*lines, *made.trace))


def set_aside(marks: Mapping[str, Fraction], how: Aggregation) -> tuple[str, ...]:
    """Keys of the lowest and highest marks, which a trimmed mean leaves out; none in a small panel."""
    if how.kind != "trimmed_mean" or len(marks) < how.min_panel:
        return ()
    ordered = sorted(marks, key=lambda key: (marks[key], key))
    return tuple(ordered[: how.drop] + ordered[len(ordered) - how.drop :])


def _central(values: Sequence[Exactly], how: Aggregation, full: Decimal) -> Fraction:
    """Marks out of ``full`` made into one: the share in favour times ``full``, the median, or the mean."""
    if how.kind == "vote_share":
        line = Fraction(how.in_favour_from * full)
        return Fraction(full) * sum(Fraction(value) >= line for value in values) / len(values)
    return median(values) if how.kind == "median" else mean(values)


class _Dimensions(Mapping[tuple[str, str], Fraction]):
    """Dimensions over kept sheets, made when somebody asks: most programmes have no floor on them."""

    def __init__(
        self,
        keys: tuple[tuple[str, str], ...],
        views: Sequence[Mapping[tuple[str, str], Fraction] | Mapping[tuple[str, str], Decimal]],
        how: Aggregation,
    ) -> None:
        self._keys, self._views, self._how = keys, views, how

    def __getitem__(self, key: tuple[str, str]) -> Fraction:
        return _central([view[key] for view in self._views], self._how, ZERO)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _by_total(definition: Definition, standard: Standard, added: Mapping[str, Totals], how: Aggregation) -> PanelScore:
    """Whole sheets are kept or set aside; parts and dimensions come from the same sheets as the total.

    In a vote over totals a sheet is for or against as a whole; parts and dimensions are then plain means.
    """
    dropped = set_aside({key: one.exact for key, one in added.items()}, how) if len(added) >= how.min_panel else ()
    kept = [one for key, one in added.items() if key not in dropped]
    sums = [one.sum for one in kept]
    exact = _central(sums, how, standard.total)
    inner = MEAN if how.kind == "vote_share" else how
    parts = {part.code: _central([one.sums[part.code] for one in kept], inner, part.points) for part in standard.parts}
    dimensions = _Dimensions(standard.dimension_keys, tuple(one.measured_dimensions for one in kept), inner)
    aside = "；去掉 " + "、".join(f"{key} {exactly(added[key].sum)}" for key in dropped) if dropped else ""
    trace = [Trace(f"专家评审：{_name(how, dropped)}", _sum_up(sums, how, standard.total) + aside, _points(exact))]
    if len(standard.parts) > 1:
        pieces = [f"{p.title} {_sum_up([one.sums[p.code] for one in kept], inner, p.points)}" for p in standard.parts]
        trace.append(Trace("各部分得分", "；".join(pieces), "、".join(exactly(value) for value in parts.values())))
    return _result(definition, added, exact, parts, dimensions, dropped, trace)


def _by_indicator(
    definition: Definition, standard: Standard, sheets: Sheets, added: Mapping[str, Totals], how: Aggregation
) -> PanelScore:
    """Each indicator on its own; a part is the sum of its indicators, so items must apply to all or to none."""
    values = {}
    dropped: set[str] = set()
    trace = []
    for indicator in standard.indicators:
        marks = {key: Fraction(sheets[key].get(indicator.code) or 0) for key in added}
        if any(sheets[key].get(indicator.code, Decimal(0)) is None for key in added):
            raise Invalid(f"“{indicator.title}”标为不适用时，请按总分合成评分表。")
        aside = set_aside(marks, how)
        dropped |= {f"{key}·{indicator.title}" for key in aside}
        kept = [mark for key, mark in marks.items() if key not in aside]
        values[indicator.code] = _central(kept, how, indicator.points)
        gone = "；去掉 " + "、".join(f"{key} {exactly(marks[key])}" for key in aside) if aside else ""
        inputs = _sum_up(kept, how, indicator.points) + gone
        trace.append(Trace(f"逐项合成·{indicator.title}", inputs, _points(values[indicator.code])))
    parts = {
        part.code: sum((values[i.code] for i in part.indicators if i.kind != "bonus"), Fraction(0))
        for part in standard.parts
    }
    dimensions = {
        (part.code, d.code): sum((values[i.code] for i in d.indicators if i.kind != "bonus"), Fraction(0))
        for part in standard.parts
        for d in part.dimensions
    }
    bonus = sum((values[i.code] for i in standard.indicators if i.kind == "bonus"), Fraction(0))
    cap = definition.scoring.bonus_cap
    exact = sum(parts.values(), bonus if cap is None else min(bonus, Fraction(cap)))
    pieces = [f"{part.title} {exactly(parts[part.code])}" for part in standard.parts]
    if bonus:
        pieces.append(f"加分 {exactly(exact - sum(parts.values()))}" + ("（已达上限）" if cap and bonus >= cap else ""))
    trace.append(Trace(f"专家评审：逐项{_name(how, dropped)}", " + ".join(pieces), _points(exact)))
    return _result(definition, added, exact, parts, dimensions, tuple(sorted(dropped)), trace)


def _result(
    definition: Definition,
    added: Mapping[str, Totals],
    exact: Fraction,
    parts: Mapping[str, Fraction],
    dimensions: Mapping[tuple[str, str], Fraction],
    dropped: tuple[str, ...],
    trace: Sequence[Trace],
) -> PanelScore:
    rounding = definition.scoring.rounding
    sheet_totals = {key: one.total for key, one in added.items()}
    middle = median([one.sum for one in added.values()])
    score = rounded(exact, rounding)
    shown = {code: rounded(value, rounding) for code, value in parts.items()}
    return PanelScore(
        exact, parts, dimensions, score, shown, rounded(middle, rounding), sheet_totals, dropped, tuple(trace)
    )


def _name(how: Aggregation, dropped: Collection[str]) -> str:
    if how.kind == "trimmed_mean" and not dropped:
        return f"平均（不足 {how.min_panel} 份，不去高低分）"
    names = {
        "mean": "平均",
        "trimmed_mean": "去掉最高分和最低分后平均",
        "median": "取中位数",
        "vote_share": f"按赞成率（得分率达到 {show(how.in_favour_from * 100)}% 为赞成）",
    }
    return names[how.kind]


def _sum_up(values: Sequence[Exactly], how: Aggregation, full: Decimal) -> str:
    """The sum behind ``_central``, to type into a pocket calculator."""
    if how.kind == "vote_share":
        for_it = sum(Fraction(value) >= how.in_favour_from * full for value in values)
        return f"赞成 {for_it} 份 ÷ {len(values)} 份 × {show(full)}"
    if how.kind == "median":
        ordered = sorted(values)
        last = len(ordered) - 1
        kept = ordered[last // 2 : last - last // 2 + 1]
        before = f"由低到高 {'、'.join(exactly(value) for value in ordered)}，取中间：" if len(ordered) > 1 else ""
        return before + _mean_of(kept)
    return _mean_of(values)


def _mean_of(values: Sequence[Exactly]) -> str:
    if len(values) == 1:
        return exactly(values[0])
    return f"({' + '.join(exactly(value) for value in values)}) ÷ {len(values)}"


def _points(exact: Fraction) -> str:
    return f"{exactly(exact)} 分"
