"""Checks on gates, scoring, the title's life, provenance and examples: what they name is there, and within bounds."""

from collections.abc import Iterable
from typing import Any

from xianfeng.programmes.rules.checks.common import Found, codes, known, unique
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.problems import Path, Problem
from xianfeng.programmes.rules.schema.definition import Definition, Example
from xianfeng.programmes.rules.schema.gates import ABOUT, AnyOf, Facility, FactFilter, Gate, GateTest, ScoreAtLeast
from xianfeng.programmes.rules.schema.scoring import GradesResult
from xianfeng.registry import rules as ledger

MOST_WORK = 200_000  # marks to add up and facts to look at in all examples together: about a second
MOST_MONTHS = 1200
IDENTITIES = ("code", "year", "category")


def grades(d: Definition) -> list[str]:
    """Codes of the grades, none where the programme has none."""
    return codes(d.result.bands) if isinstance(d.result, GradesResult) else []


def check_facts(d: Definition) -> Found:
    """Gates and triggers speak of kinds of fact, tags, categories and grades that exist."""
    for i, gate in enumerate(d.gates):
        path: Path = ("gates", i)
        yield from known(gate.categories, codes(d.categories), (*path, "categories"), "类别")
        yield from known(gate.groups, codes(d.applicant_groups), (*path, "groups"), "申报单位类别")
        if gate.cap and gate.cap.grade:
            yield from known([gate.cap.grade], grades(d), (*path, "cap"), "等次")
        for at, test in enumerate(gate.tests):
            where: Path = (*path, "test", "tests", at) if isinstance(gate.test, AnyOf) else (*path, "test")
            yield from _test(d, gate, test, where)
    for i, trigger in enumerate(d.title_life.triggers):
        yield from _filter(d, trigger.facts, ("title_life", "triggers", i, "facts"))


def _test(d: Definition, gate: Gate, test: GateTest, path: Path) -> Found:
    if isinstance(test, Facility):
        for category in d.categories:
            if category.nominee != "service_point" and (not gate.categories or category.code in gate.categories):
                yield Problem(f"人员条件只用于服务点，不能用于“{category.title}”", path)
    elif isinstance(test, ScoreAtLeast):
        yield from known([test.part] if test.part else [], parts(d), (*path, "part"), "部分")
    elif not isinstance(test, AnyOf):
        yield from _filter(d, test.facts, (*path, "facts"))


def _filter(d: Definition, wanted: FactFilter, path: Path) -> Found:
    kinds = {**ledger.FACT_KINDS, **d.vocabulary.fact_kinds}
    tags = {**ledger.TAGS, **d.vocabulary.tags}
    yield from _word(wanted.kinds, kinds, (*path, "kinds"), "事实类别")
    yield from _word(wanted.tags, tags, (*path, "tags"), "标签")
    yield from _word(wanted.exceptions.tags, tags, (*path, "exceptions", "tags"), "标签")


def _word(given: Iterable[str], vocabulary: dict[str, str], path: Path, what: str) -> Found:
    for code in given:
        if code not in vocabulary:
            yield Problem(f"{what}“{code}”不在词表中，可用：{'、'.join(vocabulary)}；也可写在 vocabulary 中", path)


def parts(d: Definition) -> list[str]:
    """Codes of the parts of all standards."""
    return sorted({part.code for source in d.standards for part in source.parts})


def check_scoring(d: Definition) -> Found:
    """Tie-breaks and floors name parts and dimensions that exist; sheets suffice."""
    inside = {
        (part.code, dimension.code)
        for source in d.standards
        for part in source.parts
        for version in part.versions
        for dimension in version.dimensions
    }
    for i, rule in enumerate(d.scoring.tie_breaks):
        path: Path = ("scoring", "tie_breaks", i)
        yield from known([rule.part] if rule.part else [], parts(d), path, "部分")
        if rule.dimension and (rule.part or "", rule.dimension) not in inside:
            yield Problem(f"部分“{rule.part}”中没有维度“{rule.dimension}”", path)
    yield from known(d.scoring.floors.parts, parts(d), ("scoring", "floors", "parts"), "部分")
    for i, band in enumerate(d.result.bands if isinstance(d.result, GradesResult) else ()):
        yield from known(band.floors.parts, parts(d), ("result", "bands", i, "floors", "parts"), "部分")
    if d.scoring.panel.least_sheets > d.scoring.panel.experts_per_case:
        yield Problem("有效评分表数多于每件专家数", ("scoring", "panel", "least_sheets"))
    recusal = d.scoring.panel.recusal
    if recusal.rotation == "bar" and not recusal.rotation_rounds:
        yield Problem("一律回避近期评过同一对象的专家，要写轮换批次数", ("scoring", "panel", "recusal", "rotation"))


def check_life(d: Definition) -> Found:
    """The title's life names tiers and grades that exist."""
    life = d.title_life
    yield from known(life.applies_to, codes(d.tiers), ("title_life", "applies_to"), "层级")
    drawing = [tier.code for tier in d.tiers if tier.draws_from]
    yield from known(life.on_source_lost, drawing, ("title_life", "on_source_lost"), "有来源的层级")
    yield from known(life.validity_by_grade, grades(d), ("title_life", "validity_by_grade"), "等次")
    for name in (
        "reassessment_months",
        "validity_months",
        "renewal_months_before",
        "upgrade_after_months",
        "waiting_months",
    ):
        if (getattr(life, name) or 0) > MOST_MONTHS:
            yield Problem(f"不能大于 {MOST_MONTHS} 个月", ("title_life", name))
    for code, months in life.validity_by_grade.items():
        if months > MOST_MONTHS:
            yield Problem(f"不能大于 {MOST_MONTHS} 个月", ("title_life", "validity_by_grade", code))
    for i, one in enumerate(life.sanctions):
        if (one.months or 0) > MOST_MONTHS:
            yield Problem(f"不能大于 {MOST_MONTHS} 个月", ("title_life", "sanctions", i, "months"))
    for i, cause in enumerate(life.waiting_by_cause):
        if (cause.months or 0) > MOST_MONTHS:
            yield Problem(f"不能大于 {MOST_MONTHS} 个月", ("title_life", "waiting_by_cause", i, "months"))
    if life.self_check and life.self_check.every_months > MOST_MONTHS:
        yield Problem(f"不能大于 {MOST_MONTHS} 个月", ("title_life", "self_check", "every_months"))
    if life.renewal_months_before and not (life.validity_months or life.validity_by_grade):
        yield Problem("没有有效期，不能写提前续评月数", ("title_life", "renewal_months_before"))
    yield from unique(codes(life.triggers), ("title_life", "triggers"), "触发复评的代码")
    yield from unique(codes(life.sanctions), ("title_life", "sanctions"), "处理代码")
    yield from unique(codes(life.waiting_by_cause), ("title_life", "waiting_by_cause"), "撤销缘由的代码")


def check_provenance(d: Definition) -> Found:
    """Every place that a provenance speaks of is there."""
    whole = plain(d, defaults=True) if d.provenance else {}
    yield from unique([one.at for one in d.provenance], ("provenance",), "位置")
    for i, one in enumerate(d.provenance):
        if not _is_there(whole, one.at.split(".")):
            yield Problem(f"定义中没有“{one.at}”这个位置", ("provenance", i, "at"))


def _is_there(value: Any, steps: list[str]) -> bool:
    for step in steps:
        if isinstance(value, dict):
            if value.get(step) is None:
                return False
            value = value[step]
        elif isinstance(value, list):
            named = (
                item for item in value if isinstance(item, dict) and step in (str(item.get(k)) for k in IDENTITIES)
            )
            found = next(named, None)
            if found is None and step.isdigit() and int(step) < len(value):
                found = value[int(step)]
            if found is None:
                return False
            value = found
        else:
            return False
    return True


def check_examples_work(d: Definition) -> Found:
    """Examples speak of what exists, and judging them all takes no longer than a check may."""
    work = 0
    for i, example in enumerate(d.examples):
        path: Path = ("examples", i)
        categories, groups = codes(d.categories), codes(d.applicant_groups)
        yield from known([example.category], categories, (*path, "category"), "类别")
        yield from known([example.group], groups, (*path, "group"), "申报单位类别")
        yield from known(example.expect.gates, codes(d.gates), (*path, "expect", "gates"), "否决项")
        yield from known([example.expect.grade] if example.expect.grade else [], grades(d), (*path, "expect"), "等次")
        yield from _example_facts(d, example, (*path, "facts"))
        if example.category in categories and example.group in groups:
            sheets = len(example.panel) + len(example.panel_shares) + len(example.answers) + 1
            work += sheets * len(d.standard(example.category, example.group).indicators)
            work += len(example.facts) * (len(d.gates) + 1)
    if work > MOST_WORK:
        yield Problem(f"示例过多：合计要核算 {work:,} 项，上限 {MOST_WORK:,} 项", ("examples",))


def _example_facts(d: Definition, example: Example, path: Path) -> Found:
    kinds = {**ledger.FACT_KINDS, **d.vocabulary.fact_kinds}
    tags = {**ledger.TAGS, **d.vocabulary.tags}
    for i, fact in enumerate(example.facts):
        yield from _word([fact.kind], kinds, (*path, i), "事实类别")
        yield from known([fact.about], ABOUT, (*path, i), "关于")
        yield from _word(fact.tags, tags, (*path, i), "标签")
        for given, order, what in (
            (fact.level, ledger.LEVELS, "级别"),
            (fact.grade, ledger.ACCIDENT_GRADES, "事故等级"),
            (fact.result, ledger.APPRAISAL_RESULTS, "考评结果"),
        ):
            yield from known([given] if given else [], order, (*path, i), what)
