"""The life of a title by its rules: how long it holds, what is due, what follows a failing, when one may return."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.schema.procedures import ON_MISSED, Sanction, SelfCheck
from xianfeng.programmes.rules.schema.scoring import GradesResult
from xianfeng.programmes.rules.windows import months_before


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is no such day."""
    return months_before(day, -months)


def reassessment_due(definition: Definition, *, tier: str, since: date) -> date | None:
    """When a title named (or last confirmed) on a day is next to be reassessed; ``None``: never, or not this tier."""
    life = definition.title_life
    if tier not in life.applies_to or life.reassessment_months is None:
        return None
    return months_after(since, life.reassessment_months)


def valid_until(definition: Definition, *, named_on: date, grade: str | None = None) -> date | None:
    """The title's last day; ``None`` when it holds as long as reassessment confirms it."""
    life = definition.title_life
    months = life.validity_by_grade.get(grade or "", life.validity_months)
    return None if months is None else months_after(named_on, months) - timedelta(days=1)


def renewal_from(definition: Definition, *, named_on: date, grade: str | None = None) -> date | None:
    """From which day the holder may ask for renewal; ``None`` when the programme knows no renewal."""
    last = valid_until(definition, named_on=named_on, grade=grade)
    before = definition.title_life.renewal_months_before
    return None if last is None or before is None else months_before(last + timedelta(days=1), before)


def self_checks(definition: Definition, *, named_on: date, until: date) -> list[date]:
    """Days by which (inclusive) self-checks are due, from the naming to ``until``."""
    rule = definition.title_life.self_check
    if rule is None:
        return []
    due: list[date] = []
    turn = 1
    while (day := _due(rule, named_on, turn)) <= until:
        due.append(day)
        turn += 1
    return due


def _due(rule: SelfCheck, named_on: date, turn: int) -> date:
    """The ``turn``-th self-check: so many months on, or the fixed day so many years on (not in the naming's year)."""
    if rule.by_month is None or rule.by_day is None:
        return months_after(named_on, turn * rule.every_months)
    year = named_on.year + turn * (rule.every_months // 12)
    return date(year, rule.by_month, min(rule.by_day, monthrange(year, rule.by_month)[1]))


@dataclass(frozen=True)
class Missed:
    """A self-check that was not handed in, and what that means."""

    due: date
    consequence: str
    sentence: str


def missed_self_checks(definition: Definition, *, named_on: date, done: Sequence[date], on: date) -> list[Missed]:
    """Self-checks due before the day ``on`` for which none was handed in between the one before and the due day."""
    rule = definition.title_life.self_check
    if rule is None:
        return []
    missed = []
    before = named_on
    for due in self_checks(definition, named_on=named_on, until=on - timedelta(days=1)):
        if not any(before < day <= due for day in done):
            sentence = (
                f"应于{due.year}年{due.month}月{due.day}日前报送年度自查，逾期未报：{ON_MISSED[rule.on_missed]}。"
            )
            missed.append(Missed(due, rule.on_missed, sentence))
        before = due
    return missed


def next_sanction(definition: Definition, standing: Sequence[str]) -> Sanction | None:
    """The rung of the ladder that follows the highest one still standing; the last again; ``None`` without a ladder."""
    ladder = definition.title_life.sanctions
    if not ladder:
        return None
    codes = [one.code for one in ladder]
    highest = max((codes.index(code) for code in standing if code in codes), default=-1)
    return ladder[min(highest + 1, len(ladder) - 1)]


def sanction_until(definition: Definition, code: str, *, since: date) -> date | None:
    """The last day on which a sanction counts; ``None`` when it has no term."""
    months = next(one for one in definition.title_life.sanctions if one.code == code).months
    return None if months is None else months_after(since, months) - timedelta(days=1)


def lower_grade(definition: Definition, grade: str) -> str | None:
    """The grade below (降级); ``None`` below the lowest or without grades."""
    if not isinstance(definition.result, GradesResult):
        return None
    codes = [band.code for band in definition.result.bands]
    at = codes.index(grade) + 1
    return codes[at] if at < len(codes) else None


def waiting_months(definition: Definition, cause: str = "") -> int | None:
    """How long one who lost the title waits; ``None``: for ever.

    A cause of revocation that the programme names has its own time, or none that ends; any other the general one.
    """
    life = definition.title_life
    named = next((one for one in life.waiting_by_cause if one.code == cause), None)
    return named.months if named else life.waiting_months


def may_return_on(definition: Definition, *, revoked_on: date, cause: str = "") -> date | None:
    """The first day on which one who lost the title may apply again; ``None``: never."""
    months = waiting_months(definition, cause)
    return None if months is None else months_after(revoked_on, months)


@dataclass(frozen=True)
class Fate:
    """What becomes of a title by the rules when its holder or its source is gone, and why, in Chinese."""

    rule: str
    sentence: str


def merged_fate(definition: Definition, *, successor: bool = True) -> Fate:
    """What becomes of the title of a unit merged into another (``successor``) or dissolved: review, transfer or end.

    Nobody can carry on a title where there is no successor: ``transfer`` is then the end of it.
    """
    rule = definition.title_life.on_merged
    happened = "单位合并" if successor else "单位撤销，没有承继单位"
    if rule == "transfer" and successor:
        return Fate(rule, f"{happened}，按规定称号由承继单位保留，命名日期和编号不变。")
    if rule == "review":
        return Fate(rule, f"{happened}，按规定启动复评，由复评决定称号去留。")
    return Fate("end", f"{happened}，按规定称号终止。")


def source_lost_fate(definition: Definition, *, tier: str) -> Fate:
    """What becomes of a title of a tier when the title it was drawn from is lost: revoke, review (unsaid) or keep."""
    rule = definition.title_life.on_source_lost.get(tier, "review")
    source = definition.tier(tier).draws_from
    happened = f"所依据的“{definition.tier(source).title}”称号已失效" if source else "所依据的称号已失效"
    follows = {
        "revoke": "按规定本称号随之撤销",
        "review": "按规定启动复评，由复评决定称号去留",
        "keep": "按规定本称号保留",
    }
    return Fate(rule, f"{happened}，{follows[rule]}。")


def upgrade_faults(
    definition: Definition, *, held_since: date, on: date, grade: str | None = None, wanted: str | None = None
) -> list[str]:
    """Chinese sentences on why a holder may not yet be upgraded (to a higher tier or grade)."""
    life = definition.title_life
    faults = []
    if life.upgrade_after_months is not None:
        first = months_after(held_since, life.upgrade_after_months)
        if on < first:
            faults.append(
                f"获得称号满 {life.upgrade_after_months} 个月（{first.year}年{first.month}月{first.day}日起）方可晋级"
            )
    if life.upgrade_one_grade and grade and wanted and isinstance(definition.result, GradesResult):
        bands = list(definition.result.bands)
        codes = [band.code for band in bands]
        if codes.index(wanted) < codes.index(grade) - 1:
            faults.append(f"应逐级晋升，下一级为{bands[codes.index(grade) - 1].title}")
    return faults
