"""Official letters as Word files, after GB/T 9704-2012: page, type, order of parts; offices go on editing them.

Fonts are named, not embedded: what the standard asks for stands on every office machine. No seal and no issuer's red
mark are drawn: the paper is sealed by hand.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TITLE, BODY, KAITI, HEITI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
LINE = Pt(28.95)  # 22 lines on 225 mm
SQUEEZE = -5  # twentieths of a point between characters: the 28th then fits on the line of 156 mm
HEADINGS = {1: HEITI, 2: KAITI, 3: BODY}


class Letter:
    """An official letter, written from top to bottom; ``to_bytes`` gives the .docx."""

    def __init__(self) -> None:
        self.document: Document = docx.Document()
        self._page()
        self._body_style()
        self._page_number()

    def title(self, text: str) -> None:
        """The title, centred, 2号小标宋."""
        self._paragraph(text, TITLE, SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(36))
        self._paragraph("")

    def number(self, text: str) -> None:
        """The document number, centred."""
        self._paragraph(text, align=WD_ALIGN_PARAGRAPH.CENTER)

    def addressee(self, name: str) -> None:
        """Who the letter is to, flush left with a full-width colon."""
        self._paragraph(name.rstrip("：:") + "：")

    def heading(self, text: str, level: int = 1) -> None:
        """A heading within the body: 一、 in 黑体, （一） in 楷体, below that as the body."""
        self._paragraph(text, HEADINGS.get(level, BODY), indent=2)

    def body(self, *paragraphs: str) -> None:
        """Body paragraphs, 3号仿宋, indented by two characters."""
        for text in paragraphs:
            self._paragraph(text, indent=2)

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int] = ()) -> None:
        """A ruled table whose head repeats on every page; ``widths`` are shares of the 156 mm."""
        table = self.document.add_table(rows=1, cols=len(titles), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        shares = list(widths) or [1] * len(titles)
        for row in (titles, *rows):
            cells = table.rows[0].cells if row is titles else table.add_row().cells
            for cell, value, share in zip(cells, row, shares, strict=True):
                cell.width = Mm(156 * share / sum(shares))
                self._cell(cell, "" if value is None else str(value), HEITI if row is titles else BODY)
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)

    def signature(self, issuer: str, day: date) -> None:
        """Issuer over date; the date ends four characters from the right and the issuer is centred over it."""
        words = f"{day.year}年{day.month}月{day.day}日"
        self._paragraph("")
        width = sum(0.5 if one.isdigit() else 1 for one in words)
        right = max(4 + (width - len(issuer)) / 2, 2)
        for text, away in ((issuer, right), (words, 4.0)):
            paragraph = self._paragraph(text, align=WD_ALIGN_PARAGRAPH.RIGHT)
            paragraph.paragraph_format.right_indent = Pt(16 * away)
            paragraph.paragraph_format.keep_with_next = text == issuer

    def attachment(self, label: str, title: str) -> None:
        """Begin an attachment on a new page: ``附件1`` flush left, then its title."""
        self.document.add_section(WD_SECTION.NEW_PAGE)
        self._paragraph(label, HEITI)
        self.title(title)

    def to_bytes(self) -> bytes:
        """The letter as a .docx file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        self.document.settings.odd_and_even_pages_header_footer = True
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), "579")

    def _body_style(self) -> None:
        style = self.document.styles["Normal"]
        _name_font(style.element.get_or_add_rPr(), BODY)
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(SQUEEZE))
        style.element.get_or_add_rPr().append(spacing)
        style.font.size = SIZE_3  # after the spacing: the schema orders them so

    def _page_number(self) -> None:
        # Odd pages at the right, even ones at the left, one character from the edge.
        section = self.document.sections[0]
        places = ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
        for footer, align in places:
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE_4
            for text, field in (("— ", ""), ("", "PAGE"), (" —", "")):
                run = paragraph.add_run(text)
                run.font.size = SIZE_4
                _name_font(run._r.get_or_add_rPr(), SONG)
                if field:
                    _add_field(run._r, field)

    def _paragraph(
        self,
        text: str,
        font: str = BODY,
        size: Pt = SIZE_3,
        *,
        align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
        indent: int = 0,
        line: Pt = LINE,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        form.alignment, form.space_before, form.space_after = align, Pt(0), Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
        if indent:
            form.first_line_indent = Pt(16 * indent)
        run = paragraph.add_run(text)
        run.font.size = size
        _name_font(run._r.get_or_add_rPr(), font)
        return paragraph

    def _cell(self, cell: _Cell, text: str, font: str) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.font.size = SIZE_4
        _name_font(run._r.get_or_add_rPr(), font)


def _name_font(properties: Any, name: str) -> None:
    # The east-asian slot is the one Word uses for Chinese; python-docx sets only the Latin ones.
    fonts = properties.get_or_add_rFonts()
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(slot), name)


def _add_field(run: Any, code: str) -> None:
    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = code
        run.append(part)
