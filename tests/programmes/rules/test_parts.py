"""Which body plays which of the house's parts: read off the procedures, or by its own code."""

import pytest

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.rules.parts import PARTS, players


def test_in_the_plans_programme_each_body_plays_the_part_it_is_named_for() -> None:
    assert players(rules.load(shipped_source("zhishui-guanhai-2019"))) == {part: part for part in PARTS}


def test_elsewhere_the_procedures_say_who_plays_it() -> None:
    assert players(rules.load(shipped_source("moe-shuangchuang-4"))) == {
        "working_group": "moe",  # whom the panel step asks to have the experts review
        "office": "moe",  # who concludes reassessments
        "leading_group": "council",
        "comprehensive_group": "council",
    }


@pytest.mark.parametrize("code", SHIPPED)
def test_every_shipped_programme_has_somebody_to_run_it(code: str) -> None:
    definition = rules.load(shipped_source(code))
    found = players(definition)
    assert {"working_group", "office", "leading_group"} <= set(found)
    assert set(found.values()) <= {one.code for one in definition.bodies}
    assert "experts" not in found.values()  # they score; they open no rounds
