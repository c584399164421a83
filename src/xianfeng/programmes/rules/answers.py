"""From what a person enters for an indicator to points: one rule per kind of indicator."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.rules.exact import FINEST, ZERO, rounded, total
from xianfeng.programmes.rules.schema.standards import (
    Bonus,
    Deduction,
    Fault,
    Graded,
    Indicator,
    Measured,
    Scored,
    Vote,
    YesNo,
)  # fmt: skip
from xianfeng.programmes.rules.standard import FINEST_STEP
from xianfeng.programmes.rules.trace import Trace, show

Answer = Decimal | str | bool | Mapping[str, int]


def points_of(indicator: Indicator, answer: Answer) -> Decimal:
    """Points for an answer: a decimal (scored, bonus, measured), a level's code, yes or no, or counts by code.

    Raises ``Invalid`` with a Chinese sentence when the answer does not fit the indicator.
    """
    if isinstance(indicator, (Scored, Bonus)):
        return check_points(indicator, _decimal(indicator, answer))
    if isinstance(indicator, Graded):
        return _graded(indicator, answer)
    if isinstance(indicator, Measured):
        return _measured(indicator, _decimal(indicator, answer))
    if isinstance(indicator, YesNo):
        return _yes_no(indicator, answer)
    if isinstance(indicator, Deduction):
        return _deduction(indicator, _counts(indicator, answer, [fault.code for fault in indicator.faults]))
    return _vote(indicator, _counts(indicator, answer, [choice.code for choice in indicator.choices]))


def check_points(indicator: Indicator, points: Decimal) -> Decimal:
    """Points as given, if the indicator allows them; raises ``Invalid`` otherwise."""
    if not (points.is_finite() and ZERO <= points <= indicator.points):
        raise Invalid(f"“{indicator.title}”应在 0 与 {show(indicator.points)} 分之间。")
    if isinstance(indicator, (Scored, Bonus)):
        if points % indicator.step:
            raise Invalid(f"“{indicator.title}”应是 {show(indicator.step)} 分的整数倍。")
    elif isinstance(indicator, (Graded, YesNo)) and points not in steps_of(indicator):
        raise Invalid(f"“{indicator.title}”只能是 {'、'.join(show(one) for one in steps_of(indicator))} 分。")
    elif points % FINEST_STEP:
        raise Invalid(f"“{indicator.title}”最多保留 4 位小数。")
    return points


def steps_of(indicator: Graded | YesNo) -> tuple[Decimal, ...]:
    """The points an indicator of fixed steps can give, highest first."""
    if isinstance(indicator, YesNo):
        return (indicator.points, ZERO)
    return tuple(sorted({level.points for level in indicator.levels}, reverse=True))


def explain(indicator: Indicator, answer: Answer) -> Trace:
    """How an answer becomes points, as a line to check with a pocket calculator; raises as ``points_of``."""
    return Trace(indicator.title, in_words(indicator, answer), f"{show(points_of(indicator, answer))} 分")


def in_words(indicator: Indicator, answer: Answer) -> str:
    """An answer as people would say it: the level's title, the value with its unit, each count."""
    if isinstance(indicator, Graded):
        return next((level.title for level in indicator.levels if level.code == answer), str(answer))
    if isinstance(answer, bool):
        return "是" if answer else "否"
    if isinstance(answer, Decimal):
        return f"{show(answer)} {indicator.unit}" if isinstance(indicator, Measured) else show(answer)
    if isinstance(indicator, Deduction) and isinstance(answer, Mapping):
        lost = [_lost(one, answer[one.code]) for one in indicator.faults if answer.get(one.code)]
        return f"满分 {show(indicator.points)}；{'；'.join(lost) or '未发现扣分情形'}"
    if isinstance(indicator, Vote) and isinstance(answer, Mapping):
        cast = [f"{one.title} {answer.get(one.code, 0)} 票（折 {show(one.share * 100)}%）" for one in indicator.choices]
        return "、".join(cast)
    return str(answer)


def _lost(fault: Fault, times: int) -> str:
    most = "" if fault.most is None else f"（最多扣 {show(fault.most)}）"
    return f"{fault.title} {times} 次，每次扣 {show(fault.each)}{most}"


def _decimal(indicator: Indicator, answer: Answer) -> Decimal:
    if isinstance(answer, Decimal) and answer.is_finite():
        return answer
    raise Invalid(f"“{indicator.title}”应填数字。")


def _graded(indicator: Graded, answer: Answer) -> Decimal:
    for level in indicator.levels:
        if level.code == answer:
            return level.points
    raise Invalid(f"“{indicator.title}”请选择一档：{'、'.join(level.title for level in indicator.levels)}。")


def _measured(indicator: Measured, value: Decimal) -> Decimal:
    reached = (rung.points for rung in indicator.table if rung.at_least <= value)
    return next(reached, indicator.otherwise)


def _yes_no(indicator: YesNo, answer: Answer) -> Decimal:
    if not isinstance(answer, bool):
        raise Invalid(f"“{indicator.title}”请选择是或否。")
    return indicator.points if answer else ZERO


def _counts(indicator: Indicator, answer: Answer, known: list[str]) -> Mapping[str, int]:
    if not isinstance(answer, Mapping) or any(code not in known or count < 0 for code, count in answer.items()):
        raise Invalid(f"“{indicator.title}”请填写各项的次数或票数，不能为负。")
    return answer


def _deduction(indicator: Deduction, counts: Mapping[str, int]) -> Decimal:
    lost = total(
        min(fault.each * counts.get(fault.code, 0), indicator.points if fault.most is None else fault.most)
        for fault in indicator.faults
    )
    return max(indicator.points - lost, ZERO)


def _vote(indicator: Vote, counts: Mapping[str, int]) -> Decimal:
    votes = sum(counts.values())
    if votes < max(indicator.least_votes, 1):
        raise Invalid(f"“{indicator.title}”至少要有 {max(indicator.least_votes, 1)} 票。")
    worth = total(choice.share * counts.get(choice.code, 0) for choice in indicator.choices)
    return rounded(Fraction(worth * indicator.points) / votes, FINEST)
