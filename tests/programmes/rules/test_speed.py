"""The promised speed: 10,000 cases within two seconds, and every hostile file refused in words within two."""

import time

import pytest
from bench import programmes as bench
from tests.programmes.rules.making import SMALL, bent, shipped
from tests.speed import slowness

from xianfeng.programmes import rules
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.text import Document


def test_ten_thousand_cases_of_every_kind_take_less_than_two_seconds():
    cases = bench.cases(shipped(), 1_000)
    bench.seconds_for(shipped(), cases[:50])
    each = min(bench.seconds_for(shipped(), cases) for _ in range(5)) / len(cases)
    assert each * 10_000 < 2 * slowness(), f"{each * 1e6:.0f} µs a case"


def test_every_hostile_file_is_refused_at_once_and_in_words():
    for name, (seconds, said) in bench.refusals().items():
        assert said, name
        assert any("\u4e00" <= character <= "\u9fff" for character in said), (name, said)
        assert seconds < 2, (name, seconds)


EXPECTED = {
    "negative points": "不能小于 0",
    "quota of 10**9": "不能大于 100000",
    "cyclic tiers": "循环",
    "alias bomb": "锚点和别名",
    "5 MB of lines": "文件过大",
    "examples without end": "示例过多",
}


@pytest.mark.parametrize(("name", "sentence"), EXPECTED.items())
def test_the_first_complaint_is_the_cause(name, sentence):
    _, problems = rules.validate(bench.hostile()[name])
    assert sentence in str(problems[0])


def test_many_doubles_and_unknown_codes_are_found_quickly():
    """Checks must not compare every code with every other: 5,000 indicators, half of them doubles."""

    def swell(values):
        dimensions = values["standards"][0]["parts"][0]["versions"][0]["dimensions"]
        for n in range(48):
            doubles = [{"code": f"x{i % 50}", "title": "多", "points": "1"} for i in range(100)]
            dimensions.append({"code": f"d{n}", "title": "多", "points": "100", "indicators": doubles})

    started = time.perf_counter()
    _, problems = validate_value(Document(bent(swell)))
    assert len(problems) > 4_000
    assert time.perf_counter() - started < 2
    assert SMALL
