"""Stored files: told by content, kept once, refused with a reason."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage

from xianfeng import journal
from xianfeng.files import rules
from xianfeng.files.models import StoredFile
from xianfeng.files.services import file_store
from xianfeng.files.serving import file_response
from xianfeng.kernel import clock
from xianfeng.kernel.actors import SYSTEM
from xianfeng.kernel.errors import Invalid, NotFoundHere

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nexample"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def store(content: bytes, name: str) -> StoredFile:
    with journal.unit_of_work():
        return file_store(content=content, name=name, actor=SYSTEM, now=clock.now())


def test_the_same_bytes_are_kept_once_under_their_hash():
    one, two = store(PDF, "甲.pdf"), store(PDF, "乙.pdf")
    assert one.sha256 == two.sha256
    assert default_storage.open(StoredFile.path_of(one.sha256)).read() == PDF
    beside = default_storage.listdir(one.sha256[:2] + "/" + one.sha256[2:4])[1]  # other tests' files may lie here too
    assert [name for name in beside if name.startswith(one.sha256)] == [one.sha256]


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (PDF, "报告.pdf", "PDF"),
        (PNG, "照片.png", "图片"),
        (packed("[Content_Types].xml", "word/document.xml"), "说明.docx", "Word"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", "Excel"),
        (packed("OFD.xml"), "公文.ofd", "OFD"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 20, "旧表.xls", "Excel"),
    ],
)
def test_accepted_kinds(content, name, word):
    assert store(content, name).word == word


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00program", "报告.pdf", "不是可以上传的文件类型"),
        (b"<html><script>", "页面.png", "不是可以上传的文件类型"),
        (packed("word/document.xml", "word/vbaProject.bin"), "宏.docx", "不是可以上传的文件类型"),
        (packed("a.txt"), "包.zip", "不是可以上传的文件类型"),
        (b"PK\x03\x04broken", "坏.xlsx", "不是可以上传的文件类型"),
        (b"", "空.pdf", "是空文件"),
    ],
)
def test_refused_with_a_reason(content, name, words):
    with pytest.raises(Invalid, match=words):
        store(content, name)
    assert not StoredFile.objects.exists()


def test_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(rules, "MAX_BYTES", 10)
    with pytest.raises(Invalid, match="超过"):
        store(PDF, "大.pdf")


def test_a_name_loses_folders_and_gets_the_ending_of_its_content():
    assert store(PNG, "C:\\桌面\\照片.pdf").name == "照片.pdf.png"
    assert store(PDF, "../../etc/passwd").name == "passwd.pdf"


def test_a_program_in_disguise_is_not_shown_in_the_browser():
    shown = file_response(store(PDF, "报告.pdf"))
    saved = file_response(store(packed("word/x"), "说明.docx"))
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"


def test_lost_content_says_so():
    row = store(PDF + b"lost", "失.pdf")
    default_storage.delete(StoredFile.path_of(row.sha256))
    with pytest.raises(NotFoundHere, match="不在存储中"):
        file_response(row)
