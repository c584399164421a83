"""Gates and eligibility: what the ledger proves, refutes or leaves open, with a sentence for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.gate_words import Words, degree, listed
from xianfeng.programmes.rules.schema.definition import Category, Definition
from xianfeng.programmes.rules.schema.gates import (
    AnyOf,
    AtLeast,
    BestAtLeast,
    Cap,
    Facility,
    FactFilter,
    Gate,
    GateTest,
    NoneOf,
    ScoreAtLeast,
    Standing,
)  # fmt: skip
from xianfeng.programmes.rules.schema.scoring import SOURCES, Rounding
from xianfeng.programmes.rules.trace import Trace, show
from xianfeng.programmes.rules.windows import in_words, span
from xianfeng.registry import rules as ledger

State = Literal["met", "failed", "unproven"]
STATES = {"met": "符合", "failed": "不符合", "unproven": "尚未证明"}


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """How one gate came out, the facts that decided it, and what follows."""

    gate: Gate
    state: State
    sentence: str
    fact_ids: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The gate's code."""
        return self.gate.code

    @property
    def title(self) -> str:
        """The gate's title."""
        return self.gate.title

    @property
    def holds(self) -> bool:
        """Whether the gate stands in nobody's way."""
        return self.state == "met" or (self.state == "unproven" and self.gate.unproven == "waived")

    @property
    def vetoes(self) -> bool:
        """Whether the nomination is refused here and now: submission and screening alike."""
        refuted = self.state == "failed" or (self.state == "unproven" and self.gate.unproven == "failed")
        return refuted and self.gate.effect == "veto"

    @property
    def pending(self) -> bool:
        """Whether proof is still owed: it may be submitted, but not pass screening."""
        return self.state == "unproven" and self.gate.unproven == "pending" and self.gate.effect == "veto"

    @property
    def cap(self) -> Cap | None:
        """The cap that applies, if this gate caps and does not hold."""
        return None if self.holds else self.gate.cap

    @property
    def flagged(self) -> bool:
        """Whether a screener should look at it."""
        return not self.holds

    def trace(self) -> Trace:
        """The gate as a line of the trace."""
        effect = {"veto": "一票否决", "cap": "封顶", "flag": "提示"}[self.gate.effect]
        follows = "" if self.holds else "，初审前须证明" if self.pending else f"，{effect}"
        return Trace(f"否决项“{self.title}”", self.sentence, STATES[self.state] + follows)


@dataclass(frozen=True, slots=True)
class _Day:
    """The day and round a gate is judged in, and the programme's words for facts."""

    on: date
    year: int
    words: Words


def gates_for(definition: Definition, category: str, group: str) -> list[Gate]:
    """The gates that concern nominees of this category and group, in the definition's order."""
    return list(definition.gates_of(category, group))


def evaluate_gates(
    definition: Definition,
    *,
    category: str,
    group: str,
    facts: Iterable[Fact],
    nominee_facts: NomineeFacts,
    on: date,
    year: int,
) -> list[GateOutcome]:
    """Judge every gate of facts that applies, on the day ``on``, for the round of ``year``; expects confirmed facts.

    Gates on scores are left to ``score_gates``: before there is a score they have nothing to say.
    """
    known = sorted(facts, key=lambda fact: (fact.happened_on, fact.id))
    day = _Day(on, year, definition.words)
    return [
        _judged(gate, definition.phrases[gate.code], known, nominee_facts, day)
        for gate in definition.gates_of(category, group)
        if not isinstance(gate.test, ScoreAtLeast)
    ]


@dataclass(frozen=True, slots=True)
class Settled:
    """How a gate on facts came out when it was judged once for all, and the sentence said then."""

    state: State
    sentence: str


def settled_gates(
    definition: Definition, *, category: str, group: str, settled: Mapping[str, Settled]
) -> list[GateOutcome]:
    """Gates on facts as they were settled; one that was not judged then has nothing to say."""
    return [
        GateOutcome(gate, settled[gate.code].state, settled[gate.code].sentence)
        for gate in definition.gates_of(category, group)
        if gate.code in settled and not isinstance(gate.test, ScoreAtLeast)
    ]


def score_gates(
    definition: Definition, *, category: str, group: str, shares: Mapping[str, Fraction | None]
) -> list[GateOutcome]:
    """Judge the gates on scores; ``shares`` of full points by source, and by ``part:code``."""
    return [
        _score(definition, gate, gate.test, shares)
        for gate in definition.gates_of(category, group)
        if isinstance(gate.test, ScoreAtLeast)
    ]


def _score(
    definition: Definition, gate: Gate, test: ScoreAtLeast, shares: Mapping[str, Fraction | None]
) -> GateOutcome:
    titles = {part.code: part.title for source in definition.standards for part in source.parts}
    name = SOURCES[test.source] if test.source else titles[test.part or ""]
    share = shares.get(test.source or f"part:{test.part}")
    if share is None:
        return GateOutcome(gate, "unproven", f"还没有{name}的得分")
    reached, needed = percent(share), f"{show(test.share * 100)}%"
    if share >= Fraction(test.share):
        return GateOutcome(gate, "met", f"{name}得分率 {reached}，达到 {needed}")
    return GateOutcome(gate, "failed", f"{name}得分率 {reached}，低于 {needed}")


def percent(share: Fraction) -> str:
    """A share in per cent, cut (never rounded up to a line it does not reach) at two places."""
    return f"{show(rounded(share * 100, Rounding(places=2, mode='down')))}%"


def _judged(gate: Gate, phrases: Sequence[str], facts: Sequence[Fact], nominee: NomineeFacts, day: _Day) -> GateOutcome:
    """``phrases`` say of each of the gate's tests what it speaks of."""
    found = [
        _outcome(gate, test, phrase, facts, nominee, day) for test, phrase in zip(gate.tests, phrases, strict=True)
    ]
    return _any_of(gate, found) if isinstance(gate.test, AnyOf) else found[0]


def _any_of(gate: Gate, found: Sequence[GateOutcome]) -> GateOutcome:
    """The first that is met decides; otherwise every one is told, and what may still be proven stays open."""
    for one in found:
        if one.state == "met":
            return one
    state: State = "unproven" if any(one.state == "unproven" for one in found) else "failed"
    facts = tuple(dict.fromkeys(fact for one in found for fact in one.fact_ids))
    return GateOutcome(gate, state, "；或".join(one.sentence for one in found), facts)


def _outcome(
    gate: Gate, test: GateTest, phrase: str, facts: Sequence[Fact], nominee: NomineeFacts, day: _Day
) -> GateOutcome:
    if isinstance(test, NoneOf):
        return _none_of(gate, test, phrase, facts, day)
    if isinstance(test, AtLeast):
        return _at_least(gate, test, phrase, facts, day)
    if isinstance(test, BestAtLeast):
        return _best(gate, test, phrase, facts, day)
    assert isinstance(test, Facility)  # scores are judged elsewhere
    return _facility(gate, test, nominee)


def _none_of(gate: Gate, test: NoneOf, phrase: str, facts: Sequence[Fact], day: _Day) -> GateOutcome:
    found = _once(fact for fact in facts if counts(test.facts, fact, on=day.on, year=day.year))
    if len(found) > test.most:
        allowed = f"，多于 {test.most} 项" if test.most else ""
        return GateOutcome(
            gate, "failed", f"{_when(test.facts, day)}有{listed(found, day.words)}{allowed}", _ids(found)
        )
    if found:
        sentence = f"{_when(test.facts, day)}有{listed(found, day.words)}，不多于 {test.most} 项"
        return GateOutcome(gate, "met", sentence, _ids(found))
    return GateOutcome(gate, "met", f"{_when(test.facts, day)}没有{phrase}")


def _at_least(gate: Gate, test: AtLeast, phrase: str, facts: Sequence[Fact], day: _Day) -> GateOutcome:
    found = _once(fact for fact in facts if _proves(test.facts, fact, day))
    if len(found) >= test.count:
        return GateOutcome(gate, "met", f"已由{listed(found, day.words)}证明", _ids(found))
    lacking = f"{_when(test.facts, day)}应有{phrase}至少 {test.count} 项"
    return GateOutcome(gate, "unproven", f"{lacking}，台账上已有 {len(found)} 项", _ids(found))


def _best(gate: Gate, test: BestAtLeast, phrase: str, facts: Sequence[Fact], day: _Day) -> GateOutcome:
    found = _once(
        fact for fact in facts if _speaks_of(test.facts, fact, on=day.on, year=day.year) and _valid(fact, day)
    )
    good = [fact for fact in found if reaches(test.facts.standing, fact)]
    if good:
        return GateOutcome(gate, "met", f"已由{listed(good, day.words)}证明", _ids(good))
    if found:
        return GateOutcome(
            gate, "failed", f"{listed(found, day.words)}未达到{degree(test.facts.standing)}", _ids(found)
        )
    return GateOutcome(gate, "unproven", f"台账上没有{_when(test.facts, day)}的{phrase}")


def _facility(gate: Gate, test: Facility, nominee: NomineeFacts) -> GateOutcome:
    if nominee.staff is None:
        return GateOutcome(gate, "unproven", "固定工作人员数尚未登记")
    if nominee.staff < test.staff_at_least:
        return GateOutcome(gate, "failed", f"固定工作人员 {nominee.staff} 人，少于 {test.staff_at_least} 人")
    if test.member_share_at_least is None:
        return GateOutcome(gate, "met", f"固定工作人员 {nominee.staff} 人")
    if test.or_leader_is_member and nominee.leader_is_member:
        return GateOutcome(gate, "met", f"固定工作人员 {nominee.staff} 人，负责人中有党员")
    if nominee.members is None:
        return GateOutcome(gate, "unproven", "党员人数尚未登记")
    sentence = f"固定工作人员 {nominee.staff} 人，其中党员 {nominee.members} 人"
    if nominee.staff and nominee.members >= test.member_share_at_least * nominee.staff:
        return GateOutcome(gate, "met", sentence)
    if test.or_leader_is_member and nominee.leader_is_member is None:
        return GateOutcome(gate, "unproven", f"{sentence}；负责人是否为党员尚未登记")
    needed = f"党员占比应不低于 {show(test.member_share_at_least * 100)}%"
    return GateOutcome(gate, "failed", f"{sentence}；{needed}" + ("，或负责人中有党员" * test.or_leader_is_member))


def counts(wanted: FactFilter, fact: Fact, *, on: date, year: int) -> bool:
    """Whether a fact is one the filter speaks of: subject, kind, tag, degree, window, and no exception."""
    return _speaks_of(wanted, fact, on=on, year=year) and reaches(wanted.standing, fact)


def _speaks_of(wanted: FactFilter, fact: Fact, *, on: date, year: int) -> bool:
    """As ``counts``, whatever the degree."""
    return (
        fact.kind in wanted.kinds
        and fact.about in wanted.about
        and (not wanted.tags or not fact.tags.isdisjoint(wanted.tags))
        and span(wanted.window, on=on, year=year).covers(fact)
        and not (wanted.exceptions.rectified and fact.rectified)
        and fact.tags.isdisjoint(wanted.exceptions.tags)
    )


def _proves(wanted: FactFilter, fact: Fact, day: _Day) -> bool:
    """As ``counts``, for facts in the nominee's favour: what has expired proves nothing."""
    return counts(wanted, fact, on=day.on, year=day.year) and _valid(fact, day)


def _valid(fact: Fact, day: _Day) -> bool:
    return fact.valid_until is None or fact.valid_until >= day.on


def reaches(standing: Standing, fact: Fact) -> bool:
    """Whether a fact reaches every degree asked for; a degree it does not state is not reached."""
    return (
        (standing.level_at_least is None or ledger.reaches(ledger.LEVELS, fact.level, standing.level_at_least))
        and (
            standing.grade_at_least is None
            or ledger.reaches(ledger.ACCIDENT_GRADES, fact.grade, standing.grade_at_least)
        )
        and (
            standing.result_at_least is None
            or ledger.reaches(ledger.APPRAISAL_RESULTS, fact.result, standing.result_at_least)
        )
        and (standing.stars_at_least is None or (fact.stars or 0) >= standing.stars_at_least)
    )


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """A record that concerns the nominee in two ways is told twice and counts once."""
    return list({fact.id: fact for fact in facts}.values())


def _ids(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(fact.id for fact in facts)


def _when(wanted: FactFilter, day: _Day) -> str:
    return in_words(wanted.window, year=day.year, on=day.on)


def check_eligibility(category: Category, group: str, nominee: NomineeFacts, words: Words | None = None) -> list[str]:
    """Chinese sentences on why a nominee cannot apply in this category; an empty list when it can.

    ``words`` are the programme's own member statuses (``vocabulary.member_statuses``).
    """
    who = category.eligibility
    faults = []
    if who.groups and group not in who.groups:
        faults.append("所在单位不在本类别的申报范围内")
    if who.organisation_kinds and nominee.organisation_kind not in who.organisation_kinds:
        faults.append("该党组织类型不在申报范围内")
    if who.service_point_kinds and nominee.service_point_kind not in who.service_point_kinds:
        faults.append("该服务点类型不在申报范围内")
    if who.member_status and nominee.member_status not in who.member_status:
        wanted = "、".join({**ledger.MEMBER_STATUSES, **(words or {})}[status] for status in who.member_status)
        faults.append(f"党员身份应为{wanted}")
    if who.in_post and not nominee.in_post:
        faults.append("应为在职党员")
    return faults


def triggered_by(definition: Definition, fact: Fact, *, on: date) -> str | None:
    """The code of the first rule by which this fact opens a reassessment, if any."""
    for trigger in definition.title_life.triggers:
        if counts(trigger.facts, fact, on=on, year=on.year):
            return trigger.code
    return None
