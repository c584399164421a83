"""Facts, filters and degrees as phrases for the sentences of gates."""

from collections.abc import Mapping, Sequence
from datetime import date

from xianfeng.programmes.rules.facts import Fact
from xianfeng.programmes.rules.schema.gates import ABOUT, FactFilter, Standing
from xianfeng.registry import rules as ledger

Words = Mapping[str, str]


def listed(facts: Sequence[Fact], words: Words, shown: int = 3) -> str:
    """``“示例事故”（2019年5月6日）``: facts by title and day, the first few of many."""
    named = "、".join(f"“{fact.title or words[fact.kind]}”（{day(fact.happened_on)}）" for fact in facts[:shown])
    return named + (f"等 {len(facts)} 项" if len(facts) > shown else "")


def day(one: date) -> str:
    """``2019年5月6日``."""
    return f"{one.year}年{one.month}月{one.day}日"


def what(wanted: FactFilter, words: Words) -> str:
    """``区局级及以上的工程荣誉（所在单位、申报对象）``: the filter as a noun phrase."""
    things = [words[one] for one in wanted.tags or wanted.kinds]
    whose = "、".join(ABOUT[about] for about in wanted.about)
    reach = degree(wanted.standing)
    return f"{reach}{'的' if reach else ''}{'或'.join(things)}（{whose}）"


def degree(standing: Standing) -> str:
    """``区局级及以上``: what a fact must reach, in words."""
    words = [
        _and_above(ledger.LEVELS, standing.level_at_least),
        _and_above(ledger.ACCIDENT_GRADES, standing.grade_at_least),
        _and_above(ledger.APPRAISAL_RESULTS, standing.result_at_least),
        f"{standing.stars_at_least}星级及以上" if standing.stars_at_least else "",
    ]
    return "、".join(word for word in words if word)


def _and_above(order: dict[str, str], least: str | None) -> str:
    if least is None:
        return ""
    return order[least] + ("及以上" if least != list(order)[-1] else "")
