"""The standards table of an office: out of the designer and in again, merged cells as in practice, bad rows named."""

import io
import time
import zipfile
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from xianfeng.kernel.errors import Invalid
from xianfeng.programmes.definitions import SHIPPED, shipped_source
from xianfeng.programmes.designer import words
from xianfeng.programmes.designer.paths import Edit, apply
from xianfeng.programmes.designer.sheet import LIMITS, read_standard
from xianfeng.programmes.designer.sheet_merge import Merger, write_standard
from xianfeng.programmes.designer.study import shape_problems, study
from xianfeng.programmes.rules.text import read

HEAD = ("部分", "维度", "指标", "分值", "评分细则", "佐证材料")


def document(code: str = "zhishui-guanhai-2019") -> dict:
    value: dict = read(shipped_source(code)).value
    return value


def workbook(rows, head=HEAD, merges=(), name="Sheet1") -> bytes:
    """A table as somebody keeps it; ``merges`` are ranges with their value."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        for at, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
        for area, value in merges:
            sheet.merge_range(area, value)
    return target.getvalue()


def table(content: bytes, value: dict | None = None):
    value = value or document()
    return read_standard(content, category="示范党组织", groups=words.listed(value, "applicant_groups"))


@pytest.mark.parametrize("code", SHIPPED)
def test_what_goes_out_comes_in_again_unchanged(code):
    value = document(code)
    for place, source in enumerate(value["standards"]):
        category = dict(words.listed(value, "categories"))[source["category"]]
        content = write_standard(value, place, category)
        found = read_standard(content, category=category, groups=words.listed(value, "applicant_groups"))
        assert [str(one) for one in found.problems] == []
        assert _plain(Merger(value, place).parts(found)) == _plain(source["parts"])


def _plain(parts):
    """Without what the table does not hold, criteria as one text."""
    for part in parts:
        for version in part["versions"]:
            for dimension in version["dimensions"]:
                for one in dimension["indicators"]:
                    one.setdefault("evidence", [])
                    one["criteria"] = str(one.get("criteria", "")).strip()
    return parts


# Names as offices write them, and as Excel, formulas and our own marks could mistake them.
PLAN = document()
NAMES = st.one_of(
    st.sampled_from(
        ["基本标准", "党建（50）", "党建(2.5分)", "=1+1", "-3", "08", "1.50", "合计", "总分", "小计", "通用", "甲、乙",
         "a；b", "一 二", "（5分）", "@x", "2021年", "否", "第一行\n第二行", "不适用", "100%"]
    ),
    st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\u3000\xa0"), min_size=1, max_size=12),
).map(str.strip).filter(bool)  # fmt: skip
POINTS = st.decimals(0, 500, places=4).map(lambda one: one.normalize() + 0)
PROSE = st.one_of(st.just(""), NAMES, st.lists(NAMES, min_size=2, max_size=3).map("\n".join))


@st.composite
def standards(draw):
    """Parts of a standard of the right shape: two versions here and there, every way of scoring, distinct names."""
    value = PLAN
    codes = (f"c{number}" for number in range(10_000))
    groups = [code for code, _ in words.listed(value, "applicant_groups")]

    def names(most: int) -> list[str]:
        return list(draw(st.lists(NAMES, min_size=1, max_size=most, unique=True)))

    def indicator(title: str) -> dict:
        kind = draw(st.sampled_from(["scored", "graded", "yes_no", "bonus", "deduction", "vote", "measured"]))
        kinds: dict[str, dict[str, Any]] = {
            "graded": {"levels": [{"code": f"l{n}", "title": f"档{n}", "points": n} for n in (1, 0)]},
            "deduction": {"faults": [{"code": "f", "title": "缺一项", "each": 1}]},
            "vote": {"choices": [{"code": f"v{n}", "title": f"票{n}", "share": n} for n in (1, 0)]},
            "measured": {"unit": "次", "table": [{"at_least": 1, "points": 0}]},
        }
        more = kinds.get(kind, {})
        made = {"code": next(codes), "title": title, "kind": kind, "points": draw(POINTS), **more}
        if criteria := draw(PROSE):
            made["criteria"] = criteria
        if papers := draw(st.lists(NAMES, max_size=3, unique=True)):
            made["evidence"] = papers
        return made

    def version(chosen: list[str]) -> dict:
        dimensions = []
        for title in names(3):
            indicators = [indicator(one) for one in names(3)]
            total = sum((one["points"] for one in indicators if one["kind"] != "bonus"), Decimal(0))
            dimensions.append({"code": next(codes), "title": title, "points": total, "indicators": indicators})
        return ({"groups": chosen} if chosen else {}) | {"dimensions": dimensions}

    parts = []
    for title in names(3):
        split = draw(st.booleans())
        versions = [version(groups[:1]), version(groups[1:])] if split else [version([])]
        totals = [sum((one["points"] for one in each["dimensions"]), Decimal(0)) for each in versions]
        parts.append({"code": next(codes), "title": title, "points": totals[0], "versions": versions})
    return parts


@settings(max_examples=60)
@given(standards())
def test_any_standard_goes_out_and_comes_in_the_same(parts):
    """Whatever is exported is read without a complaint of its rows and makes the very same standard."""
    value = apply(PLAN, [Edit("put", ("standards", 0, "parts"), parts)])
    content = write_standard(value, 0, "示范党组织")
    found = table(content, value)
    faults = [str(one) for one in found.problems if "标明" not in one.reason]  # two versions may differ in their sums
    assert faults == []
    again = Merger(value, 0).parts(found)
    assert _plain(again) == _plain(deepcopy(value["standards"][0]["parts"]))


def test_a_blank_cell_under_a_merged_one_belongs_to_the_one_above():
    rows = [
        [None, None, "政治责任落实", 5, "逐级落实", None],
        [None, None, "新添一项", "7.5分", "写明做法", "照片；记录"],
        [None, None, None, None, "并有成效", "小结"],
        [None, "党的领导有力（12.5分）", "定期专题研究", 12.5, None, None],
        [None, None, "合计", 25, None, None],
        ["行业标准", "带动有力", "带教结对", 25, None, None],
    ]
    merges = [("A2:A6", "基本标准（25分）"), ("B2:B4", "管党治党有力（12.5 分）"), ("F2:F3", "责任清单")]
    value = document()
    found = table(workbook(rows, merges=merges), value)
    assert [str(one) for one in found.problems] == []
    basic, industry = Merger(value, 0).parts(found)
    governance = basic["versions"][0]["dimensions"][0]
    assert (governance["code"], governance["points"], basic["points"]) == ("governance", Decimal("12.5"), 25)
    kept, new = governance["indicators"]
    assert (kept["code"], kept["points"], kept["evidence"]) == ("ob1_1", 5, ["责任清单"])
    assert (new["title"], new["points"], new["criteria"]) == ("新添一项", Decimal("7.5"), "写明做法\n并有成效")
    assert new["evidence"] == ["照片", "记录", "小结"]
    assert new["code"] not in ("ob1_1", kept["code"])
    assert industry["code"] == "industry"
    after = apply(value, [Edit("put", ("standards", 0, "parts"), [basic, industry])])
    assert shape_problems(after) == []


def test_every_bad_row_is_named_with_its_column():
    rows = [
        ["基本标准（50分）", "一、学习", "甲", "很多", None, None],
        [None, None, "乙", -3, None, None],
        [None, None, None, 5, None, None],
        [None, None, "丙", None, None, None],
        [None, "二、实干（9分）", "丁", 4, None, None],
        [None, None, "丁", 4, None, None],
    ]
    found = table(workbook(rows))
    said = {(one.row, one.column): one.reason for one in found.problems}
    assert said[2, "分值"] == "“很多”不是数字"
    assert "0 与" in said[3, "分值"]
    assert said[4, "指标"] == "有分值而没有指标名称"
    assert said[5, "分值"] == "不能为空"
    assert said[6, "维度"] == "“二、实干”标明 9 分，各指标合计 8 分"
    assert said[7, "指标"] == "与第 6 行重复"


def test_sums_that_the_table_states_are_checked():
    rows = [["基本标准（50分）", "学习", "甲", 20, None, None], [None, None, "乙", 20, None, None]]
    (problem,) = table(workbook(rows)).problems
    assert str(problem.reason) == "“基本标准”标明 50 分，各指标合计 40 分"


def test_versions_by_applicant_group_and_ways_of_scoring():
    head = ("适用单位", *HEAD, "计分方式")
    rows = [
        ["安质监站", "行业标准", "平台", "竞赛", 50, None, None, "是否项"],
        ["协会会员单位", None, "管控", "到岗", 50, None, None, None],
        ["别的单位", "其他", "别的", "别的", 1, None, None, "掷骰子"],
    ]
    found = table(workbook(rows, head=head))
    assert [(one.row, one.column) for one in found.problems] == [(4, "适用单位"), (4, "计分方式")]
    found = table(workbook(rows[:2], head=head))
    (part,) = Merger(document(), 0).parts(found)
    assert [version["groups"] for version in part["versions"]] == [["stations"], ["members"]]
    assert part["versions"][0]["dimensions"][0]["indicators"][0]["kind"] == "yes_no"


def bomb() -> bytes:
    """A workbook whose shared text names itself ten times over, nine levels deep."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    shared = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "哈哈哈哈">{entities}]><sst><si><t>&a9;</t></si></sst>'
    return _archive({"xl/sharedStrings.xml": shared})


def vast() -> bytes:
    """A cell in the last column of the last row."""
    cell = '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    return _archive({"xl/worksheets/sheet1.xml": cell})


def swollen() -> bytes:
    """Two hundred megabytes of blanks in a file of some hundred kilobytes."""
    return _archive({"xl/worksheets/sheet1.xml": " " * (200 << 20)})


def _archive(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="a"/></sheets></workbook>')
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [bomb(), vast(), swollen(), b"PK\x03\x04" + b"x" * 1000, b"not a workbook", b"", b"\x00" * (LIMITS.file + 1)],
    ids=["billion laughs", "vast", "swollen", "torn", "text", "empty", "too big"],
)
def test_a_hostile_file_is_refused_quickly_in_chinese(content):
    began = time.perf_counter()
    with pytest.raises(Invalid) as refused:
        table(content)
    assert time.perf_counter() - began < 2
    assert any("\u4e00" <= char <= "\u9fff" for char in refused.value.message)


def test_a_workbook_without_the_columns_says_which():
    with pytest.raises(Invalid, match="部分、维度、指标、分值"):
        table(workbook([["a", "b"]], head=("甲", "乙")))


def test_formulas_of_a_title_stay_text():
    value = document()
    value["standards"][0]["parts"][0]["versions"][0]["dimensions"][0]["indicators"][0]["title"] = "=1+1"
    content = write_standard(value, 0, "示范党组织")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    assert study(shipped_source("zhishui-guanhai-2019")).shapely
