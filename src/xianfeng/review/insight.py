"""Beside the official ranking: how sure it is, how strict each expert, and what single change would alter it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xianfeng.programmes.rules.trace import show
from xianfeng.review.models import Expert, Ranking, RankingRow

WATER, INK, RED, GREY = "#1D6470", "#1F2329", "#B3261E", "#A7ACB3"


@dataclass(frozen=True)
class Guess:
    """One case's advisory figures."""

    row: RankingRow
    name: str
    adjusted: str
    chance: str
    best: int
    worst: int
    discuss: bool


@dataclass(frozen=True)
class Severity:
    """One expert's severity, for the office: below zero marks more strictly than the others."""

    name: str
    points: str
    word: str


@dataclass(frozen=True)
class Advice:
    """The advisory section; ``guesses`` is empty where there is nothing to say, and ``said`` tells why."""

    said: str
    guesses: list[Guess] = field(default_factory=list)
    severities: list[Severity] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # what would change the result
    noise: str = ""

    @property
    def discuss(self) -> int:
        """How many cases are marked for discussion."""
        return sum(one.discuss for one in self.guesses)


def advice_of(ranking: Ranking, rows: Sequence[RankingRow], *, office: bool) -> Advice:
    """From the frozen advice; one query for the names of experts, and only for the office."""
    fit: Mapping[str, Any] = ranking.advice.get("fit") or {}
    known = fit.get("cases", {})
    guesses = [_guess(row, known[row.case.public_id]) for row in rows if row.case.public_id in known]
    return Advice(
        said="".join(fit.get("warnings") or [fit.get("said", "")]),
        guesses=guesses,
        severities=_severities(fit.get("experts", {})) if office else [],
        reasons=reasons(ranking),
        noise=(fit.get("variances") or {}).get("noise", ""),
    )


def _guess(row: RankingRow, kept: Mapping[str, Any]) -> Guess:
    p = kept["p"]
    return Guess(
        row,
        row.case.name,
        kept["adjusted"],
        "—" if p is None else _chance(float(p)),
        kept["best"],
        kept["worst"],
        kept["discuss"],
    )


def _chance(p: float) -> str:
    if p > 0.99:
        return "高于 99%"
    return "低于 1%" if p < 0.01 else f"{p:.0%}"


def _severities(kept: Mapping[str, str]) -> list[Severity]:
    names = {one.public_id: one.user.name for one in Expert.objects.filter(public_id__in=kept).select_related("user")}
    ordered = sorted(kept, key=lambda one: Decimal(kept[one]))
    return [Severity(names.get(one, ""), kept[one], _word(Decimal(kept[one]))) for one in ordered]


def _word(points: Decimal) -> str:
    if abs(points) < Decimal("0.5"):
        return "与其他专家相当"
    return "较严" if points < 0 else "较宽"


def reasons(ranking: Ranking) -> list[str]:
    """“什么会改变结果”, in sentences."""
    kept = ranking.advice.get("decisive") or {}
    found = []
    if mark := kept.get("mark"):
        found.append(
            f"改动最小的一项：“{mark['case']}”{mark['key']}对“{mark['indicator']}”的评分"
            f"由 {mark['from']} 改为 {mark['to']}，{_moved(mark['in'], mark['out'])}。"
        )
    for one in kept.get("sheets", []):
        found.append(
            f"若不计“{one['case']}”{one['key']}的评分表（{one['total']} 分），{_moved(one['in'], one['out'])}。"
        )
    if kept.get("gap") and not found:
        found.append(f"去掉任何一份评分表、改动任何一项评分，入围名单都不变（线上线下相差 {kept['gap']} 分）。")
    return found


def _moved(came: Sequence[str], fell: Sequence[str]) -> str:
    parts = []
    if came:
        parts.append("、".join(f"“{one}”" for one in came) + "入围")
    if fell:
        parts.append("、".join(f"“{one}”" for one in fell) + "不再入围")
    return "，".join(parts)


def chart(rows: Sequence[RankingRow], advice: Advice, line: Decimal | None) -> dict[str, Any]:
    """ECharts option: the spread of sheets as a bar, official and adjusted score as marks, the cut line across."""
    names = [f"{row.rank} {row.case.name}" for row in rows]
    lows, highs = [], []
    for row in rows:
        totals = [Decimal(one["total"]) for one in row.sheets] or [row.score]
        lows.append(min(totals))
        highs.append(max(totals))
    adjusted = {one.row.pk: float(one.adjusted) for one in advice.guesses}
    values = [*map(float, lows), *map(float, highs), *adjusted.values()]
    low, high = (int(min(values)) - 1, int(max(values)) + 2) if values else (0, 100)
    series: list[dict[str, Any]] = [
        {
            "type": "bar", "stack": "s", "silent": True, "itemStyle": {"color": "transparent"},
            "data": [float(one) for one in lows],
        },
        {
            "name": "评分表最低至最高", "type": "bar", "stack": "s", "barWidth": 8,
            "itemStyle": {"color": WATER, "opacity": 0.25, "borderRadius": 4},
            "data": [float(b - a) for a, b in zip(lows, highs, strict=True)],
        },
        {
            "name": "总分（排名依据）", "type": "scatter", "symbol": "rect", "symbolSize": [3, 16],
            "itemStyle": {"color": INK}, "data": [[float(row.score), at] for at, row in enumerate(rows)],
        },
    ]  # fmt: skip
    if adjusted:
        series.append(
            {
                "name": "校准分（参考）", "type": "scatter", "symbolSize": 9, "itemStyle": {"color": WATER},
                "data": [[adjusted[row.pk], at] for at, row in enumerate(rows) if row.pk in adjusted],
            }
        )  # fmt: skip
    if line is not None:
        series[2]["markLine"] = {
            "symbol": "none", "silent": True, "lineStyle": {"color": RED, "type": "dashed"},
            "label": {"formatter": "入围线", "color": RED}, "data": [{"xAxis": float(line)}],
        }  # fmt: skip
    return {
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "data": [one["name"] for one in series if "name" in one]},
        "xAxis": {"type": "value", "min": low, "max": high, "splitLine": {"lineStyle": {"color": "#E4E2DC"}}},
        "yAxis": {"type": "category", "inverse": True, "data": names, "axisTick": {"show": False}},
        "tooltip": {"show": False},
        "series": series,
    }


HEAD = ["名次", "创建对象", "总分", "评分表", "校准分", "入围可能", "名次区间", "建议"]


def table(rows: Sequence[RankingRow], advice: Advice) -> list[list[Any]]:
    """The same as a table."""
    known = {one.row.pk: one for one in advice.guesses}
    lines = []
    for row in rows:
        totals = [Decimal(one["total"]) for one in row.sheets] or [row.score]
        spread = f"{show(min(totals))} 至 {show(max(totals))}"
        one = known.get(row.pk)
        more = ["—"] * 4
        if one:
            more = [one.adjusted, one.chance, f"{one.best} 至 {one.worst}", "建议合议" if one.discuss else ""]
        lines.append([row.rank, row.case.name, show(row.score), spread, *more])
    return lines
