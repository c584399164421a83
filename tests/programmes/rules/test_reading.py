"""Reading YAML: exact, line by line, and unharmed by hostile files."""

import time
from datetime import date
from decimal import Decimal

import pytest

from xianfeng.programmes import rules
from xianfeng.programmes.rules.problems import DefinitionError
from xianfeng.programmes.rules.text import MAX_DEPTH, read


def refusal(text: str | bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return str(caught.value.problems[0])


def test_decimals_days_and_words_are_read_for_what_they_are():
    value = read("a: 0.1\nb: 2019-03-01\nc: no\non: 12\nd: '12'\ne: true\nf:\n").value
    assert value == {"a": Decimal("0.1"), "b": date(2019, 3, 1), "c": "no", "on": 12, "d": "12", "e": True, "f": None}


def test_every_value_knows_its_line():
    document = read("a:\n  - x: 1\n    y: 2\n  - z\n")
    assert document.line(("a", 0, "y")) == 3
    assert document.line(("a", 1)) == 4
    assert document.line(("a", 0, "absent")) == 2


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "别名": (LAUGHS, "锚点"),
    "五兆字节": (b"a: " + b"x" * 5_000_000, "文件过大"),
    "嵌套过深": ("[" * 50_000, "嵌套过深"),
    "块嵌套过深": ("".join(" " * i + "a:\n" for i in range(500)), "嵌套过深"),
    "流映射嵌套": ("{a: " * 50_000, "嵌套过深"),
    "内容过多": ("a: [" + "1," * 400_000 + "1]", "内容过多"),
    "执行代码": ("a: !!python/object/apply:os.system [ls]", "标签"),
    "两份文档": ("a: 1\n---\nb: 2\n", "只能有一份"),
    "空文件": ("", "空的"),
    "语法错误": ("a: [1, 2\nb: 3", "第 2 行"),
    "重复的键": ("a: 1\na: 2\n", "第 2 行：键“a”重复"),
    "不是文本": (b"\xff\xfe\x00", "UTF-8"),
    "控制字符": ("a: \x01", "不能识别"),
    "假日期": ("a: 2019-02-30", "不是有效的日期"),
    "键不是文字": ("? [a]\n: 1\n", "键必须是文字"),
    "文字过长": ("a: " + "长" * 30_000, "过长"),
}


@pytest.mark.parametrize(("text", "expected"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_at_once(text, expected):
    started = time.perf_counter()
    assert expected in refusal(text)
    assert time.perf_counter() - started < 2


def test_depth_within_the_limit_is_read():
    assert read("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)).value


@pytest.mark.parametrize("text", ["12", "[1, 2]", "文字", "a: 1", "null"])
def test_what_is_no_definition_is_refused_without_a_traceback(text):
    definition, problems = rules.validate(text)
    assert definition is None
    assert problems
