"""From a panel's needs to who reviews what, as one JSON in and one result out: kept, it can be made again by anybody.

A plain random draw is balanced by min-cost flow on chance alone (``assignment.draw``). With limits per institution, a
least load or an aim for matching fields, the same numbers become affinities of the exact solver (``assignment.solve``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.review.rules import assignment

Json = dict[str, Any]
Pair = tuple[str, str]
LUCK = 0.01  # how much chance weighs beside a match of fields
AVOIDED = 2.0  # what a pair that had better be avoided loses
FLOOR = 0.97


@dataclass(frozen=True)
class Allotted:
    """Pairs (case, expert) to add, sorted; who starves and what would help when it cannot be done; the report."""

    pairs: tuple[Pair, ...]
    report: Json = field(default_factory=dict)
    starved: dict[str, int] = field(default_factory=dict)
    hint: str = ""

    @property
    def complete(self) -> bool:
        """Whether every case got what it needs."""
        return not self.starved and not self.hint


def match(text: str, fields: Sequence[str]) -> str:
    """The share of an expert's fields that the standard's text speaks of, as a decimal string."""
    words = [one for one in fields if one.strip()]
    return f"{sum(one in text for one in words) / len(words):.3f}" if words else "0.000"


def allot(given: Json) -> Allotted:
    """Allot experts; the same input gives the same pairs.

    ``need`` (case → experts still missing), ``capacity`` and ``load`` (expert → items), ``apart``, ``avoid`` (pairs),
    ``seated`` (case → experts who stay), ``seed``, ``objective``, ``institution`` (expert → name), ``cap``,
    ``least_load``, ``match`` (case → expert → share).
    """
    plain = given["objective"] == "chance" and not given["cap"] and not given["least_load"]
    return _drawn(given) if plain else _solved(given)


def _drawn(given: Json) -> Allotted:
    apart = {(case, expert) for case, expert in given["apart"]}
    avoid = {(case, expert) for case, expert in given["avoid"]}
    same = {"need": given["need"], "capacity": given["capacity"], "load": given["load"], "seed": given["seed"]}
    made = assignment.draw(**same, forbidden=apart | avoid)
    if avoid and not made.complete:
        made = assignment.draw(**same, forbidden=apart)
    if made.complete:
        return Allotted(made.pairs, report(given, made.pairs))
    extra = assignment.least_raise(**same, forbidden=apart)
    if extra is not None:
        return Allotted(
            made.pairs,
            {},
            dict(made.starved),
            f"把每位专家的最多评审件数提高 {extra} 件，或者增加无需回避的专家后再抽取。",
        )
    short = max(made.starved.values())
    hint = f"这些申报与在库专家大多存在回避关系，请至少再增加 {short} 位无需回避的专家。"
    return Allotted(made.pairs, {}, dict(made.starved), hint)


def _solved(given: Json) -> Allotted:
    cases = sorted(case for case, count in given["need"].items() if count > 0)
    experts = sorted(given["capacity"])
    if not cases:
        return Allotted(())
    if not experts:
        return Allotted((), {}, {case: given["need"][case] for case in cases}, "请先把专家加入专家库。")
    at_case = {one: at for at, one in enumerate(cases)}
    at_expert = {one: at for at, one in enumerate(experts)}
    seated = [
        [at_case[case], at_expert[expert]]
        for case, found in given["seated"].items()
        for expert in found
        if case in at_case and expert in at_expert
    ]
    here = Counter(expert for _, expert in seated)
    asked: Json = {
        "affinity": [[_worth(given, case, expert) for expert in experts] for case in cases],
        "conflicts": [[at_case[c], at_expert[e]] for c, e in given["apart"] if c in at_case and e in at_expert] or None,
        "per_item": [given["need"][case] + sum(1 for pair in seated if pair[0] == at_case[case]) for case in cases],
        "min_load": [_least(given, one, here[at_expert[one]]) for one in experts],
        "groups": _groups([given["institution"].get(one, "") for one in experts]),
        "group_cap": given["cap"],
        "locked": seated or None,
        "objective": "fair" if given["objective"] == "fair" else "total",
        "floor": FLOOR,
    }
    most = [given["capacity"][one] + here[at_expert[one]] for one in experts]
    try:
        made = _balanced(given, asked, experts, most, here)
    except assignment.Infeasible as error:
        starved = {cases[at]: count for at, count in error.starved.items()}
        return Allotted((), {}, starved, error.hint or "请增加专家，或放宽每件同一单位人数和最少件数。")
    kept = {tuple(pair) for pair in seated}
    pairs = tuple(sorted((cases[item], experts[who]) for item, who in made.pairs.tolist() if (item, who) not in kept))
    return Allotted(pairs, report(given, pairs, made))


def _balanced(given: Json, asked: Json, experts: list[str], most: list[int], here: Counter[int]) -> Any:
    """Solve with the evenest loads that still work: the common ceiling rises until it does."""
    wanted = sum(given["need"].values())
    loads = [given["load"].get(one, 0) for one in experts]
    level = -(-(wanted + sum(loads)) // len(experts))
    for ceiling in (level, level + 1, level + 2):
        tight = [
            min(top, max(0, ceiling - load) + here[at]) for at, (top, load) in enumerate(zip(most, loads, strict=True))
        ]
        if any(low > high for low, high in zip(asked["min_load"], tight, strict=True)):
            continue
        try:
            return assignment.solve(**asked, max_load=tight)
        except assignment.Infeasible:
            continue
    return assignment.solve(**asked, max_load=most)


def _worth(given: Json, case: str, expert: str) -> float:
    luck = assignment.chance(given["seed"], case, expert) / 1_000_000
    # the draw takes the smallest numbers; the solver takes the largest worth
    worth = 1 - luck if given["objective"] == "chance" else _matched(given, case, expert) + LUCK * (1 - luck)
    return worth - (AVOIDED if [case, expert] in given["avoid"] else 0)


def _matched(given: Json, case: str, expert: str) -> float:
    return float(given["match"].get(case, {}).get(expert, "0"))


def _least(given: Json, expert: str, here: int) -> int:
    """The least load net of what the expert has elsewhere, never more than they may take."""
    wanted: int = max(0, given["least_load"] - given["load"].get(expert, 0))
    return min(wanted, int(given["capacity"][expert])) + here


def _groups(names: Sequence[str]) -> list[int]:
    known = sorted(set(names) - {""})
    return [known.index(one) if one else -1 for one in names]


# --- making a draw again ----------------------------------------------------------------------------------------------

FORMAT = "xianfeng-draws/1"


def record(draw: Json) -> Json:
    """A draw as it is handed out: with the fingerprints that its journal entry carries."""
    return {**draw, "inputs_sha256": fingerprint(draw["inputs"]), "pairs_sha256": fingerprint(draw["pairs"])}


def fingerprint(value: Any) -> str:
    """SHA-256 of the canonical bytes."""
    return sha256_hex(canonical_bytes(value))


def difference(draw: Json) -> str:
    """Make a draw again from its inputs and seed: a Chinese sentence on the first thing that differs, or nothing."""
    for name, word in (("inputs", "输入"), ("pairs", "结果")):
        if fingerprint(draw[name]) != draw.get(f"{name}_sha256", fingerprint(draw[name])):
            return f"{word}与记录的摘要不符，文件有改动。"
    made = allot(draw["inputs"])
    if not made.complete:
        return "由记录的输入抽不齐专家。"
    drawn, stated = [list(one) for one in made.pairs], [list(one) for one in draw["pairs"]]
    for one in drawn:
        if one not in stated:
            return f"重演抽到申报 {one[0]}、专家 {one[1]}，记录中没有这一对。"
    extra = next((one for one in stated if one not in drawn), None)
    return f"记录中的申报 {extra[0]}、专家 {extra[1]}，重演没有抽到。" if extra else ""


def components(pairs: Sequence[Pair]) -> int:
    """How many separate pieces the graph of cases and experts falls into."""
    parent: dict[str, str] = {}

    def find(one: str) -> str:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for case, expert in pairs:
        parent[find(f"i{case}")] = find(f"e{expert}")
    return len({find(one) for one in list(parent)})


def report(given: Json, pairs: Sequence[Pair], made: Any = None) -> Json:
    """Figures of an allotment, numbers as strings: loads, connectivity; of the solver total, bound and the rest."""
    loads: Counter[str] = Counter(given["load"])
    loads.update(expert for _, expert in pairs)
    used = [loads[one] for one in given["capacity"] if loads[one] or given["capacity"][one]]
    standing = [(case, expert) for case, found in given["seated"].items() for expert in found]
    pieces = components([*standing, *pairs])
    low, high = min(used, default=0), max(used, default=0)
    said = f"分派 {len(pairs)} 件次，每位专家 {low} 至 {high} 件"
    said += "，专家与申报连成一片" if pieces <= 1 else f"，专家与申报分成 {pieces} 片，片与片之间的分数不可比"
    found: Json = {"objective": given["objective"], "least_load": low, "most_load": high, "components": pieces}
    if made is not None:
        share = made.gap
        found |= {
            "total": f"{made.total:.4f}", "bound": f"{made.bound:.4f}", "gap": f"{share:.6f}",
            "min_item": f"{made.min_item:.4f}", "p5_item": f"{made.p5_item:.4f}", "gini": f"{made.gini:.4f}",
        }  # fmt: skip
        said += f"；匹配合计 {made.total:.2f}（最好可能 {made.bound:.2f}），最弱一件 {made.min_item:.2f}"
    return {**found, "said": said + "。"}
