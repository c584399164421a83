"""The decision packet: a ranking made from frozen inputs alone, and made again from its file without the database.

``panel_rank`` itself ranks through ``ranked``; so what the office decided on and what a stranger recomputes is one
and the same arithmetic over one and the same JSON.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from xianfeng.kernel.canonical import canonical_bytes, sha256_hex
from xianfeng.programmes import rules as programme
from xianfeng.programmes.rules import Award, Definition, Outcome, Places, RankedRow, Row, award, rank
from xianfeng.programmes.rules.exact import FINEST, rounded
from xianfeng.programmes.rules.schema.scoring import GradesResult, QuotaResult
from xianfeng.programmes.rules.trace import exactly, show
from xianfeng.review.rules.official import Json, definition_of, judged, second_line, standard_of

INPUTS, PACKET = "xianfeng-panel-inputs/2", "xianfeng-decision-packet/2"


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
    names = ("sheet", "total", "marks", "remark", "answers")
    return sha256_hex(canonical_bytes({name: sheet[name] for name in names if name in sheet}))


def commitment(salt: str, reason: str) -> str:
    """What stands for a personal reason in the frozen inputs; with the salt anybody can check it."""
    return sha256_hex(canonical_bytes([salt, "reason", reason]))


def digest(rows: Sequence[Json]) -> str:
    """SHA-256 of the official result: case, rank, score, standing, grade and sheet totals, in order."""
    content = [
        [
            one["case"], one["rank"], one["score"], one["standing"], one["grade"],
            [[s["key"], s["total"]] for s in one["sheets"]],
        ]
        for one in rows
    ]  # fmt: skip
    return sha256_hex(canonical_bytes(content))


def fields(inputs: Json) -> list[Json]:
    """The inputs, field by field: one, or each applicant group's cases and places where the quota is split."""
    if not isinstance(inputs["places"], list):
        return [inputs]
    found = []
    for one in inputs["places"]:
        cases = [case for case in inputs["cases"] if case["group"] == one["group"]]
        if cases or one["quota"]:
            found.append({**inputs, "cases": cases, "places": one})
    return found


def places_of(inputs: Json) -> Places | None:
    """The places of one field and where they came from; None where the programme knows no quota."""
    known = inputs["places"]
    return None if known is None else Places(inputs["panel"]["category"], **known)


def total_of(inputs: Json) -> int | None:
    """Places of all fields together; None where the programme knows no quota."""
    known = [one.total for field in fields(inputs) if (one := places_of(field)) is not None]
    return sum(known) if inputs["places"] is not None else None


def field_title(inputs: Json) -> str:
    """Whose field it is: the applicant group's title; empty where the quota is not split."""
    known = places_of(inputs)
    return definition_of(inputs).group(known.group).title if known and known.group else ""


def cut_at(inputs: Json) -> int:
    """How many may be inside: all, where there is no quota."""
    found = places_of(inputs)
    return len(inputs["cases"]) if found is None else found.total


# --- the ranking -----------------------------------------------------------------------------------------------------


def row_of(inputs: Json, case: Json, result: Outcome, lots: Mapping[str, int]) -> Row:
    """What ranking looks at."""
    definition = definition_of(inputs, case["definition"])
    assert result.total is not None  # ``official.lacking`` was asked before
    assert result.panel is not None
    superior = case["superior"] or {}
    return Row(
        key=case["id"],
        total=result.total,
        parts=dict(result.panel.parts),
        self_total=_points(result, "self"),
        panel_median=result.panel.median,
        superior_rank=superior.get("rank"),
        submitted_at=datetime.fromisoformat(case["submitted_at"]) if case["submitted_at"] else None,
        lot=lots.get(case["id"]),
        qualified=result.passed,
        dimensions={
            key: rounded(Fraction(one), definition.scoring.rounding)
            for key, one in result.panel.exact_dimensions.items()
        },
        superior_score=_points(result, "superior"),
        survey_score=_points(result, "survey"),
        votes=_in_favour(inputs, case, result),
    )


def _points(result: Outcome, source: str) -> Decimal | None:
    value = result.sources[source]
    return None if value is None else rounded(value, FINEST)


def _in_favour(inputs: Json, case: Json, result: Outcome) -> int:
    """得票: the sheets that are for the case."""
    line = definition_of(inputs, case["definition"]).scoring.aggregation.in_favour_from
    full = standard_of(inputs, case).total
    assert result.panel is not None
    return sum(total >= line * full for total in result.panel.sheet_totals.values())


def drawn_lots(lots: Json) -> dict[str, int]:
    """Lot numbers by case from a recorded seed: cases in the order of SHA-256 of ``seed:case``."""
    tied = lots.get("cases", [])
    order = sorted(tied, key=lambda one: hashlib.sha256(f"{lots['seed']}:{one}".encode()).hexdigest())
    return {one: number for number, one in enumerate(order, start=1)}


def ranked(inputs: Json, lots: Json | None = None) -> list[Json]:
    """The official order, row by row as JSON: rank, exact score, standing, grade, sheets, basis of ties, trace; field
    by field where the quota is split.
    """
    return [row for field in fields(inputs) for row in _ranked(field, lots)]


def _ranked(inputs: Json, lots: Json | None) -> list[Json]:
    results = {case["id"]: judged(inputs, case) for case in inputs["cases"]}
    placed = placed_by(inputs, results, drawn_lots(lots or {}))
    given = {one.key: one for one in awarded(inputs, placed, results)}
    by_id = {case["id"]: case for case in inputs["cases"]}
    return [_frozen(inputs, by_id[one.key], one, results[one.key], given[one.key]) for one in placed]


def placed_by(inputs: Json, results: Mapping[str, Outcome], lots: Mapping[str, int]) -> list[RankedRow]:
    """The field in its order."""
    rows = [row_of(inputs, case, results[case["id"]], lots) for case in inputs["cases"]]
    return rank(definition_of(inputs), rows, cut_at(inputs))


def awarded(inputs: Json, placed: Sequence[RankedRow], results: Mapping[str, Outcome]) -> list[Award]:
    """Grades after the caps over the whole field; none in a programme without grades, none to who may not compete."""
    reached = {one.key: results[one.key].grade if one.row.qualified else None for one in placed}
    return award(definition_of(inputs), placed, reached)


def standing(definition: Definition, placed: RankedRow, grade: str | None) -> str:
    """Where a row stands: against the line where there is a quota, else whether it reached what is asked."""
    if not placed.row.qualified or (isinstance(definition.result, GradesResult) and grade is None):
        return "unqualified"
    if not isinstance(definition.result, QuotaResult):
        return "qualified"
    if placed.inside:
        return "inside"
    if placed.undecided:
        return "undecided"
    return "reserve" if placed.reserve else "outside"


def _frozen(inputs: Json, case: Json, placed: RankedRow, result: Outcome, given: Award) -> Json:
    row = placed.row
    assert result.panel is not None
    stands = standing(definition_of(inputs), placed, given.grade)
    return {
        "case": row.key,
        "rank": placed.rank,
        "score": show(row.total),
        "parts": {code: show(value) for code, value in result.panel.parts.items()},
        "sources": {name: exactly(value) for name, value in result.sources.items() if value is not None},
        "inside": stands in ("inside", "qualified"),
        "standing": stands,
        "grade": given.grade or "",
        "sheets": [
            {"key": key, "total": show(total), "dropped": key in result.panel.dropped}
            for key, total in result.panel.sheet_totals.items()
        ],
        "basis": {
            "self_total": _said(row.self_total),
            "panel_median": _said(row.panel_median),
            "superior": _said(row.superior_score),
            "superior_rank": row.superior_rank,
            "survey": _said(row.survey_score),
            "votes": row.votes,
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "qualified": row.qualified,
            "lot": row.lot,
            "shortlisted": placed.shortlisted,
        },
        "note": _note(placed, result, given)[:300],
        "trace": [
            {"rule": one.rule, "inputs": one.inputs, "effect": one.effect}
            for one in (*second_line(inputs, case), *result.trace)
        ],
    }


def _said(value: Decimal | None) -> str | None:
    return None if value is None else show(value)


def _note(placed: RankedRow, result: Outcome, given: Award) -> str:
    """Why a row stands where it does, where the score alone does not say so."""
    vetoes = [f"{gate.title}：{gate.sentence}" for gate in result.gates if gate.vetoes or gate.pending]
    caps = [f"{line.inputs}，{line.effect}" for line in result.trace if line.rule.startswith("封顶")]
    return "；".join(one for one in (placed.tie, *caps, given.reason, *result.shortfalls, *vetoes) if one)


def grade_title(inputs: Json, code: str) -> str:
    """The title of a grade; empty without one."""
    result = definition_of(inputs).result
    if not isinstance(result, GradesResult):
        return ""
    return next((band.title for band in result.bands if band.code == code), "不入等次")


def sentences(inputs: Json, rows: Sequence[Json]) -> list[str]:
    """What is to be known as a whole: places and where they came from, unused ones, too few candidates."""
    found = []
    for field in fields(inputs):
        cases, title = {case["id"] for case in field["cases"]}, field_title(field)
        said = _sentences(field, [row for row in rows if row["case"] in cases])
        found += [f"{title}：{one}" if title else one for one in said]
    return found


def _sentences(inputs: Json, rows: Sequence[Json]) -> list[str]:
    definition, known = definition_of(inputs), places_of(inputs)
    if known is None or not isinstance(definition.result, QuotaResult):
        return []
    found = [known.sentence] if known.total != known.quota else []
    unused = known.total - sum(one["inside"] for one in rows)
    if unused > 0 and not any(one["standing"] == "undecided" for one in rows):
        qualified = sum(one["basis"]["qualified"] for one in rows)
        fate = UNUSED["lapse" if known.group else definition.result.unused]  # split places pass to nobody
        found.append(f"达到要求的只有 {qualified} 个，名额空余 {unused} 个，{fate}。")
    called = programme.candidates(definition, known.total)
    if called > known.total:
        standing_for = sum(one["basis"]["shortlisted"] for one in rows)
        short = f"，候选不足 {called} 个，请在审定时说明" if standing_for < called else ""
        found.append(f"名额 {known.total} 个，差额推荐应有 {called} 个候选，实有 {standing_for} 个{short}。")
    return found


UNUSED = {"lapse": "不再使用", "next_round": "结转下一批次", "other_category": "可以调剂给其他类别"}


# --- the file --------------------------------------------------------------------------------------------------------


def sealed(content: Json) -> Json:
    """A packet with the digest of all its content."""
    return {**content, "sha256": sha256_hex(canonical_bytes(content))}


def assembled(inputs: Json, *, ranking: Json, rows: Sequence[Json], advice: Json, **office_only: Json) -> Json:
    """The packet of a ranking: ``ranking`` has its id, time and lots, ``rows`` the result as it stands on record."""
    return sealed(
        {
            "format": PACKET,
            "ranking": {
                **ranking,
                "rows": list(rows),
                "sentences": sentences(inputs, rows),
                "result": digest(rows),
            },
            "inputs": inputs,
            "inputs_sha256": sha256_hex(canonical_bytes(inputs)),
            "advice": advice,
            **office_only,
        }
    )
