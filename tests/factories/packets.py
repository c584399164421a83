"""Frozen inputs of a ranking made by hand: what the rules of the packet work on, without a database."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules import Definition
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules import packet
from xianfeng.review.rules.decisive import decisive
from xianfeng.review.rules.official import sheet_scores

Json = dict[str, Any]
Marks = Mapping[str, str | None]


def sheet(definition: Definition, category: str, group: str, number: int, marks: Marks, second: bool = False) -> Json:
    """One signed sheet: its total and hash as the service would have written them."""
    content: Json = {
        "sheet": f"sheet{number}", "marks": {code: [points, ""] for code, points in marks.items()}, "remark": "",
    }  # fmt: skip
    standard = definition.standard(category, group)
    added = programme.totals(standard, sheet_scores(content), bonus_cap=definition.scoring.bonus_cap)
    content["total"] = show(added.total)
    more = {"key": packet.label(number), "hash": packet.sheet_hash(content), "signed_at": None, "second": second}
    return content | more


def case(definition: Definition, number: int, category: str, group: str, sheets: Sequence[Marks], **more: Any) -> Json:
    """One case with its sheets; ``more`` overrides self_marks, superior, survey, gates, submitted_at."""
    return {
        "id": f"case{number}", "name": f"示例{number}", "unit": "", "party": "", "category": category, "group": group,
        "definition": programme.content_hash(definition), "self_marks": {}, "superior": None, "survey": None,
        "gates": [], "submitted_at": f"2019-10-0{number % 9 + 1}T02:00:00+00:00", "recusals": [],
        "sheets": [sheet(definition, category, group, at, one) for at, one in enumerate(sheets)],
        **more,
    }  # fmt: skip


def inputs(definition: Definition, cases: Sequence[Json], *, tier: str, year: int, **more: Any) -> Json:
    """The frozen inputs of a panel over these cases."""
    category = cases[0]["category"]
    quota = definition.quota(tier, category, year)
    places = {"quota": quota, "carried": 0, "received": 0, "given": 0}
    return {
        "format": packet.INPUTS, "definition": programme.content_hash(definition), "definition_number": 1,
        "definitions": {programme.content_hash(definition): json.loads(programme.canonical(definition))},
        "panel": {
            "id": "panel", "round": "示例批次", "year": year, "tier": tier, "category": category, "title": "示例",
            "opened_at": f"{year}-11-01T00:00:00+00:00", "per_case": 3, "seed": "a1", "objective": "chance",
            "institution_cap": None, "least_load": 0,
        },
        "places": places if definition.result.kind == "quota" else None,
        "cases": list(cases), "draws": [], "discussions": [], "earlier": [], **more,
    }  # fmt: skip


def sealed(given: Json, lots: Json | None = None) -> Json:
    """The whole packet as it is downloaded, read back from its bytes."""
    rows = packet.ranked(given, lots)
    about = {"id": "ranking", "computed_at": "2019-11-20T02:00:00+00:00", "lots": lots or {}}
    made = packet.assembled(given, ranking=about, rows=rows, advice={"decisive": decisive(given, lots)})
    read: Json = json.loads(json.dumps(made))
    return read
