"""Beside the official ranking: how sure it is, how strict each expert, and what single change would alter it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xianfeng.programmes.rules.trace import show
from xianfeng.review.models import Expert, Ranking, RankingRow

MANY = 12  # a longer list is shown in the chart's table only
WATER, INK, RED = "#1D6470", "#1F2329", "#B3261E"


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
    def shown(self) -> list[Guess]:
        """Those worth a row of their own: all, or in a large field those marked for discussion."""
        return self.guesses if len(self.guesses) <= MANY else [one for one in self.guesses if one.discuss]

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
    """“什么会改变结果”, in sentences: the least change first, then single sheets, those that do the same together."""
    kept = ranking.advice.get("decisive") or {}
    found = []
    if mark := kept.get("mark"):
        found.append(
            f"改动最小的一处：{mark['key']}给“{mark['case']}”的“{mark['indicator']}”打 {mark['to']} 分"
            f"（现为 {mark['from']} 分），{_moved(mark['moved'])}。"
        )
    alike: dict[tuple[str, str], list[str]] = {}
    for one in kept.get("sheets", []):
        alike.setdefault((one["case"], _moved(one["moved"])), []).append(f"{one['key']}（{one['total']} 分）")
    for (case, moved), keys in alike.items():
        each = "中的任何一份" if len(keys) > 1 else ""
        found.append(f"不计“{case}”{'、'.join(keys)}的评分表{each}，{moved}。")
    if found:
        return found
    if kept.get("gap"):
        apart = "总分相同" if Decimal(kept["gap"]) == 0 else f"相差 {kept['gap']} 分"
        return [f"线上最后一名与线下第一名{apart}；去掉任何一份评分表，或改动任何一项评分，入围名单都不变。"]
    if ranking.places is None and kept:
        return ["去掉任何一份评分表，或改动任何一项评分，各件的结果都不变。"]
    return []


def _moved(moved: Sequence[Sequence[str]]) -> str:
    """Who would come to what."""
    came = "、".join(f"“{name}”" for name, _, then in moved if then == "in")
    fell = "、".join(f"“{name}”" for name, _, then in moved if then == "out")
    graded = [f"“{name}”由{now}变为{then}" for name, now, then in moved if then not in ("in", "out")]
    parts = [f"{came}就能入选" if came else "", f"{fell}就会落选" if fell else "", *graded]
    return "，".join(part for part in parts if part)


SHOWN = 30  # rows a chart can show legibly
# On a phone long names would leave no room for the plot. Without the wide case ECharts would keep the narrow one.
MEDIA = [
    {
        "query": {"maxWidth": 520},
        "option": {
            "grid": {"top": 72},
            "yAxis": {"axisLabel": {"width": 112, "overflow": "truncate"}},
            "xAxis": {"splitNumber": 3},
        },
    },
    {
        "option": {
            "grid": {"top": 56},
            "yAxis": {"axisLabel": {"width": 320, "overflow": "truncate"}},
            "xAxis": {"splitNumber": 6},
        }
    },
]


def around(rows: Sequence[RankingRow]) -> Sequence[RankingRow]:
    """The rows a chart shows: all, or those around the line."""
    if len(rows) <= SHOWN:
        return rows
    line = sum(row.standing == "inside" for row in rows)
    first = min(max(0, line - SHOWN // 2), len(rows) - SHOWN)
    return rows[first : first + SHOWN]


def charted(shown: int, of: int, line: Decimal | None, whose: str = "") -> dict[str, str]:
    """Title and height of the chart; ``whose`` field it draws where there are several."""
    title = ("评分分布" if line is None else "评分分布与入围线") + (f"：{whose}" if whose else "")
    if shown < of:
        title += f"（靠前的 {shown} 个）" if line is None else f"（靠近入围线的 {shown} 个）"
    return {"title": title, "height": "xl" if shown > MANY else "l"}


def chart(rows: Sequence[RankingRow], advice: Advice, line: Decimal | None) -> dict[str, Any]:
    """ECharts option: the spread of sheets as a bar, official and adjusted score as marks, the cut line across."""
    names = [f"{row.rank} {row.case.name}" for row in rows]
    lows, highs = [], []
    for row in rows:
        totals = [Decimal(one["total"]) for one in row.sheets] or [row.score]
        lows.append(min(totals))
        highs.append(max(totals))
    drawn = {row.pk for row in rows}
    adjusted = {one.row.pk: float(one.adjusted) for one in advice.guesses if one.row.pk in drawn}
    values = [*map(float, lows), *map(float, highs), *adjusted.values(), *(float(row.score) for row in rows)]
    low, high = (max(0, int(min(values)) - 1), int(max(values)) + 2) if values else (0, 100)
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
        # the label stands above the plot and the figures of the axis below it: they cannot meet
        series[2]["markLine"] = {
            "symbol": "none", "silent": True, "lineStyle": {"color": RED, "type": "dashed"},
            "label": {"formatter": f"入围线 {show(line)}", "color": RED, "position": "start", "distance": 4},
            "data": [{"xAxis": float(line)}],
        }  # fmt: skip
    return {
        "grid": {"left": 8, "right": 24, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "data": [one["name"] for one in series if "name" in one]},
        "xAxis": {
            "type": "value", "min": low, "max": high, "splitLine": {"lineStyle": {"color": "#E4E2DC"}},
            "axisLabel": {"showMinLabel": False, "showMaxLabel": False},
        },
        "yAxis": {
            "type": "category", "inverse": True, "data": names, "axisTick": {"show": False},
            "axisLabel": {"interval": 0},
        },
        "tooltip": {"show": False},
        "series": series,
        "media": MEDIA,
    }  # fmt: skip


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
