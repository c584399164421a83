"""What each section of a definition says, in a line: for the overview."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xianfeng.programmes.designer import words
from xianfeng.programmes.rules.trace import show

Doc = Mapping[str, Any]


def digest(document: Doc) -> dict[str, str]:
    """A line for every section that has something to say."""
    if not document:
        return {}
    return {
        "basics": f"{document.get('issuer', '')} · 依据文件 {len(document.get('basis') or ())} 份",
        "bodies": _titles(document, "bodies"),
        "applicants": _titles(document, "applicant_groups"),
        "categories": _titles(document, "categories"),
        "tiers": _titles(document, "tiers"),
        "standards": _standards(document),
        "gates": _gates(document),
        "quotas": _quotas(document),
        "stages": _titles(document, "stages"),
        "scoring": _scoring(document),
        "procedures": _titles(document, "procedures"),
        "notice": _notice(document),
        "examples": f"{len(document.get('examples') or ())} 个",
    }


def _titles(document: Doc, name: str) -> str:
    return "、".join(title for _, title in words.listed(document, name))


def _standards(document: Doc) -> str:
    titles = dict(words.listed(document, "categories"))
    pieces = []
    for source in document.get("standards") or ():
        parts = " + ".join(_number(part.get("points", 0)) for part in source.get("parts") or ())
        pieces.append(f"{titles.get(source.get('category'), '')} {parts} 分")
    return "；".join(pieces)


def _number(value: Any) -> str:
    return show(value) if isinstance(value, Decimal) else str(value)


def _gates(document: Doc) -> str:
    gates = document.get("gates") or ()
    veto = sum(one.get("effect", "veto") == "veto" for one in gates)
    return f"{len(gates)} 项，其中一票否决 {veto} 项"


def _quotas(document: Doc) -> str:
    pieces = []
    for one in document.get("rounds") or ():
        total = sum(sum(places.values()) for places in (one.get("quotas") or {}).values())
        pieces.append(f"{one.get('year')} 年 {total} 个")
    return "、".join(pieces[:6]) + ("……" if len(pieces) > 6 else "")


def _scoring(document: Doc) -> str:
    kind = (document.get("result") or {}).get("kind", "quota")
    how = words.VALUES["Aggregation.kind"]
    aggregation = ((document.get("scoring") or {}).get("aggregation") or {}).get("kind", "trimmed_mean")
    return f"{words.VALUES['ResultRule'].get(kind, kind)}；{how.get(aggregation, aggregation)}"


def _notice(document: Doc) -> str:
    notice = document.get("notice") or {}
    if notice.get("calendar_days"):
        return f"公示 {notice['calendar_days']} 日"
    return f"公示 {notice.get('working_days', 5)} 个工作日"
