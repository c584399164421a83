"""What a workbook may be before the reader sees it.

The reader allocates a dense grid up to the farthest cell and copies each shared text into every cell that uses it, so
a file of some kilobytes can ask for gigabytes. The parts are therefore walked once, streaming, and measured first.
"""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from xianfeng.kernel.errors import Invalid

PIECE = 1 << 16
EXPORT_HINT = "请用 Excel 或 WPS 重新“另存为”xlsx 工作簿后再试。"


@dataclass(frozen=True)
class Limits:
    """The largest workbook accepted: sizes in bytes, ``text`` in characters and ``area`` in cells over all sheets."""

    file: int = 20 << 20
    unpacked: int = 200 << 20
    ratio: int = 200
    ratio_from: int = 5 << 20  # small files may be all blanks; below this the ratio is not looked at
    parts: int = 2000
    sheets: int = 50
    rows: int = 20_000
    columns: int = 200
    area: int = 4_000_000
    text: int = 50_000_000


def broken() -> Invalid:
    """The file cannot be read as a workbook."""
    return Invalid(_("这个文件不是可读的 Excel 工作簿（xlsx），或者已经损坏。"), _(EXPORT_HINT))


def check(source: IO[bytes], limits: Limits) -> None:
    """Refuse (UserError) what is not an xlsx workbook or unpacks beyond the limits; leaves the file at its start."""
    source.seek(0, 2)
    if source.tell() > limits.file:
        raise Invalid(_("文件太大：最多 %(most)s MB。") % {"most": limits.file >> 20}, _("请拆成几个工作簿分别导入。"))
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            _check_archive(archive, limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        # RuntimeError: an encrypted part; NotImplementedError: a compression zipfile lacks
        raise broken() from error
    source.seek(0)


def _check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {one.filename.lower() for one in parts}
    # The reader also knows xlsb and ods, whose repeats are not measured here: only xlsx passes.
    if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"} or len(names) != len(parts):
        raise broken()
    if len(parts) > limits.parts:
        raise broken()
    left = limits.unpacked
    measure = Measure(limits)
    for shared_first in (True, False):
        for part in parts:
            if (part.filename.lower() == "xl/sharedstrings.xml") is shared_first:
                left -= _check_part(archive, part, left, measure)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, measure: "Measure") -> int:
    """Walk one part; returns its real unpacked size."""
    limits = measure.limits
    measure.begin(shared=part.filename.lower() == "xl/sharedstrings.xml")
    parse = _parser(measure) if part.filename.lower().endswith((".xml", ".rels")) else _sniff(part)
    size = 0
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > left or (size > limits.ratio_from and size > limits.ratio * max(part.compress_size, 1)):
                raise Invalid(_("工作簿解压后过大，已停止读取。"), _("请删去多余的工作表和图片后再试。"))
            parse(piece)
    parse(b"")
    measure.finish()
    return size


def _sniff(part: zipfile.ZipInfo) -> Callable[[bytes], None]:
    # A sheet may be stored under any name; what looks like XML must be called so, or it would go unmeasured.
    seen = bytearray()

    def look(piece: bytes) -> None:
        if len(seen) < 512:
            seen.extend(piece[:512])
        start = bytes(seen).lstrip(b"\xef\xbb\xbf \t\r\n")[:5]
        if start.startswith((b"<?xml", b"<work", b"<x:wo", b"\xff\xfe", b"\xfe\xff")) and "vml" not in part.filename:
            raise broken()

    return look


def _parser(measure: "Measure") -> Callable[[bytes], None]:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = measure.start
    parser.EndElementHandler = measure.end
    parser.CharacterDataHandler = measure.characters
    parser.StartDoctypeDeclHandler = measure.doctype

    def feed(piece: bytes) -> None:
        try:
            parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            raise broken() from error

    return feed


@dataclass
class Measure:
    """Follows the XML of one part after another: the farthest filled cells, and how much text all cells come to."""

    limits: Limits
    lengths: list[int] = field(default_factory=list)  # of the shared texts
    shared: bool = False
    row: int = 0
    column: int = 0
    extent: tuple[int, int] = (0, 0)
    kind: str = ""
    area: int = 0
    total: int = 0
    sheets: int = 0
    value: list[str] = field(default_factory=list)
    inside: str = ""

    def begin(self, *, shared: bool) -> None:
        """A part begins."""
        self.shared, self.row, self.column, self.extent = shared, 0, 0, (0, 0)

    def finish(self) -> None:
        """A part has ended: its grid counts towards the area of all."""
        self.area += self.extent[0] * self.extent[1]
        if self.area > self.limits.area:
            raise Invalid(_("工作簿太大，已停止读取。"), _("请删去多余的行列，或者拆成几个工作簿分别导入。"))

    def doctype(self, *_args: object) -> None:
        """Workbooks have no document type; entities could grow without end."""
        raise broken()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        local = name.rpartition(" ")[2]
        if local == "row":
            self.row, self.column = _row_number(attributes.get("r"), self.row), 0
        elif local == "c":
            self.row, self.column = _position(attributes.get("r"), self.row, self.column)
            self.kind = attributes.get("t", "")
        elif local in {"v", "is"}:
            self.inside, self.value = local, []
            self._check_extent()
        elif local == "si":
            self._begin_shared()
        elif local == "sheet":
            self.sheets += 1
            if self.sheets > self.limits.sheets:
                raise Invalid(_("工作表太多：最多 %(most)s 张。") % {"most": self.limits.sheets})

    def end(self, name: str) -> None:
        """An element closes."""
        local = name.rpartition(" ")[2]
        if local in {"v", "is"}:
            self._count("".join(self.value))
            self.inside = ""
        elif local == "si":
            self.lengths.append(sum(map(len, self.value)))
            self.inside = ""

    def characters(self, text: str) -> None:
        """Text of a value or of a shared string."""
        if self.inside:
            self.value.append(text)

    def _begin_shared(self) -> None:
        if not self.shared:
            raise broken()
        self.inside, self.value = "si", []

    def _check_extent(self) -> None:
        # Only filled cells count: formatting alone often reaches down to the last row.
        self.extent = max(self.extent[0], self.row), max(self.extent[1], self.column)
        if self.row > self.limits.rows or self.column > self.limits.columns:
            raise Invalid(
                _("工作表太大：最多 %(rows)s 行、%(columns)s 列。")
                % {"rows": self.limits.rows, "columns": self.limits.columns},
                _("请删去多余的行列，或者拆成几个工作簿分别导入。"),
            )

    def _count(self, value: str) -> None:
        size = len(value)
        if self.kind == "s":
            if not value.strip().isdecimal() or int(value) >= len(self.lengths):
                raise broken()
            size = self.lengths[int(value)]
        self.total += size
        if self.total > self.limits.text:
            raise Invalid(_("工作表的文字太多，已停止读取。"), _("请拆成几个工作簿分别导入。"))


def _row_number(reference: str | None, previous: int) -> int:
    if reference is None:
        return previous + 1
    if not reference.isdecimal() or len(reference) > 7 or int(reference) < 1:
        raise broken()
    return int(reference)


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    if reference is None:
        return row, column + 1
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3 and 0 < len(digits) <= 7 and int(digits) > 0):
        raise broken()
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return int(digits), number
