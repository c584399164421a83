"""From the answers of a satisfaction survey to points: the share each level counts, over all answers."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from xianfeng.programmes.rules.exact import total
from xianfeng.programmes.rules.schema.definition import Definition
from xianfeng.programmes.rules.trace import Trace, exactly, show

# Levels of an answer, best first: ``scoring.survey.shares`` follows this order.
SATISFACTION: Final = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}


def survey_points(definition: Definition, full: Decimal, counts: Mapping[int, int]) -> tuple[Fraction | None, Trace]:
    """Points out of ``full`` for numbers of answers by level, and the sum to check by hand.

    None with fewer answers than the programme asks for.
    """
    how = definition.scoring.survey
    answers = sum(counts.values())
    cast = "、".join(f"{word} {counts[mark]} 份" for mark, word in SATISFACTION.items() if counts.get(mark))
    if answers < how.least_answers:
        return None, Trace("群众测评", cast or "没有答卷", f"不足 {how.least_answers} 份，不计分")
    shares = dict(zip(SATISFACTION, how.shares, strict=True))
    worth = total(shares[mark] * counts.get(mark, 0) for mark in SATISFACTION)
    pieces = [
        f"{counts[mark]} × {show(shares[mark] * 100)}%" for mark in SATISFACTION if counts.get(mark) and shares[mark]
    ]
    points = Fraction(worth) * Fraction(full) / answers
    sum_up = f"({' + '.join(pieces) or '0'}) ÷ {answers} × {show(full)}"
    return points, Trace("群众测评", f"{cast}；{sum_up}", f"{exactly(points)} 分")
