"""A definition carries its own tests: each example is judged and compared with what it expects."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.answers import steps_of
from xianfeng.programmes.rules.evaluation import CaseInput, Outcome, evaluate
from xianfeng.programmes.rules.facts import Fact, NomineeFacts
from xianfeng.programmes.rules.problems import Path, Problem
from xianfeng.programmes.rules.schema.definition import Definition, Example, ExampleFact, ExampleNominee
from xianfeng.programmes.rules.schema.standards import Graded, Indicator, YesNo
from xianfeng.programmes.rules.standard import FINEST_STEP, Standard
from xianfeng.programmes.rules.trace import show


def check_examples(definition: Definition) -> list[Problem]:
    """Every way in which an example does not come out as it says."""
    found: list[Problem] = []
    for index, example in enumerate(definition.examples):
        path: Path = ("examples", index)
        found += [Problem(f"示例“{example.title}”：{fault}", path) for fault in _faults(definition, example)]
    return found


def case_of(definition: Definition, example: Example) -> CaseInput:
    """The case an example describes; its experts are called 专家1, 专家2 …"""
    standard = definition.standard(example.category, example.group)
    sheets = [*example.panel, *(_sheet(standard, share) for share in example.panel_shares)]
    return CaseInput(
        category=example.category,
        group=example.group,
        year=example.year,
        on=example.on,
        nominee=_nominee(example.nominee),
        facts=tuple(_fact(index, fact) for index, fact in enumerate(example.facts, 1)),
        self_scores=example.self_scores,
        sheets={f"专家{index}": sheet for index, sheet in enumerate(sheets, 1)},
        superior=example.superior,
        survey=example.survey,
        self_answers=example.self_answers,
        answers={f"专家{index}": sheet for index, sheet in enumerate(example.answers, len(sheets) + 1)},
    )


def _sheet(standard: Standard, share: Decimal) -> dict[str, Decimal | None]:
    """The same share of every indicator's points, down to a whole step; bonuses are left out."""
    return {one.code: _share_of(one, share) for one in standard.required}


def _share_of(one: Indicator, share: Decimal) -> Decimal:
    if isinstance(one, (Graded, YesNo)):
        return max((points for points in steps_of(one) if points <= one.points * share), default=min(steps_of(one)))
    step = getattr(one, "step", FINEST_STEP)
    return one.points * share // step * step


def _nominee(told: ExampleNominee) -> NomineeFacts:
    return NomineeFacts(
        organisation_kind=told.organisation_kind,
        service_point_kind=told.service_point_kind,
        member_status=told.member_status,
        in_post=told.in_post,
        staff=told.staff,
        members=told.members,
        leader_is_member=told.leader_is_member,
    )


def _fact(index: int, fact: ExampleFact) -> Fact:
    return Fact(
        id=f"F{index}",
        about=fact.about,
        kind=fact.kind,
        happened_on=fact.happened_on,
        title=fact.title,
        level=fact.level or "",
        grade=fact.grade or "",
        result=fact.result or "",
        stars=fact.stars,
        tags=frozenset(fact.tags),
        valid_until=fact.valid_until,
        rectified=fact.rectified,
        year=fact.year,
    )


def _faults(definition: Definition, example: Example) -> Iterator[str]:
    try:
        outcome = evaluate(definition, case_of(definition, example))
    except KeyError as error:
        yield f"没有类别或申报单位类别 {error}"
    except Invalid as error:
        yield error.message
    else:
        yield from differences(example, outcome)


def differences(example: Example, outcome: Outcome) -> Iterator[str]:
    """Where the outcome is not what the example expects."""
    expect = example.expect
    states = {gate.code: gate.state for gate in outcome.gates}
    pairs: list[tuple[str, object, object]] = [
        ("总分", expect.total, outcome.total),
        ("否决", expect.vetoed, outcome.vetoed),
        ("合格", expect.passed, outcome.passed),
        ("等次", expect.grade, outcome.grade),
        ("未达最低要求的项数", expect.shortfalls, len(outcome.shortfalls)),
        (
            "提示项",
            expect.flagged,
            tuple(one.code for one in outcome.gates if one.flagged and one.gate.effect == "flag"),
        ),
        *((f"部分 {code}", value, outcome.parts.get(code)) for code, value in expect.parts.items()),
        *((f"否决项 {code}", state, states.get(code)) for code, state in expect.gates.items()),
    ]
    for name, expected, actual in pairs:
        if expected is not None and expected != actual:
            yield f"{name}应为 {_word(expected)}，算得 {_word(actual)}"


WORDS: Mapping[object, str] = {
    True: "是", False: "否", None: "（无）", "met": "符合", "failed": "不符合", "unproven": "尚未证明",
}  # fmt: skip


def _word(value: object) -> str:
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, tuple):
        return "、".join(value) or "（无）"
    return WORDS.get(value, str(value))
