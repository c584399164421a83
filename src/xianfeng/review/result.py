"""What the ranking page and its export show: official order, spread of sheets, the line, each tie in a sentence."""

from dataclasses import dataclass, field
from decimal import Decimal

from xianfeng.cases.models import Case
from xianfeng.kernel.actors import Actor
from xianfeng.kernel.errors import NotFoundHere
from xianfeng.kernel.policies import require
from xianfeng.programmes.rules import Definition
from xianfeng.programmes.rules.schema.scoring import SOURCES, QuotaResult
from xianfeng.programmes.rules.trace import show
from xianfeng.review import queries
from xianfeng.review.models import Panel, Ranking, RankingRow
from xianfeng.review.policies import may_see_ranking
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.official import Json


@dataclass(frozen=True)
class Dot:
    """One sheet on the row's scale: where, how much, and whether it was set aside."""

    at: str
    total: str
    key: str
    dropped: bool
    height: int = 16


@dataclass(frozen=True)
class Place:
    """One row of the ranking as drawn."""

    row: RankingRow
    case: Case
    at: str
    low: str
    high: str
    dots: list[Dot]
    parts: list[tuple[str, str]]
    sources: list[tuple[str, str, str]]  # where points come from, how many, at what weight; empty with only one
    said: str
    grade: str = ""
    cut_after: bool = False


@dataclass(frozen=True)
class Line:
    """The cut line in words: places, the last score inside, the first outside, and how far apart."""

    places: int | None  # None: no quota, and no line
    last: Decimal | None
    first_out: Decimal | None
    at: str

    @property
    def gap(self) -> Decimal | None:
        """Points between the last inside and the first outside."""
        return None if self.last is None or self.first_out is None else self.last - self.first_out


@dataclass(frozen=True)
class Field:
    """Who was ranked against each other: all, or one applicant group where the quota is split."""

    title: str  # the group's; empty where there is but one field
    places: list[Place]
    line: Line
    at: int = 0


@dataclass(frozen=True)
class Result:
    """The page."""

    panel: Panel
    ranking: Ranking
    fields: list[Field]
    ticks: list[tuple[str, str]]
    undecided: int
    may_draw_lots: bool
    decimals: int
    sentences: list[str] = field(default_factory=list)
    others: list[Ranking] = field(default_factory=list)  # the panel's other rankings, newest first
    late: int = 0  # cases that came to the panel after this ranking

    @property
    def places(self) -> list[Place]:
        """All rows, field by field."""
        return [one for field in self.fields for one in field.places]

    @property
    def total(self) -> int | None:
        """Places of all fields; None without a quota."""
        return self.ranking.places

    @property
    def may_reopen(self) -> bool:
        """Whether the ranking is in force and nobody has decided on any of it."""
        return self.ranking.superseded_at is None and all(queries.undecided_on(one.case) for one in self.places)


def ranking_for_page(panel_public_id: str, actor: Actor, which: str = "") -> Ranking:
    """A panel's ranking in force, or ``which`` by its public id, for the bodies that run it or decide on it."""
    rows = Ranking.objects.select_related("panel__round__programme", "panel__round__version")
    rows = rows.filter(panel__public_id=panel_public_id)
    row = rows.filter(public_id=which).first() if which else rows.filter(superseded_at__isnull=True).first()
    if row is None:
        raise NotFoundHere("这个评审组还没有汇总排名，或者正在重新汇总。", "请从评审组进入。")
    require(may_see_ranking, actor, row.panel.round.programme)
    return row


def result(ranking: Ranking) -> Result:
    """Everything the page draws; a fixed number of queries."""
    panel = ranking.panel
    definition = panel.round.version.definition
    rows = list(
        ranking.rows.select_related("case__unit", "case__party")
        .prefetch_related("case__steps")
        .order_by("rank", "case__public_id")
    )
    scale = _Scale(rows)
    undecided = sum(1 for row in rows if row.standing == "undecided")
    lots = ranking.superseded_at is None and any(rule.by == "lot" for rule in definition.scoring.tie_breaks)
    return Result(
        panel, ranking, _fields(ranking, rows, scale, definition), scale.ticks(), undecided, bool(undecided) and lots,
        decimals=definition.scoring.rounding.places,
        sentences=rules.sentences(ranking.inputs, _as_json(rows)) if ranking.inputs else [],
        others=list(panel.rankings.exclude(pk=ranking.pk).order_by("-id")),
        late=queries.late_cases(panel).count() if ranking.superseded_at is None else 0,
    )  # fmt: skip


def _fields(ranking: Ranking, rows: list[RankingRow], scale: "_Scale", definition: Definition) -> list[Field]:
    """Rows by field, as the frozen inputs name them; all in one where they name none."""
    split = rules.fields(ranking.inputs) if ranking.inputs else []
    if len(split) < 2 and not any(map(rules.field_title, split)):
        return [_field("", ranking, rows, ranking.places, scale, definition)]
    found = []
    for at, inputs in enumerate(split):
        ids = {case["id"] for case in inputs["cases"]}
        own = [row for row in rows if row.case.public_id in ids]
        title = rules.field_title(inputs)
        found.append(_field(title, ranking, own, rules.cut_at(inputs), scale, definition, at))
    return found


def _field(
    title: str,
    ranking: Ranking,
    rows: list[RankingRow],
    places: int | None,
    scale: "_Scale",
    definition: Definition,
    at: int = 0,
) -> Field:
    quota = isinstance(definition.result, QuotaResult)
    last = next((row for row in reversed(rows) if row.standing == "inside"), None) if quota else None
    out = next((row for row in rows if row.standing in ("reserve", "outside", "undecided")), None)
    drawn = [
        _place(
            row, scale, definition,
            rules.grade_title(ranking.inputs, row.grade) if ranking.inputs else "",
            cut=row is last and row is not rows[-1],
        )
        for row in rows
    ]  # fmt: skip
    line = Line(places, last.score if last else None, out.score if out else None, scale.at(last.score) if last else "")
    return Field(title, drawn, line, at)


def _as_json(rows: list[RankingRow]) -> list[Json]:
    return [
        {"case": row.case.public_id, "inside": row.inside, "standing": row.standing, "basis": row.basis} for row in rows
    ]


class _Scale:
    """From points to percent of the plot's width, the same for all rows, whole points at both ends."""

    def __init__(self, rows: list[RankingRow]) -> None:
        values = [Decimal(one["total"]) for row in rows for one in row.sheets] + [row.score for row in rows]
        low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(100))
        self.low = Decimal(max(0, int(low) - 1))
        self.high = Decimal(int(high) + 1)

    def at(self, value: Decimal) -> str:
        """Percent with one decimal, for an SVG attribute."""
        share = (value - self.low) / (self.high - self.low) * 96 + 2
        return f"{share:.1f}%"

    def ticks(self) -> list[tuple[str, str]]:
        """Up to six round numbers along the scale."""
        span = int(self.high - self.low)
        step = next((one for one in (1, 2, 5, 10, 20, 50) if span / one <= 6), 100)
        first = -(-int(self.low) // step) * step
        return [(self.at(Decimal(one)), str(one)) for one in range(first, int(self.high) + 1, step)]


def _place(row: RankingRow, scale: _Scale, definition: Definition, grade: str, *, cut: bool) -> Place:
    dots: list[Dot] = []
    for one in row.sheets:
        same = sum(1 for dot in dots if dot.total == one["total"])  # equal sheets stand beside each other, not on top
        height = 16 + (same + 1) // 2 * (8 if same % 2 else -8)
        dots.append(Dot(scale.at(Decimal(one["total"])), one["total"], one["key"], bool(one["dropped"]), height))
    totals = [Decimal(one["total"]) for one in row.sheets] or [row.score]
    titles = {part.code: part.title for source in definition.standards for part in source.parts}
    return Place(
        row=row,
        case=row.case,
        at=scale.at(row.score),
        low=scale.at(min(totals)),
        high=scale.at(max(totals)),
        dots=dots,
        parts=[(titles.get(code, code), value) for code, value in row.parts.items()],
        sources=_weighed(row, definition),
        said=f"总分 {show(row.score)}，{len(row.sheets)} 份评分表 {show(min(totals))} 至 {show(max(totals))}",
        grade=grade,
        cut_after=cut,
    )


def _weighed(row: RankingRow, definition: Definition) -> list[tuple[str, str, str]]:
    """Points by source with their weights, where more than one counts."""
    weights = {name: getattr(definition.scoring.weights, name) for name in SOURCES}
    counting = [name for name, weight in weights.items() if weight and name in row.sources]
    if len(counting) < 2:
        return []
    places = definition.scoring.rounding.places
    return [(SOURCES[name], _cut(row.sources[name], places), f"{show(weights[name])}%") for name in counting]


def _cut(value: str, places: int) -> str:
    """An endless decimal with no more places than the total has; the trace shows more."""
    if not value.endswith("…"):
        return value
    whole, _, rest = value.removesuffix("…").partition(".")
    return f"{whole}.{rest[:places]}…" if places else f"{whole}…"
