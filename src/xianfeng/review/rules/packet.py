"""The decision packet: a ranking made from frozen inputs alone, and made again from its file without the database.

``panel_rank`` itself ranks through ``ranked``; so what the office decided on and what a stranger recomputes is one
and the same arithmetic over one and the same JSON.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.kernel.errors import UserError
from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules import Definition, RankedRow, Row, rank
from xianfeng.programmes.rules.exact import rounded
from xianfeng.programmes.rules.totals import Scores
from xianfeng.programmes.rules.trace import show
from xianfeng.review.rules.official import Cap, Official, official

INPUTS, PACKET = "xianfeng-panel-inputs/1", "xianfeng-decision-packet/1"
NOT_APPLICABLE = "n/a"
Json = dict[str, Any]


def label(number: int) -> str:
    """How a case's experts are called outside the office: 专家 A, 专家 B …, lettered anew in every case."""
    letters = ""
    while True:
        number, rest = divmod(number, 26)
        letters = chr(65 + rest) + letters
        if not number:
            return f"专家 {letters}"
        number -= 1


def sheet_hash(sheet: Json) -> str:
    """SHA-256 of a sheet's canonical content, as its signature recorded it."""
    return sha256_hex(canonical_bytes({name: sheet[name] for name in ("sheet", "total", "marks", "remark")}))


def commitment(salt: str, reason: str) -> str:
    """What stands for a personal reason in the frozen inputs; with the salt anybody can check it."""
    return sha256_hex(canonical_bytes([salt, "reason", reason]))


def digest(rows: Sequence[Json]) -> str:
    """SHA-256 of the official result: case, rank, score, standing and sheet totals, in order."""
    content = [
        [one["case"], one["rank"], one["score"], one["standing"], [[s["key"], s["total"]] for s in one["sheets"]]]
        for one in rows
    ]
    return sha256_hex(canonical_bytes(content))


@lru_cache(maxsize=8)
def _restored(canonical: bytes) -> Definition:
    return programme.restore(canonical)


def definition_of(inputs: Json, name: str = "") -> Definition:
    """A pinned definition of the inputs by its hash; the round's own without one."""
    return _restored(canonical_bytes(inputs["definitions"][name or inputs["definition"]]))


def scores(sheet: Json) -> Scores:
    """A sheet's points by indicator; None says it does not apply, an unscored one is left out."""
    found: dict[str, Decimal | None] = {}
    for code, (points, _) in sheet["marks"].items():
        if points == NOT_APPLICABLE:
            found[code] = None
        elif points is not None:
            found[code] = Decimal(points)
    return found


def judged(inputs: Json, case: Json, *, without: str = "", instead: Mapping[str, Scores] | None = None) -> Official:
    """One case's official score; ``without`` a sheet, or with other marks ``instead``, to see what if."""
    definition = definition_of(inputs, case["definition"])
    sheets = {one["key"]: scores(one) for one in case["sheets"] if one["key"] != without}
    return official(
        definition,
        definition.standard(case["category"], case["group"]),
        {**sheets, **(instead or {})},
        self_total=_decimal(case["self_total"]),
        caps=[Cap(one["title"], one["sentence"], Decimal(one["points"])) for one in case["caps"]],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def row_of(definition: Definition, case: Json, result: Official, lots: Mapping[str, int]) -> Row:
    """What ranking looks at."""
    rounding = definition.scoring.rounding
    return Row(
        key=case["id"],
        total=result.total,
        parts=dict(result.panel.parts),
        self_total=_decimal(case["self_total"]),
        panel_median=result.panel.median,
        superior_rank=case["superior_rank"],
        submitted_at=datetime.fromisoformat(case["submitted_at"]) if case["submitted_at"] else None,
        lot=lots.get(case["id"]),
        qualified=not result.shortfalls,
        dimensions={key: rounded(Fraction(one), rounding) for key, one in result.panel.exact_dimensions.items()},
    )


def standing(placed: RankedRow) -> str:
    """Where a row stands against the line."""
    if not placed.row.qualified:
        return "unqualified"
    if placed.inside:
        return "inside"
    if placed.undecided:
        return "undecided"
    return "reserve" if placed.reserve else "outside"


def drawn_lots(lots: Json) -> dict[str, int]:
    """Lot numbers by case from a recorded seed: cases in the order of SHA-256 of ``seed:case``."""
    tied = lots.get("cases", [])
    order = sorted(tied, key=lambda one: hashlib.sha256(f"{lots['seed']}:{one}".encode()).hexdigest())
    return {one: number for number, one in enumerate(order, start=1)}


def ranked(inputs: Json, lots: Json | None = None) -> list[Json]:
    """The official order, row by row as JSON: rank, exact score, standing, sheets, basis of ties, note, trace."""
    results = {case["id"]: judged(inputs, case) for case in inputs["cases"]}
    numbers = drawn_lots(lots or {})
    definition = definition_of(inputs)
    rows = [row_of(definition, case, results[case["id"]], numbers) for case in inputs["cases"]]
    placed = rank(definition, rows, inputs["places"])
    return [_frozen(one, results[one.key]) for one in placed]


def _frozen(placed: RankedRow, result: Official) -> Json:
    row = placed.row
    return {
        "case": row.key,
        "rank": placed.rank,
        "score": show(row.total),
        "parts": {code: show(value) for code, value in result.panel.parts.items()},
        "inside": placed.inside,
        "standing": standing(placed),
        "sheets": [
            {"key": key, "total": show(total), "dropped": key in result.panel.dropped}
            for key, total in result.panel.sheet_totals.items()
        ],
        "basis": {
            "self_total": None if row.self_total is None else show(row.self_total),
            "panel_median": None if row.panel_median is None else show(row.panel_median),
            "superior_rank": row.superior_rank,
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "qualified": row.qualified,
            "lot": row.lot,
            "shortlisted": placed.shortlisted,
        },
        "note": (placed.tie or "；".join(result.shortfalls))[:300],
        "trace": [{"rule": one.rule, "inputs": one.inputs, "effect": one.effect} for one in result.trace],
    }


# --- making it again -------------------------------------------------------------------------------------------------


def first_difference(packet: Json) -> str:
    """Re-derive all a packet states; a Chinese sentence on the first thing that differs, empty when nothing does.

    Places are looked at before whole hashes, so that a changed mark is named and not merely noticed.
    """
    if packet.get("format") != PACKET or packet.get("inputs", {}).get("format") != INPUTS:
        return "不是本系统的评审决策包，或者版本不同。"
    inputs, ranking = packet["inputs"], packet["ranking"]
    for said in (_definitions(inputs), _sheets(inputs), _rows(inputs, ranking)):
        if said:
            return said
    if sha256_hex(canonical_bytes(inputs)) != packet["inputs_sha256"]:
        return "评审输入与冻结时的摘要不符：除评分以外的内容（如单位、分派或回避记录）有改动。"
    for item in packet.get("office_only", {}).get("reasons", []):
        if commitment(item["salt"], item["reason"]) != item["commitment"]:
            return f"事项 {item['case']} 的回避事由与冻结时的承诺值不符。"
    return ""


def _definitions(inputs: Json) -> str:
    for name in inputs["definitions"]:
        if sha256_hex(canonical_bytes(inputs["definitions"][name])) != name:
            return f"创建活动定义与指纹 {name[:16]} 不符。"
    return ""


def _sheets(inputs: Json) -> str:
    for case in inputs["cases"]:
        definition = definition_of(inputs, case["definition"])
        standard = definition.standard(case["category"], case["group"])
        for sheet in case["sheets"]:
            where = f"“{case['name']}”{sheet['key']}的评分表"
            try:
                added = programme.totals(standard, scores(sheet), bonus_cap=definition.scoring.bonus_cap)
            except UserError as error:
                return f"{where}：{error}"
            if show(added.total) != sheet["total"]:
                return f"{where}：各项合计为 {show(added.total)} 分，文件中写的是 {sheet['total']} 分。"
            if sheet_hash(sheet) != sheet["hash"]:
                return f"{where}：内容与签名时的摘要不符。"
    return ""


def _rows(inputs: Json, ranking: Json) -> str:
    made = ranked(inputs, ranking.get("lots"))
    stated = ranking["rows"]
    names = {case["id"]: case["name"] for case in inputs["cases"]}
    if len(made) != len(stated):
        return f"重算得到 {len(made)} 个名次，文件中有 {len(stated)} 个。"
    for number, (one, other) in enumerate(zip(made, stated, strict=True), start=1):
        for key, title in FIELDS.items():
            if canonical_bytes(one[key]) != canonical_bytes(other.get(key)):
                name = names.get(one["case"], one["case"])
                return (
                    f"第 {number} 行“{name}”的{title}：重算为 {_short(one[key])}，文件中为 {_short(other.get(key))}。"
                )
    if digest(made) != ranking["result"]:
        return "排名的摘要与冻结时不符。"
    return ""


FIELDS = {
    "case": "申报", "rank": "名次", "score": "总分", "standing": "结果", "inside": "是否入围", "parts": "部分得分",
    "sheets": "评分表合计", "basis": "并列比较依据", "note": "说明", "trace": "计算过程",
}  # fmt: skip


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 60 else f"{text[:57]}…"
