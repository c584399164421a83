"""What may be stored: kinds of file told by their content, and how large one may be. Pure."""

import zipfile
from dataclasses import dataclass
from typing import IO, Final

MAX_BYTES: Final = 20 * 1024 * 1024
MOST_TOGETHER: Final = 10  # handed in with one answer
ZIP_MEMBERS: Final = 10_000
THUMBNAIL_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the endings it may bear, and the word shown on its tile."""

    media_type: str
    endings: tuple[str, ...]
    word: str
    shown_in_browser: bool = False


PDF = Kind("application/pdf", ("pdf",), "PDF", True)
PNG = Kind("image/png", ("png",), "图片", True)
JPEG = Kind("image/jpeg", ("jpg", "jpeg"), "图片", True)
WEBP = Kind("image/webp", ("webp",), "图片", True)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX = Kind(_OFFICE + "wordprocessingml.document", ("docx",), "Word")
XLSX = Kind(_OFFICE + "spreadsheetml.sheet", ("xlsx",), "Excel")
PPTX = Kind(_OFFICE + "presentationml.presentation", ("pptx",), "PPT")
OFD = Kind("application/ofd", ("ofd",), "OFD")
DOC = Kind("application/msword", ("doc", "wps"), "Word")
XLS = Kind("application/vnd.ms-excel", ("xls", "et"), "Excel")
PPT = Kind("application/vnd.ms-powerpoint", ("ppt", "dps"), "PPT")

KINDS: Final = (PDF, PNG, JPEG, WEBP, DOCX, XLSX, PPTX, OFD, DOC, XLS, PPT)
ACCEPT: Final = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
IN_WORDS: Final = "PDF、图片（png、jpg、webp）、Word、Excel、PPT、OFD"
BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in KINDS}

_ZIP_MARKS: Final = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX), ("OFD.xml", OFD))


def ending_of(name: str) -> str:
    """The file name's ending, lower case, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(content: IO[bytes], name: str) -> Kind | None:
    """The kind by content; None when it is none of ours. Leaves the reading position at the start.

    Old Office files share one container whose inside is not looked at: there, and only there, the ending decides.
    """
    content.seek(0)
    head = content.read(16)
    content.seek(0)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((kind for kind in (DOC, XLS, PPT) if ending_of(name) in kind.endings), None)
    if head.startswith(b"PK\x03\x04"):
        return _packed(content)
    return None


def _packed(content: IO[bytes]) -> Kind | None:
    """Office and OFD files are zip archives; only the table of contents is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        content.seek(0)
    if len(names) > ZIP_MEMBERS or any(one.endswith("vbaProject.bin") for one in names):
        return None  # a document with macros is a program
    return next((kind for mark, kind in _ZIP_MARKS if any(one.startswith(mark) for one in names)), None)


def word_for(media_type: str) -> str:
    """The word on the tile: PDF, 图片, Word …"""
    kind = BY_MEDIA_TYPE.get(media_type)
    return kind.word if kind else "文件"


def size_words(size: int) -> str:
    """``3.4 MB``, ``120 KB``."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"


def clean_name(name: str, kind: Kind) -> str:
    """The upload's own name without folders or control characters, with an ending that fits its content."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    bare = "".join(one for one in bare if one.isprintable()).strip(" .") or "未命名"
    if ending_of(bare) not in kind.endings:
        bare = f"{bare}.{kind.endings[0]}"
    if len(bare) <= 180:
        return bare
    return f"{bare[:170]}.{ending_of(bare)}"
