"""A small definition to bend, and the shipped one, for tests of the language and the engine."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

from xianfeng.programmes import rules
from xianfeng.programmes.definitions import shipped_source
from xianfeng.programmes.rules.loading import validate_value
from xianfeng.programmes.rules.problems import DefinitionError
from xianfeng.programmes.rules.text import Document

BODIES = ("leading_group", "office", "working_group", "comprehensive_group")
TIER = {"decided_by": "leading_group", "announced_by": "working_group", "named_by": "working_group"}

SMALL: dict[str, Any] = {
    "schema_version": 1,
    "code": "small",
    "title": "示例创建活动",
    "short_title": "示例",
    "issuer": "示例单位",
    "period": {"since": "2019-01-01", "until": "2021-12-31"},
    "bodies": [{"code": code, "title": code} for code in BODIES],
    "applicant_groups": [
        {"code": "stations", "title": "站", "organisation_kinds": ["station"]},
        {"code": "members", "title": "会员", "organisation_kinds": ["company"]},
    ],
    "categories": [{"code": "point", "title": "服务点", "nominee": "service_point"}],
    "tiers": [
        {"code": "tier1", "title": "一级", "full_title": "一级", **TIER},
        {"code": "tier2", "title": "二级", "full_title": "二级", "draws_from": "tier1", **TIER},
    ],
    "stages": [{"code": "apply", "title": "申报"}],
    "rounds": [{"year": 2019, "quotas": {"tier1": {"point": 2}, "tier2": {"point": 1}}}],
    "standards": [
        {
            "category": "point",
            "parts": [
                {
                    "code": "basic",
                    "title": "基本",
                    "points": "60",
                    "versions": [
                        {
                            "dimensions": [
                                {
                                    "code": "a",
                                    "title": "甲",
                                    "points": "40",
                                    "indicators": [
                                        {"code": "a1", "title": "甲一", "points": "25", "may_not_apply": True},
                                        {"code": "a2", "title": "甲二", "points": "15", "may_not_apply": True},
                                    ],
                                },
                                {
                                    "code": "b",
                                    "title": "乙",
                                    "points": "20",
                                    "indicators": [
                                        {"code": "b1", "title": "乙一", "points": "20"},
                                        {"code": "extra", "title": "加分", "points": "5", "kind": "bonus"},
                                    ],
                                },
                            ]
                        }
                    ],
                },
                {
                    "code": "industry",
                    "title": "行业",
                    "points": "40",
                    "versions": [
                        {
                            "groups": [group],
                            "dimensions": [
                                {
                                    "code": "c",
                                    "title": "丙",
                                    "points": "40",
                                    "indicators": [{"code": f"c{group[0]}", "title": "丙一", "points": "40"}],
                                }
                            ],
                        }
                        for group in ("stations", "members")
                    ],
                },
            ],
        }
    ],
    "procedures": [
        {
            "code": "nomination",
            "title": "申报",
            "steps": [
                {"code": "assess", "kind": "assess", "to": "nominee", "due": {"stage_end": "apply"}},
                {"code": "endorse", "kind": "endorse", "to": "superior", "levels": 2},
                {"code": "screen", "kind": "screen", "to": "body:office"},
                {"code": "announce", "kind": "announce", "to": "body:working_group"},
                {"code": "name", "kind": "name", "to": "body:working_group"},
            ],
        }
    ],
    "periods": {"endorse": {"due": {"working_days": 3}}},
    "title_life": {"applies_to": ["tier1"]},
    "numbering": {"tier1": "A-{year}-{category}-{seq:03d}", "tier2": "B-{year}-{category}-{seq}"},
}


def bent(bend: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The small definition's values after a change in place."""
    values = copy.deepcopy(SMALL)
    bend(values)
    return values


def made(bend: Callable[[dict[str, Any]], object] = lambda values: None) -> rules.Definition:
    """The small definition, perhaps bent; raises ``DefinitionError`` when it cannot be used."""
    definition, problems = validate_value(Document(bent(bend)))
    if definition is None or problems:
        raise DefinitionError(problems)
    return definition


def faults(bend: Callable[[dict[str, Any]], object]) -> list[str]:
    """What is wrong with the small definition after a change, as people read it."""
    _, problems = validate_value(Document(bent(bend)))
    return [str(problem) for problem in problems]


@cache
def shipped() -> rules.Definition:
    """The plan's programme."""
    return rules.load(shipped_source("zhishui-guanhai-2019"))
