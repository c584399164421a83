"""The documentation and the Chinese words cover the language whole; differences leave nothing out."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programmes.rules.making import made

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.plain import plain
from xianfeng.programmes.rules.reference import reference
from xianfeng.programmes.rules.text import Document
from xianfeng.programmes.rules.words import KEYS, VALUES

DOCS = Path(__file__).resolve().parents[3] / "docs" / "definition-language.md"
HERE = Path(__file__).parent
INVENTED = {one: rules.load((HERE / f"{one}.yaml").read_text(encoding="utf-8")) for one in ("invented", "three_tiers")}


def test_the_documented_tables_are_the_schemas_own():
    """On failure: run ``xianfeng programme schema --reference`` and paste its output below the marker."""
    _, _, documented = DOCS.read_text(encoding="utf-8").partition("--reference` -->\n")
    assert documented.strip() == reference().strip()


def pieces(node, key=None):
    """Every key and every enumerated value of the JSON Schema."""
    if isinstance(node, dict):
        for name, inner in node.get("properties", {}).items():
            yield name, None
            yield from pieces(inner, name)
        for literal in [*node.get("enum", []), *([node["const"]] if "const" in node else [])]:
            yield key, literal
        for name, inner in node.items():
            if name not in ("properties", "$defs"):
                yield from pieces(inner, key)
    elif isinstance(node, list):
        for inner in node:
            yield from pieces(inner, key)


def test_every_key_and_value_of_the_language_has_a_chinese_word():
    schema = rules.json_schema()
    found = {*pieces(schema), *(piece for model in schema["$defs"].values() for piece in pieces(model))}
    assert len(found) > 200
    assert {key for key, _ in found if key not in KEYS} == set()
    assert {(k, v) for k, v in found if isinstance(v, str) and v not in VALUES.get(k, {})} == set()


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


WHOLE = {code: rules.load(shipped_source(code)) for code in SHIPPED} | INVENTED
LEAVES = {code: list(leaves(plain(one, defaults=True))) for code, one in WHOLE.items()}


@given(st.data())
def test_any_single_change_is_told_once_in_chinese(data):
    """Change one value anywhere in any definition: as long as it can still be read, the difference shows exactly it."""
    code = data.draw(st.sampled_from(sorted(WHOLE)))
    values = copy.deepcopy(plain(WHOLE[code], defaults=True))
    *path, last = data.draw(st.sampled_from(LEAVES[code]))
    holder = values
    for step in path:
        holder = holder[step]
    old = holder[last]
    if isinstance(old, bool):
        holder[last] = not old
    elif isinstance(old, int):
        holder[last] = old + 1
    elif isinstance(old, str):
        holder[last] = f"{old}新" if not old[:1].isdigit() else "1"
    definition, _ = validate_value(Document(values))
    if definition is None or holder[last] == old:
        return
    changes = rules.diff(WHOLE[code], definition)
    assert changes, (path, last)
    assert plain(definition, defaults=True) != plain(WHOLE[code], defaults=True)
    for change in changes:
        assert any("\u4e00" <= character <= "\u9fff" for character in change.line)
        json.dumps(change.as_json())
    if last not in ("code", "year", "category", "at", "title") and "groups" not in path:
        assert len(changes) == 1, [change.line for change in changes]


@pytest.mark.parametrize("code", sorted(WHOLE))
def test_nothing_differs_from_itself(code):
    assert rules.diff(WHOLE[code], rules.restore(rules.canonical(WHOLE[code]))) == []


def test_values_of_the_language_are_told_in_words():
    def changed(values):
        values["result"] = {"kind": "quota", "unused": "next_round", "margin": "1.2"}
        values["scoring"] = {"tie_breaks": [{"by": "earliest"}], "rounding": {"mode": "down"}}
        values["tiers"][0]["decided_by"] = "office"
        values["procedures"][0]["steps"][0]["on_missed"] = "withdrawn"

    lines = [change.line for change in rules.diff(made(), made(changed))]
    assert "修改 计分 › 取整 › 进位办法：四舍五入 → 舍去" in lines
    assert "修改 结果 › 空余名额：作废 → 结转下一批次" in lines
    assert "新增 计分 › 同分处理第 1 项：比较 提交先后" in lines
    assert any(line.endswith("逾期后果：逾期催办 → 视为放弃") for line in lines)


def test_an_order_changed_is_told_with_both_orders():
    def swapped(values):
        values["applicant_groups"].reverse()

    [change] = rules.diff(made(), made(swapped))
    assert change.line == "调整顺序 申报单位类别：站、会员 → 会员、站"
