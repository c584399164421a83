"""What a self-assessment still lacks, and what one may enter for an indicator. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from xianfeng.kernel.errors import Invalid
from xianfeng.nominations.answering import Entered
from xianfeng.programmes.rules.answers import check_points, points_of
from xianfeng.programmes.rules.schema.standards import Bonus, Indicator
from xianfeng.programmes.rules.standard import Standard

NOT_APPLICABLE: Final = "na"
# What is entered for an indicator: points, or what they are worked out from, "does not apply", or nothing (taken back).
Mark = Decimal | Entered | Literal["na"] | None

STATEMENT_LONGEST: Final = 4000
NOTE_LONGEST: Final = 1000


@dataclass(frozen=True)
class Gap:
    """One thing that keeps a self-assessment from being submitted."""

    indicator: str
    title: str
    lacks: Literal["score", "evidence"]

    @property
    def sentence(self) -> str:
        """As listed beside the score."""
        return f"{self.title}：{'尚未评分' if self.lacks == 'score' else '尚缺佐证材料'}"


def asks(standard: Standard, code: str) -> bool:
    """Whether the standard has this indicator."""
    return any(one.code == code for one in standard.indicators)


def asks_evidence(indicator: Indicator, points: Decimal | None) -> bool:
    """Whether evidence must stand behind these points: the standard names a kind of it, and points are claimed."""
    return bool(indicator.evidence) and points is not None and points > 0


def gaps(standard: Standard, scores: Mapping[str, Decimal | None], proven: Mapping[str, int]) -> list[Gap]:
    """What is missing, in the standard's order; ``None`` in ``scores`` says the indicator does not apply."""
    found = []
    for indicator in standard.indicators:
        if indicator.code not in scores:
            if not isinstance(indicator, Bonus):
                found.append(Gap(indicator.code, indicator.title, "score"))
        elif asks_evidence(indicator, scores[indicator.code]) and not proven.get(indicator.code):
            found.append(Gap(indicator.code, indicator.title, "evidence"))
    return found


def checked(standard: Standard, code: str, mark: Mark) -> Decimal | None:
    """The points of a mark, if the standard allows it for this indicator; Invalid with a sentence otherwise."""
    if not asks(standard, code):
        raise Invalid(f"标准中没有指标“{code}”。", "请刷新页面后再填。")
    indicator = standard.indicator(code)
    if isinstance(mark, Entered):
        return points_of(indicator, mark.answer)
    if isinstance(mark, Decimal):
        return check_points(indicator, mark)
    if mark == NOT_APPLICABLE and not indicator.may_not_apply:
        raise Invalid(f"“{indicator.title}”不能标为不适用。")
    return None


def incomplete(found: list[Gap], shown: int = 3) -> Invalid | None:
    """The refusal that names what is missing; None when nothing is."""
    if not found:
        return None
    named = "；".join(gap.sentence for gap in found[:shown])
    more = f"等 {len(found)} 项" if len(found) > shown else ""
    return Invalid(f"自评还没有填完：{named}{more}。", "请补齐后再提交。")
