"""The decision packet as its page reads it: indicators by their titles, sheets as a table, words for codes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianfeng.nominations import answering
from xianfeng.review.models import OBJECTIVES, STANDINGS
from xianfeng.review.rules import packet as rules
from xianfeng.review.rules.official import NOT_APPLICABLE, Json, definition_of
from xianfeng.review.settled import stated


@dataclass(frozen=True)
class SheetTable:
    """A case's sheets beside each other: one column an expert, one row an indicator."""

    heads: list[tuple[str, str, str]]  # key, total, what became of it where it does not simply count
    rows: list[tuple[str, list[str]]]
    remarks: list[tuple[str, str, str]]  # expert, indicator, remark


@dataclass(frozen=True)
class CasePage:
    """One case of the packet."""

    row: Json
    case: Json
    standing: str
    grade: str
    table: SheetTable
    recusals: list[tuple[str, datetime, str]]


@dataclass(frozen=True)
class PacketPage:
    """The packet."""

    inputs: Json
    settings: list[tuple[str, Any]]
    cases: list[CasePage]
    draws: list[Json]
    hashes: list[tuple[str, str]]
    lots: Json
    sentences: list[str]
    earlier: list[tuple[datetime, datetime, str]]


def _places(inputs: Json) -> str:
    """How many places, and whose where they are split."""
    total = rules.total_of(inputs)
    if total is None:
        return "不限"
    split = [(rules.field_title(one), rules.places_of(one)) for one in rules.fields(inputs)]
    parts = "，".join(f"{title} {known.total} 个" for title, known in split if title and known)
    return f"{total} 个" + (f"（{parts}）" if parts else "")


def readable(content: Json) -> PacketPage:
    """From the file's content to what is printed; reasons of recusals only where the content carries them."""
    inputs, ranking = content["inputs"], content["ranking"]
    said = {one["commitment"]: one["reason"] for one in content.get("office_only", {}).get("reasons", [])}
    by_id = {case["id"]: case for case in inputs["cases"]}
    panel, by_rule = inputs["panel"], definition_of(inputs).scoring.panel
    settings = [
        ("批次", panel["round"]), ("类别", panel["title"]), ("名额", _places(inputs)),
        ("每件专家", f"{panel['per_case']} 位"), ("分派办法", OBJECTIVES.get(panel["objective"], "")),
        ("同一单位至多", f"{panel['institution_cap']} 位" if panel["institution_cap"] else "不限"),
        *stated(by_rule),
        ("抽取种子", panel["seed"]), ("创建活动定义", f"第 {inputs['definition_number']} 版"),
    ]  # fmt: skip
    return PacketPage(
        inputs=inputs,
        settings=settings,
        cases=[_case(row, by_id[row["case"]], inputs, said) for row in ranking["rows"]],
        draws=[{**one, "at": datetime.fromisoformat(one["made_at"])} for one in inputs["draws"]],
        hashes=[
            ("创建活动定义", inputs["definition"]),
            ("评审输入", content["inputs_sha256"]),
            ("排名结果", ranking["result"]),
        ],
        lots=ranking["lots"],
        sentences=ranking["sentences"],
        earlier=[
            (
                datetime.fromisoformat(one["computed_at"]),
                datetime.fromisoformat(one["superseded_at"]),
                said.get(one["reason"], "事由不公开"),
            )
            for one in inputs["earlier"]
        ],
    )


def _case(row: Json, case: Json, inputs: Json, said: dict[str, str]) -> CasePage:
    recusals = [
        (
            "本人申报" if one["source"] == "declared" else "工作组决定",
            datetime.fromisoformat(one["declared_at"]),
            said.get(one["reason"], "事由不公开"),
        )
        for one in case["recusals"]
    ]
    grade = rules.grade_title(inputs, row["grade"])
    stands = STANDINGS.get(row["standing"], "") if row["standing"] != "qualified" else grade or STANDINGS["qualified"]
    return CasePage(row, case, stands, grade, _table(row, case, inputs), recusals)


def _table(row: Json, case: Json, inputs: Json) -> SheetTable:
    definition = definition_of(inputs, case["definition"])
    standard = definition.standard(case["category"], case["group"])
    dropped = {one["key"]: one["dropped"] for one in row["sheets"]}
    heads = [
        (one["key"] + ("（第二评审组）" if one["second"] else ""), one["total"], _fate(dropped.get(one["key"])))
        for one in case["sheets"]
    ]
    sheets = {one["key"]: one for one in case["sheets"]}
    order = [one["key"] for one in case["sheets"]]
    rows = [(one.title, [_shown(sheets[key]["marks"].get(one.code)) for key in order]) for one in standard.indicators]
    remarks = [
        (key, one.title, sheets[key]["marks"][one.code][1])
        for key in order
        for one in standard.indicators
        if sheets[key]["marks"].get(one.code, ["", ""])[1]
    ]
    remarks += [
        (key, one.title, answering.said(one, sheets[key]["answers"][one.code]))
        for key in order
        for one in standard.indicators
        if one.code in sheets[key].get("answers", {})
    ]
    remarks += [(key, "综合评语", sheets[key]["remark"]) for key in order if sheets[key]["remark"]]
    return SheetTable(heads, rows, remarks)


def _fate(dropped: bool | None) -> str:
    return "不计" if dropped is None else "去掉" if dropped else ""


def _shown(mark: list[str | None] | None) -> str:
    if mark is None or mark[0] is None:
        return "—"
    return "不适用" if mark[0] == NOT_APPLICABLE else str(mark[0])
