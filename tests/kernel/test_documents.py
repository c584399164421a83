"""An official letter opens in Word and has the parts and measures of GB/T 9704-2012."""

import io
from datetime import date

import docx
import pytest

from xianfeng.kernel.documents import Letter


@pytest.fixture
def letter() -> bytes:
    made = Letter()
    made.title("关于命名示例示范点的决定")
    made.addressee("各有关单位")
    made.heading("一、命名名单")
    made.body("经审定，决定命名下列单位。", "特此通知。")
    made.table(("序号", "名称"), [(1, "示例一支部"), (2, None)], widths=(1, 4))
    made.signature("示例领导小组", date(2021, 11, 22))
    made.attachment("附件1", "示例名单")
    return made.to_bytes()


def test_the_letter_reads_back_in_order(letter: bytes) -> None:
    document = docx.Document(io.BytesIO(letter))
    texts = [one.text for one in document.paragraphs if one.text]
    assert texts == [
        "关于命名示例示范点的决定",
        "各有关单位：",
        "一、命名名单",
        "经审定，决定命名下列单位。",
        "特此通知。",
        "示例领导小组",
        "2021年11月22日",
        "附件1",
        "示例名单",
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["序号", "名称"], ["1", "示例一支部"], ["2", ""],
    ]  # fmt: skip


def test_the_page_is_a4_with_a_type_area_of_156_by_225(letter: bytes) -> None:
    section = docx.Document(io.BytesIO(letter)).sections[0]
    measures = [section.page_width, section.left_margin, section.right_margin]
    measures += [section.page_height, section.top_margin, section.bottom_margin]
    width, left, right, height, top, bottom = [round(one.mm) for one in measures if one is not None]
    assert (width - left - right, height - top - bottom, top) == (156, 225, 37)


def test_chinese_fonts_are_named_in_the_slot_word_uses(letter: bytes) -> None:
    paragraphs = docx.Document(io.BytesIO(letter)).paragraphs
    assert 'w:eastAsia="方正小标宋简体"' in paragraphs[0]._p.xml
    assert 'w:eastAsia="仿宋_GB2312"' in paragraphs[2]._p.xml
