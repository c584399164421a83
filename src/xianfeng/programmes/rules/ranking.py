"""Official order within a category and the line of the quota, every tie explained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil
from zoneinfo import ZoneInfo

from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.scoring import QuotaResult, TieBreak
from xianfeng.programmes.rules.trace import show

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Row:
    """What ranking looks at; ``qualified`` is False for one under a floor, which can never take a place."""

    key: str
    total: Decimal
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    self_total: Decimal | None = None
    panel_median: Decimal | None = None
    superior_rank: int | None = None
    submitted_at: datetime | None = None
    lot: int | None = None
    qualified: bool = True
    dimensions: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    superior_score: Decimal | None = None
    survey_score: Decimal | None = None
    votes: int | None = None


@dataclass(frozen=True)
class RankedRow:
    """A row in its place. ``undecided``: a tie at the line that only a recorded lot can settle. ``shortlisted``: goes
    to the vote, where there may have to be more candidates than places (差额).
    """

    row: Row
    rank: int
    inside: bool
    reserve: bool = False
    undecided: bool = False
    tie: str = ""
    shortlisted: bool = False

    @property
    def key(self) -> str:
        """The row's key."""
        return self.row.key


Order = tuple[object, ...]
_LATE = float("inf")


def rank(definition: Definition, rows: Sequence[Row], places: int) -> list[RankedRow]:
    """Rank by total, then by the programme's tie-breaks; equal to the last share a rank.

    Qualified rows come first. The first ``places`` are inside and the next few (``result.reserve``) in reserve; rows
    that stay equal across the line are inside only when all of them fit, otherwise undecided.
    """
    rules = definition.scoring.tie_breaks
    ordered = sorted(rows, key=lambda row: (not row.qualified, *_order(rules, row), row.key))
    reserve = getattr(definition.result, "reserve", 0)
    ranked: list[RankedRow] = []
    for _, equal in groupby(ordered, key=lambda row: (not row.qualified, *_order(rules, row))):
        ranked += _place(list(equal), before=len(ranked), places=places, reserve=reserve)
    ties = _ties(definition, ordered)
    called = candidates(definition, places)
    return [
        replace(row, tie=ties.get(row.key, ""), shortlisted=row.row.qualified and row.rank <= called) for row in ranked
    ]


def candidates(definition: Definition, places: int) -> int:
    """How many may stand for so many places: places × margin, rounded up (差额); ties at that line all stand."""
    margin = definition.result.margin if isinstance(definition.result, QuotaResult) else Decimal(1)
    return ceil(Fraction(margin) * places)


def contested(definition: Definition, ranked: Sequence[RankedRow], places: int) -> str:
    """A Chinese sentence when fewer stand than the margin asks for; empty when there are enough."""
    called = candidates(definition, places)
    standing = sum(row.shortlisted for row in ranked)
    if called <= places or standing >= called:
        return ""
    return f"名额 {places} 个，差额推荐应有 {called} 个候选，实有 {standing} 个。"


def _order(rules: Sequence[TieBreak], row: Row) -> Order:
    return (-row.total, *(_measure(rule)(row) for rule in rules))


def _measure(rule: TieBreak) -> Callable[[Row], object]:
    """A sort key, smaller is better; what is not on record comes last."""
    measures: dict[str, Callable[[Row], object]] = {
        "part": lambda row: -row.parts.get(rule.part or "", Decimal(0)),
        "self_total": lambda row: -(row.self_total or Decimal(0)),
        "panel_median": lambda row: -(row.panel_median or Decimal(0)),
        "dimension": lambda row: -row.dimensions.get((rule.part or "", rule.dimension or ""), Decimal(0)),
        "superior": lambda row: -(row.superior_score or Decimal(0)),
        "survey": lambda row: -(row.survey_score or Decimal(0)),
        "votes": lambda row: -(row.votes or 0),
        "superior_rank": lambda row: row.superior_rank if row.superior_rank is not None else _LATE,
        "earliest": lambda row: row.submitted_at.timestamp() if row.submitted_at else _LATE,
        "lot": lambda row: row.lot if row.lot is not None else _LATE,
    }
    return measures[rule.by]


def _place(equal: list[Row], *, before: int, places: int, reserve: int) -> list[RankedRow]:
    """Place rows that nothing tells apart: together inside, together outside, or undecided across the line."""
    first, last = before + 1, before + len(equal)
    if not equal[0].qualified:
        return [RankedRow(row, first, inside=False) for row in equal]
    across = first <= places < last
    return [
        RankedRow(row, first, inside=last <= places, undecided=across, reserve=places < first <= places + reserve)
        for row in equal
    ]


def _ties(definition: Definition, ordered: Sequence[Row]) -> dict[str, str]:
    """For each row with an equal total, which rule told it apart from its neighbours."""
    sentences: dict[str, str] = {}
    for (qualified, total), run in groupby(ordered, key=lambda row: (row.qualified, row.total)):
        tied = list(run)
        if len(tied) > 1 and qualified:
            for row in tied:
                sentences[row.key] = _tie_sentence(definition, row, tied, total)
    return sentences


def _tie_sentence(definition: Definition, row: Row, tied: Sequence[Row], total: Decimal) -> str:
    left = [other for other in tied if other is not row]
    used: list[str] = []
    for rule in definition.scoring.tie_breaks:
        if not left:
            break
        measure = _measure(rule)
        remaining = [other for other in left if measure(other) == measure(row)]
        if len(remaining) < len(left):
            used.append(f"{tie_name(definition, rule)}（本件{_worth(rule, row)}）")
        left = remaining
    how = f"依次比较{'、'.join(used)}" if used else "各项比较均相同"
    undecided = f"，与另 {len(left)} 个仍相同" + ("，须抽签" if _has_lot(definition) else "") if left else ""
    return f"总分同为 {show(total)} 的有 {len(tied)} 个，{how}{undecided}。"


def _worth(rule: TieBreak, row: Row) -> str:
    """What a row has to show for a tie-break, in words."""
    if rule.by == "earliest":
        return f" {row.submitted_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if row.submitted_at else "没有记录"
    places: dict[str, tuple[int | None, str]] = {
        "superior_rank": (row.superior_rank, "第 {} 位"),
        "lot": (row.lot, "第 {} 签"),
        "votes": (row.votes, " {} 票"),
    }
    if rule.by in places:
        number, words = places[rule.by]
        return words.format(number) if number is not None else "没有记录"
    points: dict[str, Decimal | None] = {
        "part": row.parts.get(rule.part or ""),
        "dimension": row.dimensions.get((rule.part or "", rule.dimension or "")),
        "self_total": row.self_total,
        "panel_median": row.panel_median,
        "superior": row.superior_score,
        "survey": row.survey_score,
    }
    value = points[rule.by]
    return "没有记录" if value is None else f" {show(value)} 分"


def _has_lot(definition: Definition) -> bool:
    return any(rule.by == "lot" for rule in definition.scoring.tie_breaks)


def tie_name(definition: Definition, rule: TieBreak) -> str:
    """A tie-break in words."""
    names = {
        "self_total": "自评分", "panel_median": "专家评分中位数", "superior_rank": "上级排序",
        "earliest": "提交先后", "lot": "抽签结果", "superior": "上级评分", "survey": "群众测评得分", "votes": "得票",
    }  # fmt: skip
    if rule.by == "dimension":
        inside = (
            v.dimensions for s in definition.standards for p in s.parts for v in p.versions if p.code == rule.part
        )
        return next(f"“{one.title}”得分" for dimensions in inside for one in dimensions if one.code == rule.dimension)
    if rule.by != "part":
        return names[rule.by]
    titles = {part.code: part.title for source in definition.standards for part in source.parts}
    return f"{titles[rule.part or '']}得分"
