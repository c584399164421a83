"""Certificate numbers from a small, safe template: ``SZ-ZXF-{year}-{category}-{seq:03d}`` (and ``{grade}``)."""

import re
from string import Formatter

from xianfeng.programmes.rules.schema.definition import Definition

FIELDS = ("year", "category", "tier", "grade", "seq")
SPEC = re.compile(r"(0?[1-9]d)?")


def template_faults(template: str, *, graded: bool) -> list[str]:
    """Chinese sentences on what is wrong with a template; none when it can be used. ``graded``: titles have a grade."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return ["花括号不成对"]
    faults = []
    used = set()
    for _, name, spec, conversion in pieces:
        if name is None:
            continue
        used.add(name)
        if name not in FIELDS or conversion:
            faults.append(f"不认识的占位“{name}”，可用：{'、'.join(FIELDS)}")
        elif not SPEC.fullmatch(spec or "") or (spec and name not in ("year", "seq")):
            faults.append(f"占位“{name}”的格式“{spec}”不可用，序号可写 03d 等")
    if "grade" in used and not graded:
        faults.append("本活动不分等次，不能用占位 {grade}")
    return faults + [f"须含占位 {{{name}}}，否则编号会重复" for name in ("year", "category", "seq") if name not in used]


def number(definition: Definition, tier: str, category: str, year: int, seq: int, grade: str = "") -> str:
    """The number of the ``seq``-th designation of a tier × category × year; the grade is shown in capitals."""
    shown = definition.category(category).number_code or category.upper()
    return definition.numbering[tier].format(year=year, category=shown, tier=tier, seq=seq, grade=grade.upper())
