"""How fast the engine judges: 10,000 cases of the plan's programme on one core, and every hostile file refused.

``python -m bench programmes`` prints the table; ``tests/programmes/rules/test_speed.py`` asserts what it asks for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bench.table import Figure

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.rules.examples import case_of

NAME = "programmes"
CASES = 10_000
PLAN = "zhishui-guanhai-2019"


def cases(definition: rules.Definition, count: int) -> list[rules.CaseInput]:
    """Cases of every category and applicant group in turn: facts of the examples, three sheets, a self-assessment."""
    made = []
    kinds = [(category.code, group.code) for category in definition.categories for group in definition.applicant_groups]
    base = [case_of(definition, example) for example in definition.examples]
    for number in range(count):
        category, group = kinds[number % len(kinds)]
        standard = definition.standard(category, group)
        sheets = {
            f"专家{expert}": {
                one.code: max(one.points - (number + expert) % 5, one.points * 0) for one in standard.required
            }
            for expert in range(1, 4)
        }
        like = base[number % len(base)]
        day = date(like.year, 11, 1 + number % 28)
        made.append(replace(like, category=category, group=group, on=day, sheets=sheets, self_scores=sheets["专家1"]))
    return made


def seconds_for(definition: rules.Definition, given: list[rules.CaseInput]) -> float:
    """Processor seconds to judge the cases, one after another."""
    started = time.process_time()
    for case in given:
        rules.evaluate(definition, case)
    return time.process_time() - started


def hostile() -> dict[str, str | bytes]:
    """Files that must be refused at once, by name."""
    plan = shipped_source(PLAN)
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    wrong = "standards: [" + "{category: 1, parts: 2}," * 9_000 + "]"
    many = "".join(f"      - {{ code: x{n}, title: 指标, points: 1 }}\n" for n in range(5_000))
    return {
        "5 MB of text": b"a: " + b"x" * 5_000_000,
        "5 MB of lines": ("- a: 1\n" * 700_000).encode(),
        "nested 50,000 deep": "[" * 50_000,
        "nested mappings": "{a: " * 50_000,
        "alias bomb": laughs,
        "400,000 items": "a: [" + "1," * 400_000 + "1]",
        "wrong types, 27,000 of them": wrong,
        "wrong root": "- 1\n- 2\n",
        "negative points": plan.replace("points: 12.5", "points: -12.5"),
        "quota of 10**9": plan.replace("service_point: 5", "service_point: 1000000000"),
        "cyclic tiers": plan.replace(
            "    title: 治水管海（水务工程建设）先锋\n",
            "    title: 治水管海（水务工程建设）先锋\n    draws_from: tier2\n",
        ),
        "huge exponent": plan.replace("points: 12.5", "points: '1E+999999999'"),
        "5,000 indicators more": plan.replace(
            "                indicators:\n",
            "                indicators:\n" + many.replace("      -", "                  -"),
            1,
        ),
        "examples without end": plan + "".join(_example(n) for n in range(190)),
    }


def _example(number: int) -> str:
    shares = ", ".join(["1"] * 100)
    return (
        f"  - {{ title: 多{number}, category: post, group: stations, year: 2021, on: 2021-11-20, "
        f"panel_shares: [{shares}], expect: {{ total: 100 }} }}\n"
    )


def refusals() -> dict[str, tuple[float, str]]:
    """Seconds until each hostile file is refused, and the first complaint; an empty one means it was let in."""
    found = {}
    for name, text in hostile().items():
        started = time.perf_counter()
        _, problems = rules.validate(text)
        found[name] = (time.perf_counter() - started, str(problems[0]) if problems else "")
    return found


def figures() -> Iterator[Figure]:
    """All rows of the table."""
    definition = rules.load(shipped_source(PLAN))
    given = cases(definition, CASES)
    judged = min(seconds_for(definition, given) for _ in range(3))
    yield Figure(NAME, "evaluate 10,000 cases", f"{judged:.2f} s", "none recorded", "< 2 s on one core", judged < 2)
    for code in SHIPPED:
        started = time.process_time()
        rules.load(shipped_source(code))
        yield Figure(NAME, f"load {code}", f"{time.process_time() - started:.2f} s", "none recorded")
    for name, (seconds, said) in refusals().items():
        fine = bool(said) and seconds < 2
        yield Figure(NAME, f"refuse {name}", f"{seconds:.2f} s", said[:60], "refused in < 2 s", fine)
