"""What the public is told, as pure tables: verdicts of a title, words for an objector, where a round stands."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, Protocol

STORY_STATES: Final = {"draft": "草稿", "published": "已发布"}
SORTS: Final = {"number": "编号", "year": "年度", "unit": "单位"}
FORMULA_MARKS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Verdict:
    """The first line of a verification: one word, its tone, one sentence; ``held`` when the title still stands."""

    code: str
    word: str
    tone: str
    sentence: str
    held: bool


def _verdict(code: str, word: str, tone: str, sentence: str, held: bool = True) -> Verdict:
    return Verdict(code, word, tone, sentence, held)


VERDICTS: Final = {
    one.code: one
    for one in (
        _verdict("active", "有效", "green", "称号有效，铭牌和证书可以使用。"),
        _verdict("reassessing", "复评中", "blue", "正在复评；结果公布之前，称号继续保留。"),
        _verdict("rectifying", "限期整改", "amber", "复评发现不足，正在限期整改；整改期间，称号继续保留。"),
        _verdict("warned", "警告", "amber", "受到警告，称号继续保留。"),
        _verdict("suspended", "暂停", "grey", "称号暂停使用，恢复之前铭牌和证书不能使用。"),
        _verdict("revoked", "已撤销", "red", "命名已经撤销，铭牌和证书不再有效。", False),
        _verdict("annulled", "已作废", "red", "所在批次的命名已经作废，铭牌和证书不再有效。", False),
        _verdict("expired", "已到期", "grey", "有效期已满，没有续期，铭牌和证书不再有效。", False),
        _verdict("ended", "已终止", "grey", "称号已经终止，铭牌和证书不再有效。", False),
        _verdict("replaced", "已换发", "grey", "已经换发新的命名，请以新的铭牌和证书为准。", False),
    )
}
# The line of the history from which on the word holds; where there is none, the naming.
SINCE: Final = {
    "reassessing": ("reassess",),
    "rectifying": ("rectify",),
    "warned": ("warn",),
    "suspended": ("suspend", "suspension"),
}

OBJECTOR_WORDS: Final = {
    "received": ("已收到", "您的异议已经收到，等待受理。"),
    "refused": ("不予受理", "您的异议没有受理，理由如下。"),
    "accepted": ("核查中", "您的异议已经受理，正在核查。"),
    "upheld": ("异议成立", "经核查，您反映的情况属实，有关对象不予命名。"),
    "dismissed": ("异议不成立", "经核查，异议不成立。"),
}

StageState = Literal["done", "current", "todo"]


class Dated(Protocol):
    """A stage with its first and last day."""

    title: str
    starts_on: date
    ends_on: date


def stage_state(stage: Dated, today: date) -> StageState:
    """Where a stage stands on a day; both its days are inclusive."""
    if today > stage.ends_on:
        return "done"
    return "current" if today >= stage.starts_on else "todo"


def standing(stages: Iterable[Dated], today: date) -> str:
    """Where the round stands, in words: the running stages, else the next one, else that all are over."""
    rows = list(stages)
    running = [one.title for one in rows if stage_state(one, today) == "current"]
    if running:
        return f"正在进行：{'、'.join(running)}"
    coming = sorted((one for one in rows if today < one.starts_on), key=lambda one: one.starts_on)
    if coming:
        first = coming[0]
        return f"下一阶段：{first.title}（{first.starts_on.year}年{first.starts_on.month}月{first.starts_on.day}日起）"
    return "各阶段均已结束" if rows else ""


def plain_cell(value: object) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def as_printed(number: str) -> str:
    """A number as plaques bear it, however it was typed: capitals, half-width, one kind of dash, no spaces."""
    narrow = unicodedata.normalize("NFKC", number).upper()
    return re.sub(r"\s+", "", re.sub(r"[\u2010-\u2015\u2212]", "-", narrow))
