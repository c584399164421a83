"""What is written reads back exactly; what is hostile is refused before it is unpacked."""

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from xianfeng.kernel import sheets
from xianfeng.kernel.errors import Invalid
from xianfeng.kernel.sheets import Book, CellError, Column, Limits

COLUMNS = (
    Column("编号", required=True),
    Column("名称", choices=("甲", "乙")),
    Column("人数", kind="integer"),
    Column("得分", kind="number"),
    Column("日期", kind="date"),
)
ROW = ("00123", "=1+1", 12, Decimal("88.5"), date(2026, 11, 22))


def written(columns: Sequence[Column], rows: Any, name: str = "名单") -> bytes:
    target = io.BytesIO()
    with Book(target) as book:
        book.table(name, columns, rows)
    return target.getvalue()


def test_a_table_reads_back_as_it_was_written() -> None:
    (sheet,) = sheets.read_workbook(written(COLUMNS, [ROW, (None,) * 5, ROW]))
    assert sheet.name == "名单"
    assert sheet.rows[0].cells == ("编号*", "名称", "人数", "得分", "日期")
    assert [row.number for row in sheet.rows] == [1, 2, 4], "blank rows are left out, numbers are Excel's"
    assert sheet.rows[1].cells == ROW


def test_nothing_a_person_typed_becomes_a_formula_link_or_number() -> None:
    nasty = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "https://example.org", "007", "1e5"]
    book = openpyxl.load_workbook(io.BytesIO(written([Column("内容")], [(one,) for one in nasty])))
    cells = [row[0] for row in book["名单"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == nasty
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False] * 3
    assert {cell.number_format for cell in cells} == {"@"}


def test_dates_are_shown_in_chinese_and_instants_in_shanghai_time() -> None:
    rows = [(date(2026, 11, 22), datetime(2026, 11, 22, 16, 30, tzinfo=UTC))]
    data = written([Column("日期", kind="date"), Column("时间", kind="time")], rows)
    day, moment = next(openpyxl.load_workbook(io.BytesIO(data))["名单"].iter_rows(min_row=2))
    assert day.number_format == 'yyyy"年"m"月"d"日"'
    assert moment.value == datetime(2026, 11, 23, 0, 30)
    assert sheets.chinese_date(date(2026, 1, 2)) == "2026年1月2日"


def test_long_lists_of_choices_stand_on_a_hidden_sheet_that_is_not_read_back() -> None:
    many = [f"示例公司第{number}党支部" for number in range(60)]
    data = written([Column("组织", choices=many), Column("是否", choices=("是", "否"))], [])
    book = openpyxl.load_workbook(io.BytesIO(data))
    rules = {str(one.sqref): one.formula1 for one in book["名单"].data_validations.dataValidation}
    assert rules["A2:A5001"].endswith("$A$1:$A$60")
    assert rules["B2:B5001"] == '"是,否"'
    assert [row[0].value for row in book["选项"].iter_rows()] == many
    assert [sheet.name for sheet in sheets.read_workbook(data)] == ["名单"]


def test_a_table_that_starts_lower_and_further_right_keeps_its_row_numbers() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["C5"] = "示例"
    target = io.BytesIO()
    book.save(target)
    (sheet,) = sheets.read_workbook(target.getvalue())
    assert sheet.rows == (sheets.Row(5, (None, None, "示例")),)


def test_a_table_row_reports_every_bad_cell_by_sheet_row_and_column() -> None:
    columns = [Column(title) for title in ("编号", "名称", "人数", "日期", "在岗", "备注")]
    rows = [("1", "甲", "3", "2021年3月2日", "是", ""), ("", "丙", "x", "2021-02-30", "也许", "")]
    (sheet,) = sheets.read_workbook(written(columns, rows))
    problems: list[sheets.Problem] = []
    good, bad = sheets.read_table(sheet, ["编号", "名称"], problems)
    assert (good.text("编号"), good.choice("名称", {"甲": "a"}), good.integer("人数")) == ("1", "a", 3)
    assert (good.day("日期"), good.yes_no("在岗"), good.text("备注", required=False)) == (date(2021, 3, 2), True, "")
    assert not problems
    assert good.ok
    assert (bad.text("编号"), bad.choice("名称", ["甲"]), bad.integer("人数")) == ("", "", None)
    assert (bad.day("日期"), bad.yes_no("在岗"), bad.text("没有的列")) == (None, False, "")
    assert not bad.ok
    assert [(one.row, one.column) for one in problems] == [
        (3, name) for name in ("编号", "名称", "人数", "日期", "在岗", "没有的列")
    ]
    place = "“名单”第 3 行“日期”列"
    assert str(problems[3]) == f"{place}：“2021-02-30”不是日期，请写成 2026年11月22日 或 2026-11-22"


def test_a_missing_column_is_one_problem() -> None:
    (sheet,) = sheets.read_workbook(written([Column("编号", required=True)], [("1",)]))
    problems: list[sheets.Problem] = []
    assert list(sheets.read_table(sheet, ["编号", "名称"], problems)) == []
    assert [str(one) for one in problems] == ["“名单”：缺少这些列：名称。请下载模板，照模板填写"]


def test_dates_in_every_usual_form() -> None:
    typed: list[Any] = ["2026年11月22日", "2026-11-22", "2026/11/22", "2026.11.22", " 2026 年 11 月 22 日 "]
    for cell in [*typed, date(2026, 11, 22), datetime(2026, 11, 22, 9)]:
        assert sheets.day(cell) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("parse", "cell", "says"),
    [
        (sheets.day, "2026年13月1日", "不是日期"),
        (sheets.day, 45000, "不是日期"),
        (sheets.day, "0021-01-01", "年份"),
        (sheets.integer, "1.5", "不是整数"),
        (sheets.integer, "1E+999999", "不是整数"),
        (sheets.integer, "三", "不是整数"),
        (sheets.number, "NaN", "不是数字"),
        (sheets.number, "Infinity", "不是数字"),
        (sheets.yes_no, "也许", "是"),
        (sheets.text, "长" * 2001, "过长"),
    ],
)
def test_bad_cells_say_why(parse: Any, cell: Any, says: str) -> None:
    with pytest.raises(CellError, match=says):
        parse(cell)


def test_numbers_keep_what_was_typed() -> None:
    (sheet,) = sheets.read_workbook(
        written([Column("分", kind="number")], [(Decimal("0.1"),), (3,), (Decimal("4.0"),)])
    )
    assert [row.cells[0] for row in sheet.rows[1:]] == [Decimal("0.1"), 3, 4]
    assert sheets.integer("1,234") == 1234


def test_only_workbooks_are_read() -> None:
    for junk in (b"", b"junk", b"PK\x03\x04junk", zipped({"a.txt": b"x"}), zipped({"xl/workbook.xml": b"<a"})):
        with pytest.raises(Invalid, match="不是可读的 Excel 工作簿"):
            sheets.read_workbook(junk)


def zipped(parts: dict[str, bytes], base: bytes = b"") -> bytes:
    """A zip of parts, over those of a base archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as old:
                for name in set(old.namelist()) - set(parts):
                    archive.writestr(name, old.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_xml(rows: bytes) -> bytes:
    return b"<worksheet " + NS + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def test_the_attacks_below_start_from_a_file_that_reads() -> None:
    plain = zipped({SHEET: sheet_xml(b'<row r="2"><c r="B2"><v>7</v></c></row>')}, written(COLUMNS, []))
    assert sheets.read_workbook(plain)[0].rows == (sheets.Row(2, (None, 7)),)


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>',
        b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>',
        b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="99999"><c><v>1</v></c></x:row>',
    ],
)
def test_a_far_cell_is_refused_before_the_grid_is_made(rows: bytes) -> None:
    with pytest.raises(Invalid, match="工作表太大"):
        sheets.read_workbook(zipped({SHEET: sheet_xml(rows)}, written(COLUMNS, [])))


def test_far_formatting_alone_is_no_reason_to_refuse() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    (sheet,) = sheets.read_workbook(zipped({SHEET: sheet_xml(rows)}, written(COLUMNS, [])))
    assert [row.number for row in sheet.rows] == [1]


def test_a_zip_bomb_is_refused() -> None:
    data = written(COLUMNS, [])
    with pytest.raises(Invalid, match="解压后过大"):
        sheets.read_workbook(zipped({"xl/media/image1.bin": bytes(30 << 20)}, data))
    with pytest.raises(Invalid, match="文件太大"):
        sheets.read_workbook(data, Limits(file=1000))


def test_one_long_text_in_every_cell_is_refused() -> None:
    shared = b"<sst " + NS + b"><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d">%s</row>' % (n, b'<c t="s"><v>0</v></c>' * 20) for n in range(1, 101))
    with pytest.raises(Invalid, match="文字太多"):
        sheets.read_workbook(zipped({SHEET: sheet_xml(rows), "xl/sharedStrings.xml": shared}, written(COLUMNS, [])))


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]>' + sheet_xml(b"")
    with pytest.raises(Invalid, match="不是可读的"):
        sheets.read_workbook(zipped({SHEET: bomb}, written(COLUMNS, [])))


def test_damaged_files_give_only_user_errors() -> None:
    chance, data = random.Random(7), written(COLUMNS, [ROW] * 5)
    refused = 0
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            sheets.read_workbook(bytes(broken))
        except Invalid:
            refused += 1
    assert refused > 100


def test_an_export_is_written_as_its_rows_come() -> None:
    target = io.BytesIO()
    with Book(target) as book:
        assert book.table("甲", [Column("n", kind="integer")], ((n,) for n in range(3000))) == 3000
        book.instructions("说明", ["第一条", "=第二条"])
    names = [sheet.name for sheet in sheets.read_workbook(target.getvalue())]
    assert names == ["甲", "填写说明"]
