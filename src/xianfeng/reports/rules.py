"""Pure tables of the boards: which steps are worked in batches, how urgent is urgent, what other people are told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

SOON: Final = timedelta(days=3)
BUCKETS: Final = {"late": "逾期", "soon": "三天内", "later": "其后"}

# Kinds that come by the dozen to an office or an expert: one line on the workbench, one page to work through.
BATCH_KINDS: Final = frozenset(
    {"screen", "panel", "score", "recommend", "decide", "announce", "name", "opine", "conclude", "recheck"}
)

# Where a case stands, in the words its own side and its superiors are told; bodies see the step itself.
PUBLIC_STAGES: Final = {
    "assess": "自评自荐",
    "endorse": "上级认定",
    "screen": "审核中",
    "correct": "补正材料",
    "panel": "评审中",
    "score": "评审中",
    "recommend": "推荐中",
    "decide": "审定中",
    "announce": "公示中",
    "name": "待命名",
    "opine": "复评中",
    "conclude": "复评中",
    "rectify": "限期整改",
    "recheck": "整改验收",
    "report": "报送进展",
    "wait": "等待期满",
}
OUTCOME_COLOURS: Final = {
    "named": "brass",
    "confirmed": "green",
    "rectified": "green",
    "warned": "amber",
    "downgraded": "amber",
    "suspended": "amber",
    "withdrawn": "grey",
    "revoked": "red",
}
# Words inside a recorded sentence that only the bodies use, and what the others read instead.
INTERNAL_WORDS: Final = {"未入选": "未命名", "异议成立，不予命名": "未命名"}

# Event stages and kinds that the nominee's side does not read on a case: who reviews, who objects, what is proposed.
INTERNAL_EVENTS: Final = ("review:", "objection:", "reassessment:step:opined")
# Events whose leaves count votes: others read the sentence, not the leaf.
VOTED_EVENTS: Final = ("decision:",)
OPEN_TO_ALL: Final = ("review:case:ranked", "objection:objection:upheld")

# 两优一先: what a title of each nominee kind is put forward for.
MERIT_HONOURS: Final = {
    "organisation": "先进基层党组织",
    "service_point": "先进基层党组织（所在党组织）",
    "member": "优秀共产党员",
}


def bucket(due: datetime | None, now: datetime) -> str:
    """Overdue, within three days, or later; what has no due time is later."""
    if due is None:
        return "later"
    if due <= now:
        return "late"
    return "soon" if due - now < SOON else "later"


def heat(percent: int) -> int:
    """A share of 100 as a step of the heat table, 0 to 5: full only at 100."""
    return 0 if percent <= 0 else 5 if percent >= 100 else 1 + min(percent, 99) * 4 // 100


def reached(stage: str, named: bool, codes: Sequence[str]) -> int:
    """How many stations of a procedure a case has come to: the present one included, all of them once named."""
    if named:
        return len(codes) + 1
    return codes.index(stage) + 1 if stage in codes else 0


def funnel(standing: Mapping[tuple[str, bool], int], codes: Sequence[str]) -> list[int]:
    """For each station, and naming at the end, how many cases came so far. ``standing`` counts (stage, named)."""
    counts = [0] * (len(codes) + 1)
    for (stage, named), number in standing.items():
        for place in range(min(reached(stage, named, codes), len(counts))):
            counts[place] += number
    return counts


def stage_state(starts_on: date, ends_on: date, today: date) -> str:
    """Where today stands to a stage of a round, as the stage line knows it."""
    if today > ends_on:
        return "done"
    return "current" if today >= starts_on else "todo"


def hidden_event(event: str) -> bool:
    """Whether readers outside the bodies are not shown an entry of this kind."""
    return event.startswith(INTERNAL_EVENTS) and not event.startswith(OPEN_TO_ALL)


def public_words(sentence: str) -> str:
    """A recorded sentence in the words for readers outside the bodies."""
    for word, said in INTERNAL_WORDS.items():
        sentence = sentence.replace(word, said)
    return sentence


def shortest(values: Iterable[datetime | None]) -> datetime | None:
    """The nearest of some due times; None when none is set."""
    return min((one for one in values if one is not None), default=None)
