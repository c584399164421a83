"""What the schema alone cannot say: codes that exist, sums that add up, tiers that do not turn in circles."""

from collections.abc import Iterator
from decimal import Decimal

from xianfeng.directory.rules import PARTY_KINDS, UNIT_KINDS
from xianfeng.programmes.rules.checks.common import Found, codes, known, unique
from xianfeng.programmes.rules.checks.procedures import check_procedures
from xianfeng.programmes.rules.checks.rules import (
    check_examples_work,
    check_facts,
    check_life,
    check_provenance,
    check_scoring,
)
from xianfeng.programmes.rules.numbering import template_faults
from xianfeng.programmes.rules.problems import Path, Problem
from xianfeng.programmes.rules.schema.definition import Definition, Round
from xianfeng.programmes.rules.schema.scoring import GradesResult
from xianfeng.programmes.rules.schema.standards import (
    Deduction,
    Dimension,
    Graded,
    Indicator,
    Measured,
    Part,
    Scored,
    StandardSource,
)  # fmt: skip
from xianfeng.programmes.rules.standard import base_points
from xianfeng.registry.rules import MEMBER_STATUSES, SERVICE_POINT_KINDS


def check(definition: Definition) -> list[Problem]:
    """Every cross-reference and sum that is wrong; an empty list when the definition hangs together."""
    checks = (
        _lists,
        _groups,
        _categories,
        _tiers,
        _rounds,
        _quotas,
        _standards,
        check_facts,
        check_scoring,
        check_procedures,
        check_life,
        check_provenance,
        check_examples_work,
    )
    return [problem for look in checks for problem in look(definition)]


def _lists(d: Definition) -> Found:
    for name, what in {
        "bodies": "机构代码", "applicant_groups": "申报单位类别代码", "categories": "类别代码", "tiers": "层级代码",
        "stages": "阶段代码", "gates": "否决项代码", "rounds": "年度",
    }.items():  # fmt: skip
        yield from unique(codes(getattr(d, name)), (name,), what)
    if d.period.since > d.period.until:
        yield Problem("开始日期晚于结束日期", ("period",))


def _groups(d: Definition) -> Found:
    seen: dict[str, str] = {}
    for i, group in enumerate(d.applicant_groups):
        path: Path = ("applicant_groups", i, "organisation_kinds")
        yield from known(group.organisation_kinds, [*UNIT_KINDS, *d.vocabulary.unit_kinds], path, "单位类型")
        for kind in group.organisation_kinds:
            if kind in seen:
                yield Problem(f"单位类型“{kind}”已属于“{seen[kind]}”", path)
            seen[kind] = group.title


def _categories(d: Definition) -> Found:
    for i, category in enumerate(d.categories):
        path: Path = ("categories", i, "eligibility")
        who = category.eligibility
        own = d.vocabulary
        for name, words, what in (
            ("organisation_kinds", {**PARTY_KINDS, **UNIT_KINDS, **own.party_kinds, **own.unit_kinds}, "组织类型"),
            ("service_point_kinds", {**SERVICE_POINT_KINDS, **own.service_point_kinds}, "服务点类型"),
            ("member_status", {**MEMBER_STATUSES, **own.member_statuses}, "党员身份"),
        ):
            yield from known(getattr(who, name), words, (*path, name), what)
        yield from known(who.groups, codes(d.applicant_groups), (*path, "groups"), "申报单位类别")


def _tiers(d: Definition) -> Found:
    sources = {tier.code: tier.draws_from for tier in d.tiers}
    for i, tier in enumerate(d.tiers):
        for role in ("decided_by", "announced_by", "named_by", "recommended_by"):
            body = getattr(tier, role)
            yield from known([body] if body else [], codes(d.bodies), ("tiers", i, role), "机构")
        if tier.draws_from:
            yield from known([tier.draws_from], sources, ("tiers", i, "draws_from"), "层级")
        if _turns_in_circles(tier.code, sources):
            yield Problem("层级的来源形成循环", ("tiers", i, "draws_from"))
        for fault in template_faults(d.numbering.get(tier.code, ""), graded=isinstance(d.result, GradesResult)):
            yield Problem(f"层级“{tier.title}”的编号规则：{fault}", ("numbering", tier.code))
    yield from known(d.numbering, sources, ("numbering",), "层级")


def _turns_in_circles(code: str, sources: dict[str, str | None]) -> bool:
    seen = {code}
    at = sources.get(code)
    while at is not None and at not in seen:
        seen.add(at)
        at = sources.get(at)
    return at is not None


def _rounds(d: Definition) -> Found:
    for i, one in enumerate(d.rounds):
        path: Path = ("rounds", i)
        yield from known(one.quotas, codes(d.tiers), (*path, "quotas"), "层级")
        for tier, places in one.quotas.items():
            yield from known(places, codes(d.categories), (*path, "quotas", tier), "类别")
        yield from _split(d, one, (*path, "group_quotas"))
        yield from known(one.stages, codes(d.stages), (*path, "stages"), "阶段")
        for code, window in one.stages.items():
            if window.since > window.until:
                yield Problem("开始日期晚于结束日期", (*path, "stages", code))


def _split(d: Definition, one: Round, path: Path) -> Found:
    """Split places add up to the category's, and go to groups that may nominate in it."""
    yield from known(one.group_quotas, codes(d.tiers), path, "层级")
    for tier, categories in one.group_quotas.items():
        yield from known(categories, codes(d.categories), (*path, tier), "类别")
        for category in (x for x in d.categories if x.code in categories):
            split, where = categories[category.code], (*path, tier, category.code)
            yield from known(split, codes(d.applicant_groups), where, "申报单位类别")
            eligible = category.eligibility.groups or codes(d.applicant_groups)
            for group in d.applicant_groups:
                if split.get(group.code) and group.code not in eligible:
                    yield Problem(f"{group.title}不能申报{category.title}，不能分给名额", (*where, group.code))
            whole = _places(one, tier, category.code)
            if sum(split.values()) != whole:
                yield Problem(
                    f"{category.title}分给各类申报单位的名额合计 {sum(split.values())} 个，应为 {whole} 个", where
                )


def _quotas(d: Definition) -> Found:
    """Up to any year a tier cannot have more places than the tier it draws from."""
    rounds = sorted(enumerate(d.rounds), key=lambda pair: pair[1].year)
    for tier in (t for t in d.tiers if t.draws_from):
        for category in d.categories:
            given = source = 0
            for i, one in rounds:
                given += _places(one, tier.code, category.code)
                source += _places(one, str(tier.draws_from), category.code)
                if given > source:
                    sentence = (
                        f"到 {one.year} 年“{tier.title}”{category.title}累计 {given} 个，多于来源层级的 {source} 个"
                    )
                    yield Problem(sentence, ("rounds", i, "quotas", tier.code))


def _places(one: Round, tier: str, category: str) -> int:
    return one.quotas.get(tier, {}).get(category, 0)


def _standards(d: Definition) -> Found:
    yield from known([s.category for s in d.standards], codes(d.categories), ("standards",), "类别")
    yield from unique([s.category for s in d.standards], ("standards",), "类别的标准")
    for category in d.categories:
        if category.code not in [s.category for s in d.standards]:
            yield Problem(f"类别“{category.title}”还没有创建标准", ("standards",))
    for i, source in enumerate(d.standards):
        yield from _standard(d, source, ("standards", i))


def _standard(d: Definition, source: StandardSource, path: Path) -> Found:
    yield from _adds_up(source.total, sum((p.points for p in source.parts), Decimal(0)), path, "各部分")
    yield from unique(codes(source.parts), (*path, "parts"), "部分代码")
    for i, part in enumerate(source.parts):
        yield from _part(d, part, (*path, "parts", i))
    for group in d.applicant_groups:
        if source.category in codes(d.categories):
            indicators = d.standard(source.category, group.code).indicators
            yield from unique(codes(indicators), path, f"{group.title}的指标代码")


def _part(d: Definition, part: Part, path: Path) -> Found:
    named = [group for version in part.versions for group in version.groups]
    yield from known(named, codes(d.applicant_groups), (*path, "versions"), "申报单位类别")
    yield from unique(named, (*path, "versions"), "申报单位类别的版本")
    general = sum(not version.groups for version in part.versions)
    if general > 1:
        yield Problem("通用版本（不写申报单位类别）只能有一个", (*path, "versions"))
    for group in d.applicant_groups:
        if not general and group.code not in named:
            yield Problem(f"“{part.title}”没有适用于“{group.title}”的版本", (*path, "versions"))
    for i, version in enumerate(part.versions):
        where = (*path, "versions", i, "dimensions")
        yield from unique(codes(version.dimensions), where, "维度代码")
        yield from _adds_up(part.points, sum((x.points for x in version.dimensions), Decimal(0)), where, "各维度")
        for j, dimension in enumerate(version.dimensions):
            yield from _dimension(dimension, (*where, j))


def _dimension(dimension: Dimension, path: Path) -> Found:
    yield from _adds_up(dimension.points, base_points(dimension), path, f"“{dimension.title}”各指标")
    for i, indicator in enumerate(dimension.indicators):
        for sentence in _indicator_faults(indicator):
            yield Problem(sentence, (*path, "indicators", i))


def _adds_up(expected: Decimal, actual: Decimal, path: Path, what: str) -> Found:
    if expected != actual:
        yield Problem(f"{what}分值合计 {actual}，应为 {expected}", path)


def _indicator_faults(indicator: Indicator) -> Iterator[str]:
    if isinstance(indicator, Scored) and indicator.points % indicator.step:
        yield f"满分 {indicator.points} 不是步长 {indicator.step} 的整数倍"
    if isinstance(indicator, Graded) and max(level.points for level in indicator.levels) != indicator.points:
        yield f"最高档分值应等于满分 {indicator.points}"
    if isinstance(indicator, Measured):
        if max([rung.points for rung in indicator.table] + [indicator.otherwise]) != indicator.points:
            yield f"表中最高分应等于满分 {indicator.points}"
        starts = [rung.at_least for rung in indicator.table]
        if starts != sorted(set(starts), reverse=True):
            yield "表要由高到低排列，起点不能相同"
    for name in ("levels", "faults", "choices"):
        inner = codes(getattr(indicator, name, ()))
        if len(set(inner)) < len(inner):
            yield "档次或扣分点的代码重复"
    if isinstance(indicator, Deduction) and any(f.most is not None and f.most < f.each for f in indicator.faults):
        yield "扣分上限小于一次的扣分"
