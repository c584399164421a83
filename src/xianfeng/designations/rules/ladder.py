"""The ladder of sanctions as a conclusion meets it: what may be concluded, what still stands, what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from xianfeng.designations.rules import CONCLUSIONS, bands_of
from xianfeng.programmes.rules import Definition, lower_grade, next_sanction, sanction_until
from xianfeng.programmes.rules.gate_words import day
from xianfeng.programmes.rules.schema.procedures import Sanction

# A rung of the definition, the conclusion that imposes it, and the line of history it leaves.
OUTCOMES: Final = {
    "warning": "warned",
    "rectification": "rectify",
    "downgrade": "downgraded",
    "suspension": "suspended",
    "revocation": "revoked",
}
KINDS: Final = {"warn": "warning", "rectify": "rectification", "downgrade": "downgrade", "suspension": "suspension"}
# These put an end to what was imposed without a term.
CLEARING: Final = frozenset({"confirm", "rectified"})
WITHOUT_LADDER: Final = ("confirmed", "rectify", "revoked")


@dataclass(frozen=True)
class Standing:
    """A sanction that still counts; ``until`` is its last day, None where the ladder gives it no term."""

    code: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Proposal:
    """What the ladder says comes next for a title that fails again, and why, in Chinese."""

    outcome: str
    sentence: str


def standing(history: Iterable[tuple[str, date, date | None]], on: date) -> list[Standing]:
    """Sanctions that count on a day; ``history`` is (kind, day, last day of its term), oldest first."""
    found: list[Standing] = []
    for kind, since, until in history:
        if kind in CLEARING:
            found = [one for one in found if one.until is not None]
        elif kind in KINDS:
            found.append(Standing(KINDS[kind], since, until))
    return [one for one in found if one.until is None or one.until >= on]


def term(definition: Definition, act: str, since: date) -> date | None:
    """The last day on which what an act imposes counts; None without a term, or for an act that imposes nothing."""
    code = KINDS.get(act)
    if code not in {one.code for one in definition.title_life.sanctions}:
        return None
    return sanction_until(definition, str(code), since=since)


def below(definition: Definition, grade: str) -> str | None:
    """The grade below, where the programme knows the grade and has one below it."""
    known = {band.code for band in bands_of(definition)}
    return lower_grade(definition, grade) if grade in known else None


def offered(definition: Definition, grade: str = "") -> dict[str, str]:
    """What a reassessment may conclude, in the words of the definition's ladder: outcome to label."""
    ladder = definition.title_life.sanctions
    if not ladder:
        return {code: CONCLUSIONS[code] for code in WITHOUT_LADDER}
    rungs = [one for one in ladder if one.code != "downgrade" or below(definition, grade)]
    return {"confirmed": CONCLUSIONS["confirmed"]} | {OUTCOMES[one.code]: _label(one) for one in rungs}


def causes(definition: Definition) -> dict[str, str]:
    """The causes of a revocation that have a waiting time of their own, with that time: code to label."""
    return {
        one.code: f"{one.title}（{f'{one.months} 个月内' if one.months else '今后'}不再受理）"
        for one in definition.title_life.waiting_by_cause
    }


def _label(rung: Sanction) -> str:
    return f"{rung.title}（影响期 {rung.months} 个月）" if rung.months else rung.title


def proposal(definition: Definition, *, grade: str, stands: Sequence[Standing]) -> Proposal | None:
    """The rung after those standing; None without a ladder, or where it ends in a grade that cannot be lowered."""
    codes = [one.code for one in stands]
    rung = next_sanction(definition, codes)
    lowest = ""
    if rung is not None and rung.code == "downgrade" and not below(definition, grade):
        rung, lowest = next_sanction(definition, [*codes, "downgrade"]), "没有更低的等次可降，"
    if rung is None or (lowest and rung.code == "downgrade"):
        return None
    if not stands:
        why = f"目前没有仍在影响期内的处理；如认定不符合标准，{lowest}按处理阶梯从“{rung.title}”起"
    else:
        titles: dict[str, str] = {one.code: one.title for one in definition.title_life.sanctions}
        now = "、".join(f"“{titles.get(one.code, one.code)}”（{_span(one)}）" for one in stands)
        why = f"仍在影响期内的处理：{now}；如认定不符合标准，{lowest}按处理阶梯下一级为“{rung.title}”"
    return Proposal(OUTCOMES[rung.code], f"{why}。")


def _span(one: Standing) -> str:
    return f"{day(one.since)}至{day(one.until)}" if one.until else f"{day(one.since)}起"
