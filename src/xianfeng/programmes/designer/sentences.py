"""Pieces of a definition in a sentence each, for lists: a gate, a step, an example, whatever else has a title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.paths import written
from xianfeng.programmes.rules.problems import Path
from xianfeng.programmes.rules.schema.gates import ABOUT
from xianfeng.programmes.rules.schema.procedures import STEP_KINDS
from xianfeng.registry import rules as ledger

EFFECT_CHIPS = {"veto": ("一票否决", "red"), "cap": ("封顶", "amber"), "flag": ("提示", "blue")}
Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One line of a list: what it is, a sentence on it, where it is edited, whether it stands first or last."""

    title: str
    note: str
    where: str
    word: str = ""
    colour: str = ""
    first: bool = False
    last: bool = False


def items_of(values: Sequence[Any], path: Path, document: Doc) -> list[Item]:
    """The items of the list at ``path``."""
    name = str(path[-1])
    listed = []
    for at, value in enumerate(values):
        title, note, (word, colour) = _item(name, value if isinstance(value, Mapping) else {}, document)
        where = written((*path, at))
        listed.append(Item(title, note, where, word, colour, at == 0, at == len(values) - 1))
    return listed


def told(name: str, value: Doc, document: Doc) -> str:
    """A thing of the list ``name`` in its title and sentence; "" where the lists have none for it."""
    if name not in ("gates", "steps", "procedures", "categories", "bands", "triggers", "examples", "tests"):
        return ""
    title, note, (word, _) = _item(name, value, document)
    return f"{title}（{'；'.join(filter(None, [note, word]))}）" if note or word else title


def _item(name: str, value: Doc, document: Doc) -> tuple[str, str, tuple[str, str]]:
    title = str(value.get("title") or value.get("code") or value.get("year") or "（未命名）")
    if name == "tests":
        return _test(value, document), "", ("", "")
    if name == "gates":
        return title, gate(value, document), EFFECT_CHIPS.get(value.get("effect", "veto"), ("", ""))
    if name == "steps":
        return str(value.get("title") or STEP_KINDS.get(value.get("kind", ""), title)), step(value, document), ("", "")
    notes = {
        "procedures": lambda: " → ".join(one.title for one in items_of(value.get("steps") or (), ("steps",), document)),
        "categories": lambda: str(value.get("description", "")),
        "bands": lambda: f"{value.get('at_least', '')} 分及以上",
        "triggers": lambda: facts(value.get("facts") or {}, document),
        "examples": lambda: _example(value, document),
        "standards": lambda: str(value.get("note", "")),
    }
    if name == "standards":
        title = _title(document, "categories", value.get("category"))
    return title, notes.get(name, lambda: str(value.get("summary", "")))(), ("", "")


def _title(document: Doc, name: str, code: Any) -> str:
    return dict(words.listed(document, name)).get(str(code), str(code))


def _titles(document: Doc, name: str, codes: Any) -> str:
    return "、".join(_title(document, name, code) for code in codes or ())


def gate(value: Doc, document: Doc) -> str:
    """``示范党组织 · 不得有：事故（较大及以上，受监项目），申报年度``."""
    who = _titles(document, "categories", value.get("categories")) or "所有类别"
    groups = _titles(document, "applicant_groups", value.get("groups"))
    test = value.get("test") or {}
    return f"{who}{f'（{groups}）' if groups else ''}：{_test(test, document)}"


def _percent(share: object) -> str:
    """``0.3`` as 30%; anything not yet a number as it is written."""
    try:
        return f"{(Decimal(str(share)) * 100).normalize():f}%"
    except InvalidOperation:
        return str(share)


def _test(test: Doc, document: Doc) -> str:
    kind = test.get("kind")
    if kind == "facility":
        return f"固定人员不少于 {test.get('staff_at_least', 0)} 人" + (
            f"，党员占比不低于 {_percent(test['member_share_at_least'])}" if test.get("member_share_at_least") else ""
        )
    if kind == "any_of":
        return "；或".join(_test(one, document) for one in test.get("tests") or ())
    what = facts(test.get("facts") or {}, document)
    if kind == "none_of":
        most = test.get("most") or 0
        return f"{what}不超过 {most} 件" if most else f"不得有{what}"
    if kind == "at_least":
        return f"至少有 {test.get('count', 1)} 项{what}"
    if kind == "best_at_least":
        return f"最好的一次{what}"
    known = words.VALUES["GateTest"]
    return known.get(str(kind), str(kind)) + (f" {test['share']}" if "share" in test else "")


def facts(value: Doc, document: Doc) -> str:
    """``事故（所在单位、受监项目；较大及以上；申报年度）``."""
    own = document.get("vocabulary") or {}
    kinds = ledger.FACT_KINDS | (own.get("fact_kinds") or {})
    tags = ledger.TAGS | (own.get("tags") or {})
    named = "或".join(tags.get(one, one) for one in value.get("tags") or ()) or "或".join(
        kinds.get(one, one) for one in value.get("kinds") or ()
    )
    about = "、".join(ABOUT.get(one, one) for one in value.get("about") or ())
    return f"{named}（{'；'.join(filter(None, [about, _degree(value.get('standing') or {}), window(value)]))}）"


def _degree(standing: Doc) -> str:
    orders = {
        "level_at_least": ledger.LEVELS, "grade_at_least": ledger.ACCIDENT_GRADES,
        "result_at_least": ledger.APPRAISAL_RESULTS,
    }  # fmt: skip
    found = [f"{order.get(standing[key], standing[key])}及以上" for key, order in orders.items() if standing.get(key)]
    if standing.get("stars_at_least"):
        found.append(f"{standing['stars_at_least']} 星及以上")
    return "、".join(found)


def window(value: Doc) -> str:
    """How far back facts count."""
    one = value.get("window") or {}
    kind = one.get("kind", "any")
    if kind == "months":
        return f"{one.get('months')} 个月内"
    if kind == "years":
        return f"{one.get('years')} 个年度内"
    return "" if kind == "any" else words.VALUES["Window.kind"].get(kind, kind)


def step(value: Doc, document: Doc) -> str:
    """``领导小组办公室办理，10 个工作日``."""
    to = str(value.get("to", ""))
    who = {"nominee": "申报对象", "superior": "上级党组织", "experts": "专家"}.get(to)
    pieces = [f"{who or _title(document, 'bodies', to.removeprefix('body:'))}办理"]
    if value.get("levels", 1) != 1:
        pieces.append(f"逐级 {value['levels']} 级")
    if value.get("times", 1) != 1:
        pieces.append(f"共 {value['times']} 次")
    if value.get("due"):
        pieces.append(due(value["due"], document))
    if value.get("optional"):
        pieces.append("可略过")
    return "，".join(pieces)


def due(value: Doc, document: Doc) -> str:
    """A period in words."""
    for key, unit in {"working_days": "个工作日", "calendar_days": "日", "months": "个月"}.items():
        if value.get(key):
            return f"{value[key]} {unit}"
    if value.get("stage_end"):
        return f"至“{_title(document, 'stages', value['stage_end'])}”阶段结束"
    return "、".join(f"{key} {one}" for key, one in value.items())


def _example(value: Doc, document: Doc) -> str:
    pieces = [
        _title(document, "categories", value.get("category")),
        _title(document, "applicant_groups", value.get("group")),
        f"{value.get('year', '')} 年度",
    ]
    expect = value.get("expect") or {}
    if expect.get("total") is not None:
        pieces.append(f"应得 {expect['total']} 分")
    if expect.get("passed") is not None:
        pieces.append("合格" if expect["passed"] else "不合格")
    return " · ".join(pieces)
